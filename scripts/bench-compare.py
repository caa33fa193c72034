"""Runs waybill, DuckDB and a program written by hand on one file, in turn, and prints CPU seconds, MB/s and their ratios.

Called by scripts/bench."""
import os
import resource
import subprocess
import sys

waybill, baseline, mapping, source, folder = sys.argv[1:6]
size = os.path.getsize(source)
rounds = 5

# The job of fixtures/bench/contacts20.yaml, as SQL: the same columns, text functions and checks of the schema; blank is null,
# moments are written as RFC 3339. DuckDB has no phone numbers and no e-mail syntax: it strips characters, and matches a
# pattern, which is less work.
QUERY = """
COPY (
  SELECT * FROM (
    SELECT id AS "contactId", nullif(concat_ws(' ', nullif(trim("firstName"), ''), nullif(trim("lastName"), '')), '') AS name,
      CASE WHEN regexp_matches(lower(trim(email)), '^[^@ ]+@[^@ ]+\\.[^@ ]+$') THEN lower(trim(email)) END AS email,
      CASE WHEN length(regexp_replace(phone, '[^0-9]', '', 'g')) BETWEEN 7 AND 15
        THEN '+' || regexp_replace(phone, '[^0-9]', '', 'g') END AS phone,
      CASE lower(trim(type)) WHEN 'lead' THEN 'prospect' WHEN 'customer' THEN 'active' WHEN 'vendor' THEN 'supplier'
        WHEN 'partner' THEN 'partner' ELSE 'unknown' END AS status,
      nullif("assignedTo", '') AS owner, nullif(trim("companyName"), '') AS company, nullif(trim(address1), '') AS street,
      nullif(trim(city), '') AS city, nullif(upper(trim(state)), '') AS state, nullif(trim("postalCode"), '') AS "postalCode",
      nullif(upper(trim(country)), '') AS country, nullif(timezone, '') AS timezone, nullif(lower(trim(source)), '') AS source,
      nullif(lower(trim(website)), '') AS website,
      nullif(array_to_string(list_transform(tags, lambda x: lower(trim(x))), ';'), '') AS tags,
      coalesce(dnd, false) AS "doNotDisturb", nullif("businessId", '') AS "businessId",
      strftime(try_cast("dateAdded" AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') AS "createdAt",
      strftime(try_cast("dateUpdated" AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') AS "updatedAt"
    FROM read_json('{source}', format='newline_delimited', maximum_object_size=16777216, columns={{
      id: 'VARCHAR', "firstName": 'VARCHAR', "lastName": 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', type: 'VARCHAR',
      "assignedTo": 'VARCHAR', "companyName": 'VARCHAR', address1: 'VARCHAR', city: 'VARCHAR', state: 'VARCHAR',
      "postalCode": 'VARCHAR', country: 'VARCHAR', timezone: 'VARCHAR', source: 'VARCHAR', website: 'VARCHAR',
      tags: 'VARCHAR[]', dnd: 'BOOLEAN', "businessId": 'VARCHAR', "dateAdded": 'VARCHAR', "dateUpdated": 'VARCHAR'}}))
  WHERE length("contactId") BETWEEN 1 AND 40 AND {lengths}
    AND status IN ('prospect', 'active', 'supplier', 'partner', 'unknown')
) TO '{target}' (FORMAT csv, HEADER)
"""
LENGTHS = {"name": 200, "email": 254, "phone": 16, "owner": 40, "company": 200, "street": 200, "city": 100, "state": 100,
           "postalCode": 20, "country": 40, "timezone": 60, "source": 100, "website": 300, "tags": 500, "businessId": 40}


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


ours = [waybill, "transform", "--mapping", mapping, "--input", source, "--output", f"{folder}/waybill.csv",
        "--ledger", f"{folder}/waybill.ledger.ndjson", "--threads", "1"]
lengths = " AND ".join(f'coalesce(length("{name}") <= {most}, true)' for name, most in LENGTHS.items())
query = QUERY.format(source=source, target=f"{folder}/duckdb.csv", lengths=lengths)
script = f"""
import duckdb
connection = duckdb.connect()
connection.execute("SET threads = 1")
connection.execute({query!r})
"""
theirs = [sys.executable, "-c", script]
idle = [sys.executable, "-c", "import duckdb; duckdb.connect()"]

hand = [baseline, source, f"{folder}/baseline.csv"]

# In turn, so that whatever else the machine does falls on all alike.
times = [(cpu(ours), cpu(theirs), cpu(idle), cpu(hand)) for _ in range(rounds)]
ours_best, theirs_best, start, hand_best = (min(column) for column in zip(*times))
for name in ("waybill", "duckdb", "baseline"):
    with open(f"{folder}/{name}.csv", "rb") as file:
        lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    print(f"{name}.csv: {lines} lines")
theirs_best -= start
megabytes = size / 1e6
print(f"waybill transform, one thread: {ours_best:.2f} CPU s, {megabytes / ours_best:.0f} MB/s")
print(f"DuckDB, one thread (start of Python taken off): {theirs_best:.2f} CPU s, {megabytes / theirs_best:.0f} MB/s")
print(f"C++ by hand over simdjson: {hand_best:.2f} CPU s, {megabytes / hand_best:.0f} MB/s")
print(f"ratio: {theirs_best / ours_best:.2f} times DuckDB, {hand_best / ours_best:.2f} times the C++ by hand")
