"""A GHL look-alike that misbehaves on purpose, and a run of the program against each of its hostile responses.

    python3 scripts/soak-hostile.py PROGRAM [WORD…]      only the cases whose names contain a WORD

Whatever the server does, a run must end in time, with one of its own exit codes, without the token in anything that
it writes, and with every record either in its place or reported as missing. The location has two businesses of three and two
contacts, each with a note, a task and an appointment.
"""
import base64
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

TOKEN = "pit-7f3c1e9a-42b8-4d6f/9c+0e"
LOCATION = "loc1"
MEMBERS = {"b1": ["c1", "c2", "c3"], "b2": ["c4", "c5"]}
BUSINESS = {contact: business for business, contacts in MEMBERS.items() for contact in contacts}
# Those of the program's exit codes that a source can cause.
CODES = {0, 3, 4, 64, 65, 69, 75, 77, 78}
DEADLINE = 120
MAPPINGS = {
    "contacts": ("contact", {"id": "id", "name": "firstName", "phone": "phone"}),
    "notes": ("note", {"id": "id", "contact": "contactId", "body": "body"}),
    "tasks": ("task", {"id": "id", "contact": "contactId", "title": "title"}),
    "appointments": ("appointment", {"id": "id", "contact": "contactId", "title": "title"}),
}


# The good source.

def contact(name, **other):
    return {"id": name, "locationId": LOCATION, "businessId": BUSINESS.get(name, ""), "firstName": "N" + name,
            "phone": "+1415555267" + name[1:], "dateAdded": "2024-01-01T00:00:00.000Z", **other}


def activity(kind, name, **other):
    return {"note": {"id": "n" + name, "contactId": name, "body": "note of " + name},
            "task": {"id": "t" + name, "contactId": name, "businessId": BUSINESS.get(name, ""), "title": "task of " + name},
            "appointment": {"id": "a" + name, "contactId": name, "locationId": LOCATION, "title": "visit of " + name},
            }[kind] | other


def record(entity, name):
    return contact(name) if entity == "contact" else activity(entity, name)


def slim(name, **other):
    return {"id": name, "locationId": LOCATION, "businessId": BUSINESS[name], **other}


def good(method, path, query, body):
    """Route and answer; the answer is None if there is no such route."""
    parts = [part for part in path.split("/") if part]
    skip = int(query.get("skip") or (body or {}).get("skip") or 0)
    if parts == ["locations", LOCATION]:
        return "location", {"location": {"id": LOCATION, "name": "L", "timezone": "Europe/Berlin", "country": "DE", "companyId": "co"}}
    if parts == ["locations", LOCATION, "customFields"]:
        return "fields", {"customFields": []}
    if parts == ["businesses"]:
        return "businesses", {"businesses": [{"id": b, "name": b, "locationId": LOCATION} for b in MEMBERS][skip:]}
    if parts[:2] == ["contacts", "business"] and len(parts) == 3:
        found = MEMBERS.get(parts[2], [])
        page = [] if "startAfter" in query else found[skip:]
        return "list:" + parts[2], {"contacts": [slim(name) for name in page], "count": len(found)}
    if parts == ["contacts", "search"]:
        page = [] if (body or {}).get("searchAfter") else list(BUSINESS)
        return "search", {"contacts": [slim(name, searchAfter=[1, name]) for name in page], "total": len(BUSINESS)}
    if parts == ["locations", LOCATION, "tasks", "search"]:
        business = (body or {}).get("businessId")
        page = MEMBERS.get(business, [])[skip:]
        return f"tasks:{business}", {"tasks": [activity("task", name) for name in page]}
    if len(parts) == 2 and parts[0] == "contacts":
        return "contact:" + parts[1], {"contact": contact(parts[1])} if parts[1] in BUSINESS else None
    if len(parts) == 3 and parts[0] == "contacts":
        kind = {"notes": "note", "appointments": "appointment", "tasks": "task"}.get(parts[2])
        member = "events" if kind == "appointment" else parts[2]
        return f"{parts[2]}:{parts[1]}", {member: [activity(kind, parts[1])]} if kind else None
    return "none", None


# What a case does to a route: an Answer in place of the good one.

