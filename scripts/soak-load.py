"""scripts/soak load [COUNT [KILLS [NAME ...]]]: loads into Your App of the sandbox with every fault at 3 %, killed again and again.

Five destinations, side by side: with idempotency keys, `find` and conditional updates, with one of the first two, with neither,
and with batches. Each is loaded by 16 processes, each with its own share of the records, its own state and its own sandbox,
because most of the time is spent in pauses that a destination asks for. Each process is killed with SIGKILL ten times: sometimes
before its first request, otherwise after a random number of
requests. A new run follows or, by chance, the same one is resumed. Half-way, the data changes. In the end, it runs until nothing is left
to do. Your App must then hold each key exactly once with the right fields (where it offers neither: at most once, and each other record
is pending), the journal must agree with it, each record must have one outcome, and fields that it dropped must be in a ledger.

The same data is also loaded without faults: a second run sends nothing, 100 changed records are 100 writes, and a mapping with two lines
swapped sends nothing.
"""
import glob
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

bin_path = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 10
wanted = sys.argv[4:]
waybill = f"{bin_path}/waybill"
folder = f"{os.getcwd()}/.build-soak/load"
rate = 0.03
# Without a request or an end for this long, a run hangs.
patience = 300
# 401 and 403 stop a destination, as they should; redirects to another origin are refusals.
faults = ["429", "429-date", "503", "html", "redirect", "timeout-before", "500-before", "500-after", "409", "412", "422", "drop",
          "timeout-after", "not-json", "truncated", "huge"]
batch_faults = faults + ["413", "partial", "shuffled", "short", "long", "no-keys", "job"]
lines = ["contactId: id", "name: name", "company: company", "status: {const: active}", 'createdAt: {const: "2026-01-01T00:00:00Z"}']
# Processes for each destination.
parts = 16
find = 'find: {request: "GET /contacts?contactId={key}", items: items}'
pages = 'list: {request: "GET /contacts?page={page}", items: items}'
plain = '"PUT /contacts/{remote_id}"'
# The fault 412 needs a condition.
tagged = '{request: "PUT /contacts/{remote_id}", headers: {If-Match: "{etag}"}}'
keys = "idempotency: {header: Idempotency-Key}"
batch = ("batch: {request: \"POST /contacts/batch\", headers: {Prefer: return=representation}, size: 50, items: items, updates: true, "
         "results: {at: results, key: key, status: status, remote_id: id, etag: etag, record: record, body: error}}")
job = "job: {location: {header: Location}, state: status, running: [queued, running], status: response.status, response: response.body}"


class Failed(Exception):
    pass


def mapping(fields):
    return ("mapping: 1\nname: contacts\nsource: {entity: person, key: id}\ntarget: {entity: contact, key: contactId}\nfields:\n"
            + "".join(f"  {line}\n" for line in fields))


def pipeline(has_keys, has_find, in_batches):
    return f"""pipeline: soak
source: {{ndjson: {{person: people.ndjson}}}}
mappings: [contacts.yaml]
gates: {{read: {{min: 1}}}}
destinations:
  app:
    http:
      base_url: ${{APP_URL}}
      auth: {{bearer: {{env: APP_TOKEN}}}}
      {keys if has_keys else ""}
      rate: {{concurrent: 64}}
      timeout: 10s
      longest_call: 1s
      responses: {{preset: problem+json}}
      mappings:
        contacts:
          create: POST /contacts
          update: {tagged if has_keys and has_find and not in_batches else plain}
          etag: {{header: ETag, body: etag}}
          {find if has_find else ""}
          {batch if in_batches else ""}
          {job if in_batches else ""}
          {pages if in_batches else ""}
          remote_id: id
          conflict: {{remote_id: existingId}}
"""


