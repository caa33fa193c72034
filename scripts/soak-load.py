"""scripts/soak load: loads into Your App of the sandbox with every fault at 3 %, killed again and again.

Four destinations: with idempotency keys and `find`, with one of them, and with neither. The run is killed with SIGKILL at twenty random
moments, and then runs until nothing is left to do. Your App must then hold each key exactly once with the right fields (where it offers
neither: at most once, and every other record is pending), and the outcomes must have each record once.
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
count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
kills = int(sys.argv[3]) if len(sys.argv) > 3 else 20
waybill = f"{bin_path}/waybill"
folder = f"{os.getcwd()}/.build-soak/load"
rate = 0.03
# 401 and 403 stop a destination, as they should; redirects to another origin are refusals.
faults = ["429", "429-date", "503", "html", "redirect", "timeout-before", "500-before", "500-after", "409", "412", "422", "drop",
          "timeout-after", "not-json", "truncated", "huge"]
batch_faults = faults + ["413", "partial", "shuffled", "short", "long", "no-keys", "job"]
contacts = """mapping: 1
name: contacts
source: {entity: person, key: id}
target: {entity: contact, key: contactId}
fields: {contactId: id, name: name, company: company, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
"""
find = 'find: {request: "GET /contacts?contactId={key}", items: items}'
keys = "idempotency: {header: Idempotency-Key}"
batch = ("batch: {request: \"POST /contacts/batch\", size: 50, items: items, updates: true, results: "
         "{at: results, key: key, status: status, remote_id: id, etag: etag, body: error}}")
job = "job: {location: {header: Location}, state: status, running: [queued, running], status: response.status, response: response.body}"


def fail(message):
    sys.exit(f"soak: FAILED: {message}")


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
      rate: {{concurrent: 16}}
      timeout: 10s
      longest_call: 1s
      responses: {{preset: problem+json}}
      mappings:
        contacts:
          create: POST /contacts
          update: "PUT /contacts/{{remote_id}}"
          {find if has_find else ""}
          {batch if in_batches else ""}
          {job if in_batches else ""}
          remote_id: id
          conflict: {{remote_id: existingId}}
"""


def get(address, token):
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


def check(name, has_keys, has_find, in_batches):
    place = f"{folder}/{name}"
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place)
    switches = [] if has_keys else ["no-idempotency"]
    if not has_find:
        switches += ["no-find", "no-unique-keys"]
    arguments = [f"app-{fault}={rate}" for fault in (batch_faults if in_batches else faults)] + [f"app-{switch}" for switch in switches]
    sandbox = subprocess.Popen(
        [waybill, "sandbox", "--port", "0", "--contacts", "1", "--businesses", "1", "--limit-scale", "1000", "--json"]
        + [word for argument in arguments for word in ("--fault", argument)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = json.loads(sandbox.stdout.readline())
        environment = dict(os.environ, APP_URL=address["app_base_url"], APP_TOKEN=address["app_token"])
        for path, text in (("waybill.yaml", pipeline(has_keys, has_find, in_batches)), ("contacts.yaml", contacts)):
            with open(f"{place}/{path}", "w") as file:
                file.write(text)

        def write(version):
            with open(f"{place}/people.ndjson", "w") as file:
                for number in range(count):
                    file.write(f'{{"id":"c{number}","name":"{version} {number}","company":"Company {number}"}}\n')

        def start():
            return subprocess.Popen([waybill, "run", "--first-load", "--quiet"], cwd=place, env=environment,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        write("Ann")
        dice = random.Random(name)
        began = time.monotonic()
        for kill in range(kills):
            if kill == kills // 2:
                # The data changes while calls are open.
                write("Eva")
            run = start()
            try:
                run.wait(dice.uniform(1, 12))
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
        last = None
        for attempt in range(1, 13):
            code = start().wait()
            runs = sorted(os.listdir(f"{place}/.waybill/runs"))
            summary = json.load(open(f"{place}/.waybill/runs/{runs[-1]}/summary.json"))
            counts = summary["entities"]["contacts"]["destinations"]["app"]
            moved = counts["created"] + counts["updated"]
            if (counts["pending"], moved) == (0, 0) or (moved == 0 and counts["pending"] == last):
                break
            last = counts["pending"]
        outcomes = {}
        with open(f"{place}/.waybill/runs/{runs[-1]}/outcomes.ndjson") as file:
            for line in file:
                outcome = json.loads(line)
                if outcome["record"] in outcomes:
                    fail(f"{name}: {outcome['record']} has two outcomes")
                outcomes[outcome["record"]] = outcome["outcome"]
        base = address["app_base_url"].removesuffix("/app/v1")
        records = [json.loads(line) for line in get(f"{base}/_sandbox/records/contacts", address["app_token"]).splitlines()]
        views = json.loads(get(f"{base}/_sandbox/requests", address["app_token"]))
        held = {}
        for record in records:
            if record["contactId"] in held:
                fail(f"{name}: {record['contactId']} is there twice")
            held[record["contactId"]] = record
        if len(outcomes) != count or summary["unaccounted"] != 0:
            fail(f"{name}: {len(outcomes)} of {count} records have an outcome")
        wrong = 0
        for key, outcome in outcomes.items():
            record, number = held.get(key), key[1:]
            if outcome in ("created", "updated", "unchanged"):
                if record is None:
                    fail(f"{name}: {key} is {outcome}, and not there")
                if record["name"] != f"Eva {number}":
                    wrong += 1
                if record.get("company") not in (f"Company {number}", None):
                    fail(f"{name}: {key} has the company {record.get('company')}")
            elif outcome == "pending" and (has_keys or has_find) and has_find:
                fail(f"{name}: {key} is still pending after {attempt} runs")
            elif outcome not in ("pending", "failed"):
                fail(f"{name}: {key} is {outcome}")
        if wrong:
            fail(f"{name}: {wrong} records have an old name")
        tally = {outcome: list(outcomes.values()).count(outcome) for outcome in sorted(set(outcomes.values()))}
        print(f"load: {name}: {count} records, {kills} kills, {attempt} more runs, exit {code}, {views['requests']} requests, "
              f"{len(held)} held, outcomes {tally}, {time.monotonic() - began:.0f} s", flush=True)
    finally:
        sandbox.terminate()
        sandbox.wait()


check("keys-and-find", True, True, False)
check("find", False, True, False)
check("keys", True, False, False)
check("neither", False, False, False)
check("batches", True, True, True)
