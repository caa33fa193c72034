"""Runs waybill and DuckDB on one file, in turn, and prints CPU seconds, MB/s and their ratio. Called by scripts/bench."""
import os
import resource
import subprocess
import sys

waybill, mapping, source, folder = sys.argv[1:5]
size = os.path.getsize(source)
rounds = 5

# The job of fixtures/bench/contacts20.yaml, as SQL: the same columns, text functions and checks. DuckDB has no phone
# numbers and no e-mail syntax: it strips characters, and matches a pattern, which is less work.
QUERY = """
COPY (
  SELECT id AS "contactId", concat_ws(' ', trim("firstName"), trim("lastName")) AS name,
    CASE WHEN regexp_matches(lower(trim(email)), '^[^@ ]+@[^@ ]+\\.[^@ ]+$') THEN lower(trim(email)) END AS email,
    CASE WHEN length(regexp_replace(phone, '[^0-9]', '', 'g')) BETWEEN 7 AND 15
      THEN '+' || regexp_replace(phone, '[^0-9]', '', 'g') END AS phone,
    CASE lower(trim(type)) WHEN 'lead' THEN 'prospect' WHEN 'customer' THEN 'active' WHEN 'vendor' THEN 'supplier'
      WHEN 'partner' THEN 'partner' ELSE 'unknown' END AS status,
    "assignedTo" AS owner, trim("companyName") AS company, trim(address1) AS street, trim(city) AS city,
    upper(trim(state)) AS state, trim("postalCode") AS "postalCode", upper(trim(country)) AS country, timezone,
    lower(trim(source)) AS source, lower(trim(website)) AS website,
    array_to_string(list_transform(tags, lambda x: lower(trim(x))), ';') AS tags, coalesce(dnd, false) AS "doNotDisturb",
    "businessId", try_cast("dateAdded" AS TIMESTAMPTZ) AS "createdAt", try_cast("dateUpdated" AS TIMESTAMPTZ) AS "updatedAt"
  FROM read_json('{source}', format='newline_delimited', maximum_object_size=16777216, columns={{
    id: 'VARCHAR', "firstName": 'VARCHAR', "lastName": 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', type: 'VARCHAR',
    "assignedTo": 'VARCHAR', "companyName": 'VARCHAR', address1: 'VARCHAR', city: 'VARCHAR', state: 'VARCHAR',
    "postalCode": 'VARCHAR', country: 'VARCHAR', timezone: 'VARCHAR', source: 'VARCHAR', website: 'VARCHAR',
    tags: 'VARCHAR[]', dnd: 'BOOLEAN', "businessId": 'VARCHAR', "dateAdded": 'VARCHAR', "dateUpdated": 'VARCHAR'}})
  WHERE length(id) BETWEEN 1 AND 40 AND coalesce(length("firstName") + length("lastName"), 0) <= 200
    AND coalesce(length(city), 0) <= 100 AND coalesce(length(address1), 0) <= 200
) TO '{target}' (FORMAT csv, HEADER)
"""


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


ours = [waybill, "transform", "--mapping", mapping, "--input", source, "--output", f"{folder}/waybill.csv",
        "--ledger", f"{folder}/waybill.ledger.ndjson", "--threads", "1"]
script = f"""
import duckdb
connection = duckdb.connect()
connection.execute("SET threads = 1")
connection.execute({QUERY.format(source=source, target=f"{folder}/duckdb.csv")!r})
"""
theirs = [sys.executable, "-c", script]
idle = [sys.executable, "-c", "import duckdb; duckdb.connect()"]

ours_best = min(cpu(ours) for _ in range(rounds))
theirs_best = min(cpu(theirs) for _ in range(rounds))
start = min(cpu(idle) for _ in range(rounds))
if not os.path.exists(f"{folder}/duckdb.csv") or not os.path.exists(f"{folder}/waybill.csv"):
    sys.exit("bench: a run gave no output")
theirs_best -= start
megabytes = size / 1e6
print(f"waybill transform, one thread: {ours_best:.2f} CPU s, {megabytes / ours_best:.0f} MB/s")
print(f"DuckDB, one thread (start of Python taken off): {theirs_best:.2f} CPU s, {megabytes / theirs_best:.0f} MB/s")
print(f"ratio: {theirs_best / ours_best:.2f} times DuckDB")
