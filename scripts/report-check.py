#!/usr/bin/env python3
"""Recomputes every number of an integrity report from the run's own files, and fails if one differs or no rule knows it.

usage: scripts/report-check.py [--waybill PROGRAM] [--json FILE] [--quiet] [--self-test] RUN_FOLDER
       scripts/report-check.py [--waybill PROGRAM] [--json FILE] [--quiet] [--self-test] --state STATE RUN

The page is what `waybill report RUN --json` prints, or FILE. Counts of records come from outcomes.ndjson, problems from ledger.ndjson,
fields of the source from the snapshot's records, fields of the target, sums, dates and hash totals from the staged records as long as
they are there, digests from the files. What the run's folder cannot recompute, such as what a destination said when it was read back,
comes from the file that has recorded it. The last lines say how many numbers are from which kind of source.

Needs only Python 3.
"""
import argparse
import collections
import csv
import datetime
import decimal
import glob
import gzip
import hashlib
import hmac
import html
import json
import os
import re
import sqlite3
import subprocess
import sys

decimal.getcontext().prec = 200
csv.field_size_limit(1 << 30)
LOADED = ("written", "created", "updated", "unchanged")
OUTCOMES = ("written", "created", "updated", "unchanged", "removed", "filtered", "merged", "rejected", "failed", "pending")
PARENT_CODES = ("orphan", "parent-not-loaded")
CHANGES = ("nullified", "defaulted", "truncated", "lookup_fallback", "kept", "left_out")
# Only texts that can be long digits are numbers of their own: sums, counts and hash totals of the control totals.
SHA256 = re.compile(r"^[0-9a-f]{64}$")


def read_json(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_float=decimal.Decimal)
    except FileNotFoundError:
        return None


def lines(path):
    """The JSON values of a file of lines, which may be compressed."""
    if not os.path.exists(path):
        return
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line, parse_float=decimal.Decimal)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def share(count, of):
    return count * 100 / of if of else None


def thousands(number):
    return f"{number:,}"


# Profiles: what the fields of records have.

DATE = re.compile(r"^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$", re.ASCII)


def day_of(text):
    match = DATE.match(text)
    if not match:
        return None
    try:
        return datetime.date(*map(int, match.groups()))
    except ValueError:
        return None


class Field:
    def __init__(self):
        self.present, self.filled, self.null, self.blank = 0, 0, 0, 0
        self.distinct, self.dates, self.texts, self.types = set(), [], [], set()
        self.last_present = self.last_filled = None

    def add(self, value, record):
        if self.last_present != record:
            self.last_present = record
            self.present += 1
        if value is None:
            self.null += 1
            return
        self.types.add(type(value))
        if isinstance(value, str):
            if not value.strip():
                self.blank += 1
                return
            self.distinct.add(value)
            self.texts.append(value)
            day = day_of(value)
            if day:
                self.dates.append(day)
        elif isinstance(value, (list, dict)):
            if not value:
                self.blank += 1
                return
        else:
            self.distinct.add(json.dumps(value) if isinstance(value, bool) else str(value))
        if self.last_filled != record:
            self.last_filled = record
            self.filled += 1


class Profile:
    def __init__(self, custom=None):
        self.fields, self.records, self.custom = {}, 0, custom

    def add(self, record):
        number, self.records = self.records, self.records + 1
        for name, value in record.items():
            self.walk(name, value, number)
        if self.custom is not None and isinstance(record.get("customFields"), list):
            for entry in record["customFields"]:
                if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                    value = next((entry[name] for name in ("value", "fieldValue", "field_value") if name in entry), None)
                    self.walk("custom." + self.custom.get(entry["id"], entry["id"]), value, number)

    def walk(self, name, value, number):
        self.fields.setdefault(name, Field()).add(value, number)
        if isinstance(value, dict):
            for member, inner in value.items():
                self.walk(f"{name}.{member}", inner, number)
        elif isinstance(value, list) and not (name == "customFields" and self.custom is not None):
            for inner in value:
                self.walk(name + "[]", inner, number)


class Run:
    """Everything about one run that is on the disk."""

    def __init__(self, state, run):
        self.state, self.id = state, run
        self.folder = f"{state}/runs/{run}"
        database = sqlite3.connect(f"file:{state}/state.sqlite?mode=ro", uri=True)
        database.row_factory = sqlite3.Row
        row = database.execute("SELECT * FROM runs WHERE id = ?", (run,)).fetchone()
        if row is None:
            sys.exit(f"report-check: the state has no run {run}")
        self.record, self.database = dict(row), database
        self.summary = read_json(f"{self.folder}/summary.json") or json.loads(self.record["summary"] or "{}", parse_float=decimal.Decimal)
        self.mappings = list(self.summary.get("entities", {}))
        self.run_file = read_json(f"{self.folder}/run.json") or {}
        self.totals, self.reconciliation = read_json(f"{self.folder}/totals.json"), read_json(f"{self.folder}/reconcile.json")
        self.businesses, self.gate_facts = read_json(f"{self.folder}/businesses.json"), read_json(f"{self.folder}/gates.json")
        self.per_mapping = {}
        for name in self.mappings:
            self.per_mapping[name] = {
                "fields": read_json(f"{self.folder}/{name}.fields.json"), "profile": read_json(f"{self.folder}/profiles/{name}.json"),
                "changes": read_json(f"{self.folder}/changes-made/{name}.json"), "sample": list(lines(f"{self.folder}/samples/{name}.ndjson"))}
        self.facts = list(lines(f"{self.folder}/facts.past.ndjson")) + list(lines(f"{self.folder}/facts.ndjson"))
        self.read_outcomes()
        self.read_ledger()
        self.snapshot = self.find_snapshot()
        self.manifest = read_json(f"{self.snapshot}/manifest.json") if self.snapshot else None
        self.raw, self.staged = {}, {}

    def read_outcomes(self):
        self.outcomes, self.items, self.ends, self.of_item = collections.Counter(), collections.defaultdict(set), collections.Counter(), {}
        for line in lines(f"{self.folder}/outcomes.ndjson"):
            place = (line["mapping"], line["destination"])
            self.outcomes[place + (line["outcome"],)] += 1
            item = (line.get("line"), line.get("element"), line.get("record") if line.get("line") is None else None)
            self.items[place].add(item)
            self.of_item[place + (item[0], item[1])] = line["outcome"]
            if line.get("code") in PARENT_CODES:
                self.ends[place + (line["code"],)] += 1
        self.has_outcomes = os.path.exists(f"{self.folder}/outcomes.ndjson")

    def read_ledger(self):
        self.ledger, self.examples, self.messages = collections.Counter(), collections.defaultdict(list), {}
        path = f"{self.folder}/ledger.ndjson"
        texts = lines(path) if os.path.exists(path) else (
            json.loads(row[0]) for row in self.database.execute("SELECT text FROM ledger WHERE run = ? ORDER BY id", (self.id,)))
        for line in texts:
            group = (line["mapping"], line["severity"], line["code"], line.get("field"))
            self.ledger[group] += 1
        stored = self.database.execute("SELECT count(*) FROM ledger WHERE run = ?", (self.id,)).fetchone()[0]
        self.stored_lines = stored

    def find_snapshot(self):
        if not self.record["snapshot"]:
            return None
        folders = [os.path.dirname(path) for path in glob.glob(f"{glob.escape(self.state)}/snapshots/{self.record['snapshot']}/**/manifest.json", recursive=True)]
        own = [folder for folder in folders if os.path.basename(folder) == self.record["location"]]
        return (own or folders or [None])[0]

    def read_of(self, mapping):
        """Items of a mapping, from outcomes.ndjson."""
        for destination in self.summary["entities"][mapping].get("destinations", {}):
            return len(self.items[mapping, destination])
        return self.summary["entities"][mapping].get("read", 0)

    def counts(self, mapping, destination):
        return {name: self.outcomes[mapping, destination, name] for name in OUTCOMES}

    def arrived(self, mapping, destination):
        return sum(self.outcomes[mapping, destination, name] for name in LOADED)

    def input_of(self, mapping):
        """The file that the mapping has read; it may be recorded relative to a folder that is not known here."""
        path = (self.per_mapping[mapping]["profile"] or {}).get("input") or ""
        return path if os.path.isabs(path) or not path or not self.snapshot else f"{self.snapshot}/{os.path.basename(path)}"

    def source_profile(self, mapping):
        """Of the snapshot's records; None: they cannot be read here."""
        if mapping in self.raw:
            return self.raw[mapping]
        stored, profile = self.per_mapping[mapping]["profile"], None
        path = self.input_of(mapping)
        if path.endswith(".ndjson") and os.path.exists(path) and not stored.get("not_profiled"):
            custom = None
            definitions = read_json(f"{os.path.dirname(path)}/custom-fields.json")
            if definitions is not None:
                listed = definitions if isinstance(definitions, list) else definitions.get("customFields", [])
                custom = {one["id"]: re.sub(r"^[a-z_]+\.", "", one.get("fieldKey") or one.get("key") or one["id"]) for one in listed}
            profile = Profile(custom)
            for record in lines(path):
                if isinstance(record, dict):
                    profile.add(record)
        elif path.endswith(".csv") and os.path.exists(path) and not stored.get("not_profiled") and self.manifest:
            entity = next((one for one in self.manifest["entities"].values() if one["file"] == os.path.basename(path)), {})
            if not entity.get("reading"):
                profile = Profile()
                with open(path, encoding="utf-8-sig", newline="") as file:
                    rows = csv.reader(file, delimiter=(entity.get("dialect") or {}).get("delimiter", ","))
                    names = next(rows, [])
                    for row in rows:
                        if row:
                            profile.add(dict(zip(names, row)))
        self.raw[mapping] = profile
        return profile

    def staged_records(self, mapping):
        """(form, [(line, element, key, record)]); None: they are gone."""
        if mapping not in self.staged:
            form, path = read_json(f"{self.folder}/staging/{mapping}.form.json"), f"{self.folder}/staging/{mapping}.ndjson.gz"
            found = None
            if form and os.path.exists(path):
                found = (form, [(one.get("line"), one.get("element"), one["key"], one["record"]) for one in lines(path)])
            self.staged[mapping] = found
        return self.staged[mapping]

    def target_profile(self, mapping):
        staged = self.staged_records(mapping)
        if staged is None:
            return None
        profile = Profile()
        for _, _, _, record in staged[1]:
            profile.add(record)
        return profile

    def previous(self):
        """The last whole run before this one of the same pipeline and location."""
        if self.record["location"] is None:
            return []
        return [dict(row) for row in self.database.execute(
            "SELECT * FROM runs WHERE whole = 1 AND pipeline = ? AND location = ? AND sequence < ? ORDER BY sequence DESC",
            (self.record["pipeline"], self.record["location"], self.record["sequence"]))]


