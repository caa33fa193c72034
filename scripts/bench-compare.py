"""Runs waybill and DuckDB, and for contacts a program written by hand, on one file, in turn; prints CPU seconds, MB/s and their ratios.

Called by scripts/bench: bench-compare.py contacts WAYBILL CONTACTS.ndjson FOLDER BASELINE
                         bench-compare.py copy|checked WAYBILL TABLE.csv FOLDER"""
import os
import resource
import subprocess
import sys

job, waybill, source, folder = sys.argv[1:5]
size = os.path.getsize(source)
rounds = 5

# The jobs of the mappings in fixtures/bench, as SQL: the same columns, text functions and checks of the schema; blank is null,
# moments are written as RFC 3339. DuckDB has no phone numbers and no e-mail syntax: it strips characters, and matches a
# pattern, which is less work.
COLUMNS = ["id", "firstName", "lastName", "email", "phone", "type", "assignedTo", "companyName", "address1", "city", "state", "postalCode",
           "country", "timezone", "source", "website", "dnd", "businessId", "dateAdded", "dateUpdated"]
JSON_TYPES = ", ".join(
    [f"\"{name}\": '{'BOOLEAN' if name == 'dnd' else 'VARCHAR'}'" for name in COLUMNS] + ["tags: 'VARCHAR[]'"])
CHECKED = """
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
      nullif(lower(trim(website)), '') AS website,{tags}
      coalesce(try_cast(dnd AS BOOLEAN), false) AS "doNotDisturb", nullif("businessId", '') AS "businessId",
      strftime(try_cast("dateAdded" AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') AS "createdAt",
      strftime(try_cast("dateUpdated" AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') AS "updatedAt"
    FROM {table})
  WHERE length("contactId") BETWEEN 1 AND 40 AND {lengths}
    AND status IN ('prospect', 'active', 'supplier', 'partner', 'unknown')
"""
TAGS = """
      nullif(array_to_string(list_transform(tags, lambda x: lower(trim(x))), ';'), '') AS tags,"""
LENGTHS = {"name": 200, "email": 254, "phone": 16, "owner": 40, "company": 200, "street": 200, "city": 100, "state": 100,
           "postalCode": 20, "country": 40, "timezone": 60, "source": 100, "website": 300, "tags": 500, "businessId": 40}


def checked(table, tags):
    lengths = " AND ".join(
        f'coalesce(length("{name}") <= {most}, true)' for name, most in LENGTHS.items() if tags or name != "tags")
    return CHECKED.format(table=table, tags=tags, lengths=lengths)


table = f"read_csv('{source}', all_varchar=true)"
documents = f"read_json('{source}', format='newline_delimited', maximum_object_size=16777216, columns={{{JSON_TYPES}}})"
title, mapping, select = {
    "contacts": ("contacts as NDJSON, with checks", "contacts20", checked(documents, TAGS)),
    "copy": ("copy of a CSV table", "table20", f"SELECT * FROM {table}"),
    "checked": ("CSV table, with checks", "table20-checked", checked(table, "")),
}[job]


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


script = f"""
import duckdb
connection = duckdb.connect()
connection.execute("SET threads = 1")
connection.execute({f"COPY ({select}) TO '{folder}/duckdb.csv' (FORMAT csv, HEADER)"!r})
"""
commands = {
    "waybill": [waybill, "transform", "--mapping", f"fixtures/bench/{mapping}.yaml", "--input", source, "--output",
                f"{folder}/waybill.csv", "--ledger", f"{folder}/waybill.ledger.ndjson", "--threads", "1"],
    "duckdb": [sys.executable, "-c", script],
    "idle": [sys.executable, "-c", "import duckdb; duckdb.connect()"],
}
if job == "contacts":
    commands["baseline"] = [sys.argv[5], source, f"{folder}/baseline.csv"]

# In turn, so that whatever else the machine does falls on all alike.
times = [{name: cpu(command) for name, command in commands.items()} for _ in range(rounds)]
best = {name: min(time[name] for time in times) for name in commands}
best["duckdb"] -= best["idle"]
megabytes = size / 1e6
print(f"-- {title}, {megabytes:.0f} MB")
for name in commands:
    if name != "idle":
        with open(f"{folder}/{name}.csv", "rb") as file:
            lines = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        print(f"{name}.csv: {lines} lines")


def report(what, name):
    print(f"{what}: {best[name]:.2f} CPU s, {megabytes / best[name]:.0f} MB/s")


report("waybill transform, one thread", "waybill")
report("DuckDB, one thread (start of Python taken off)", "duckdb")
ratio = f"ratio: {best['duckdb'] / best['waybill']:.2f} times DuckDB"
if job == "contacts":
    report("C++ by hand over simdjson", "baseline")
    ratio += f", {best['baseline'] / best['waybill']:.2f} times the C++ by hand"
print(ratio)
