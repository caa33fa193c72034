"""scripts/soak ghl [COUNT [KILLS [PARTS]]]: copies one GHL location into another with every fault at 3 %, killed again and again.

mappings/ghl-to-ghl.yaml copies COUNT contacts (default: 5,000) with their tags, custom fields, businesses, tasks and notes from one
location of a sandbox into another. The run is killed with SIGKILL KILLS times (default: 20), each time after a random number of
requests; a new run follows or, by chance, the same one is resumed. Then the pipeline runs until a run has nothing left to do, and
finally with `verify` until nothing is left to repair: one of the faults deletes records behind Waybill's back. A 429 pauses the run
for 0.2 seconds rather than 10, but a response that never comes takes 30 seconds: PARTS (default: 25, or fewer if COUNT is
small) copies therefore run side by side, each with its share of the contacts and kills, and its own sandbox and state folder.

Then a run that extracts everything again must not write anything, and both locations are read back through the same mappings. They must
be equal, field by field, and nothing may be there twice. The exceptions are printed: the members that no route of the API accepts, the
values that the mappings leave out with a warning, and the fields that a ledger reports as not applied.

For a quick try, also with a debug build: python3 scripts/soak-ghl.py .build/debug 40 2
"""
import collections
import decimal
import glob
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
import urllib.request
from concurrent.futures import ThreadPoolExecutor

