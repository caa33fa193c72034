"""scripts/soak proof [COUNT [KILLS]]: dry run, --apply, replay, reconcile and undo against Your App, killed again and again.

A mapping with a mistake rejects every tenth of COUNT records (default: 5,000). It is fixed, and the rejects are replayed. Then the data
changes, a dry run is applied, and the run is undone. Each of these commands is killed with SIGKILL KILLS times (default: 10), each time
after a random number of requests, and run again until nothing is left to do. After each step, `reconcile` must find no differences, and
Your App must hold exactly what the step leads to; after `undo`, the same fields as before the run, byte for byte.

In the end, a hundred thousand records go into a table, and then a million: `reconcile` must compare them in flat memory.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

bin_path = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 10
waybill = os.path.abspath(f"{bin_path}/waybill")
folder = f"{os.getcwd()}/.build-soak/proof"
# Peak memory of a comparison of a million records, in MB; about what one of 100,000 takes.
most_memory = 250
# For a try with a debug build.
sizes = [int(size) for size in os.environ.get("WAYBILL_PROOF_SIZES", "100000 1000000").split()]

pipeline = """
pipeline: proof
source: {ndjson: {person: people.ndjson}}
mappings: [contacts.yaml]
destinations:
  app:
    http:
      base_url: ${APP_URL}
      auth: {bearer: {env: APP_TOKEN}}
      idempotency: {header: Idempotency-Key}
      responses: {preset: problem+json}
      mappings:
        contacts:
          create: POST /contacts
          update: {request: "PUT /contacts/{remote_id}", headers: {If-Match: "{etag}"}}
          delete: "DELETE /contacts/{remote_id}"
          find: {request: "GET /contacts?contactId={key}", items: items}
          list: {request: "GET /contacts?limit=100&page={page}", items: items}
          remote_id: id
          etag: {header: etag, body: etag}
          before: {omit: [version, insertedAt, modifiedAt]}
"""
mapping = """
mapping: 1
name: contacts
source: {entity: person, key: id}
target: {entity: contact, key: contactId}
lookups: {states: {A: active%s}}
fields: {contactId: id, name: name, status: {from: state, do: [{lookup: {table: states}}]}, createdAt: {const: "2026-01-01T00:00:00Z"}}
"""
table = """
pipeline: table
source: {ndjson: {person: people.ndjson}}
mappings: [contacts.yaml]
destinations:
  table: {sqlite: {path: out/all.sqlite, table: contacts, mode: replace}}