class Answer:
    """Bytes, perhaps in pieces with pauses, and how the connection ends."""

    def __init__(self, status="200 OK", body=b"", headers=(), raw=None, pieces=None, end="keep", length=True):
        self.body = body if isinstance(body, bytes) else body.encode()
        self.head = b"" if raw is not None else b"HTTP/1.1 " + (status if isinstance(status, bytes) else status.encode()) + b"\r\n"
        if raw is None:
            lines = [(name if isinstance(name, bytes) else name.encode()) + b": " + (value if isinstance(value, bytes) else value.encode())
                     for name, value in headers]
            if length:
                lines.append(b"Content-Length: " + str(len(self.body)).encode())
            self.head += b"".join(line + b"\r\n" for line in lines) + b"\r\n"
        self.raw = raw
        self.pieces = pieces
        self.end = end

    def send(self, connection):
        """True if the connection stays open."""
        if self.pieces is not None:
            for piece in self.pieces:
                if isinstance(piece, float):
                    time.sleep(piece)
                else:
                    connection.sendall(piece)
        else:
            connection.sendall(self.raw if self.raw is not None else self.head + self.body)
        if self.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        return self.end == "keep"


JSON = ("Content-Type", "application/json")


def answer_of(value, status="200 OK", headers=()):
    return Answer(status, json.dumps(value), (JSON, *headers))


class Case:
    """`routes`: prefixes of the routes it spoils. `make(value, number)`: its answer; None leaves the good one.
    `most`: how often it spoils. `must`: "done" if the run has to succeed, "missing" if it must not, "less" if the
    source itself reports that it has less."""

    def __init__(self, name, routes, make, most=None, must=None, headers=(), command=None, redirects=False):
        self.name, self.routes, self.make, self.most, self.must = name, routes, make, most, must
        # What a list lacks, the search across the location would return.
        if must == "missing" and routes and routes[0].startswith("list:") and not name.startswith("identity"):
            self.routes = [*routes, "search"]
        self.headers = headers
        self.command = command
        self.redirects = redirects
        self.lock = threading.Lock()
        self.count = 0

    def answer(self, route, value):
        if any(route == prefix or (prefix.endswith(":") and route.startswith(prefix)) for prefix in self.routes):
            with self.lock:
                self.count += 1
                number = self.count
            if self.most is None or number <= self.most:
                made = self.make(value, number)
                if made is not None:
                    return made
        if value is None:
            return answer_of({"statusCode": 404, "message": "Not found"}, "404 Not Found", self.headers)
        return answer_of(value, headers=self.headers)


class Server:
    """One server for all cases: the first segment of a path names the case."""

    def __init__(self):
        self.cases = {}
        self.strangers = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with connection:
                data = b""
                while True:
                    while b"\r\n\r\n" not in data:
                        more = connection.recv(65536)
                        if not more:
                            return
                        data += more
                    head, data = data.split(b"\r\n\r\n", 1)
                    lines = head.decode("latin-1").split("\r\n")
                    method, target, _ = lines[0].split(" ", 2)
                    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
                    length = int(headers.get("content-length", 0))
                    while len(data) < length:
                        data += connection.recv(65536)
                    text, data = data[:length], data[length:]
                    path, _, query = target.partition("?")
                    _, number, rest = path.split("/", 2) if path.count("/") > 1 else ("", path[1:], "")
                    case = self.cases.get(number)
                    if case is None:
                        self.strangers.append(target)
                        return
                    route, value = good(method, rest, dict(urllib.parse.parse_qsl(query)), json.loads(text) if text else None)
                    if headers.get("authorization") != f"Bearer {TOKEN}":
                        made = answer_of({"message": "Invalid JWT"}, "401 Unauthorized")
                    else:
                        made = case.answer(route, value)
                    if not made.send(connection):
                        return
        except OSError:
            return


# The cases.

NUMBERS = ["9223372036854775807", "-9223372036854775808", "18446744073709551616", "99999999999999999999999999999999", "-1", "0",
           "1e400", "1.5", "0x10", "NaN", "", "   7   ", "abc", "5, 5", "+3", b"\xd9\xa3", b"\xff\xfe"]
LIMITS = ["X-RateLimit-Max", "X-RateLimit-Remaining", "X-RateLimit-Interval-Milliseconds", "X-RateLimit-Limit-Daily",
          "X-RateLimit-Daily-Remaining", "Retry-After"]
FAST = {"X-RateLimit-Max": "100", "X-RateLimit-Interval-Milliseconds": "100"}
PARTS = ["location", "businesses", "list:b2", "contact:c2", "notes:c2", "appointments:c3", "tasks:b1", "search"]
DEEP = 1_000_000


def header_cases():
    for header, number in itertools.product(LIMITS, NUMBERS):
        headers = tuple((FAST | {header: number}).items())
        yield Case(f"header {header} {number!r}", [], None, headers=headers)
    for number in NUMBERS + ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                             "Fri, 99 Xxx 99999 99:99:99 GMT", "86400"]:
        for status in ["429 Too Many Requests", "503 Service Unavailable"]:
            yield Case(f"retry-after {status[:3]} {number!r}", ["list:b1"],
                       lambda value, _, number=number, status=status: answer_of({}, status, (("Retry-After", number), *FAST.items())),
                       most=1, headers=tuple(FAST.items()))