# Control totals from the staged records.

def canonical(value):
    """The bytes of a value as the digests use them: numbers by their value, members by name."""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, (int, decimal.Decimal)):
        return number_text(decimal.Decimal(value))
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    return "{" + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{canonical(value[name])}" for name in sorted(value, key=lambda name: name.encode())
                          if value[name] is not None) + "}"


def number_text(number):
    """Equal numbers have the same text: all digits but the zeros at the end, and an exponent."""
    sign, digits, exponent = number.as_tuple()
    digits = "".join(map(str, digits)).lstrip("0")
    kept = digits.rstrip("0")
    exponent += len(digits) - len(kept)
    return "0" if not kept else ("-" if sign else "") + kept + (f"e{exponent}" if exponent else "")


def decimal_text(number):
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def hash_total(key, messages):
    total = 0
    for message in messages:
        total += int.from_bytes(hmac.digest(key, message, "sha256"), "little")
    return (total % (1 << 256)).to_bytes(32, "little").hex()


def sized(data):
    return len(data).to_bytes(8, "little") + data


class Totals:
    """Of the staged records that a destination has accepted, as a destination with JSON records sees them."""

    def __init__(self, run, mapping, destination, of):
        self.figures = None
        staged = run.staged_records(mapping)
        if staged is None or not run.has_outcomes:
            return
        form, records = staged
        if of == "loaded":
            records = [one for one in records if run.of_item.get((mapping, destination, one[0], one[1])) in LOADED]
        columns = [column["path"] for column in form["columns"]]
        values = {json.dumps(path, ensure_ascii=False, separators=(",", ":")): [] for path in columns}
        messages = []
        key_path = f"{run.state}/digest.key"
        key = None
        if os.path.exists(key_path):
            with open(key_path, "rb") as file:
                key = hmac.digest(file.read(), b"waybill reconcile", "sha256").hex().encode()
        for _, _, name, record in records:
            message = sized(name.encode())
            for label in sorted(values, key=lambda text: text.encode()):
                value = record
                for member in json.loads(label):
                    value = value.get(member) if isinstance(value, dict) else None
                if value is not None:
                    values[label].append(value)
                    message += sized(label.encode()) + sized(canonical(value).encode())
            messages.append(message)
        self.figures = {"records": str(len(records)), "distinct-keys": str(len({one[2] for one in records}))}
        if key:
            self.figures["hash"] = hash_total(key, messages)
        for column in form["columns"]:
            name = ".".join(column["path"])
            own = values[json.dumps(column["path"], ensure_ascii=False, separators=(",", ":"))]
            if own and all(isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool) for value in own):
                self.figures["with-value", name], self.figures["sum", name] = str(len(own)), decimal_text(sum(map(decimal.Decimal, own)))
            if own and all(isinstance(value, str) and day_of(value) for value in own):
                ordered = sorted(own, key=lambda text: (instant(text), text))
                self.figures["earliest", name], self.figures["latest", name] = ordered[0], last_of(ordered)


def instant(text):
    """A moment as a number that orders exactly; dates and times without an offset are taken as UTC."""
    match = re.match(r"^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(?:[Zz]|([+-])(\d\d):?(\d\d))?)?$", text)
    day, hours, minutes, seconds, part, sign, zone_hours, zone_minutes = match.groups()
    moment = decimal.Decimal(datetime.date.fromisoformat(day).toordinal()) * 86400
    moment += int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + decimal.Decimal("0" + (part or ""))
    offset = int(zone_hours or 0) * 3600 + int(zone_minutes or 0) * 60
    return moment + (offset if sign == "-" else -offset)


def last_of(ordered):
    return min(text for text in ordered if instant(text) == instant(ordered[-1]))


