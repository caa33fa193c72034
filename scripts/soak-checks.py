"""The checks of scripts/soak: memory, sets, quota, kills, mutations, expressions, properties, csv, hostile."""
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

bin_path, wanted = sys.argv[1], sys.argv[2:] or ["memory", "sets", "quota", "kills", "mutations", "expressions", "properties", "csv", "hostile"]
waybill, helper = f"{bin_path}/waybill", f"{bin_path}/TransformBenchmark"
root = os.getcwd()
folder = f"{root}/.build-soak"
os.makedirs(folder, exist_ok=True)
mapping = "fixtures/bench/contacts20.yaml"


def fail(message):
    sys.exit(f"soak: FAILED: {message}")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def peak_of(command, **options):
    """Exit code and peak resident memory in MiB of one child."""
    child = subprocess.Popen(command, **options)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_maxrss / 1024


def memory():
    source = f"{folder}/gigabyte.ndjson"
    if not os.path.exists(source):
        subprocess.run([helper, "generate", "700000", source], check=True)
    size = os.path.getsize(source)
    if size < 1_000_000_000:
        fail(f"the input has {size} bytes only")
    digests = set()
    for threads in (1, 2, 5):
        output = f"{folder}/threads-{threads}.csv"
        code, peak = peak_of([waybill, "transform", "--mapping", mapping, "--input", source, "--output", output,
                              "--ledger", f"{output}.ledger", "--threads", str(threads), "--quiet"])
        digests.add((digest(output), digest(f"{output}.ledger")))
        print(f"memory: {size / 1e9:.2f} GB, {threads} threads: exit {code}, peak {peak:.0f} MiB")
        if code not in (0, 4) or peak > 100:
            fail("transform takes too much memory, or failed")
    output = f"{folder}/pipe.csv"
    cat = subprocess.Popen(["cat", source], stdout=subprocess.PIPE)
    with open(output, "wb") as file:
        code, peak = peak_of([waybill, "transform", "--mapping", mapping, "--input", "-", "--input-format", "ndjson",
                              "--output", "-", "--format", "csv", "--ledger", f"{output}.ledger", "--quiet"],
                             stdin=cat.stdout, stdout=file)
    cat.wait()
    print(f"memory: from a pipe to a pipe: exit {code}, peak {peak:.0f} MiB")
    # The ledger names its input, which a pipe has no name for: only the output is compared.
    if {first for first, _ in digests} != {digest(output)} or len(digests) != 1 or peak > 100:
        fail("threads or the pipe change the bytes, or memory is not flat")
    print("memory: the same bytes for 1, 2 and 5 threads and from a pipe")


