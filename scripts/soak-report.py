"""scripts/soak report [PART ...] [--records N]: integrity reports whose every number is recomputed by scripts/report-check.py.

outcomes   runs with every outcome and failed gates against Your App, one after the other, and a page of both
demo       the pipelines of mappings/ against the sandbox of GHL
many       10,000 different problems in 300 fields: the page stays under 5 MB
profile    a profile of N records (a million): exact counts, estimates within their stated error, the same bytes for 1, 2 and 5 threads

In the first three, values of fields that `pii` hides contain a token. It must be in no report, ledger, export, log, profile, sample and
sum, nor on a terminal; files that hand the records themselves over are the only ones that have it. Pages are opened in Chromium by
scripts/page-check.py where Playwright is installed.
"""
import collections
import datetime
import glob
import gzip
import hashlib
import http.client
import importlib.util
import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse

words = sys.argv[2:]
records = 1_000_000
if "--records" in words:
    place = words.index("--records")
    records, words[place:place + 2] = int(words[place + 1]), []
waybill, wanted = f"{sys.argv[1]}/waybill", words or ["outcomes", "demo", "many", "profile"]
scripts = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(scripts)
folder = f"{root}/.build-soak/report"
# Parts of values that must not be seen; the last four digits of a phone number may be.
TOKENS = ["Qxanarija", "qxanarija", "55573913"]
# What hands the records over: sources and snapshots, staged and loaded records, sheets for the owner of the data.
UNMASKED = re.compile(
    r"(^|/)(snapshots/|runs/[^/]+/staging/|runs/[^/]+/[^/]+/[^/]+\.(rejects|success|errors)\.csv|sheets/|out/|people\.ndjson|tasks\.ndjson|many\.csv)"
    r"|\.(csv|ndjson)\.old$")
failures = []


def failed(text):
    failures.append(text)
    print(f"report: FAILED: {text}", flush=True)


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


printed = {}


def call(place, *command, codes=(0,), environment=None):
    """What a command prints, which is searched for the tokens, too."""
    ended = subprocess.run([waybill, *command], capture_output=True, text=True, cwd=place, env=dict(os.environ, **(environment or {})))
    printed[f"{place}: {' '.join(command)}"] = ended.stdout + ended.stderr
    if codes is not None and ended.returncode not in codes:
        failed(f"waybill {' '.join(command)}: exit {ended.returncode}\n{ended.stderr[-1500:]}")
    return ended.stdout