"""


class Failed(Exception):
    pass


class App:
    def __init__(self):
        command = [waybill, "sandbox", "--port", "0", "--contacts", "1", "--businesses", "1", "--limit-scale", "1000", "--json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        known = json.loads(self.process.stdout.readline())
        self.origin, self.url, self.token = known["base_url"], known["app_base_url"], known["app_token"]

    def get(self, path):
        request = urllib.request.Request(self.origin + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.read().decode()

    def requests(self):
        return json.loads(self.get("/_sandbox/requests"))["requests"]

    def records(self):
        """The fields of each record, by key, without what the application sets."""
        found = {}
        for line in self.get("/_sandbox/records/contacts").splitlines():
            record = json.loads(line)
            key = record["contactId"]
            if key in found:
                raise Failed(f"Your App has {key} twice")
            found[key] = json.dumps({name: record[name] for name in ("contactId", "name", "status", "createdAt")}, sort_keys=True)
        return found


class Project:
    def __init__(self, name, text, app=None):
        self.place = f"{folder}/{name}"
        os.makedirs(self.place)
        self.app = app
        self.environment = dict(os.environ)
        if app:
            self.environment |= {"APP_URL": app.url, "APP_TOKEN": app.token}
        self.put("waybill.yaml", text)

    def put(self, path, text):
        with open(f"{self.place}/{path}", "w") as file:
            file.write(text)

    def write(self, numbers, name_of, state_of):
        with open(f"{self.place}/people.ndjson", "w") as file:
            for number in numbers:
                file.write(json.dumps({"id": f"c{number}", "name": name_of(number), "state": state_of(number)}) + "\n")

    def start(self, *words):
        output = open(f"{self.place}/last.txt", "w")
        command = [waybill, *words, "--project", self.place]
        return subprocess.Popen(command, env=self.environment, stdout=output, stderr=subprocess.STDOUT, cwd=self.place)

    def run(self, *words, code=0):
        """Returns the peak memory in MB."""
        process = self.start(*words)
        _, status, usage = os.wait4(process.pid, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended != code:
            raise Failed(f"waybill {' '.join(words)} ended with {ended} instead of {code}:\n{self.text()}")
        return usage.ru_maxrss / 1024

    def text(self):
        with open(f"{self.place}/last.txt") as file:
            return file.read()

    def output(self, *words):
        command = [waybill, *words, "--project", self.place]
        return subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True).stdout

    def newest(self):
        return json.loads(self.output("runs", "list", "--json"))[0]["run"]

    def killed(self, work, words, code=0, again=None):
        """Kills the command some times, and then runs it to its end.

        work: how many requests it makes at least. again: what continues it; nil: the same command."""
        for number in range(kills):
            before = self.app.requests()
            process = self.start(*words)
            due = before + random.randrange(work)
            while process.poll() is None and self.app.requests() < due:
                time.sleep(0.01)
            if process.poll() is not None:
                if process.returncode != code:
                    raise Failed(f"waybill {' '.join(words)} ended with {process.returncode}:\n{self.text()}")
                print(f"    ended before kill {number + 1}")
                return
            process.send_signal(signal.SIGKILL)
            process.wait()
            words = again or words
        self.run(*words, code=code)


def expect(found, wanted, what):
    if found == wanted:
        return
    differing = [key for key in sorted(found.keys() | wanted.keys()) if found.get(key) != wanted.get(key)]
    raise Failed(f"{what}: {len(differing)} records are not as they should be, first {differing[0]}: "
                 f"{found.get(differing[0])} instead of {wanted.get(differing[0])}")


def record(number, name, status):
    fields = {"contactId": f"c{number}", "name": name, "status": status, "createdAt": "2026-01-01T00:00:00Z"}
    return json.dumps(fields, sort_keys=True)


def soak():
    app = App()
    try:
        project = Project("app", pipeline, app)
        project.put("contacts.yaml", mapping % "")
        rejected = [number for number in range(count) if number % 10 == 0]
        project.write(range(count), lambda number: f"Ann {number}", lambda number: "X" if number % 10 == 0 else "A")

        print(f"  run: {len(rejected):,} of {count:,} records are rejected")
        project.killed(count, ["run"], code=4)
        origin = project.newest()
        held = {f"c{number}": record(number, f"Ann {number}", "active") for number in range(count) if number % 10 != 0}
        expect(app.records(), held, "after the run")
        project.run("reconcile")

        print("  replay: exactly these are sent")
        project.put("contacts.yaml", mapping % ", X: prospect")
        project.killed(len(rejected), ["replay", origin])
        held |= {f"c{number}": record(number, f"Ann {number}", "prospect") for number in rejected}
        expect(app.records(), held, "after the replay")
        if project.output("ledger", origin, "--open", "--json").strip() not in ("", "[]"):
            raise Failed("records of the old ledger are open")
        project.run("reconcile")

        print("  dry run, applied")
        new = range(count, count + count // 100)
        project.write([*range(count), *new], lambda number: f"{'Eva' if number % 5 == 0 else 'Ann'} {number}",
                      lambda number: "X" if number % 10 == 0 else "A")
        project.run("run", "--dry-run", "--against", "destination")
        applied = project.newest()
        expect(app.records(), held, "after the dry run")
        project.killed(count // 5, ["run", "--apply", applied])
        after = held | {f"c{number}": record(number, f"{'Eva' if number % 5 == 0 else 'Ann'} {number}",
                                             "prospect" if number % 10 == 0 else "active")
                        for number in [*range(0, count, 5), *new]}
        expect(app.records(), after, "after the apply")
        project.run("reconcile")

        print("  undo")
        project.killed(count // 5, ["undo", applied])
        expect(app.records(), held, "after the undo")
        project.run("reconcile")
    finally:
        app.process.kill()
        app.process.wait()


def memory():
    peaks = []
    for number in sizes:
        project = Project(f"table-{number}", table)
        project.put("contacts.yaml", mapping % ", X: prospect")
        project.write(range(number), lambda number: f"Ann {number}", lambda number: "A")
        project.run("run")
        peaks.append(project.run("reconcile"))
        shutil.rmtree(project.place)
    print("  reconcile: " + ", ".join(f"{peak:.0f} MB for {size:,} records" for size, peak in zip(sizes, peaks)))
    if peaks[-1] > most_memory:
        raise Failed(f"reconcile takes {peaks[-1]:.0f} MB for {sizes[-1]:,} records")


shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
try:
    soak()
    memory()
except Failed as failure:
    print(f"soak proof: {failure}", file=sys.stderr)
    sys.exit(1)
print("soak proof: passed")