def sets():
    """Ten million records in groups of ten and more, by the e-mail address without its last digit; how many remain is counted here."""
    count = 10_000_000
    source, output = f"{folder}/sets.ndjson", f"{folder}/sets.csv"
    if not os.path.exists(source):
        with open(f"{source}.part", "w") as file:
            for number in range(count):
                email = number // 5 if number % 5 == 4 else number + count
                file.write(f'{{"id":"c{number}","email":"e{email}@example.com"}}\n')
        os.rename(f"{source}.part", source)
    head = "mapping: 1\nname: sets\nsource: {entity: contact, key: id}\ntarget: {key: id}\nfields: {id: id, email: EMAIL}\n"
    meet = '{from: email, do: [{replace: {pattern: "^e([0-9]*)[0-9]@.*$", with: "$1"}}]}'
    for name, rules, code in (("unique", "unique: [id, email]", 4), ("merge", "merge: {by: email, keep: last, others: filled}", 0)):
        path = f"{folder}/{name}.yaml"
        with open(path, "w") as file:
            file.write(head.replace("EMAIL", meet) + rules + "\n")
        summary, start = f"{folder}/{name}.json", time.time()
        result, peak = peak_of([waybill, "transform", "--mapping", path, "--input", source, "--output", output,
                                "--ledger", "/dev/null", "--summary", summary, "--quiet"], env=dict(os.environ, TMPDIR=folder))
        with open(summary) as file:
            found = json.load(file)
        seen = set()
        for number in range(count):
            seen.add((number // 5 if number % 5 == 4 else number + count) // 10)
        print(f"sets: {name}: {count:,} records, exit {result}, {time.time() - start:.0f} s, peak {peak:.0f} MiB")
        if result != code or found["written"] != len(seen) or found["unaccounted"] != 0 or peak > 250:
            fail(f"{name} let {found['written']:,} through, not {len(seen):,}, or took too much memory")


class Sandbox:
    def __init__(self, contacts, scale, seed):
        self.child = subprocess.Popen(
            [waybill, "sandbox", "--port", "0", "--contacts", str(contacts), "--businesses", "7", "--seed", str(seed),
             "--limit-scale", str(scale), "--json"], stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.child.stdout.readline())

    def environment(self, out):
        return dict(os.environ, WAYBILL_SANDBOX_URL=self.address["base_url"], WAYBILL_OUT=out,
                    WAYBILL_SANDBOX_LOCATION=self.address["location"], WAYBILL_SANDBOX_TOKEN=self.address["token"])

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait()


def quota():
    out, state = f"{folder}/quota", f"{folder}/quota/state"
    shutil.rmtree(out, ignore_errors=True)
    sandbox = Sandbox(5000, 10, 1)
    started = time.monotonic()
    try:
        code = subprocess.run([waybill, "run", "mappings/waybill.yaml", "--state", state, "--summary", f"{folder}/quota.json",
                               "--quiet"], env=sandbox.environment(out), stdout=subprocess.DEVNULL).returncode
    finally:
        sandbox.stop()
    seconds = time.monotonic() - started
    with open(f"{folder}/quota.json") as file:
        summary = json.load(file)
    requests = summary["requests"]
    print(f"quota: exit {code}, {requests['made']} requests in {seconds:.0f} s, {requests['throttled']} answers 429, "
          f"unaccounted {summary['unaccounted']}")
    if code != 0 or requests["throttled"] != 0 or summary["unaccounted"] != 0:
        fail("the run was not clean")
    # The same contacts straight from the seed, without the API between.
    members, expected = f"{folder}/members.ndjson", f"{folder}/members.csv"
    subprocess.run([helper, "members", "5000", "1", members], check=True)
    snapshot = next(os.path.join(path, "custom-fields.json") for path, _, files in os.walk(f"{state}/snapshots")
                    if "custom-fields.json" in files)
    subprocess.run([waybill, "transform", "--mapping", "mappings/contacts.yaml", "--input", members, "--output", expected,
                    "--custom-fields", snapshot, "--quiet"], stdout=subprocess.DEVNULL, check=False)
    ours, seed = open(f"{out}/contacts.csv").read().splitlines(), open(expected).read().splitlines()
    if ours != seed:
        difference = next((index for index, pair in enumerate(zip(ours, seed)) if pair[0] != pair[1]), min(len(ours), len(seed)))
        fail(f"contacts.csv has {len(ours)} lines, the seed {len(seed)}; the first that differs is {difference + 1}")
    print(f"quota: contacts.csv equals the seed, all {len(ours) - 1} rows")


def kills():
    """Runs that are killed or stopped, resumed, killed again, and resumed to their end."""
    out, state = f"{folder}/kills", f"{folder}/kills/state"
    summary_path = f"{folder}/kill.json"
    shutil.rmtree(out, ignore_errors=True)
    sandbox = Sandbox(400, 100, 1)
    numbers = random.Random(1)
    command = [waybill, "run", "mappings/waybill.yaml", "--state", state, "--quiet", "--summary", summary_path]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def runs():
        return {name for name in os.listdir(f"{state}/runs")}

    def read_summary():
        with open(summary_path) as file:
            return json.load(file)

    def check_stopped(what):
        summary = read_summary()
        if summary["status"] != "interrupted" or summary["exit_code"] != 75 or summary["unaccounted"] != 0:
            fail(f"{what}: the summary says {summary['status']}, {summary['exit_code']}")
        if not os.path.exists(f"{state}/runs/{summary['run']}/summary.json"):
            fail(f"{what}: the run's folder has no summary.json")

    try:
        environment = sandbox.environment(out)
        started = time.monotonic()
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            fail("the first run failed")
        seconds = time.monotonic() - started
        names = sorted(name for name in os.listdir(out) if name.endswith((".csv", ".ndjson")))
        whole = {name: digest(f"{out}/{name}") for name in names}
        entities = read_summary()["entities"]

        def attempt(what, arguments):
            """One process that is killed or stopped at some time. True if it came to its end before."""
            if os.path.exists(summary_path):
                os.remove(summary_path)
            child = subprocess.Popen(command + arguments, env=environment, **quiet)
            time.sleep(numbers.uniform(0.01, seconds))
            sent = numbers.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
            child.send_signal(sent)
            code = child.wait()
            for name in names:
                if os.path.exists(f"{out}/{name}") and digest(f"{out}/{name}") != whole[name]:
                    fail(f"{what}: {name} is not whole")
            # Before it heard signals the process ends by them, and has begun no run.
            if code == 75:
                check_stopped(what)
            return code == 0

        stopped = resumed = again = 0
        for number in range(100):
            for name in names:
                os.remove(f"{out}/{name}")
            before = runs()
            isDone = attempt(f"kill {number + 1}", [])
            fresh = runs() - before
            if len(fresh) > 1:
                fail(f"kill {number + 1}: two runs were begun")
            # Stopped before the run had its first fact: there is nothing to resume.
            run = next((run for run in fresh if os.path.exists(f"{state}/runs/{run}/facts.ndjson")), None)
            stopped += not isDone
            if run is None:
                if subprocess.run(command, env=environment, **quiet).returncode != 0:
                    fail(f"the run after kill {number + 1} failed")
            elif not isDone:
                arguments = ["--resume", run]
                for _ in range(numbers.randrange(3)):
                    if not (isDone := attempt(f"kill {number + 1}, resumed", arguments)):
                        again += 1
                    else:
                        break
                code = 0 if isDone else subprocess.run(command + arguments, env=environment, **quiet).returncode
                if code not in (0, 64):
                    fail(f"kill {number + 1}: the resumed run ended with {code}")
                # Killed after its end was recorded, the run is over: nothing is to be resumed.
                with open(f"{state}/runs/{run}/summary.json") as file:
                    summary = json.load(file)
                if summary["run"] != run or summary["status"] != "done" or summary["entities"] != entities:
                    fail(f"kill {number + 1}: the summary of {run} is not that of an undisturbed run")
                resumed += 1
            for name in names:
                if digest(f"{out}/{name}") != whole[name]:
                    fail(f"kill {number + 1}: {name} differs from that of an undisturbed run")
            # The next run removes what a killed process leaves in the state folder.
            parts = [name for name in os.listdir(out) if name.endswith(".part")]
            if run is not None and parts:
                fail(f"kill {number + 1}: half-written files stayed: {parts}")
        print(f"kills: 100 runs killed or stopped ({stopped} before their end), {resumed} resumed with their IDs after "
              f"{again} more kills; outputs and accounts are those of an undisturbed run")
    finally:
        sandbox.stop()


def mutated(lines, numbers):
    """One slip in a file: a letter changed or lost, a line lost, doubled or put in further, a value of another kind."""
    lines = list(lines)
    number = numbers.randrange(len(lines))
    line = lines[number]
    slip = numbers.randrange(7)
    if slip == 0 and line:
        at = numbers.randrange(len(line))
        lines[number] = line[:at] + numbers.choice("abcxyz019_:{}[]\"'#,-. ") + line[at + 1:]
    elif slip == 1 and line:
        at = numbers.randrange(len(line))
        lines[number] = line[:at] + line[at + 1:]
    elif slip == 2:
        del lines[number]
    elif slip == 3:
        lines.insert(number, line)
    elif slip == 4:
        lines[number] = "  " + line
    elif slip == 5 and ":" in line:
        value = numbers.choice(["1", "true", "null", "[]", "{}", "[a, b]", "{from: id}", "'text'", "no", "0123", "1e5", "&a b", "\t"])
        lines[number] = line[:line.index(":") + 1] + " " + value
    else:
        words = line.split(" ")
        words.insert(numbers.randrange(len(words) + 1), numbers.choice(words))
        lines[number] = " ".join(words)
    return lines


def mutations():
    """Ten thousand slips in the shipped mappings: each ends in a diagnostic, or in a mapping that accounts for every record."""
    place = f"{folder}/mutations"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree("mappings", place)
    numbers = random.Random(1)
    source = f"{folder}/members.ndjson"
    subprocess.run([helper, "members", "60", "1", source], check=True)
    texts = {}
    for name in sorted(os.listdir(place)):
        if name.endswith(".yaml") and name != "waybill.yaml":
            with open(f"{place}/{name}") as file:
                texts[name] = file.read().split("\n")
    refused = taken = 0
    for number in range(10_000):
        name = numbers.choice(list(texts))
        path = f"{place}/{name}"
        text = "\n".join(mutated(texts[name], numbers))
        with open(path, "w") as file:
            file.write(text)
        command = [waybill, "transform", "--mapping", path, "--input", source, "--output", f"{place}/out.ndjson", "--ledger",
                   f"{place}/out.ledger", "--summary", f"{place}/summary.json", "--zone", "UTC", "--quiet"]
        if os.path.exists(f"{place}/summary.json"):
            os.remove(f"{place}/summary.json")
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
        except subprocess.TimeoutExpired:
            fail(f"mutation {number} of {name} hangs; it lies in {path}")
        if ended.returncode == 65:
            refused += 1
            if ": error: " not in ended.stderr:
                fail(f"mutation {number} of {name} is refused without a diagnostic: {ended.stderr[:300]}; it lies in {path}")
            continue
        if ended.returncode not in (0, 4):
            fail(f"mutation {number} of {name} ends with {ended.returncode}: {ended.stderr[:300]}; it lies in {path}")
        taken += 1
        with open(f"{place}/summary.json") as file:
            summary = json.load(file)
        ends = sum(summary[key] for key in ("written", "filtered", "merged", "rejected"))
        with open(f"{place}/out.ndjson") as file:
            written = sum(1 for _ in map(json.loads, file))
        if summary["unaccounted"] != 0 or summary["read"] != ends or summary["written"] != written:
            fail(f"mutation {number} of {name} loses records: {summary}; it lies in {path}")
    print(f"mutations: 10,000 slips: {refused} refused with a diagnostic, {taken} compiled and accounted for every record")


def expression_cases():
    """Of fixtures/cel: where, expression, input or None, and what its line says."""
    cases = []
    for name in sorted(os.listdir("fixtures/cel")):
        if not name.endswith(".cases"):
            continue
        source = None
        with open(f"fixtures/cel/{name}", newline="\n") as file:
            for number, line in enumerate(file.read().split("\n"), 1):
                if line.startswith("#") or not line.strip():
                    continue
                if line.startswith("@input"):
                    source = line[len("@input"):].strip() or None
                    continue
                text, expected = line.rsplit(" => ", 1)
                cases.append((f"{name}:{number}", text, source, expected))
    return cases


def digits(text):
    """JSON with its numbers as they are written: 1.0 is not 1, and -0.0 not 0.0."""
    return json.loads(text, parse_int=lambda word: ("number", word), parse_float=lambda word: ("number", word))


def expressions():
    """The cases of the unit tests, in a release build: the optimiser has broken expressions that were right without it."""
    with open("Sources/Expressions/Evaluator/ExpressionError.swift") as file:
        reasons = dict(re.findall(r'case \.(\w+): "([^"]*)"', file.read()))
    cases = expression_cases()
    inputs = {}
    for _, _, source, _ in cases:
        if source is not None and source not in inputs:
            inputs[source] = f"{folder}/input-{len(inputs)}.json"
            with open(inputs[source], "w") as file:
                file.write(source)

    def difference(case):
        place, text, source, expected = case
        command = [waybill, "eval", "--typed"] + (["--input", inputs[source]] if source is not None else []) + ["--", text]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            return f"{place} hangs: {text}"
        kind, _, rest = expected.partition(" ")
        if kind == "error":
            agrees = ended.returncode == 4 and f"error: expression-error: {reasons[rest]}\n" in ended.stderr
        elif kind == "refused":
            agrees = ended.returncode == 4 and re.findall(r"^expression:\d+:\d+: error: ([\w-]+)", ended.stderr, re.M) == rest.split()
        else:
            agrees = ended.returncode == 0 and digits(ended.stdout) == {"type": kind, "value": digits(rest)}
        return None if agrees else f"{place} {text} should give {expected}: exit {ended.returncode}, {ended.stdout}{ended.stderr}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        differences = [difference for difference in pool.map(difference, cases) if difference]
    if differences:
        fail("\n".join(differences[:20]))
    print(f"expressions: {len(cases)} cases give what their lines say")

    # What has no end, or asks for more memory than there is, is stopped.
    many = "[" + ",".join(map(str, range(1000))) + "]"
    deep = "[1]" + (".map(x, " + "[" * 90 + "x" + "]" * 90 + ")") * 95
    source = f"{folder}/hostile.json"
    with open(source, "w") as file:
        json.dump({"long": "a" * 1_000_000, "numbers": [1] * 200_000, "members": {f"m{n}": n for n in range(50_000)},
                   "marks": {"text": '"' * 10_000}, "back": "a" * 40 + "b"}, file)
    slowest = largest = 0
    bodies = ["true", "!long.contains('aaaaaaaaaaaaaaaaaaaab')", "long.size() > 0", "!(2 in numbers)", "members.m49999 > 0",
              "marks.text.size() > 0", "!back.matches('(a|aa)+$')", "!long.matches('(a|aa)+$')", "[a, b].map(x, [x, x, x]) != []",
              "!'x'.matches('y' + string(a) + 'z' + string(b))", "numbers == numbers", "string(a) + long != ''"]
    hostile = [f"{many}.all(a, {many}.all(b, {body}))" for body in bodies]
    hostile += [f"{many}.map(a, {many}.map(b, {many}.map(c, c)))", "['ab']" + ".map(x, x + x)" * 60, "[1]" + ".map(x, [x, x])" * 60,
                f"{deep} == {deep}", deep, "(" * 60_000, " && ".join(f"members.x{n} != null" for n in range(5_000)),
                "{" + ", ".join(f"{n}: long" for n in range(7_000)) + "}.size()"]
    for text in hostile:
        started = time.monotonic()
        code, peak = peak_of([waybill, "eval", "--quiet", "--input", source, "--", text], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        seconds = time.monotonic() - started
        slowest, largest = max(slowest, seconds), max(largest, peak)
        if code not in (0, 4) or seconds > 60 or peak > 800:
            fail(f"exit {code} after {seconds:.0f} s with {peak:.0f} MiB: …{text[-120:]}")
    print(f"expressions: {len(hostile)} that ask for too much end: the slowest in {slowest:.1f} s, the largest with {largest:.0f} MiB")


def properties():
    """What the tests check over some hundred generated mappings, over twenty thousand with other seeds."""
    subprocess.run(["swift", "build", "--build-tests"], stdout=subprocess.DEVNULL, check=True)
    count = 5_000
    for seed in range(2, 6):
        environment = dict(os.environ, WAYBILL_PROPERTY_SEED=str(seed), WAYBILL_PROPERTY_MAPPINGS=str(count))
        started = time.monotonic()
        ended = subprocess.run(["swift", "test", "--skip-build", "--filter", "PropertyTests"], env=environment,
                               capture_output=True, text=True)
        if ended.returncode != 0 or "1 test" not in ended.stdout:
            fail(f"properties, seed {seed}:\n{ended.stdout[-6000:]}{ended.stderr[-2000:]}")
        print(f"properties: seed {seed}: {count:,} mappings over 24 lines each, {time.monotonic() - started:.0f} s")


def hostile():
    """Hostile responses of a source; a separate script, so that it runs with any build of the program."""
    if subprocess.run([sys.executable, "scripts/soak-hostile.py", waybill]).returncode != 0:
        fail("hostile")


def csv():
    """The tests' check of random CSV bytes, over six hundred thousand files instead of a few thousand."""
    subprocess.run(["swift", "build", "--build-tests"], stdout=subprocess.DEVNULL, check=True)
    count = 300_000
    for seed in range(2, 4):
        environment = dict(os.environ, WAYBILL_CSV_SEED=str(seed), WAYBILL_CSV_FILES=str(count))
        started = time.monotonic()
        ended = subprocess.run(["swift", "test", "--skip-build", "--filter", "CSVLineTests"], env=environment,
                               capture_output=True, text=True)
        if ended.returncode != 0 or "2 tests" not in ended.stdout:
            fail(f"csv, seed {seed}:\n{ended.stdout[-6000:]}{ended.stderr[-2000:]}")
        print(f"csv: seed {seed}: each line of {count:,} files belongs to one row, {time.monotonic() - started:.0f} s")


checks = {"memory": memory, "sets": sets, "quota": quota, "kills": kills, "mutations": mutations,
          "expressions": expressions, "properties": properties, "csv": csv, "hostile": hostile}
for name in wanted:
    check = checks.get(name)
    if not check:
        fail(f"no check '{name}'; there are {', '.join(checks)}")
    check()