class Check:
    """Compares the page with what the rules say, and remembers which numbers a rule has seen."""

    def __init__(self, page):
        self.page, self.known, self.differences, self.kinds = page, {}, [], collections.Counter()

    def number(self, path, value, expected, kind="raw"):
        """One number, or text, of the page. Kinds: raw (records, lines), file (recorded by the run), page (of other numbers)."""
        self.known[path] = kind
        same = value == expected
        if not same and isinstance(value, (int, decimal.Decimal)) and isinstance(expected, (int, float, decimal.Decimal)) \
                and not isinstance(value, bool):
            same = abs(float(value) - float(expected)) <= 1e-9 * max(1.0, abs(float(expected)))
        self.kinds[kind] += 1
        if not same:
            self.differences.append((path, value, expected))

    def member(self, path, row, name, expected, kind="raw"):
        """A member that is left out if it is nil."""
        if name in row or expected is not None:
            self.number(path + (name,), row.get(name), expected, kind)

    def within(self, path, value, exact, error_percent):
        self.known[path] = "raw"
        self.kinds["raw"] += 1
        if abs(value - exact) > exact * float(error_percent) / 100 + 0.5:
            self.differences.append((path, value, f"{exact} with an error of {error_percent}%"))

    def rest(self):
        """Numbers that no rule has seen."""
        found = []

        def walk(path, value):
            if isinstance(value, dict):
                for name, inner in value.items():
                    walk(path + (name,), inner)
            elif isinstance(value, list):
                for index, inner in enumerate(value):
                    walk(path + (index,), inner)
            elif path not in self.known and not isinstance(value, bool):
                if isinstance(value, (int, decimal.Decimal)) or isinstance(value, str) and SHA256.match(value):
                    found.append((path, value))
                elif isinstance(value, str) and path[0] == "control_totals" and path[-1] in ("source", "target", "stored"):
                    found.append((path, value))

        walk((), self.page)
        return found

    # One rule per section.

    def list_total(self, path, listed, expected, most, kind="raw"):
        self.number(path + ("total",), listed["total"], expected, kind)
        if len(listed["rows"]) != min(expected, most):
            self.differences.append((path + ("rows",), f"{len(listed['rows'])} rows", f"{min(expected, most)} rows"))

    def everything(self, runs):
        self.runs = {run.id: run for run in runs}
        self.number(("format",), self.page["format"], 1, "page")
        for name in ("scope", "gates", "identity", "source_counts", "target_counts", "control_totals", "key_differences", "exceptions",
                     "reject_reach", "completeness", "value_changes", "crosstabs", "duplicates", "quality", "relations", "unmapped",
                     "last_run", "sample", "resources", "reproduction", "trends", "calendar"):
            getattr(self, name)(self.page[name])
        self.verdict(self.page["verdict"])
        without = {name: value for name, value in self.page.items() if name != "digest"}
        self.number(("digest",), self.page["digest"], hashlib.sha256(compact(without).encode()).hexdigest(), "raw")

    def scope(self, section):
        for index, row in enumerate(section["runs"]):
            run, path = self.runs[row["run"]], ("scope", "runs", index)
            self.member(path, row, "exit_code", run.record["exit_code"], "file")
            for name in ("pipeline", "status", "started", "finished", "location", "snapshot"):
                self.member(path, row, name, run.record[name], "file")
            digests = self.digests(run)
            for place, mapping in enumerate(row["mappings"]):
                file = (run.per_mapping[mapping["name"]]["fields"] or {}).get("file")
                if "digest" in mapping:
                    fitting = [digest for name, digest in digests.items() if file and (file == name or file.endswith("/" + name) or name.endswith("/" + file))]
                    self.number(path + ("mappings", place, "digest"), mapping["digest"],
                                mapping["digest"] if mapping["digest"] in fitting else (fitting or [None])[0], "file")
                    copy = f"{run.folder}/staging/definitions/{os.path.basename(file or '')}"
                    if os.path.exists(copy) and sha256(copy) != mapping["digest"]:
                        self.differences.append((path + ("mappings", place, "digest"), mapping["digest"], sha256(copy)))

    def digests(self, run):
        for line in reversed(run.facts):
            listed = line.get("fact", {}).get("compiled", {}).get("digests")
            if isinstance(listed, list):
                return dict(zip(listed[::2], listed[1::2]))
            if isinstance(listed, dict):
                return listed
        return {}

    def gates(self, section):
        listed = collections.defaultdict(list)
        for index, gate in enumerate(section["gates"]):
            listed[gate["run"]].append((("gates", "gates", index), gate))
        for name, gates in listed.items():
            run = self.runs[name]
            recorded = run.summary.get("gates", [])
            if len(recorded) != len(gates):
                self.differences.append((("gates", name), f"{len(gates)} gates", f"{len(recorded)} gates"))
            for (path, gate), json_gate in zip(gates, recorded):
                self.member(path, gate, "limit", json_gate.get("limit"), "file")
                actual = self.actual(run, gate)
                self.member(path, gate, "actual", json_gate.get("actual") if actual is None else actual, "file" if actual is None else "raw")
                limit, actual = gate.get("limit"), gate.get("actual")
                margin = None
                if limit is not None and actual is not None:
                    margin = limit - actual if gate["is_maximum"] else actual - limit
                self.member(path, gate, "margin", margin, "page")
                if margin is not None and gate["outcome"] in ("passed", "failed", "accepted") and (margin >= 0) != (gate["outcome"] == "passed"):
                    self.differences.append((path + ("outcome",), gate["outcome"], f"margin {margin}"))
                for member in ("count", "of"):
                    self.member(path, gate, member, json_gate.get(member), "file")
                if gate["unit"] == "percent" and gate.get("of") and gate.get("count") is not None and gate.get("actual") is not None:
                    if round(gate["count"] * 100 / gate["of"], 4) != float(gate["actual"]):
                        self.differences.append((path + ("actual",), gate["actual"], f"{gate['count']} of {gate['of']}"))
                self.member(path, gate, "compared_count", (json_gate.get("last") or {}).get("count"), "file")

    def actual(self, run, gate):
        """What the gate is about, counted again; None: only the run's own figure is known."""
        if not run.has_outcomes or gate.get("actual") is None:
            return None
        mappings = [gate["mapping"]] if gate.get("mapping") else run.mappings
        read = sum(run.read_of(mapping) for mapping in mappings)
        name = gate["gate"]
        if name == "read" and gate["unit"] == "records":
            return read
        if name in ("failed", "pending") and gate.get("destination") and gate["unit"] == "records":
            return sum(run.outcomes[mapping, gate["destination"], name] for mapping in mappings)
        if name == "rejected" and len(mappings) == 1:
            places = run.summary["entities"][mappings[0]]["destinations"]
            most = max((run.outcomes[mappings[0], place, "rejected"] for place in places), default=0)
            return most if gate["unit"] == "records" else round(most * 100 / read, 4) if read else None
        return None

    def identity(self, section):
        sums = collections.defaultdict(lambda: [0, collections.Counter()])
        unaccounted = 0
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("identity", "rows", index)
            self.identity_row(path, row, run.read_of(row["mapping"]), run.counts(row["mapping"], row["destination"]))
            sums[row["mapping"], row["destination"]][0] += row["read"]
            for outcome in row["outcomes"]:
                sums[row["mapping"], row["destination"]][1][outcome["name"]] += outcome["count"]
            unaccounted += abs(row["read"] - sum(run.counts(row["mapping"], row["destination"]).values()))
            stored = dict(run.database.execute(
                "SELECT outcome, count FROM counts WHERE run = ? AND mapping = ? AND destination = ?",
                (run.id, row["mapping"], row["destination"])))
            if {name: count for name, count in stored.items() if count} != {one["name"]: one["count"] for one in row["outcomes"] if one["count"]}:
                self.differences.append((path + ("outcomes",), "the page", f"the database has {stored}"))
        self.number(("identity", "unaccounted"), section["unaccounted"], unaccounted)
        for index, row in enumerate(section["totals"]):
            read, counts = sums[row["mapping"], row["destination"]]
            self.identity_row(("identity", "totals", index), row, read, counts)

    def identity_row(self, path, row, read, counts):
        self.number(path + ("read",), row["read"], read)
        for index, outcome in enumerate(row["outcomes"]):
            self.number(path + ("outcomes", index, "count"), outcome["count"], counts[outcome["name"]])
        total = sum(counts.values())
        self.number(path + ("sum",), row["sum"], total)
        self.number(path + ("difference",), row["difference"], read - total)
        parts = [f"{name} {thousands(counts[name])}" for name in OUTCOMES if counts[name]]
        self.number(path + ("equation",), row["equation"],
                    f"read {thousands(read)} {'=' if read == total else '≠'} {' + '.join(parts) or '0'}")

    def source_counts(self, section):
        for index, row in enumerate(section["entities"]):
            run, path = self.runs[row["run"]], ("source_counts", "entities", index)
            entity = run.manifest["entities"][row["entity"]]
            file = f"{run.snapshot}/{entity['file']}"
            if os.path.exists(file):
                self.member(path, row, "bytes", os.path.getsize(file))
                self.member(path, row, "sha256", sha256(file))
                if file.endswith(".ndjson"):
                    self.number(path + ("read",), row["read"], sum(1 for _ in open(file, "rb")))
                else:
                    self.number(path + ("read",), row["read"], entity["count"], "file")
            else:
                for name, member in (("bytes", "bytes"), ("sha256", "sha256"), ("read", "count")):
                    self.member(path, row, name, entity.get(member), "file")
            for name, member in (("reported", "claimed"), ("expected", "expected"), ("refused", "refused"), ("gone", "gone"), ("broken_lists", "unknown")):
                self.member(path, row, name, entity.get(member), "file")
            if "coverage_percent" in row:
                expected = row.get("expected")
                self.number(path + ("coverage_percent",), row["coverage_percent"],
                            min(100, share(row["read"], expected)) if expected else 100, "page")
        for index, row in enumerate(section["left_out"]):
            self.number(("source_counts", "left_out", index, "count"), row["count"], self.runs[row["run"]].summary["left_out"][row["reason"]], "file")
        names = 0
        for run in self.runs.values():
            before = read_json(f"{run.state}/runs/{run.previous()[0]['id']}/businesses.json") if run.previous() else None
            for part in (run.businesses or {}).get("parts", []):
                last = {one["business"]: one for one in self.part(before, part["mapping"], part["destination"]).get("businesses", [])}
                own = {one["business"] for one in part["businesses"]}
                names += len(own | set(last)) + (1 if part["none"]["read"] else 0)
        self.list_total(("source_counts", "businesses"), section["businesses"], names, 200, "file")
        for index, row in enumerate(section["businesses"]["rows"]):
            run, path = self.runs[row["run"]], ("source_counts", "businesses", "rows", index)
            part = self.part(run.businesses, row["mapping"], row["destination"])
            own = self.business(part, row.get("business"))
            read = self.business_counts(run, part)
            raw = read.get(row.get("business")) if read is not None else None
            if read is not None and row.get("business") is not None:
                raw = raw or [0, 0, 0]
                for name, value in zip(("read", "arrived"), raw):
                    self.member(path, row, name, value)
            else:
                for name in ("read", "arrived"):
                    self.member(path, row, name, own.get(name, 0), "file")
            self.member(path, row, "left_out", own.get("left_out"), "file")
            previous = run.previous()
            before = None
            if previous and row.get("business") is not None:
                document = read_json(f"{run.state}/runs/{previous[0]['id']}/businesses.json")
                old = self.part(document, row["mapping"], row["destination"])
                before = self.business(old, row["business"]) or None
            self.member(path, row, "before", before and before["read"], "file")
            self.member(path, row, "before_arrived", before and before["arrived"], "file")
            change = row["read"] - before["read"] if before else None
            self.member(path, row, "change", change, "page")
            self.member(path, row, "change_percent", share(change, before["read"]) if before and before["read"] else None, "page")

    @staticmethod
    def part(document, mapping, destination):
        for part in (document or {}).get("parts", []):
            if part["mapping"] == mapping and part["destination"] == destination:
                return part
        return {}

    @staticmethod
    def business(part, name):
        if name is None:
            return part.get("none", {})
        return next((one for one in part.get("businesses", []) if one["business"] == name), {})

    def business_counts(self, run, part):
        """Records read and arrived by business, from the snapshot's records; None: they cannot be read here."""
        if not part or run.source_profile(part["mapping"]) is None or any(item[1] is not None for item in run.items[part["mapping"], part["destination"]]):
            return None
        counts = collections.defaultdict(lambda: [0, 0])
        path = run.input_of(part["mapping"])
        if not path.endswith(".ndjson"):
            return None
        for number, record in enumerate(lines(path), 1):
            value = record
            for member in part["field"].split("."):
                value = value.get(member) if isinstance(value, dict) else None
            outcome = run.of_item.get((part["mapping"], part["destination"], number, None))
            if outcome is not None:
                counts[value][0] += 1
                counts[value][1] += outcome in LOADED
        return counts

    def reconciled(self, run, mapping, destination):
        for part in (run.reconciliation or {}).get("parts", []):
            if part["mapping"] == mapping and part["destination"] == destination:
                return part
        return None

    def target_counts(self, section):
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("target_counts", "rows", index)
            self.number(path + ("accepted",), row["accepted"], run.arrived(row["mapping"], row["destination"]))
            part = self.reconciled(run, row["mapping"], row["destination"]) or {}
            self.member(path, row, "loaded", part.get("loaded"), "file")
            self.member(path, row, "stored", part.get("stored"), "file")
            difference = part["stored"] - part["loaded"] if part.get("stored") is not None and part.get("loaded") is not None else None
            self.member(path, row, "difference", difference, "page")
            verified = run.summary["entities"][row["mapping"]]["destinations"][row["destination"]].get("verified")
            for name in row.get("verified", {}):
                self.number(path + ("verified", name), row["verified"][name], (verified or {}).get(name, 0), "file")

    def control_totals(self, section):
        rows = section["rows"]["rows"]
        known = {}
        for index, row in enumerate(rows):
            run, path = self.runs[row["run"]], ("control_totals", "rows", "rows", index)
            place = (row["run"], row["mapping"], row["destination"])
            totals = next((one for one in (run.totals or {}).get("mappings", []) if one["mapping"] == row["mapping"]), {})
            target = next((one for one in totals.get("destinations", []) if one["destination"] == row["destination"]), {})
            if place not in known:
                known[place] = Totals(run, row["mapping"], row["destination"], target.get("of", "loaded")).figures
            figures, part = known[place], self.reconciled(run, *place[1:])
            comparable = part is None or part.get("comparable_with_totals")
            measure, field = row["measure"], row.get("field")
            recorded = self.recorded(target, measure, field)
            again = (figures or {}).get((measure, field) if field else measure)
            # Files have texts instead of numbers: their hash totals cannot be computed from the staged records.
            is_comparable = measure != "hash" or row["destination"] in (run.summary["entities"][row["mapping"]].get("calls") or {})
            if recorded is not None and again is not None and again != recorded and is_comparable:
                self.differences.append((path + ("totals.json",), recorded, again))
            loaded, stored = self.compared(part, measure, field, "loaded"), self.compared(part, measure, field, "stored")
            expected = (recorded if recorded is not None else loaded) if comparable else (loaded if loaded is not None else recorded)
            from_records = expected is not None and again == expected
            self.member(path, row, "target", again if from_records else expected, "raw" if from_records else "file")
            self.member(path, row, "stored", stored, "raw" if from_records and stored == again else "file")
            self.source_total(path, row, run, totals.get("source") or {})
            if "is_equal" in row:
                self.number(path + ("is_equal",), row["is_equal"], row.get("target") == row.get("stored"), "page")
        if len(rows) < 600:
            self.number(("control_totals", "unequal"), section["unequal"], sum(row.get("is_equal") is False for row in rows), "page")
        else:
            self.number(("control_totals", "unequal"), section["unequal"], max(section["unequal"], sum(row.get("is_equal") is False for row in rows)), "page")
        self.number(("control_totals", "rows", "total"), section["rows"]["total"], max(len(rows), section["rows"]["total"]) if len(rows) == 600 else len(rows), "page")

    def source_total(self, path, row, run, source):
        measure, value = row["measure"], None
        kind = "file"
        if measure == "records":
            value = source.get("records")
            profile = run.source_profile(row["mapping"])
            if profile is not None:
                value, kind = profile.records, "raw"
        elif measure == "distinct-keys":
            value = source.get("distinct_keys")
        elif measure == "hash":
            value = source.get("digest")
            profile_path = run.input_of(row["mapping"])
            if value and profile_path.endswith(".ndjson") and os.path.exists(profile_path) and os.path.exists(f"{run.state}/digest.key"):
                with open(f"{run.state}/digest.key", "rb") as file:
                    key = hmac.digest(file.read(), b"waybill reconcile", "sha256").hex().encode()
                with open(profile_path, "rb") as file:
                    value, kind = hash_total(key, (line.rstrip(b"\r\n") for line in file if line.strip())), "raw"
        self.member(path, row, "source", None if value is None else str(value), kind)

    @staticmethod
    def recorded(target, measure, field):
        if measure in ("records", "distinct-keys", "hash"):
            value = target.get({"records": "records", "distinct-keys": "distinct_keys", "hash": "digest"}[measure])
        else:
            listed = target.get("dates" if measure in ("earliest", "latest") else "sums") or []
            one = next((one for one in listed if one["field"] == field), {})
            value = one.get({"with-value": "records"}.get(measure, measure))
        return None if value is None or value == "" else str(value)

    @staticmethod
    def compared(part, measure, field, side):
        if part is None:
            return None
        if measure == "records":
            value = part.get(side)
        elif measure in ("distinct-keys", "hash"):
            value = (part.get({"distinct-keys": "distinct_keys", "hash": "digest"}[measure]) or {}).get(side)
        else:
            listed = part.get("dates" if measure in ("earliest", "latest") else "totals") or []
            one = next((one for one in listed if one["field"] == field), {})
            value = (one.get({"with-value": "records"}.get(measure, measure)) or {}).get(side)
        return None if value is None or value == "" else str(value)

    def key_differences(self, section):
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("key_differences", "rows", index)
            part = self.reconciled(run, row["mapping"], row["destination"])
            for name in ("missing", "different", "duplicate", "without_key", "not_read", "uncertain"):
                self.number(path + (name,), row[name], part.get(name, 0), "file")
            self.member(path, row, "extra", part.get("extra"), "file")
            if isinstance(part.get("stored"), int) and part.get("extra") is not None and not part.get("duplicate") \
                    and not part.get("left_behind") and not part.get("left_as_they_were") and not row["not_read"]:
                if part["stored"] != part["loaded"] - part["missing"] + part["extra"]:
                    self.differences.append((path, f"stored {part['stored']}", f"loaded - missing + extra of {part}"))
        total = sum(max(run.reconciliation.get("count", 0), len(run.reconciliation.get("differences", []))) for run in self.runs.values() if run.reconciliation)
        self.number(("key_differences", "examples", "total"), section["examples"]["total"], total, "file")

    def exceptions(self, section):
        self.number(("exceptions", "lines"), section["lines"], sum(sum(run.ledger.values()) for run in self.runs.values()))
        for run in self.runs.values():
            if run.stored_lines != sum(run.ledger.values()):
                self.differences.append((("exceptions", run.id), f"ledger.ndjson has {sum(run.ledger.values())}", f"the database has {run.stored_lines}"))
        seen = collections.Counter()
        for index, group in enumerate(section["groups"]):
            run, path = self.runs[group["run"]], ("exceptions", "groups", index)
            listed = group["problems"]["rows"]
            for place, problem in enumerate(listed):
                key = (problem["mapping"], problem["severity"], problem["code"], problem.get("field"))
                self.number(path + ("problems", "rows", place, "count"), problem["count"], run.ledger[key])
            # The codes of a group that is shown in part are known by what the other groups do not have.
            codes = {problem["code"] for problem in listed}
            unlisted = {code for (_, _, code, _) in run.ledger} - {problem["code"] for one in section["groups"] if one["run"] == run.id
                                                                   for problem in one["problems"]["rows"]}
            long = [one for one in section["groups"] if one["run"] == run.id and len(one["problems"]["rows"]) >= 15]
            full = len(listed) < 15 or not unlisted or len(long) == 1
            if len(listed) >= 15 and len(long) == 1:
                codes |= unlisted
            for member, severity in (("errors", "error"), ("warnings", "warning"), ("notes", "note")):
                expected = sum(count for (_, level, code, _), count in run.ledger.items() if level == severity and code in codes)
                self.number(path + (member,), group[member], expected if full else max(expected, group[member]), "raw" if full else "page")
                seen[run.id] += group[member]
            kinds = sum(1 for (_, _, code, _) in run.ledger if code in codes)
            self.number(path + ("problems", "total"), group["problems"]["total"], kinds if full else max(kinds, group["problems"]["total"]), "raw" if full else "page")
            if "resolved" in group:
                resolved = run.database.execute("SELECT count(*) FROM resolutions WHERE run = ?", (run.id,)).fetchone()[0]
                self.number(path + ("resolved",), group["resolved"], min(group["resolved"], resolved), "file")
        for run in self.runs.values():
            if seen[run.id] != sum(run.ledger.values()):
                self.differences.append((("exceptions", "groups", run.id), f"{seen[run.id]} lines in the groups", f"{sum(run.ledger.values())} in the ledger"))

    def reject_reach(self, section):
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("reject_reach", "rows", index)
            self.number(path + ("children",), row["children"], run.ledger[row["mapping"], row["severity"], row["code"], row.get("field")])
            self.member(path, row, "of", run.read_of(row["mapping"]))
        for index, row in enumerate(section["parents"]):
            counts = self.runs[row["run"]].counts(row["mapping"], row["destination"])
            self.number(("reject_reach", "parents", index, "lost"), row["lost"], counts["rejected"] + counts["failed"])

    def stored_field(self, run, mapping, side, name):
        profile = (run.per_mapping[mapping]["profile"] or {}).get(side) or {"fields": [], "records": 0}
        return profile, next((field for field in profile["fields"] if field["name"] == name), None)

    def field(self, path, row, run, mapping, side):
        """The figures of a field, from the records if they are there; otherwise from the profile."""
        stored, one = self.stored_field(run, mapping, side, row["field"])
        raw = run.source_profile(mapping) if side == "source" else run.target_profile_of(mapping)
        if raw is None or raw.records != stored["records"] or ".*" in row["field"] or row["field"].startswith("*"):
            expected = {"filled": one["filled"], "null": one["null"], "blank": one["blank"], "absent": one["missing"], "records": stored["records"]}
            for name, value in expected.items():
                self.number(path + (name,), row[name], value, "file")
            self.member(path, row, "distinct", (one.get("distinct") or {}).get("estimate"), "file")
        else:
            own = raw.fields.get(row["field"], Field())
            self.number(path + ("filled",), row["filled"], own.filled)
            self.number(path + ("blank",), row["blank"], own.blank)
            self.number(path + ("records",), row["records"], raw.records)
            if side == "source":
                self.number(path + ("null",), row["null"], own.null)
                self.number(path + ("absent",), row["absent"], raw.records - own.present)
            else:
                # Staged records leave out what is null.
                self.number(path + ("null",), row["null"], one["null"], "file")
                self.number(path + ("absent",), row["absent"], one["missing"], "file")
                if row["null"] + row["absent"] != raw.records - own.present + own.null:
                    self.differences.append((path + ("null",), row["null"] + row["absent"], raw.records - own.present + own.null))
            if "distinct" in row:
                self.within(path + ("distinct",), row["distinct"], len(own.distinct), one["distinct"]["error_percent"])
        self.member(path, row, "percent", share(row["filled"], row["records"]), "page")

    def completeness(self, section):
        expected = 0
        for run in self.runs.values():
            for mapping in run.mappings:
                profile = run.per_mapping[mapping]["profile"]
                for field in ((profile or {}).get("target") or {"fields": []})["fields"]:
                    types = set(field.get("types") or {})
                    expected += "[]" not in field["name"] and types != {"object"}
        self.list_total(("completeness", "rows"), section["rows"], expected, 1000, "file")
        for index, row in enumerate(section["rows"]["rows"]):
            run, path = self.runs[row["run"]], ("completeness", "rows", "rows", index)
            self.field(path + ("target",), row["target"], run, row["mapping"], "target")
            for place, source in enumerate(row["sources"]):
                self.field(path + ("sources", place), source, run, row["mapping"], "source")
            best = max((source["percent"] for source in row["sources"] if "percent" in source), default=None)
            points = row["target"]["percent"] - best if best is not None and "percent" in row["target"] else None
            self.member(path, row, "points", points, "page")
            before = self.before(run, f"profiles/{row['mapping']}.json")
            old = next((one for one in ((before or {}).get("target") or {"fields": []})["fields"] if one["name"] == row["field"]), None)
            self.member(path, row, "percent_before", share(old["filled"], before["target"]["records"]) if old else None, "file")

    @staticmethod
    def before(run, name):
        previous = run.previous()
        return read_json(f"{run.state}/runs/{previous[0]['id']}/{name}") if previous else None

    def value_changes(self, section):
        rows = {}
        for run in self.runs.values():
            for mapping in run.mappings:
                changes = run.per_mapping[mapping]["changes"] or {}
                for field in changes.get("fields", []) + changes.get("vars", []):
                    if sum(field[name] for name in CHANGES):
                        rows[run.id, mapping, field["field"]] = (field, changes["items"])
        self.list_total(("value_changes", "rows"), section["rows"], len(rows), 500, "file")
        for index, row in enumerate(section["rows"]["rows"]):
            run, path = self.runs[row["run"]], ("value_changes", "rows", "rows", index)
            field, items = rows[row["run"], row["mapping"], row["field"]]
            for name in CHANGES:
                self.number(path + (name,), row[name], field[name], "file")
            staged = run.staged_records(row["mapping"])
            self.number(path + ("of",), row["of"], len(staged[1]) if staged and len(staged[1]) == items else items, "raw" if staged else "file")
            if sum(row[name] for name in CHANGES) > row["of"]:
                self.differences.append((path, f"{sum(row[name] for name in CHANGES)} changes", f"at most {row['of']}"))
            before = self.before(run, f"changes-made/{row['mapping']}.json")
            old = next((one for one in (before or {}).get("fields", []) if one["field"] == row["field"]), None)
            self.member(path, row, "defaulted_before", old and old["defaulted"], "file")
            self.member(path, row, "of_before", before and before["items"], "file")

    def crosstabs(self, section):
        tables = {(run.id, mapping, table["field"]): table for run in self.runs.values() for mapping in run.mappings
                  for table in (run.per_mapping[mapping]["changes"] or {}).get("crosstabs", [])}
        self.list_total(("crosstabs", "tables"), section["tables"], len(tables), 40, "file")
        for index, table in enumerate(section["tables"]["rows"]):
            run, path = self.runs[table["run"]], ("crosstabs", "tables", "rows", index)
            recorded = tables[table["run"], table["mapping"], table["field"]]
            self.number(path + ("total",), table["total"], recorded["total"], "file")
            again = self.crosstab_again(run, table)
            for place, cell in enumerate(table["cells"]):
                pair = (cell.get("source"), cell.get("target"))
                self.number(path + ("cells", place, "count"), cell["count"], recorded["cells"][place]["count"], "file")
                if again is not None and again[1].get(pair[1], 0) < cell["count"]:
                    self.differences.append((path + ("cells", place, "count"), cell["count"], f"only {again[1].get(pair[1], 0)} targets have {pair[1]}"))
            listed = sum(cell["count"] for cell in table["cells"])
            self.number(path + ("omitted",), table["omitted"], table["total"] - listed, "page")
            if again is not None and again[0] != table["total"]:
                self.differences.append((path + ("total",), table["total"], again[0]))

    @staticmethod
    def crosstab_again(run, table):
        """How many records have each value of the target; None: not known, or the values are masked."""
        staged = run.staged_records(table["mapping"])
        if staged is None or table["is_masked"]:
            return None
        counts = collections.Counter()
        for _, _, _, record in staged[1]:
            value = record
            for member in table["field"].split("."):
                value = value.get(member) if isinstance(value, dict) else None
            if isinstance(value, str) and not value.strip():
                value = None
            counts[value if value is None or isinstance(value, str) else canonical(value)] += 1
        return len(staged[1]), counts

    def duplicates(self, section):
        for index, row in enumerate(section["rows"]):
            self.number(("duplicates", "rows", index, "count"), row["count"],
                        self.runs[row["run"]].ledger[row["mapping"], row["severity"], row["code"], row.get("field")])
        merged = 0
        for index, row in enumerate(section["merged"]):
            run, path = self.runs[row["run"]], ("duplicates", "merged", index)
            destination = next(iter(run.summary["entities"][row["mapping"]]["destinations"]))
            self.number(path + ("merged",), row["merged"], run.outcomes[row["mapping"], destination, "merged"])
            self.number(path + ("of",), row["of"], run.read_of(row["mapping"]))

    def dates_of(self, run, mapping, side, name):
        """(stored dates, days of the records or None, texts or None)."""
        stored, one = self.stored_field(run, mapping, side, name)
        raw = run.source_profile(mapping) if side == "source" else run.target_profile_of(mapping)
        if raw is None or raw.records != stored["records"] or name not in raw.fields:
            return one, None, None
        return one, raw.fields[name].dates, raw.fields[name].texts

    def quality(self, section):
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("quality", "rows", index)
            self.number(path + ("count",), row["count"], run.ledger[row["mapping"], row["severity"], row["code"], row.get("field")])
            self.member(path, row, "of", run.read_of(row["mapping"]))
        expected = sum(1 for run in self.runs.values() for mapping in run.mappings for side in ("source", "target")
                       for field in ((run.per_mapping[mapping]["profile"] or {}).get(side) or {"fields": []})["fields"]
                       if (field.get("dates") or {}).get("count", 0) > 0)
        self.list_total(("quality", "dates"), section["dates"], expected, 100, "file")
        for index, row in enumerate(section["dates"]["rows"]):
            run, path = self.runs[row["run"]], ("quality", "dates", "rows", index)
            one, days, texts = self.dates_of(run, row["mapping"], row["side"], row["field"])
            dates = one["dates"]
            if days is None:
                for name, value in (("values", dates["count"]), ("future", dates.get("future")), ("ancient", dates.get("before_1900"))):
                    self.member(path, row, name, value, "file")
            else:
                today = datetime.date.fromisoformat(run.per_mapping[row["mapping"]]["profile"]["today"])
                self.number(path + ("values",), row["values"], len(days))
                self.member(path, row, "future", sum(day > today for day in days))
                self.member(path, row, "ancient", sum(day.year < 1900 for day in days))
                for name, value in (("earliest", min(days)), ("latest", max(days))):
                    if name in row:
                        self.number(path + (name,), row[name], value.isoformat())
            zones = collections.Counter(zone(text) for text in texts or [] if re.match(r"^\d{4}-\d\d-\d\d", text, re.ASCII))
            for place, counted in enumerate(row["zones"]):
                if texts is None:
                    self.number(path + ("zones", place, "count"), counted["count"], self.zones_of_shapes(one)[counted["name"]], "file")
                else:
                    self.number(path + ("zones", place, "count"), counted["count"], zones[counted["name"]])
            for name, code in (("gaps", "date-gap"), ("overlaps", "date-overlap")):
                if name in row:
                    self.number(path + (name,), row[name], sum(count for (mapping, _, slug, field), count in run.ledger.items()
                                                               if mapping == row["mapping"] and slug == code and field == row["field"]))

    @staticmethod
    def zones_of_shapes(field):
        counts = collections.Counter()
        for one in field["shapes"]["values"]:
            if one["shape"].startswith("9999-99-99"):
                counts[zone(one["shape"].replace("A", "Z"))] += one["count"]
        return counts

    def relations(self, section):
        for index, row in enumerate(section["rows"]):
            run, path = self.runs[row["run"]], ("relations", "rows", index)
            place = (row["mapping"], row["destination"])
            counts = run.counts(*place)
            orphans, waiting = (run.ends[place + (code,)] for code in PARENT_CODES)
            left = counts["filtered"] + counts["merged"]
            read = run.read_of(row["mapping"])
            for name, value in (("read", read), ("arrived", run.arrived(*place)), ("orphans", orphans), ("parent_not_loaded", waiting),
                                ("filtered", left), ("other", read - run.arrived(*place) - orphans - waiting - left)):
                self.number(path + (name,), row[name], value)

    def unmapped(self, section):
        rows = {}
        for run in self.runs.values():
            for mapping in run.mappings:
                fields, profile = run.per_mapping[mapping]["fields"], run.per_mapping[mapping]["profile"]
                if not fields or not (profile or {}).get("source"):
                    continue
                listed = []
                for field in profile["source"]["fields"]:
                    name = field["name"]
                    if not field["filled"] or any(read == name or below(read, name) or below(name, read) for read in fields["reads"]):
                        continue
                    if any(below(name, one) for one in listed):
                        continue
                    listed.append(name)
                    rows[run.id, mapping, name] = field
        self.list_total(("unmapped", "rows"), section["rows"], len(rows), 300, "file")
        for index, row in enumerate(section["rows"]["rows"]):
            run, path = self.runs[row["run"]], ("unmapped", "rows", "rows", index)
            raw = run.source_profile(row["mapping"])
            stored = run.per_mapping[row["mapping"]]["profile"]["source"]
            if raw is None or raw.records != stored["records"] or row["field"] not in raw.fields:
                self.number(path + ("filled",), row["filled"], rows[row["run"], row["mapping"], row["field"]]["filled"], "file")
                self.number(path + ("records",), row["records"], stored["records"], "file")
            else:
                self.number(path + ("filled",), row["filled"], raw.fields[row["field"]].filled)
                self.number(path + ("records",), row["records"], raw.records)
            self.member(path, row, "percent", share(row["filled"], row["records"]), "page")

    @staticmethod
    def figures(summary):
        """What two runs are compared by, from a summary."""
        found = {}
        for mapping, entity in (summary.get("entities") or {}).items():
            found["read", mapping, None] = entity.get("read", 0)
            found["warnings", mapping, None] = entity.get("warnings", 0)
            for code, count in (entity.get("codes") or {}).items():
                found[f"code {code}", mapping, None] = count
            for destination, counts in (entity.get("destinations") or {}).items():
                for outcome in OUTCOMES:
                    found[outcome, mapping, destination] = counts.get(outcome, 0)
        return found

    def last_run(self, section):
        for index, row in enumerate(section["comparisons"]):
            run, path = self.runs[row["run"]], ("last_run", "comparisons", index)
            previous = next((one for one in run.previous() if one["id"] == row.get("previous")), None)
            if previous is None:
                self.number(path + ("changes", "total"), row["changes"]["total"], 0, "page")
                continue
            now, before = self.figures(run.summary), self.figures(json.loads(previous["summary"]))
            mappings = {key[1] for key in now}, {key[1] for key in before}
            differing = {key for key in set(now) | set(before) if now.get(key, 0) != before.get(key, 0)}
            listed = set()
            for place, change in enumerate(row["changes"]["rows"]):
                key = (change["figure"], change.get("mapping"), change.get("destination"))
                listed.add(key)
                here = path + ("changes", "rows", place)
                old = before.get(key, 0 if key[1] in mappings[1] and (key[2] is None or "before" in change) else None)
                new = now.get(key, 0 if key[1] in mappings[0] and (key[2] is None or "now" in change) else None)
                self.member(here, change, "before", old, "file")
                self.member(here, change, "now", new, "file")
                self.member(here, change, "change", (new or 0) - (old or 0), "page")
                self.member(here, change, "change_percent", share((new or 0) - (old or 0), old) if old else None, "page")
            if row["changes"]["total"] == len(row["changes"]["rows"]):
                for key in sorted(differing - listed, key=str):
                    self.differences.append((path + ("changes",), "not listed", f"{key}: {before.get(key)} before, {now.get(key)} now"))
            self.number(path + ("changes", "total"), row["changes"]["total"], max(len(listed), row["changes"]["total"] if len(listed) == 60 else 0), "page")

    def sample(self, section):
        for index, row in enumerate(section["origins"]):
            run, path = self.runs[row["run"]], ("sample", "origins", index)
            place = next(iter(run.summary["entities"][row["mapping"]]["destinations"]), None)
            counts = run.counts(row["mapping"], place)
            of = run.read_of(row["mapping"]) - counts["filtered"] - counts["merged"]
            self.number(path + ("of",), row["of"], of)
            self.number(path + ("chosen",), row["chosen"], min(25, of))
        places = collections.Counter()
        for index, row in enumerate(section["records"]):
            run, path = self.runs[row["run"]], ("sample", "records", index)
            places[row["run"], row["mapping"]] += 1
            listed = run.per_mapping[row["mapping"]]["sample"][places[row["run"], row["mapping"]]:]
            line = listed[0] if listed else None
            self.member(path, row, "line", line and line["line"], "file")
            self.member(path, row, "element", line and line.get("element"), "file")
            self.number(path + ("fields", "total"), row["fields"]["total"], len(line["fields"]) if line else None, "file")
            for outcome in row["outcomes"]:
                again = run.of_item.get((row["mapping"], outcome["destination"], row.get("line"), row.get("element")))
                if again != outcome["outcome"]:
                    self.differences.append((path + ("outcomes",), outcome["outcome"], again))
        if len(section["records"]) != sum(min(25, sum(len(run.per_mapping[mapping]["sample"][1:]) for mapping in run.mappings)) for run in self.runs.values()):
            self.differences.append((("sample", "records"), f"{len(section['records'])} records", "25, or all that were chosen"))

    def resources(self, section):
        for index, row in enumerate(section["runs"]):
            run, path = self.runs[row["run"]], ("resources", "runs", index)
            requests = run.summary.get("requests") or {}
            for name, member in (("requests", "made"), ("retried", "retried"), ("throttled", "throttled"), ("quota_remaining", "quota_remaining")):
                self.member(path, row, name, requests.get(member), "file")
            for place, duration in enumerate(row["durations"]):
                self.number(path + ("durations", place, "seconds"), duration["seconds"], run.summary["durations"][duration["stage"]], "file")
            started, finished = (datetime.datetime.fromisoformat(run.record[name].replace("Z", "+00:00")) if run.record[name] else None
                                 for name in ("started", "finished"))
            self.member(path, row, "seconds", max(0, (finished - started).total_seconds()) if started and finished else None)

    def reproduction(self, section):
        for index, row in enumerate(section["runs"]):
            run, path = self.runs[row["run"]], ("reproduction", "runs", index)
            self.member(path, row, "folder_version", run.run_file.get("version"), "file")
            digests = self.digests(run)
            named = {name for name in digests if not name.startswith("${")}
            if {one["name"] for one in row["files"]} != named:
                self.differences.append((path + ("files",), sorted(one["name"] for one in row["files"]), sorted(named)))
            for place, one in enumerate(row["files"]):
                self.number(path + ("files", place, "sha256"), one["sha256"], digests.get(one["name"]), "file")
            for place, one in enumerate(row["snapshot_files"]):
                file = f"{run.snapshot}/{one['name']}"
                if os.path.exists(file):
                    self.number(path + ("snapshot_files", place, "sha256"), one["sha256"], sha256(file))
                else:
                    recorded = {entity["file"]: entity["sha256"] for entity in run.manifest["entities"].values()}
                    recorded.update({name: entry["sha256"] for name, entry in run.manifest.get("files", {}).items()})
                    self.number(path + ("snapshot_files", place, "sha256"), one["sha256"], recorded.get(one["name"]), "file")

    def trends(self, section):
        rows = section["series"]["rows"]
        for index, series in enumerate(rows):
            run, path = self.runs[series["run"]], ("trends", "series", "rows", index)
            for place, point in enumerate(series["points"]):
                text = run.database.execute("SELECT summary FROM runs WHERE id = ?", (point["run"],)).fetchone()
                entity = (json.loads(text[0]).get("entities") or {}).get(series["mapping"]) if text and text[0] else None
                if entity is None:
                    expected = None
                elif series["is_code"]:
                    expected = (entity.get("codes") or {}).get(series["figure"], 0)
                elif series["figure"] == "read":
                    expected = entity.get("read", 0)
                else:
                    expected = sum(counts.get(series["figure"], 0) for counts in (entity.get("destinations") or {}).values())
                self.member(path + ("points", place), point, "count", expected, "file")
        self.number(("trends", "series", "total"), section["series"]["total"], len(rows) if len(rows) < 60 else max(60, section["series"]["total"]), "page")

    def calendar(self, section):
        expected = sum(1 for run in self.runs.values() for mapping in run.mappings for side in ("source", "target")
                       for field in ((run.per_mapping[mapping]["profile"] or {}).get(side) or {"fields": []})["fields"]
                       if (field.get("dates") or {}).get("bins") and field["dates"]["count"] > 0)
        self.list_total(("calendar", "fields"), section["fields"], expected, 24, "file")
        for index, row in enumerate(section["fields"]["rows"]):
            run, path = self.runs[row["run"]], ("calendar", "fields", "rows", index)
            one, days, _ = self.dates_of(run, row["mapping"], row["side"], row["field"])
            periods = collections.Counter()
            for day in days or []:
                periods[{"day": day.isoformat(), "month": day.isoformat()[:7], "year": f"{day.year:04}", "decade": f"{day.year // 10 * 10:04}",
                         "century": f"{day.year // 100 * 100:04}"}[row["unit"]]] += 1
            for place, counted in enumerate(row["counts"]):
                if days is None:
                    self.number(path + ("counts", place, "count"), counted["count"], one["dates"]["bins"][place]["count"], "file")
                else:
                    self.number(path + ("counts", place, "count"), counted["count"], periods[counted["period"]])
            total = sum(counted["count"] for counted in row["counts"])
            self.number(path + ("total",), row["total"], total, "page")
            self.number(path + ("outside",), row["outside"], (one["dates"]["count"] if days is None else len(days)) - total)

    def verdict(self, section):
        """The sentences have numbers, too: those of every mapping and destination must be the ones of the identity."""
        expected = {"ready": "Ready", "conditional": "Ready", "not-ready": "Not ready"}[section["standing"]]
        if not section["heading"].startswith(expected):
            self.differences.append((("verdict", "heading"), section["heading"], expected))
        match = re.search(r"(\d[\d,]*)", section["heading"])
        listed = section["reasons"] if section["standing"] == "not-ready" else section["conditions"]
        if match and int(match.group(1).replace(",", "")) != len(listed):
            self.differences.append((("verdict", "heading"), section["heading"], f"{len(listed)} are listed"))
        for row in self.page["identity"]["rows"]:
            run = self.runs[row["run"]]
            arrived = run.arrived(row["mapping"], row["destination"])
            sentence = f"{row['mapping']} at '{row['destination']}': {thousands(arrived)} of {thousands(row['read'])} record"
            if f"{row['mapping']} at '{row['destination']}': " in section["summary"] and sentence not in section["summary"]:
                self.differences.append((("verdict", "summary"), section["summary"], sentence))