def status_cases():
    codes = ["000", "001", "099", "100", "101", "102", "150", "199", "201", "202", "203", "204", "205", "206", "207", "226", "300",
             "301", "302", "303", "304", "307", "308", "400", "401", "402", "403", "404", "405", "408", "409", "410", "418", "422",
             "425", "429", "451", "499", "500", "501", "502", "503", "504", "505", "511", "520", "599", "600", "999"]
    for code, part in itertools.product(codes, ["list:b2", "contact:c2", "notes:c2"]):
        body = '{"statusCode":%d,"message":"said %s"}' % (int(code), code)
        headers = (JSON, ("Location", "http://127.0.0.1:1/elsewhere"), *FAST.items())
        # A contact that GHL reports as gone is not missing; one that it refuses is.
        gone = part == "contact:c2" and code in ("400", "404")
        yield Case(f"status {code} {part}", [part], lambda value, _, code=code, body=body, headers=headers: Answer(code + " X", body, headers),
                   must="less" if gone else "missing", headers=tuple(FAST.items()))


def texts():
    yield "nothing", lambda value: b""
    for text in ["null", "[]", "{}", "true", "0", '"x"', "NaN", "Infinity", "{'a':1}", "{\"a\":}", "[1,2", "\ufeff{}", "<html>no</html>"]:
        yield text, lambda value, text=text: text.encode()
    yield "deep arrays", lambda value: b"[" * DEEP + b"]" * DEEP
    yield "deep arrays that do not close", lambda value: b"[" * DEEP
    yield "deep objects", lambda value: b'{"a":' * DEEP + b"1" + b"}" * DEEP
    yield "cut off", lambda value: json.dumps(value).encode()[:-2]
    yield "more bytes after it", lambda value: json.dumps(value).encode() + b"x"
    yield "twice", lambda value: json.dumps(value).encode() * 2
    yield "UTF-16", lambda value: json.dumps(value).encode("utf-16")
    yield "gzip", lambda value: b"\x1f\x8b\x08\0\0\0\0\0\0\3" + b"\0" * 50
    yield "zeros", lambda value: b"\0" * 100
    yield "not UTF-8", lambda value: json.dumps(value).encode().replace(b'"id"', b'"\xff\xfe"')
    yield "other members", lambda value: json.dumps({"a" + key: item for key, item in value.items()}).encode()
    yield "members are null", lambda value: json.dumps({key: None for key in value}).encode()
    yield "members are maps", lambda value: json.dumps({key: {} for key in value}).encode()
    yield "members are lists", lambda value: json.dumps({key: [] for key in value}).encode()
    yield "members are lists of null", lambda value: json.dumps({key: [None] for key in value}).encode()
    yield "members are texts", lambda value: json.dumps({key: "x" for key in value}).encode()
    yield "a member twice", lambda value: ("{" + ",".join(f'"{key}":{json.dumps(item)},"{key}":[]' for key, item in value.items()) + "}").encode()
    yield "surrogates", lambda value: b'{"\\ud800":"\\udfff"}'


def body_cases():
    for (name, make), part in itertools.product(texts(), ["businesses", "list:b2", "contact:c2", "notes:c2", "tasks:b1"]):
        # A list that reports itself as empty is empty.
        may = name in ("members are lists", "members are lists of null", "a member twice") and part != "contact:c2"
        yield Case(f"body {name[:40]!r} {part}", [part], lambda value, _, make=make: Answer(body=make(value), headers=(JSON,)),
                   must="less" if may else "missing")
    yield Case("body of another type", PARTS, lambda value, _: Answer(body=json.dumps(value), headers=(("Content-Type", "text/html"),)), must="done")
    yield Case("body without a type", PARTS, lambda value, _: Answer(body=json.dumps(value)), must="done")
    yield Case("gzip announced", ["list:b1"], lambda value, _: Answer(body=b"\x1f\x8b\x08\0", headers=(("Content-Encoding", "gzip"),)), must="missing")
    yield Case("a bomb", ["contact:c1"], lambda value, _: Answer(body=b"\0" * 1_000_000, headers=(("Content-Encoding", "deflate"),)), must="missing")
    yield Case("70 MB of spaces", ["contact:c1"], lambda value, _: Answer(body=json.dumps(value).encode() + b" " * 70_000_000), must="missing")