class Sandbox:
    def __init__(self, switches):
        self.process = subprocess.Popen(
            [waybill, "sandbox", "--port", "0", "--contacts", "1", "--businesses", "1", "--limit-scale", "1000", "--json"]
            + [word for switch in switches for word in ("--fault", switch)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed("the sandbox does not start")
        address = json.loads(line)
        self.url, self.token = address["app_base_url"], address["app_token"]

    def get(self, path):
        base = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(base.hostname, base.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def requests(self):
        return json.loads(self.get("/_sandbox/requests"))

    def records(self):
        return [json.loads(line) for line in self.get("/_sandbox/records/contacts").splitlines()]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Load:
    """Records from `first` to `end`, from one folder into one sandbox."""

    def __init__(self, place, first, end, text, switches):
        self.place, self.first, self.end = place, first, end
        os.makedirs(place)
        self.sandbox = Sandbox(switches)
        self.environment = dict(os.environ, APP_URL=self.sandbox.url, APP_TOKEN=self.sandbox.token)
        self.put("waybill.yaml", text)
        self.put("contacts.yaml", mapping(lines))

    def put(self, path, text):
        with open(f"{self.place}/{path}", "w") as file:
            file.write(text)

    def write(self, name_of):
        self.put("people.ndjson", "".join(
            f'{{"id":"c{number}","name":"{name_of(number)} {number}","company":"Company {number}"}}\n'
            for number in range(self.first, self.end)))

    def start(self, *options):
        with open(f"{self.place}/output.txt", "a") as output:
            return subprocess.Popen([waybill, "run", "--quiet", *(options or ["--first-load"])], cwd=self.place,
                                    env=self.environment, stdout=output, stderr=output)

    def run(self):
        """Runs to the end; returns the exit code, the summary, its counts, and the run's folder."""
        run = self.start()
        self.wait(run, lambda: False)
        path = sorted(glob.glob(f"{self.place}/.waybill/runs/*/summary.json"))[-1]
        with open(path) as file:
            summary = json.load(file)
        part = summary["entities"]["contacts"]["destinations"]["app"]
        return run.returncode, summary, part, os.path.dirname(path)

    def wait(self, run, is_due):
        """Until the run has ended, or `is_due`. Returns whether it is still running."""
        requests, since = None, time.monotonic()
        while run.poll() is None:
            if is_due():
                return run.poll() is None
            time.sleep(0.25)
            now = time.monotonic()
            if now - since > patience / 10:
                seen = self.sandbox.requests()["requests"]
                if seen != requests:
                    requests, since = seen, now
                elif now - since > patience:
                    run.kill()
                    run.wait()
                    raise Failed(f"{self.place}: a run makes no requests any more, and does not end")
        return False

    def tool(self, *words):
        done = subprocess.run([waybill, *words], cwd=self.place, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{self.place}: waybill {' '.join(words)}: exit {done.returncode}: {done.stderr}")
        return done.stdout


class Soak(Load):
    """A load that is killed again and again."""

    def __init__(self, name, part, first, end, has_keys, has_find, in_batches):
        self.name, self.has_keys, self.has_find = f"{name} {part}", has_keys, has_find
        switches = [f"app-{fault}={rate}" for fault in (batch_faults if in_batches else faults)]
        if not has_keys:
            switches.append("app-no-idempotency")
        if not has_find:
            switches += ["app-no-find", "app-no-unique-keys"]
        super().__init__(f"{folder}/{name}-{part}", first, end, pipeline(has_keys, has_find, in_batches), switches)
        self.dice = random.Random(self.name)
        # Requests between two kills, so that they are spread over both versions of the data.
        self.usual = (end - first) / (50 if in_batches else 1) * 0.8 / max(1, kills / 2)
        # What no further run changes: some records are refused each time, and without `find`, some results stay unknown.
        self.final = {("unchanged", None), ("failed", "destination-refused"), ("failed", "outstanding")} | (set() if has_find else {("pending", "result-unknown")})
        self.figures = {"kills before requests": 0, "kills during requests": 0, "resumed": 0}

    def fail(self, message):
        raise Failed(f"{self.name}: {message}")

    def kill(self, number):
        """Starts a run, and kills it at a random moment."""
        resumes = number != kills // 2 and number > 0 and self.dice.random() < 0.4
        before = self.sandbox.requests()["requests"]
        # An early one hits a run that compiles, transforms, or waits for the lease of the one that was killed.
        early = self.dice.uniform(0, 3) if number % 5 == 4 else None
        requests = self.dice.uniform(0, 2 * self.usual)
        began, late = time.monotonic(), self.dice.uniform(0, 0.2)

        def is_due():
            if early is not None:
                return time.monotonic() - began > early
            if self.sandbox.requests()["requests"] - before <= requests:
                return False
            time.sleep(late)
            return True

        run = self.start("--resume", "latest") if resumes else self.start()
        if not self.wait(run, is_due):
            if resumes and run.returncode != 0 and self.sandbox.requests()["requests"] == before:
                # It was over, or had not begun.
                run, resumes = self.start(), False
                if not self.wait(run, is_due):
                    return
            else:
                return
        run.send_signal(signal.SIGKILL)
        run.wait()
        made = self.sandbox.requests()["requests"] > before
        self.figures["kills during requests" if made else "kills before requests"] += 1
        self.figures["resumed"] += resumes

    def soak(self):
        began = time.monotonic()
        self.write(lambda number: "Ann")
        for number in range(kills):
            if number == kills // 2:
                # The data changes while calls are open.
                self.write(lambda number: "Eva")
            self.kill(number)
        self.figures["killing s"] = time.monotonic() - began
        for attempt in range(1, 21):
            _, summary, part, path = self.run()
            outcomes = self.outcomes(path)
            rest = {(outcome["outcome"], outcome.get("code")) for outcome in outcomes.values()} - self.final
            if not rest:
                break
        else:
            self.fail(f"after {attempt} undisturbed runs, there are still {rest}")
        self.figures["runs"] = attempt
        self.check(summary, part, outcomes)
        self.figures["s"] = time.monotonic() - began
        return self.figures

    def outcomes(self, path):
        """What happened to each record in a run, by key."""
        found = {}
        with open(f"{path}/outcomes.ndjson") as file:
            for outcome in map(json.loads, file):
                if outcome["record"] in found:
                    self.fail(f"{outcome['record']} has two outcomes")
                found[outcome["record"]] = outcome
        return found

    def check(self, summary, part, found):
        total = self.end - self.first
        outcomes = {key: outcome["outcome"] for key, outcome in found.items()}
        tally = {outcome: list(outcomes.values()).count(outcome) for outcome in sorted(set(outcomes.values()))}
        self.figures.update(tally)
        counts = {outcome: number for outcome, number in part.items() if isinstance(number, int) and number}
        if len(outcomes) != total or summary["unaccounted"] != 0 or summary["entities"]["contacts"]["read"] != total:
            self.fail(f"{len(outcomes)} of {total} records have an outcome")
        if counts != tally:
            self.fail(f"the summary has {counts}, the outcomes {tally}")
        views = self.sandbox.requests()
        self.figures["requests"] = views["requests"]
        stored = views["records"]["contacts"]
        if stored["duplicates"]:
            self.fail(f"{stored['duplicates']} records are there twice")
        held = {}
        for record in self.sandbox.records():
            if record["contactId"] in held:
                self.fail(f"{record['contactId']} is there twice")
            held[record["contactId"]] = record
        self.figures["held"] = len(held)
        for key, outcome in outcomes.items():
            record, number = held.get(key), key[1:]
            if outcome == "failed" and record is not None:
                self.fail(f"{key} was refused, and is there")
            if outcome != "unchanged":
                continue
            if record is None:
                self.fail(f"{key} is unchanged, and not there")
            fields = {"name": f"Eva {number}", "status": "active", "createdAt": "2026-01-01T00:00:00Z"}
            for field, value in fields.items():
                if record.get(field) != value:
                    self.fail(f"{key} is unchanged, and its {field} is {record.get(field)}")
            if record.get("company") not in (f"Company {number}", None):
                self.fail(f"{key} has the company {record.get('company')}")
        journal = self.compare(outcomes, held)
        self.compare_dropped(outcomes, held, journal)

    def compare(self, outcomes, held):
        """The journal with what is there. Returns its records by key."""
        journal = {}
        for line in map(json.loads, self.tool("journal", "export").splitlines()[1:-1]):
            # A line with the base URL precedes the records of each scope.
            if line.get("present"):
                journal[line["key"]] = line
        for key, record in held.items():
            known = journal.get(key)
            if known is None:
                if outcomes[key] != "pending":
                    self.fail(f"{key} is {outcomes[key]}, and the journal does not have it")
            elif known.get("remote_id") != record["id"]:
                self.fail(f"{key}: the journal has the ID {known.get('remote_id')} instead of {record['id']}")
        for key in journal:
            if key not in held:
                self.fail(f"{key} is in the journal, and not there")
        self.figures["in the journal"] = len(journal)
        open_calls = sum(scope["open_calls"] for scope in json.loads(self.tool("journal", "list", "--json")))
        pending = list(outcomes.values()).count("pending")
        if open_calls != pending:
            self.fail(f"{open_calls} calls are open, and {pending} records pending")
        return journal

    def compare_dropped(self, outcomes, held, journal):
        """Each field that was dropped with the ledgers. A response that cannot be read does not show it."""
        reported = set()
        for path in glob.glob(f"{self.place}/.waybill/runs/*/ledger.ndjson"):
            with open(path) as file:
                for line in file:
                    try:
                        line = json.loads(line)
                    except ValueError:
                        # The end of a ledger whose run was killed.
                        continue
                    if line["code"] == "not-applied" and line.get("field") == "company":
                        reported.add(line["record"])
        dropped = {key for key, record in held.items() if "company" not in record and outcomes[key] == "unchanged"}
        self.figures["dropped"] = len(dropped)
        self.figures["not-applied"] = len(dropped & reported)
        # The journal marks a field that was not taken: its hash is 0.
        marked = {key for key in dropped if any(not any(hash) for hash in self.hashes(journal[key]))}
        if marked - reported:
            self.fail(f"{len(marked - reported)} dropped fields are not in the ledger: {sorted(marked - reported)[:5]}")
        self.figures["not shown"] = len(dropped - reported)

    @staticmethod
    def hashes(known):
        fields = bytes.fromhex(known["fields"])
        return [fields[place + 8:place + 16] for place in range(1, len(fields), 16)]


def resend(name, in_batches):
    """Without faults: what is sent, and what is not."""
    began = time.monotonic()
    load = Load(f"{folder}/{name}", 0, count, pipeline(True, True, in_batches), [])
    try:
        def writes(expected, **outcomes):
            def so_far():
                views = load.sandbox.requests()
                calls = sum(number for route, number in views["byRoute"].items() if not route.startswith("GET"))
                stored = views["records"]["contacts"]
                return calls, stored["created"] + stored["replaced"]
            before = so_far()
            code, _, part, _ = load.run()
            calls, records = (now - then for now, then in zip(so_far(), before))
            found = {outcome: part[outcome] for outcome in outcomes}
            if code != 0 or records != expected or found != outcomes or (expected == 0) != (calls == 0):
                raise Failed(f"{name}: exit {code}, {calls} calls, {records} writes of {expected}, {found} instead of {outcomes}")
            return calls
        load.write(lambda number: "Ann")
        calls = [writes(count, created=count, unchanged=0), writes(0, unchanged=count, updated=0)]
        changed = set(random.Random(name).sample(range(count), 100))
        load.write(lambda number: "Eva" if number in changed else "Ann")
        calls.append(writes(100, updated=100, unchanged=count - 100))
        swapped = list(lines)
        swapped[1], swapped[2] = swapped[2], swapped[1]
        load.put("contacts.yaml", mapping(swapped))
        calls.append(writes(0, unchanged=count, updated=0))
        for record in load.sandbox.records():
            number = int(record["contactId"][1:])
            if record["name"] != f"{'Eva' if number in changed else 'Ann'} {number}":
                raise Failed(f"{name}: c{number} has the name {record['name']}")
        return f"load: {name}: {count} records; write calls of the first run, the second, after 100 changes, after a swap: {calls}, " \
               f"{time.monotonic() - began:.0f} s"
    finally:
        load.sandbox.close()


def soak(name, has_keys, has_find, in_batches):
    bounds = [count * part // parts for part in range(parts + 1)]
    soaks = [Soak(name, part, bounds[part], bounds[part + 1], has_keys, has_find, in_batches) for part in range(parts)]

    def one(soak):
        try:
            return soak.soak()
        finally:
            soak.sandbox.close()

    with ThreadPoolExecutor(parts) as pool:
        figures = list(pool.map(one, soaks))
    total = {}
    for own in figures:
        for what, number in own.items():
            total[what] = max(total.get(what, 0), number) if what in ("s", "runs", "killing s") else total.get(what, 0) + number
    # Two of the faults make a response to an update unreadable.
    if total["not shown"] > 0.15 * total["dropped"] + 5:
        raise Failed(f"{name}: too many dropped fields are not in the ledger: {total}")
    return f"load: {name}: {count} records in {parts} parts: " + ", ".join(f"{round(number)} {what}" for what, number in total.items())


checks = {
    "resend": lambda: resend("resend", False),
    "resend-batches": lambda: resend("resend-batches", True),
    "keys-and-find": lambda: soak("keys-and-find", True, True, False),
    "find": lambda: soak("find", False, True, False),
    "keys": lambda: soak("keys", True, False, False),
    "neither": lambda: soak("neither", False, False, False),
    "batches": lambda: soak("batches", True, True, True),
}


def attempt(name):
    try:
        print(checks[name](), flush=True)
        return True
    except Failed as failure:
        print(f"soak: FAILED: {failure}", file=sys.stderr, flush=True)
    except Exception:
        print(f"soak: FAILED: {name}: {traceback.format_exc()}", file=sys.stderr, flush=True)
    return False


shutil.rmtree(folder, ignore_errors=True)
names = wanted or list(checks)
with ThreadPoolExecutor(len(names)) as pool:
    sys.exit(0 if all(list(pool.map(attempt, names))) else 1)