def zone(text):
    rest = text[10:]
    if not rest:
        return "date only"
    if rest[-1] in "Zz":
        return "Z"
    return "offset" if re.search(r"[+-]\d\d:?\d\d$", rest) else "no zone"


def below(name, other):
    return name.startswith(other + ".") or name.startswith(other + "[]")


def compact(value):
    """JSON without spaces, with members by name, and numbers as they are on the page."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(name)}:{compact(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(one) for one in value) + "]"
    if isinstance(value, Number):
        return value.text
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Number(decimal.Decimal):
    """A number with its text, which the page's digest is about."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def texts_on(page, form, text):
    """Numbers that must be in the other forms of the page."""
    missing = []
    plain = html.unescape(re.sub(r"<[^>]*>", "", text)) if form == "HTML" else text
    squeezed = re.sub(r"\s+", " ", plain)
    for row in page["identity"]["rows"]:
        if row["read"] == 0 or row["difference"] != 0:
            continue
        parts = " + ".join(f"{thousands(one['count'])} {one['name']}" for one in row["outcomes"] if one["count"])
        if (f"{thousands(row['read'])} = {parts}" if form == "HTML" else row["equation"]) not in squeezed:
            missing.append(f"{form}: the equation of {row['mapping']} at {row['destination']}: {row['equation']}")
    if page["digest"] not in text:
        missing.append(f"{form}: the page's digest")
    if page["verdict"]["heading"] not in squeezed:
        missing.append(f"{form}: {page['verdict']['heading']}")
    if form != "HTML":
        return missing
    for row in page["control_totals"]["rows"]["rows"]:
        for side in ("source", "target", "stored"):
            value = row.get(side)
            if value is None:
                continue
            forms = {value, re.sub(r"(?<=\d)(?=(?:\d{3})+(?![\d]))", ",", value.split(".")[0]) + "".join(re.findall(r"\..*", value))}
            if not any(one in plain for one in forms) and value[:12] not in plain:
                missing.append(f"{form}: {row['measure']} {row.get('field', '')} of {row['mapping']}: {value}")
    for group in page["exceptions"]["groups"]:
        for problem in group["problems"]["rows"]:
            if thousands(problem["count"]) not in plain:
                missing.append(f"{form}: {problem['code']} {problem['count']}")
    return missing