def identity_cases():
    others = {"another": "c1", "nobody": "zz", "empty": "", "number": 7, "null": None, "list": ["c2"], "padded": "c2 ", "case": "C2"}
    for name, other in others.items():
        yield Case(f"identity contact {name}", ["contact:c2"], lambda value, _, other=other: answer_of({"contact": contact("c2") | {"id": other}}),
                   must="missing")
        yield Case(f"identity location {name}", ["location"],
                   lambda value, _, other=other: answer_of({"location": value["location"] | {"id": other}}), must="missing")
    yield Case("identity contact without an id", ["contact:c2"], lambda value, _: answer_of({"contact": {"firstName": "x"}}), must="missing")
    yield Case("identity always the same contact", ["contact:"], lambda value, _: answer_of({"contact": contact("c1")}), must="missing")
    yield Case("identity once another contact", ["contact:c2"], lambda value, _: answer_of({"contact": contact("c1")}), most=1, must="done")
    yield Case("identity contact of another location", ["contact:c2"], lambda value, _: answer_of({"contact": contact("c2", locationId="loc2")}),
               must="missing")
    for part, kind in [("notes:c2", "note"), ("appointments:c2", "appointment")]:
        member = "events" if kind == "appointment" else "notes"
        yield Case(f"identity {kind} of another contact", [part],
                   lambda value, _, kind=kind, member=member: answer_of({member: [activity(kind, "c1")]}), must="missing")
        yield Case(f"identity one {kind} of two of another contact", [part],
                   lambda value, _, kind=kind, member=member: answer_of({member: [activity(kind, "c2"), activity(kind, "c1")]}), must="missing")
        yield Case(f"identity once {kind} of another contact", [part],
                   lambda value, _, kind=kind, member=member: answer_of({member: [activity(kind, "c1")]}), most=1, must="done")
    yield Case("identity task of another location", ["tasks:b1"],
               lambda value, number: answer_of({"tasks": [activity("task", "c1", locationId="loc2")]}) if value["tasks"] else None, must="missing")
    yield Case("identity task of another business", ["tasks:b2"],
               lambda value, number: answer_of({"tasks": [activity("task", "c4"), {"id": "tx", "businessId": "b9"}]}) if value["tasks"] else None,
               must="missing")
    yield Case("identity business of another location", ["businesses"],
               lambda value, _: answer_of({"businesses": value["businesses"] + [{"id": "b9", "locationId": "loc2"}]}) if value["businesses"] else None,
               must="missing")
    for name, stray in [("location", {"id": "c9", "locationId": "loc2"}), ("business", {"id": "c9", "businessId": "b9"})]:
        yield Case(f"identity member of another {name}", ["list:b2"],
                   lambda value, _, stray=stray: answer_of({"contacts": value["contacts"][:1] + [stray], "count": 2}) if value["contacts"] else None,
                   must=None)
        # The search of the whole location shows that no member is missing.
        yield Case(f"identity one member more of another {name}", ["list:b2"],
                   lambda value, _, stray=stray: answer_of({"contacts": value["contacts"] + [stray]}) if value["contacts"] else None, must="done")
    yield Case("identity the list of another business", ["list:b2"],
               lambda value, _: answer_of({"contacts": [slim(name) for name in MEMBERS["b1"]], "count": 3}) if value["contacts"] else None, must=None)
    yield Case("identity searched contact of another location", ["search"],
               lambda value, _: answer_of({"contacts": value["contacts"] + [{"id": "c9", "locationId": "loc2", "searchAfter": [2, "c9"]}]})
               if value["contacts"] else None, must="missing")
    yield Case("identity custom field of another location", ["fields"],
               lambda value, _: answer_of({"customFields": [{"id": "f", "fieldKey": "contact.f", "locationId": "loc2"}]}))