class Sandbox:
    def __init__(self, *switches):
        self.process = subprocess.Popen([waybill, "sandbox", "--port", "0", "--json", "--limit-scale", "1000", *switches],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = json.loads(self.process.stdout.readline())
        self.token = self.address["app_token"]
        self.app = {"APP_URL": self.address["app_base_url"], "APP_TOKEN": self.token}

    def request(self, method, path):
        base = urllib.parse.urlsplit(self.app["APP_URL"])
        connection = http.client.HTTPConnection(base.hostname, base.port, timeout=60)
        try:
            connection.request(method, base.path + path, headers={"Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def run_ids(state):
    return sorted(os.path.basename(path) for path in glob.glob(f"{state}/runs/*") if os.path.exists(f"{path}/summary.json"))


def check(state, *runs, project=None):
    """Recomputes the page's numbers."""
    ended = subprocess.run([sys.executable, f"{scripts}/report-check.py", "--quiet", "--self-test", "--waybill", waybill, "--state", state, *runs],
                           capture_output=True, text=True, cwd=project)
    lines = (ended.stdout + ended.stderr).strip().splitlines()
    print("\n".join(lines[-12:]), flush=True)
    if ended.returncode != 0:
        failed(f"report-check of {' '.join(runs)}: {len(lines) - 1} lines")


def hides(place):
    """No file of a folder but those that hand records over has a token, and nothing that was printed."""
    searched = 0
    for path in sorted(glob.glob(f"{glob.escape(place)}/**/*", recursive=True) + glob.glob(f"{glob.escape(place)}/.waybill/**/*", recursive=True)):
        name = os.path.relpath(path, place)
        if not os.path.isfile(path) or UNMASKED.search(name):
            continue
        with open(path, "rb") as file:
            content = file.read()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        searched += 1
        for token in TOKENS:
            if token.encode() in content:
                at = content.index(token.encode())
                failed(f"{name} has '{token}': …{content[max(0, at - 80):at + 40]!r}…")
                break
    for path in glob.glob(f"{glob.escape(place)}/**/state.sqlite", recursive=True) + glob.glob(f"{glob.escape(place)}/.waybill/state.sqlite"):
        tables_hide(path)
    for command, text in printed.items():
        for token in TOKENS:
            if token in text and command.startswith(place):
                failed(f"'{command}' prints '{token}': {text[max(0, text.index(token) - 100):text.index(token) + 40]}")
                break
    print(f"report: {searched} files and {len(printed)} outputs of commands show no hidden value")


def tables_hide(path):
    """Every column: when all calls have a result, the journal has no bodies either."""
    import sqlite3
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        for column in columns:
            for token in TOKENS:
                if database.execute(f"SELECT count(*) FROM {table} WHERE instr(CAST({column} AS TEXT), ?) > 0", (token,)).fetchone()[0]:
                    failed(f"the table {table} has '{token}' in {column}")


def page_of(state, place, *runs, most=5_000_000):
    """Writes the page where people look at it, and opens it."""
    path = f"{folder}/pages/{os.path.basename(place)}-{len(runs)}-{runs[-1][-6:]}.html"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    call(place, "report", *runs, "--state", state, "--output", path)
    size = os.path.getsize(path)
    print(f"report: {os.path.relpath(path, root)}: {size:,} bytes")
    if size >= most:
        failed(f"{path} has {size:,} bytes")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for token in TOKENS:
        if token in text:
            failed(f"{path} shows '{token}'")
    if importlib.util.find_spec("playwright") and importlib.util.find_spec("axe_playwright_python") and shutil.which("chromium"):
        ended = subprocess.run([sys.executable, f"{scripts}/page-check.py", "--folder", f"{folder}/looks", path], capture_output=True, text=True)
        print(ended.stdout[-800:])
        if ended.returncode != 0:
            failed(f"page-check of {path}: {ended.stderr[-500:]}")


CONTACTS = """mapping: 1
name: contacts
source: {entity: person, key: id, updated_at: changed}
target: {entity: contact, key: contactId}
where: "type != 'internal'"
lookups:
  statuses: {lead: prospect, customer: active}
  doctors: {"Dr. Nobody": known}
fields:
  contactId: {from: id, required: true}
  name: {from: name, do: [collapse], required: true}
  company: {from: company, default: none, do: [{truncate: 12}]}
  email: {from: email, do: [trim, lower, email], on_error: nullify}
  phone: {from: phone, do: [{phone: {region: US}}], on_error: nullify}
  status: {from: type, do: [{lookup: {table: statuses, else: unknown}}], default: unknown}
  jobTitle: {from: doctor, do: [{lookup: doctors}], on_error: nullify}
  lifetimeValue: {from: value, do: [number], on_error: nullify}
  birthDate: {from: born, do: [date], on_error: nullify}
  createdAt: {const: "2026-01-01T00:00:00Z"}
pii: {name: mask, email: hash, phone: last4, jobTitle: mask, birthDate: never}
validate:
  - {id: worth, assert: "lifetimeValue == null || lifetimeValue < 5000", severity: warning}
merge: {by: [email], keep: newest, fields: {phone: filled}}
"""
TASKS = """mapping: 1
name: tasks
source: {entity: task, key: id}
target: {entity: task, key: taskId}
fields:
  taskId: {from: id, required: true}
  contactId: {from: person, required: true, references: contacts}
  title: {from: title, default: Untitled}
  status: {const: open}
  priority: {const: normal}
pii: {title: mask}
unique: [title]
"""
PIPELINE = """pipeline: outcomes
source: {ndjson: {person: people.ndjson, task: tasks.ndjson}}
mappings: [contacts.yaml, tasks.yaml]
gates:
  read: {min: 1}
  rejected: {max_percent: 2, severity: warning, message: "Ask the owner of the list first"}
  warnings: {max: 3, severity: warning}
  written: {min: 1}
  complete: {contacts.phone: {min_percent: 99, severity: warning}}
  unique: {contacts.company: {max: 0, severity: warning}}
  failed: {max: 0}
  pending: {max: 0, severity: warning}
  control_totals: {max: 0}
  reconciled: {max: 0}
destinations:
  files: {csv: {path: "out/{mapping}.csv"}}
  app:
    http:
      base_url: ${APP_URL}
      auth: {bearer: {env: APP_TOKEN}}
      idempotency: {header: Idempotency-Key}
      responses: {preset: problem+json}
      mappings:
        contacts:
          create: POST /contacts
          update: "PUT /contacts/{remote_id}"
          find: {request: "GET /contacts?contactId={key}", items: items}
          list: {request: "GET /contacts?page={page}", items: items}
          remote_id: id
          conflict: {remote_id: existingId}
        tasks:
          create: "POST /contacts/{remote_id(contacts, contactId)}/tasks"
          update: "PUT /tasks/{remote_id}"
          find: {request: "GET /tasks?taskId={key}", items: items}
          remote_id: id
"""


def people(count, turn):
    """Records with every way to go, and a token in each value that is hidden."""
    lines = []
    for number in range(count):
        person = {"id": f"p{number:04}", "name": f"Qxanarija {number} {'b' * (turn if number % 10 == 3 else 0)}", "company": f"Company {number % 37}",
                  "email": f"qxanarija{number}@example.com", "phone": f"+1 415 555 {7391:04}"[:-4] + f"{number % 10000:04}",
                  "type": ["lead", "customer", "other", None][number % 4], "doctor": "Dr. Qxanarija" if number % 9 == 0 else None,
                  "value": str(number * 10), "born": f"19{number % 90 + 10}-05-{number % 28 + 1:02}", "changed": f"2026-01-{number % 28 + 1:02}T00:00:00Z",
                  "extra": {"note": "not mapped", "rank": number}}
        if number % 23 == 0:
            person["type"] = "internal"
        if number % 29 == 0:
            person["name"] = " "
        if number % 31 == 0:
            person["email"] = "qxanarija at nowhere"
        if number % 37 == 0:
            person["phone"] = "55573913 no number"
        if number % 41 == 0:
            person["born"] = "Qxanarija's day"
        if number % 43 == 0:
            person["value"] = "much"
        if number % 47 == 1:
            person["email"] = f"qxanarija{number - 1}@example.com"
        if number % 11 == 0:
            person["company"] = None if number % 2 else "A company with a very long name"
        lines.append(json.dumps(person) + "\n")
    tasks = [json.dumps({"id": f"t{number:04}", "person": f"p{number:04}" if number % 13 else "nobody",
                         "title": f"Call Qxanarija {number if number % 17 else 0}"}) + "\n" for number in range(0, count, 2)]
    return "".join(lines), "".join(tasks)


def outcomes():
    place = f"{folder}/outcomes"
    shutil.rmtree(place, ignore_errors=True)
    state = f"{place}/.waybill"
    for name, text in (("waybill.yaml", PIPELINE), ("contacts.yaml", CONTACTS), ("tasks.yaml", TASKS)):
        put(f"{place}/{name}", text)
    with Sandbox("--contacts", "1", "--businesses", "1", "--fault", "app-422=0.05") as sandbox:
        seen = collections.Counter()
        for turn in range(2):
            persons, tasks = people(400, turn)
            put(f"{place}/people.ndjson", persons)
            put(f"{place}/tasks.ndjson", tasks)
            if turn == 1:
                # What is gone at the destination cannot be updated.
                stored = json.loads(sandbox.request("GET", "/contacts?contactId=p0013")[1])["items"]
                for one in stored:
                    sandbox.request("DELETE", f"/contacts/{one['id']}")
            call(place, "run", codes=(0, 3, 4, 5), environment=sandbox.app)
            run = run_ids(state)[-1]
            call(place, "reconcile", codes=(0, 3, 4), environment=sandbox.app)
            call(place, "gates", run, codes=(0, 3), environment=sandbox.app)
            for entity in json.load(open(f"{state}/runs/{run}/summary.json"))["entities"].values():
                for counts in entity["destinations"].values():
                    seen.update({name: count for name, count in counts.items() if isinstance(count, int)})
            check(state, run, project=place)
            page_of(state, place, run)
        print("report: outcomes:", ", ".join(f"{name} {count}" for name, count in seen.items()))
        for name in ("written", "created", "updated", "unchanged", "filtered", "merged", "rejected", "failed", "pending"):
            if not seen[name]:
                failed(f"no record is {name}: the page is not tried with it")
        runs = run_ids(state)
        check(state, *runs, project=place)
        page_of(state, place, *runs)
        handed_over(place, runs[-1], sandbox.app)
    hides(place)


def handed_over(place, run, environment):
    """What people hand over or read on a terminal."""
    for command in (("ledger", run), ("ledger", run, "--json"), ("runs", "list"), ("runs", "show", run), ("history",), ("history", "--json"),
                    ("runs", "compare", *run_ids(f"{place}/.waybill")[-2:]), ("ledger", "--record", "p0031", "--all-runs"),
                    ("report", run, "--json"), ("report", run, "--markdown"), ("profile", "people.ndjson", "--mapping", "contacts.yaml"),
                    ("profile", "people.ndjson", "--mapping", "contacts.yaml", "--json")):
        call(place, *command, codes=None, environment=environment)
    call(place, "rejects", run, "--by-repair", "-o", "sheets", codes=None, environment=environment)


def demo():
    place = f"{folder}/demo"
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    state = f"{place}/state"
    with Sandbox("--contacts", "400", "--businesses", "5") as sandbox:
        address = sandbox.address
        environment = {"WAYBILL_SANDBOX_URL": address["base_url"], "WAYBILL_SANDBOX_LOCATION": address["location"],
                       "WAYBILL_SANDBOX_TOKEN": address["token"], "WAYBILL_APP_URL": address["app_base_url"],
                       "WAYBILL_APP_TOKEN": address["app_token"], "WAYBILL_OUT": f"{place}/out"}
        os.makedirs(f"{place}/out")
        call(root, "run", "mappings/waybill.yaml", "--state", state, codes=(0, 3, 4), environment=environment)
        for _ in range(2):
            call(root, "run", "mappings/your-app.yaml", "--state", state, "--snapshot", "latest", "--lenient", codes=(0, 3, 4), environment=environment)
        call(root, "reconcile", "--pipeline", "mappings/your-app.yaml", "--state", state, codes=(0, 3), environment=environment)
    for run in run_ids(state):
        check(state, run)
        page_of(state, place, run)


def many():
    place, fields, count = f"{folder}/many", 300, 10_000
    shutil.rmtree(place, ignore_errors=True)
    state = f"{place}/.waybill"
    steps = ["number", "date", "email", "{phone: {region: US}}", "country"]
    put(f"{place}/waybill.yaml", "pipeline: many\nsource: {csv: {row: many.csv}}\nmappings: [rows.yaml]\n"
        "gates: {warnings: {max: 10, severity: warning}}\ndestinations: {lines: {ndjson: {path: \"out/{mapping}.ndjson\"}}}\n")
    put(f"{place}/rows.yaml", "mapping: 1\nname: rows\nsource: {entity: row, key: id}\ntarget: {entity: row, key: id}\nfields:\n  id: {from: id, required: true}\n"
        + "".join(f"  field{number:03}: {{from: column{number:03}, do: [{steps[number % len(steps)]}], on_error: nullify}}\n" for number in range(fields))
        + "pii: {" + ", ".join(f"field{number:03}: mask" for number in range(0, fields, 2)) + "}\n")
    good = ["12.5", "2026-01-31", "ada@example.com", "+14155552671", "US"]
    with open(f"{place}/many.csv", "w", encoding="utf-8") as file:
        file.write("id," + ",".join(f"column{number:03}" for number in range(fields)) + "\n")
        for number in range(count):
            cells = [good[column % len(good)] for column in range(fields)]
            at = number % fields
            # Half of the fields are hidden.
            cells[at] = f"Qxanarija {number}" if at % 2 == 0 else f"wrong {number}"
            file.write(f"r{number:05}," + ",".join(cells) + "\n")
    call(place, "run", codes=(0, 3, 4))
    run = run_ids(state)[-1]
    with open(f"{state}/runs/{run}/ledger.ndjson", encoding="utf-8") as file:
        lines = sum(1 for _ in file)
    if lines < count:
        failed(f"many: the ledger has {lines:,} lines, not {count:,}")
    check(state, run, project=place)
    page_of(state, place, run)
    hides(place)


class Exact:
    """What a profile of one field must say."""

    def __init__(self):
        self.present = self.null = self.blank = self.filled = 0
        self.values = collections.Counter()

    def add(self, value):
        self.present += 1
        if value is None:
            self.null += 1
        elif isinstance(value, str) and not value.strip():
            self.blank += 1
        else:
            self.filled += 1
            self.values[str(value)] += 1


def profile():
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/profile-{records}.ndjson"
    exact = collections.defaultdict(Exact)
    cities = ["Berlin", "Aachen", "Zug", "Paris", "Oslo"]
    with open(path, "w", encoding="utf-8") as file:
        for number in range(records):
            mixed = number * 2654435761 % (1 << 32)
            record = {"id": f"c{number}", "city": cities[min(4, int(math.log2(mixed % 31 + 1)))], "amount": mixed % 100_000 / 100,
                      "code": f"K{mixed % 20_011}", "day": (datetime.date(2020, 1, 1) + datetime.timedelta(mixed % 365)).isoformat(),
                      "note": [None, "", "  ", f"n{mixed % 1000}"][mixed % 4], "flag": mixed % 3 == 0}
            if mixed % 7 == 0:
                del record["code"]
            file.write(json.dumps(record) + "\n")
            for name, value in record.items():
                exact[name].add(json.dumps(value) if isinstance(value, (bool, float)) else value)
    digests, seconds = set(), {}
    for threads in (1, 2, 5):
        start = time.monotonic()
        text = call(folder, "profile", path, "--json", "--threads", str(threads))
        seconds[threads] = time.monotonic() - start
        digests.add(hashlib.sha256(text.encode()).hexdigest())
    if len(digests) != 1:
        failed("profile: other bytes for other numbers of threads")
    document = json.loads(text)
    if document["records"] != records:
        failed(f"profile: {document['records']} records, not {records}")
    for field in document["source"]["fields"]:
        own = exact[field["name"]]
        told = {name: field[name] for name in ("present", "null", "blank", "filled", "missing")}
        truth = {"present": own.present, "null": own.null, "blank": own.blank, "filled": own.filled, "missing": records - own.present}
        if told != truth:
            failed(f"profile: {field['name']}: {told}, not {truth}")
        distinct = field["distinct"]
        error = abs(distinct["estimate"] - len(own.values)) * 100 / max(1, len(own.values))
        print(f"report: profile: {field['name']}: {len(own.values):,} different values, estimated {distinct['estimate']:,}: {error:.2f}% of {distinct['error_percent']}%")
        if error > distinct["error_percent"]:
            failed(f"profile: {field['name']}: the error of distinct is {error:.2f}%")
        if field["top"]["exact"] and not field["masked"]:
            for one in field["top"]["values"]:
                if own.values[one["value"]] != one["count"]:
                    failed(f"profile: {field['name']}: {one['value']} is there {own.values[one['value']]} times, not {one['count']}")
        if field["name"] == "day":
            days = collections.Counter(own.values)
            dates = field["dates"]
            if (dates["count"], dates["earliest"], dates["latest"]) != (own.filled, min(days), max(days)):
                failed(f"profile: day: {dates['count']} {dates['earliest']} {dates['latest']}")
            if dates["by"] == "day" and {one["from"]: one["count"] for one in dates["bins"]} != dict(days):
                failed("profile: day: the days are counted otherwise")
        if field["name"] == "amount":
            numbers = [float(value) for value in own.values]
            if (float(field["numbers"]["smallest"]), float(field["numbers"]["largest"]), field["numbers"]["count"]) != (min(numbers), max(numbers), own.filled):
                failed(f"profile: amount: {field['numbers']['smallest']} to {field['numbers']['largest']}")
    print("report: profile: " + ", ".join(f"{threads} threads {taken:.1f} s" for threads, taken in seconds.items()))
    cost(path)


def cost(path):
    """The transform with and without everything that a run records beside it: an upper bound of what a profile costs."""
    place = f"{folder}/cost"
    shutil.rmtree(place, ignore_errors=True)
    put(f"{place}/rows.yaml", "mapping: 1\nname: rows\nsource: {entity: row, key: id}\ntarget: {entity: row, key: id}\nfields:\n"
        "  id: id\n  city: {from: city, do: [trim]}\n  amount: amount\n  code: code\n  day: {from: day, do: [date]}\n"
        "  note: {from: note, do: [collapse]}\n  flag: flag\n")
    put(f"{place}/waybill.yaml", f"pipeline: cost\nsource: {{ndjson: {{row: {path}}}}}\nmappings: [rows.yaml]\n"
        "destinations: {lines: {ndjson: {path: out.ndjson}}}\n")
    start = time.monotonic()
    call(place, "transform", "--mapping", "rows.yaml", "--input", path, "--output", "plain.ndjson", "--threads", "1", "--quiet")
    plain = time.monotonic() - start
    call(place, "run", "--threads", "1", codes=(0, 3, 4))
    state = f"{place}/.waybill"
    with open(f"{state}/runs/{run_ids(state)[-1]}/summary.json", encoding="utf-8") as file:
        staged = json.load(file)["durations"]["transform"]
    start = time.monotonic()
    call(place, "profile", path, "--threads", "1", "--quiet")
    alone = time.monotonic() - start
    print(f"report: cost: transform {plain:.1f} s; in a run, with profile, staging, sample and changes {staged:.1f} s; a profile alone, with reading {alone:.1f} s")


for part in wanted:
    {"outcomes": outcomes, "demo": demo, "many": many, "profile": profile}[part]()
print(f"report: {len(failures)} failures")
sys.exit(1 if failures else 0)