def undetected(page, runs):
    """Adds something to every number of the page: the rules must find each of them."""
    changed = []

    def walk(path, value):
        if isinstance(value, dict):
            return {name: walk(path + (name,), inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [walk(path + (index,), inner) for index, inner in enumerate(value)]
        if isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool):
            changed.append(path)
            # Other steps for other numbers: the difference of two of them is noticed, too.
            return Number(str(value + 1 + int(hashlib.sha256(repr(path).encode()).hexdigest()[:6], 16)))
        return value

    check = Check(walk((), page))
    check.everything(runs)
    found = {path for path, _, _ in check.differences} | {path for path, _ in check.rest()}
    return [f"self-test: a larger number is not noticed at {'.'.join(map(str, path))}" for path in changed if path not in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state")
    parser.add_argument("--json", help="the page; by default, what `waybill report --json` prints")
    parser.add_argument("--waybill", default="waybill")
    parser.add_argument("--quiet", action="store_true", help="only differences, and the sums")
    parser.add_argument("--self-test", action="store_true", help="also change each number of the page, which must be noticed")
    parser.add_argument("runs", nargs="+", metavar="RUN")
    options = parser.parse_args()
    names, state = options.runs, options.state
    if state is None:
        folder = os.path.abspath(names[0].rstrip("/"))
        names, state = [os.path.basename(folder)], os.path.dirname(os.path.dirname(folder))
    state = os.path.abspath(state)

    def report(*words):
        command = [options.waybill, "report", "--state", state, *names, *words]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode != 0:
            sys.exit(f"report-check: {' '.join(command)}: exit {ended.returncode}\n{ended.stderr}")
        return ended.stdout

    if options.json:
        with open(options.json, encoding="utf-8") as file:
            text = file.read()
    else:
        text = report("--json")
    page = json.loads(text, parse_float=Number)
    runs = [Run(state, name) for name in page["runs"]]
    for run in runs:
        known = {mapping: run.target_profile(mapping) for mapping in run.mappings}
        run.target_profile_of = known.get
    check = Check(page)
    check.everything(runs)
    unknown = check.rest()
    problems = []
    if not options.json:
        problems += texts_on(page, "HTML", report("--output", "-")) + texts_on(page, "Markdown", report("--markdown"))
    if options.self_test:
        problems += undetected(page, runs)
    sections = collections.Counter(path[0] for path in check.known)
    if not options.quiet:
        for name in page:
            if sections[name]:
                print(f"{name:18} {sections[name]:7,} numbers")
    for path, value, expected in check.differences:
        print(f"DIFFERS {'.'.join(map(str, path))}: the page has {value}, recomputed: {expected}")
    for path, value in unknown:
        print(f"NOT CHECKED {'.'.join(map(str, path))}: {value}")
    for problem in problems:
        print(f"MISSING {problem}")
    kinds = check.kinds
    print(f"report-check: {sum(kinds.values()):,} numbers of {', '.join(page['runs'])}: {kinds['raw']:,} from records and lines, "
          f"{kinds['file']:,} from what the run recorded, {kinds['page']:,} from other numbers; {len(check.differences)} differ, "
          f"{len(unknown)} not checked, {len(problems)} missing elsewhere")
    sys.exit(1 if check.differences or unknown or problems else 0)


main()