bin_path = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 20
parts = int(sys.argv[4]) if len(sys.argv) > 4 else max(1, min(25, count // 20))
waybill = os.path.abspath(f"{bin_path}/waybill")
shipped = f"{os.getcwd()}/mappings"
folder = f"{os.getcwd()}/.build-soak/ghl"
rate = 0.03
# Without a request or an end for this long, a run hangs. Pauses of the API last up to two minutes.
patience = 600
# Without `refuse-contacts`, which makes contacts unreadable for good.
faults = ["5xx", "slow", "truncated", "html", "429", "disconnect", "repeated-cursor", "repeated-page", "moving", "duplicate-ids",
          "count-lies", "422-created", "discard", "timeout-after", "5xx-after", "gone", "bulk-error"]
# Seconds until the search finds what was written.
lag = 2
# With the key field of each.
mappings = {"contacts": "key", "links": "contactId", "tasks": "key", "notes": "key"}
# Members of a record that no route of the API accepts: GHL sets them itself, or nobody can.
untaken = {"dateAdded", "dateUpdated", "lastActivity", "type", "keyword", "ssn", "visitorId", "additionalEmails", "additionalPhones",
           "attributionSource", "lastAttributionSource", "attachments"}
# Members that GHL makes from others, and those that are different in each location.
derived = {"name", "firstNameLowerCase", "lastNameLowerCase", "fullNameLowerCase", "emailLowerCase", "id", "locationId", "businessId",
           "contactId"}


class Failed(Exception):
    pass


def without_fraction(text):
    return re.sub(r"\.\d+Z$", "Z", text) if isinstance(text, str) else text


def without_a_zero(phone):
    """The number with one of its zeros left out, for each zero."""
    return {phone[:at] + phone[at + 1:] for at, digit in enumerate(phone or "") if digit == "0"}


def pipelines():
    """The shipped pipeline, the same with `verify`, and one that reads a location back."""
    with open(f"{shipped}/ghl-to-ghl.yaml") as file:
        copy = file.read()
    target = "      location: ${GHL_TARGET_LOCATION}\n"
    if target not in copy:
        raise Failed("mappings/ghl-to-ghl.yaml has changed: this script no longer finds its destination")
    copy = copy.replace(target, target + "      longest_call: 10s\n")
    verify = "\n".join(
        line[:-1] + ", verify: {share: 100%, then: resend}}" if line.strip().startswith(tuple(f"{name}: {{to:" for name in mappings))
        else line for line in copy.split("\n"))
    if verify.count("verify:") != len(mappings):
        raise Failed("mappings/ghl-to-ghl.yaml has changed: this script no longer finds its mappings")
    head, rest = copy.split("destinations:\n")
    lines = "destinations:\n  lines: {ndjson: {path: \"${OUT}/{mapping}.ndjson\"}}\n"
    read = head.replace("pipeline: copy", "pipeline: read-back") + lines + rest[rest.index("gates:"):]
    return {"copy.yaml": copy, "verify.yaml": verify, "read.yaml": read}


class Sandbox:
    def __init__(self, contacts, seed):
        switches = [f"{fault}={rate}" for fault in faults] + [f"search-lag={lag}"]
        self.process = subprocess.Popen(
            [waybill, "sandbox", "--port", "0", "--contacts", str(contacts), "--businesses", "5", "--seed", str(seed), "--locations", "2",
             "--limit-scale", "1000", "--limit-interval", "0.2", "--json"] + [word for switch in switches for word in ("--fault", switch)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed("the sandbox does not start")
        known = json.loads(line)
        self.url, self.app_token = known["base_url"], known["app_token"]
        self.source, self.target = known["locations"]

    def statistics(self):
        """What the target location has received: without faults, and not counted itself."""
        request = urllib.request.Request(f"{self.url}/_sandbox/locations", headers={"Authorization": f"Bearer {self.app_token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as response:
            locations = json.loads(response.read())["locations"]
        return next(each for each in locations if each["location"] == self.target["location"])

    def requests(self):
        return self.statistics()["requests"]

    def writes(self):
        """The writes that were carried out, whatever was answered."""
        return self.statistics()["writes"]

    def close(self):
        self.process.terminate()
        self.process.wait()


class Copy:
    """One copy: its sandbox, its folder, its state."""

    def __init__(self, number, contacts, kills):
        self.name, self.contacts, self.kills = f"part {number}", contacts, kills
        self.place = f"{folder}/{number}"
        shutil.copytree(f"{shipped}/ghl-to-ghl", f"{self.place}/ghl-to-ghl")
        shutil.copytree(f"{shipped}/schemas", f"{self.place}/schemas")
        for path, text in pipelines().items():
            with open(f"{self.place}/{path}", "w") as file:
                file.write(text)
        self.sandbox = Sandbox(contacts, number)
        self.environment = dict(
            os.environ, GHL_BASE_URL=self.sandbox.url,
            GHL_SOURCE_LOCATION=self.sandbox.source["location"], GHL_SOURCE_TOKEN=self.sandbox.source["token"],
            GHL_TARGET_LOCATION=self.sandbox.target["location"], GHL_TARGET_TOKEN=self.sandbox.target["token"])
        self.dice = random.Random(number)
        # Requests between two kills: a contact takes about ten in all.
        self.usual = contacts * 10 / max(1, kills) * 0.8
        self.figures = collections.Counter()
        self.exceptions = collections.Counter()

    def fail(self, message):
        raise Failed(f"{self.name}: {message}")

    # Commands

    def start(self, *words, **variables):
        with open(f"{self.place}/output.txt", "a") as output:
            return subprocess.Popen([waybill, *words, "--quiet"], cwd=self.place, env=self.environment | variables, stdout=output,
                                    stderr=output)

    def wait(self, process, is_due=lambda: False):
        """Until the process has ended, or `is_due`. Returns whether it is still running."""
        seen, since = None, time.monotonic()
        while process.poll() is None:
            if is_due():
                return process.poll() is None
            time.sleep(0.1)
            now = time.monotonic()
            if now - since > patience / 10:
                requests = self.sandbox.requests()
                if requests != seen:
                    seen, since = requests, now
                elif now - since > patience:
                    process.kill()
                    process.wait()
                    self.fail("a run makes no more requests, but does not end")
        return False

    def run(self, *words, **variables):
        """Returns the exit code, and the folder of the newest run."""
        process = self.start("run", *words, **variables)
        self.wait(process)
        return process.returncode, self.newest()

    def read(self, times, *words, **variables):
        """Runs a command that only reads until it has received everything: faults may leave gaps."""
        for _ in range(times):
            process = self.start(*words, **variables)
            while process.poll() is None:
                time.sleep(0.1)
            if process.returncode == 0:
                return
        self.fail(f"waybill {' '.join(words)} ended with {process.returncode} {times} times; see {self.place}/output.txt")

    def text(self, path):
        with open(path) as file:
            return file.read()

    def lines(self, path):
        return [json.loads(line) for line in self.text(path).splitlines()]

    # The copy

    def copy(self):
        began = time.monotonic()
        self.read_source()
        for number in range(self.kills):
            self.kill(number)
        # A contact that somebody has deleted is created again once a write of one of its children is refused. If none of its
        # records are sent any more, only `verify` notices.
        self.finish("copy.yaml")
        self.finish("verify.yaml")
        self.figures["minutes"] = round((time.monotonic() - began) / 60)
        self.run_again()
        self.compare()

    def kill(self, number):
        """Starts a run, and kills it at a random moment."""
        resumes = number > 0 and self.dice.random() < 0.4
        before = self.sandbox.requests()
        # An early one hits a run that compiles, transforms, or waits for the lease of the one that was killed.
        early = self.dice.uniform(0, 3) if number % 5 == 4 else None
        due = before + self.dice.uniform(0, 2 * self.usual)
        began = time.monotonic()

        def is_due():
            return time.monotonic() - began > early if early is not None else self.sandbox.requests() > due

        process = self.start("run", "copy.yaml", *(["--resume", "latest"] if resumes else ["--snapshot", "latest"]))
        if not self.wait(process, is_due):
            if not resumes or self.sandbox.requests() > before:
                # It had nothing left to do.
                self.figures["ended before a kill"] += 1
                return
            # There was nothing to resume.
            resumes = False
            process = self.start("run", "copy.yaml", "--snapshot", "latest")
            if not self.wait(process, is_due):
                self.figures["ended before a kill"] += 1
                return
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.figures["kills"] += 1
        self.figures["kills during requests"] += self.sandbox.requests() > before
        self.figures["resumed"] += resumes

    def finish(self, pipeline):
        """Runs until a run writes nothing and leaves nothing open."""
        for _ in range(40):
            before = self.sandbox.writes()
            code, path = self.run(pipeline, "--snapshot", "latest")
            self.figures["runs"] += 1
            rest = self.rest(path)
            if not rest and self.sandbox.writes() == before:
                return
        self.fail(f"{pipeline}: after {self.figures['runs']} runs, the last one with exit code {code}, there is still {dict(rest)}")

    def rest(self, path):
        """What is not as it should be after the last run, by mapping, outcome and code."""
        if not os.path.exists(f"{path}/outcomes.ndjson"):
            return {("all", "no outcomes", None): 1}
        return collections.Counter(
            (each["mapping"], each["outcome"], each.get("code")) for each in self.lines(f"{path}/outcomes.ndjson")
            if each["outcome"] not in ("unchanged", "filtered") and not self.is_beyond_lookup(each))

    def is_beyond_lookup(self, outcome):
        """A create whose result was lost, of a contact without anything to find it by, stays pending, and so do its children."""
        if outcome["outcome"] != "pending":
            return False
        return outcome["record"] in self.nameless

    def read_source(self):
        """Reads the source through the mappings, and finds the records that have nothing to be found by."""
        self.read(5, "extract", "copy.yaml")
        self.read(1, "run", "read.yaml", "--snapshot", "latest", OUT="source")
        self.first = os.path.basename(self.newest())
        lines = {mapping: self.lines(f"{self.place}/source/{mapping}.ndjson") for mapping in mappings}
        self.nameless = {contact["key"] for contact in lines["contacts"] if not any(
            contact.get(name) for name in ("email", "phone", "firstName", "lastName", "name", "companyName"))}
        for mapping in ("tasks", "notes"):
            self.nameless |= {each["key"] for each in lines[mapping] if each["contactId"] in self.nameless}

    def newest(self):
        return sorted(glob.glob(f"{self.place}/.waybill/runs/*"))[-1]

    def extracted(self):
        """The folder of the newest snapshot of the source."""
        return sorted(glob.glob(f"{self.place}/.waybill/snapshots/*/{self.sandbox.source['location']}"))[-1]

    def raw(self, entity):
        """The records of the source, as the API returned them."""
        return self.lines(f"{self.extracted()}/{entity}.ndjson")

    def run_again(self):
        """From the extraction on: nothing is written."""
        before = self.sandbox.writes()
        for _ in range(5):
            code, path = self.run("copy.yaml")
            rest = self.rest(path)
            if not rest:
                break
        else:
            self.fail(f"the repeated run ended with exit code {code} and {dict(rest)}; see {self.place}/output.txt")
        if self.sandbox.writes() != before:
            self.fail(f"the repeated run has written {self.sandbox.writes() - before} times")
        outcomes = self.lines(f"{path}/outcomes.ndjson")
        self.figures["unchanged in the repeated run"] = sum(each["outcome"] == "unchanged" for each in outcomes)

    # The comparison

    def compare(self):
        self.read(5, "run", "read.yaml", OUT="target", GHL_SOURCE_LOCATION=self.sandbox.target["location"],
                  GHL_SOURCE_TOKEN=self.sandbox.target["token"])
        journal = self.journal()
        ledgers = self.ledgers()
        for mapping, key in mappings.items():
            source = {each[key]: each for each in self.lines(f"{self.place}/source/{mapping}.ndjson")}
            target = {each[key]: each for each in self.lines(f"{self.place}/target/{mapping}.ndjson")}
            # Links have no IDs of their own: they are joined by the contact's.
            ids = journal["contacts" if mapping == "links" else mapping]
            if len(set(ids.values())) != len(ids):
                self.fail(f"{mapping}: the journal has an ID twice")
            lost = [each for each in source if ids.get(each) not in target and each not in self.nameless]
            if lost:
                self.fail(f"{mapping}: {len(lost)} records are not at the target, such as {lost[0]} ({ids.get(lost[0])})")
            extra = target.keys() - {ids.get(each) for each in source}
            unknown = len(source) - sum(ids.get(each) in target for each in source)
            if len(extra) > unknown:
                self.fail(f"{mapping}: {len(extra)} records are at the target without a source, such as {min(extra)}")
            if extra:
                self.exceptions[f"{mapping}: written, but without anything to find them by again"] += len(extra)
            self.figures[mapping] = len(target)
            for name, record in source.items():
                if ids.get(name) in target:
                    self.compare_record(mapping, name, record, target[ids[name]], journal, ledgers)
        self.list_exceptions()

    def compare_record(self, mapping, name, source, target, journal, ledgers):
        source, target = ({field: value for field, value in record.items() if field != "key"} for record in (source, target))
        if mapping != "contacts":
            source["contactId"] = journal["contacts"].get(source["contactId"])
        one, other = leaves(source), leaves(target)
        for field in sorted(one.keys() | other.keys()):
            if one.get(field) == other.get(field):
                self.figures["fields"] += 1
            elif field == "dueDate" and without_fraction(one.get(field)) == other.get(field):
                self.exceptions[f"{mapping}: the fraction of a second in dueDate, which an update cannot have"] += 1
            elif field == "phone" and other.get(field) in without_a_zero(one.get(field)):
                self.exceptions[f"{mapping}: a zero after the country code of phone, which GHL drops"] += 1
            elif any((mapping, name, above) in ledgers for above in upwards(field)):
                self.exceptions[f"{mapping}: {field} is in a ledger as not applied"] += 1
            else:
                self.fail(f"{mapping}: {name} has {field} {one.get(field)!r}, and the target {other.get(field)!r}")

    def journal(self):
        """The IDs at the target, by mapping and key."""
        process = subprocess.run([waybill, "journal", "export", "--pipeline", "copy"], cwd=self.place, env=self.environment,
                                 capture_output=True, text=True)
        if process.returncode != 0:
            self.fail(f"waybill journal export: exit code {process.returncode}: {process.stderr}")
        found = collections.defaultdict(dict)
        for line in map(json.loads, process.stdout.splitlines()):
            if line.get("present"):
                found[line["mapping"]][line["key"]] = line.get("remote_id")
        return found

    def ledgers(self):
        """The fields that were reported as not applied, by mapping and record, in all runs, also in those that were killed."""
        found = set()
        for path in glob.glob(f"{self.place}/.waybill/runs/*"):
            process = subprocess.run(
                [waybill, "ledger", os.path.basename(path), "--code", "not-applied", "--json"], cwd=self.place, env=self.environment,
                capture_output=True, text=True)
            if process.returncode != 0:
                self.fail(f"waybill ledger {os.path.basename(path)}: exit code {process.returncode}: {process.stderr}")
            found |= {(line["mapping"], line["record"], line.get("field")) for line in json.loads(process.stdout)}
        return found

    def list_exceptions(self):
        """What was not copied. Every member of a record must be copied or be listed here."""
        definitions = json.loads(self.text(f"{self.extracted()}/custom-fields.json"))
        definitions = definitions if isinstance(definitions, list) else definitions["customFields"]
        keys = {each["id"]: each["fieldKey"].removeprefix("contact.") for each in definitions}
        for mapping, entity in (("contacts", "contact"), ("tasks", "task"), ("notes", "note")):
            text = self.text(f"{self.place}/ghl-to-ghl/{mapping}.yaml")
            copied = set(re.findall(r"\w+", text[text.index("fields:"):text.index("pii:")]))
            customs = set(re.findall(r"custom\.(\w+)", text))
            for record in self.raw(entity):
                for member, value in record.items():
                    if value in (None, "", [], {}):
                        continue
                    if member == "customFields":
                        for key in (keys.get(each["id"], "without a definition") for each in value):
                            self.exceptions[f"contact: custom field {key}"] += key not in customs
                    elif member in untaken:
                        self.exceptions[f"{entity}: {member}"] += 1
                    elif member not in copied | derived:
                        self.fail(f"the member {member} of a {entity} is neither copied nor known as one that cannot be copied")
                self.exceptions[f"{entity}: dndSettings.RCS"] += "RCS" in (record.get("dndSettings") or {})
        for line in self.lines(f"{self.place}/.waybill/runs/{self.first}/ledger.ndjson"):
            if line.get("stage") == "transform" and line.get("field"):
                self.exceptions[f"{line['mapping']}: {line['field']} ({line['code']})"] += 1


def leaves(value, path=""):
    """The values of a record by path, in one form: nothing without a value, numbers by value, lists without an order."""
    if isinstance(value, dict):
        inner = (leaves(each, f"{path}.{member}" if path else member) for member, each in value.items())
        return {name: leaf for each in inner for name, leaf in each.items()}
    if isinstance(value, list):
        value = sorted(json.dumps(each, sort_keys=True) for each in value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        value = decimal.Decimal(str(value)).normalize()
    return {} if value in (None, "", []) else {path: value}


def upwards(field):
    """A field, and everything that it is in."""
    names = field.split(".")
    return [".".join(names[:end]) for end in range(len(names), 0, -1)]


def attempt(copy):
    try:
        copy.copy()
        return None
    except Failed as failure:
        return str(failure)
    except Exception:
        return f"{copy.name}: {traceback.format_exc()}"
    finally:
        copy.sandbox.close()


def share(number, whole):
    """The share of `whole` for the part with this number, from 1."""
    return whole * number // parts - whole * (number - 1) // parts


shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
try:
    copies = [Copy(number, share(number, count), share(number, kills)) for number in range(1, parts + 1)]
except Failed as failure:
    print(f"soak ghl: FAILED: {failure}", file=sys.stderr)
    sys.exit(1)
with ThreadPoolExecutor(parts) as pool:
    failures = [failure for failure in pool.map(attempt, copies) if failure]
figures = sum((copy.figures for copy in copies), collections.Counter())
figures["minutes"] = max(copy.figures["minutes"] for copy in copies)
print(f"soak ghl: {count:,} contacts, parts: {parts}: " + ", ".join(f"{number:,} {name}" for name, number in figures.items()))
print("soak ghl: not copied:")
for name, number in sorted(sum((copy.exceptions for copy in copies), collections.Counter()).items()):
    print(f"  {number:>7,}  {name}")
for failure in failures:
    print(f"soak ghl: FAILED: {failure}", file=sys.stderr)
if failures:
    sys.exit(1)
print("soak ghl: passed")