def connection_cases():
    def whole(value):
        return json.dumps(value).encode()

    ways = {
        "reset at once": lambda v: Answer(raw=b"", end="reset"),
        "closed at once": lambda v: Answer(raw=b"", end="close"),
        "half a status line": lambda v: Answer(raw=b"HTTP/1.1 20", end="close"),
        "head only": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", end="close"),
        "half a body": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + whole(v), end="close"),
        "half a body, reset": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + whole(v), end="reset"),
        "body to the end of the connection, cut": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\n\r\n" + whole(v)[:-3], end="close"),
        "length too small": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + whole(v)),
        "length negative": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + whole(v), end="close"),
        "length beyond 64 bits": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n" + whole(v), end="close"),
        "length of 8 EiB": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n" + whole(v), end="close"),
        "length of 60 MB, and nothing": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n", end="close"),
        "two lengths": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n" + whole(v), end="close"),
        "length and chunks": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + whole(v), end="close"),
        "chunk of no number": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + whole(v), end="close"),
        "chunk beyond 64 bits": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" + whole(v), end="close"),
        "chunk of 8 EiB": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n" + whole(v), end="close"),
        "unknown transfer coding": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: magic\r\n\r\n" + whole(v), end="close"),
        "no HTTP": lambda v: Answer(raw=b"SSH-2.0-hello\r\n" * 20, end="close"),
        "zeros": lambda v: Answer(raw=b"\0" * 5000, end="close"),
        "TLS": lambda v: Answer(raw=b"\x15\x03\x01\0\x02\x02\x46", end="close"),
        "HTTP/0.9": lambda v: Answer(raw=whole(v), end="close"),
        "HTTP/2.0": lambda v: Answer(raw=b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", end="close"),
        "HTTP/9.9": lambda v: Answer(raw=b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}", end="close"),
        "status of four digits": lambda v: Answer("2000 OK", whole(v), end="close"),
        "status of no digits": lambda v: Answer("abc OK", whole(v), end="close"),
        "negative status": lambda v: Answer("-200 OK", whole(v), end="close"),
        "interim answers without end": lambda v: Answer(pieces=[b"HTTP/1.1 102 Processing\r\n\r\n" * 1000] * 20, end="close"),
        "headers without end": lambda v: Answer(pieces=[b"HTTP/1.1 200 OK\r\n"] + [b"X-A: " + b"b" * 1000 + b"\r\n"] * 5000, end="close"),
        "a header of 4 MB": lambda v: Answer("200 OK", whole(v), (("X-A", "b" * 4_000_000),), end="close"),
        "header bytes": lambda v: Answer("200 OK", whole(v), ((b"X-\xff\xfe", b"\xff\x01\x7f"),)),
        "header without a colon": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nnothing\r\nContent-Length: 2\r\n\r\n{}", end="close"),
        "header on two lines": lambda v: Answer(raw=b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}", end="close"),
        "line feeds only": lambda v: Answer(raw=b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", end="close"),
        "a second answer after it": lambda v: Answer(raw=Answer(body=whole(v)).head + whole(v) + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        "keep-alive, and closed": lambda v: Answer("200 OK", whole(v), (("Connection", "keep-alive"), ("Keep-Alive", "timeout=600")), end="close"),
        "upgrade": lambda v: Answer("101 Switching Protocols", b"", (("Upgrade", "h2c"), ("Connection", "Upgrade")), end="close"),
        "never": lambda v: Answer(pieces=[8.0], end="close"),
        "head that drips": lambda v: Answer(pieces=[piece for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200 for piece in (bytes([byte]), 0.05)], end="close"),
        "body that drips": lambda v: Answer(pieces=[b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"] + [b" ", 0.05] * 160, end="close"),
        "chunks that drip": lambda v: Answer(pieces=[b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"] + [b"1\r\n \r\n", 0.05] * 160, end="close"),
    }
    # These send the whole answer, in an odd way.
    fine = {"header bytes", "a second answer after it", "keep-alive, and closed", "unknown transfer coding"}
    for (name, make), part in itertools.product(ways.items(), ["list:b2", "contact:c2", "notes:c4"]):
        yield Case(f"connection {name} {part}", [part], lambda value, _, make=make: make(value), must=None if name in fine else "missing")
    for name in ["reset at once", "closed at once", "half a body", "no HTTP", "length too small", "a second answer after it"]:
        yield Case(f"connection once {name}", PARTS, lambda value, _, make=ways[name]: make(value), most=1, must="done")


def count_cases():
    for number in ["9223372036854775807", "-9223372036854775808", "1e400", "-1", "1.5", '"2"', "2.0", "null", "{}", "[]", "true",
                   "99999999999999999999999999", "3", "1"]:
        for part, member in [("list:b2", "count"), ("search", "total"), ("tasks:b1", "count"), ("businesses", "total")]:
            def make(value, _, number=number, member=member):
                text = json.dumps({key: item for key, item in value.items() if key != member})
                return Answer(body=text[:-1] + f',"{member}":{number}}}', headers=(JSON,))
            more = number in ("9223372036854775807", "99999999999999999999999999", "3", "1e400") and part == "list:b2"
            yield Case(f"count {part} {number}", [part], make, must="missing" if more else None)


def paging_cases():
    yield Case("paging the same page forever", ["list:b2"], lambda value, _: answer_of({"contacts": [slim("c4"), slim("c5")], "count": 2}))
    yield Case("paging the same businesses forever", ["businesses"],
               lambda value, _: answer_of({"businesses": [{"id": "b1"}, {"id": "b2"}]}))
    yield Case("paging two pages in turn", ["list:b2"], lambda value, number: answer_of({"contacts": [slim("c4" if number % 2 else "c5")], "count": 2}))
    yield Case("paging the same search forever", ["search"],
               lambda value, _: answer_of({"contacts": [slim("c1", searchAfter=[1, "c1"])], "total": 5}))
    for cursor in [None, [], {}, "x", [1], [[[]]], ["x" * 100_000], 1e308]:
        yield Case(f"paging cursor {str(cursor)[:20]}", ["search"],
                   lambda value, _, cursor=cursor: answer_of({"contacts": [slim(name, searchAfter=cursor) for name in BUSINESS], "total": 5}))
    for text in ["9223372036854775807", "9223372036854775806", "9223372036854775808", "-9223372036854775808", "-1", "1e3", "abc", "1.5", ""]:
        quoted = urllib.parse.quote(text)
        for path in [f"/contacts/business/b1?skip={quoted}", f"/businesses/?skip={quoted}", f"/other?skip={quoted}"]:
            yield Case(f"paging ghl --all {path}", [], None, command=["ghl", "GET", path, "--all"])
        if text:
            yield Case(f"paging ghl --all page {text}", [], None, command=["ghl", "POST", "/contacts/search", "--all", "--body", '{"page":%s}' % (
                text if re.fullmatch(r"-?\d+(\.\d+)?(e\d+)?", text) else json.dumps(text))])
            yield Case(f"paging ghl --all tasks {text}", [], None, command=["ghl", "POST", f"/locations/{LOCATION}/tasks/search", "--all", "--body",
                       '{"businessId":"b1","skip":%s}' % (text if re.fullmatch(r"-?\d+(\.\d+)?(e\d+)?", text) else json.dumps(text))])


def forms(token):
    """The forms in which a token may come back."""
    plain = json.dumps(token)[1:-1]
    return {"plain": token, "json": plain.replace("/", "\\/"), "percent": urllib.parse.quote(token, safe=""),
            "percent lower": re.sub("%..", lambda found: found[0].lower(), urllib.parse.quote(token, safe="")),
            "base64": base64.b64encode(token.encode()).decode(), "base64 1": base64.b64encode(b"x" + token.encode()).decode(),
            "base64 2": base64.b64encode(b"xy" + token.encode()).decode(), "base64url": base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")}


def echo_cases():
    for form, text in forms(TOKEN).items():
        for name, body in {
            "message": {"message": f"bad {text}"}, "list": {"message": [f"a {text}", text]}, "object": {"message": {"message": text}},
            "error": {"error": text}, "description": {"error_description": text}, "trace": {"message": "no", "traceId": text},
            "long": {"message": "x" * 290 + text}, "longer": {"message": "x" * 5000 + text},
        }.items():
            yield Case(f"echo {form} {name}", ["list:b2", "contact:c2", "notes:c1"],
                       lambda value, _, body=body, text=text: answer_of(body, "422 Unprocessable Entity", (("traceId", text), ("X-Trace-Id", text))),
                       must="missing")
    for status in ["400", "401", "403", "404", "429", "500", "302", "204", "200", "099"]:
        yield Case(f"echo status {status}", ["contact:c2", "list:b1"],
                   lambda value, _, status=status: answer_of({"message": f"Bearer {TOKEN}"}, f"{status} {TOKEN}", (("Location", f"/{TOKEN}"), ("traceId", TOKEN))))
    yield Case("echo location refused", ["location"], lambda value, _: answer_of({"message": TOKEN, "traceId": TOKEN}, "404 Not Found"), must="missing")
    yield Case("echo HTML", ["list:b1"], lambda value, _: Answer("502 Bad Gateway", f"<html>{TOKEN}</html>"), must="missing")
    yield Case("echo id", ["contact:c2"], lambda value, _: answer_of({"contact": {"id": TOKEN}}), must="missing")
    yield Case("echo owner", ["list:b2"],
               lambda value, _: answer_of({"contacts": [slim("c4"), {"id": "c9", "locationId": TOKEN}]}) if value["contacts"] else None, must="missing")


def sample(cases, step):
    """In a debug build, every case of a large table would take too long; `all` runs them."""
    return [case for number, case in enumerate(cases) if "all" in words or words or number % step == 0]


ADDRESSES = ["http://127.0.0.1\\@127.1:PORT", "http://127.1:PORT", "http://2130706433:PORT", "http://0x7f000001:PORT", "http://0177.0.0.1:PORT",
             "http://127.0.0.1:65536", "http://127.0.0.1:99999999999999999999", "http://127.0.0.1:", "http://127.0.0.1:0", "http://127.0.0.1:-1",
             "http://user:pa55word@127.0.0.1:PORT", "http://127.0.0.1:PORT@example.invalid", "http://127.0.0.1:PORT#x", "http://127.0.0.1:PORT?x",
             "http://127.0.0.1 :PORT", "http://127.0.0.1:PORT\t", "http://%31%32%37.0.0.1:PORT", "http://[::1%25lo]:PORT", "http://[::ffff:127.0.0.1]:PORT",
             "http://127.0.0.1.:PORT", "http:127.0.0.1:PORT", "http:///127.0.0.1:PORT", "ftp://127.0.0.1:PORT", "http://0.0.0.0:PORT",
             "http://127.0.0.1.example.invalid:PORT", "http://localhost.:PORT", "http+unix://%2Ftmp%2Fx", "http://127.0.0.1:08080",
             "http://127.0.0.1:PORT/../x", "http://１２７.0.0.1:PORT", ""]


# One run, and what must hold for it.

class Failure(Exception):
    pass


def project(folder, address):
    gates = "gates: {read: {min: 0}, coverage: {min_percent: 100}}"
    with open(f"{folder}/waybill.yaml", "w") as file:
        file.write(f"pipeline: hostile\nsource:\n  ghl: {{location: {LOCATION}, auth: {{token: {{env: HOSTILE_TOKEN}}}}, base_url: {json.dumps(address)},"
                   " requests: {attempts: 2, timeout: 3s, longest_wait: 5s}}\n"
                   f"mappings: [{', '.join(name + '.yaml' for name in MAPPINGS)}]\ndestinations: {{files: {{ndjson: {{path: 'out/{{mapping}}.ndjson'}}}}}}\n{gates}\n")
    for name, (entity, fields) in MAPPINGS.items():
        with open(f"{folder}/{name}.yaml", "w") as file:
            file.write(f"mapping: 1\nname: {name}\nsource: {{entity: {entity}, key: id}}\ntarget: {{entity: {entity}, key: id}}\nfields:\n"
                       + "".join(f"  {target}: {source}\n" for target, source in fields.items()))


def run(arguments, folder):
    environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "HOSTILE_TOKEN": TOKEN, "GHL_TOKEN": TOKEN, "GHL_LOCATION": LOCATION,
                   "SWIFT_BACKTRACE": "enable=no"}
    child = subprocess.Popen([waybill, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    try:
        out, error = child.communicate(timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise Failure("it hangs")
    if child.returncode not in CODES:
        raise Failure(f"it ends with {child.returncode}: {error.decode(errors='replace')[-400:]}")
    return child.returncode, out, error


def check_leaks(folder, outputs):
    secrets = {value.encode() for form, value in forms(TOKEN).items() if not form.startswith("base64 ")}
    core = base64.b64encode(b"xy" + TOKEN.encode()).decode()[4:-4].encode()
    for name, data in outputs.items():
        if any(secret in data for secret in secrets | {core}):
            raise Failure(f"the token is in {name}: …{data[-300:].decode(errors='replace')}")
    for place, _, names in os.walk(folder):
        for name in names:
            # Records are kept as received.
            if place.endswith("/" + LOCATION) and name != "manifest.json" and name != "problems.ndjson":
                continue
            with open(f"{place}/{name}", "rb") as file:
                data = file.read()
            found = [secret for secret in secrets | {core} if secret in data]
            if found:
                raise Failure(f"the token is in {place[len(folder):]}/{name} as {found[0].decode()}")


def check_records(folder, code, has_less, asks_to_wait):
    """Nothing is lost, nothing is invented: correct lines, and all of them if the run says that it is done."""
    lines = {}
    for entity in ["contact", "note", "task", "appointment"]:
        paths = [f"{place}/{entity}.ndjson" for place, _, names in os.walk(f"{folder}/.waybill/snapshots") if f"{entity}.ndjson" in names]
        lines[entity] = []
        for path in paths:
            with open(path, "rb") as file:
                lines[entity] += file.read().splitlines()
    for entity, found in lines.items():
        names = []
        for line in found:
            try:
                value = json.loads(line)
            except ValueError:
                continue
            if not isinstance(value, dict):
                continue
            name = str(value.get("id"))[0 if entity == "contact" else 1:]
            names.append(name)
            if value != record(entity, name):
                raise Failure(f"a {entity} is not what the source has: {line[:200]}")
        if len(names) != len(set(names)):
            raise Failure(f"a {entity} occurs twice: {names}")
    runs = sorted(os.listdir(f"{folder}/.waybill/runs")) if os.path.isdir(f"{folder}/.waybill/runs") else []
    if not runs:
        if code == 0:
            raise Failure("it is done, and there is no run")
        return
    with open(f"{folder}/.waybill/runs/{runs[-1]}/summary.json") as file:
        summary = json.load(file)
    if summary["exit_code"] != code or summary["status"] == "running" or summary["unaccounted"] != 0:
        raise Failure(f"the summary says {summary['status']} {summary['exit_code']}, unaccounted {summary['unaccounted']}; the program {code}")
    for name, entity in summary["entities"].items():
        for destination in entity["destinations"].values():
            if sum(destination.values()) != entity["read"]:
                raise Failure(f"'{name}' read {entity['read']}, and its outcomes are {destination}")
    if code == 75 and asks_to_wait and not summary["retry_after_seconds"]:
        raise Failure("it ends with 75 and does not say when to try again")
    if code == 0 and not has_less:
        for name, (entity, fields) in MAPPINGS.items():
            with open(f"{folder}/out/{name}.ndjson") as file:
                written = sorted(file.read().splitlines())
            wanted = sorted(json.dumps({target: record(entity, contact)[source] for target, source in fields.items()}, separators=(",", ":"))
                            for contact in BUSINESS)
            if written != wanted:
                raise Failure(f"done, and out/{name}.ndjson is not what the source has: {written}")


def check(number, case, server):
    folder = tempfile.mkdtemp(prefix="waybill-hostile-")
    try:
        server.cases[number] = case
        project(folder, f"http://127.0.0.1:{server.port}/{number}")
        started = time.monotonic()
        code, out, error = run(case.command or ["run", "--quiet"], folder)
        check_leaks(folder, {"standard output": out, "standard error": error})
        if case.command is None:
            check_records(folder, code, case.must == "less", case.name.startswith("retry-after"))
            if case.must == "done" and code != 0:
                raise Failure(f"it should succeed: {code}, {error.decode(errors='replace')[-300:]}")
            if case.must == "missing" and code == 0:
                raise Failure("something is missing, but the exit code is 0")
        return code, time.monotonic() - started, None
    except Failure as failure:
        return None, 0, f"{case.name}: {failure}"
    finally:
        server.cases.pop(number, None)
        shutil.rmtree(folder, ignore_errors=True)


def check_address(address, server):
    folder = tempfile.mkdtemp(prefix="waybill-hostile-")
    address = address.replace("PORT", str(server.port))
    try:
        for arguments, written in [(["run", "--quiet"], address), (["list", "businesses", "--base-url", address], "https://127.0.0.1:1")]:
            project(folder, written)
            before = len(server.strangers)
            code, out, error = run(arguments, folder)
            if code not in (64, 65, 78) or len(server.strangers) != before:
                raise Failure(f"it is accepted: {code}")
            if b"pa55word" in out + error:
                raise Failure("the password is printed")
        check_leaks(folder, {})
        return code, 0, None
    except Failure as failure:
        return None, 0, f"address {address!r}: {failure}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


waybill, words = os.path.abspath(sys.argv[1]), sys.argv[2:]


def main():
    server = Server()
    cases = list(itertools.chain(
        sample(header_cases(), 2), sample(status_cases(), 2), sample(body_cases(), 2), identity_cases(), sample(connection_cases(), 2),
        sample(count_cases(), 2), paging_cases(), sample(echo_cases(), 3)))
    cases.insert(0, Case("nothing wrong", [], None, must="done"))
    chosen = [case for case in cases if not words or words == ["all"] or any(word in case.name for word in words)]
    addresses = [address for address in ADDRESSES if not words or words == ["all"] or "address" in words]
    started = time.monotonic()
    with ThreadPoolExecutor(int(os.environ.get("WAYBILL_HOSTILE_RUNS", 6))) as pool:
        results = list(pool.map(lambda item: check(str(item[0]), item[1], server), enumerate(chosen)))
        # One at a time, because the server records who connects.
        results += [check_address(address, server) for address in addresses]
    failures = [failure for _, _, failure in results if failure]
    codes = {}
    for code, _, _ in results:
        codes[code] = codes.get(code, 0) + 1
    slowest = max((seconds for _, seconds, _ in results), default=0)
    print(f"hostile: {len(results)} answers and addresses in {time.monotonic() - started:.0f} s, the slowest run {slowest:.0f} s; exit codes "
          + ", ".join(f"{code}: {count}" for code, count in sorted(codes.items(), key=str)))
    if failures:
        sys.exit("soak: FAILED:\n" + "\n".join(failures[:60]) + (f"\n… {len(failures) - 60} more" if len(failures) > 60 else ""))


main()
