import Control
import Core
import Extract
import Files
import Glibc
import HTTP
import Load
import PipelineFile
import Records
import Report
import TestSupport
import Testing

@testable import Pipeline

@Suite struct PipelineDocumentTests {
  static let environment = ["LOCATION": "loc1", "PERCENT": "70", "EMPTY": ""]

  func read(_ text: String) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    PipelineDocument.read(file: "project/waybill.yaml", text: text, environment: Self.environment)
  }

  static let whole = """
    pipeline: acme-nightly
    source:
      ghl:
        location: ${LOCATION}
        businesses: [b1, "Acme & Söhne"]
        without_business: include
        base_url: ${URL:-https://api.example}
        auth: {token: {env: GHL_TOKEN}, fallback: {file: secrets/next}}
        budget: {daily_percent: "${PERCENT}"}
    mappings: [mappings/contacts.yaml, /abs/tasks.yaml]
    destinations:
      files: {csv: {path: "out/{date}/{mapping}.csv", crlf: true, escape_formulas: false}}
      lines: {ndjson: {path: "out/{location}-{run}.ndjson", mappings: [contacts]}}
      base: {sqlite: {path: out/app.sqlite, table: "{mapping}_{location}", mode: replace}}
    gates:
      read: {min: 5}
      coverage: {min_percent: 99.5, severity: warning}
      rejected: {max_percent: 2, min_records: 200, max: 10}
    """

  @Test(arguments: [
    "location: ${SECRET}\n      without_business: ${SECRET}", "location: x\n      businesses: ${SECRET}",
    "location: x\n      requests: {attempts: '${SECRET}'}", "location: x\n      requests: {timeout: '${SECRET}'}",
    "location: x\n      requests: {timeout: 'in ${SECRET} s'}", "location: x\n      budget: {daily_percent: '${SECRET}'}",
    "location: x\n      base_url: 'http://${SECRET}/x'", "location: x\n      base_url: '${SECRET}'",
    "location: x\n      auth: {token: '${SECRET}'}", "location: x\n      auth: {token: {file: '${SECRET}/{x}'}}",
    "location: x\n      auth: {token: {command: ['${SECRET}', '${']}}",
  ])
  func `an invalid value from the environment is not shown`(ghl: String) {
    for secret in ["correct horse battery", "hunter2", "a/b.c", "geh\u{E4}im", "x"] {
      var text = "pipeline: x\nsource:\n  ghl:\n      \(ghl)\n"
      if !ghl.contains("auth:") { text += "      auth: {token: {env: T}}\n" }
      text += """
        mappings: ["${SECRET}", "m/${SECRET}.yaml", "${SECRET}"]
        destinations:
          a: {csv: {path: "${SECRET}/{mappin}.csv", crlf: "${SECRET}"}}
          b: {csv: {path: "${SECRET}.csv"}}
          c: {csv: {path: "${SECRET}.csv"}}
        gates:
          rejected: {max_percent: "${SECRET}", severity: "${SECRET}"}

        """
      var environment = Self.environment
      environment["SECRET"] = secret
      let (document, diagnostics) = PipelineDocument.read(file: "project/waybill.yaml", text: text, environment: environment)
      #expect(document == nil)
      let shown = diagnostics.all.map { diagnostics.text(of: $0) }.joined(separator: "\n")
      let hints = diagnostics.all.flatMap { [$0.message, $0.hint ?? ""] }
      #expect(hints.count >= 8, "\(shown)")
      // A single letter is hidden where it is quoted, and stays a letter elsewhere.
      let found = secret == "x" ? "'x'" : secret
      #expect(!shown.contains(found) && !hints.contains { $0.contains(found) }, "\(shown)")
      #expect(hints.contains { $0.contains("${SECRET}") })
    }
  }

  @Test func `a mapping's path that contains a value from the environment is shown as the pipeline writes it`() throws {
    let folder = TemporaryFolder()
    try folder.write("Xavers Schatz/m.yaml", "mapping: 1\nnaem: m\n")
    let text = """
      pipeline: x
      source: {csv: {contact: in.csv}}
      mappings: ["${PART}/m.yaml", "${PART}/none.yaml", "/${PART}/m.yaml"]
      destinations: {a: {csv: {path: "out/{mapping}.csv"}}}
      """
    let (document, found) = PipelineDocument.read(
      file: folder.path + "/waybill.yaml", text: text, environment: ["PART": "Xavers Schatz"])
    var diagnostics = found
    diagnostics.merge(PipelineCompilation.compile(try #require(document), boundary: FileBoundary([folder.path])).diagnostics)
    let shown = diagnostics.all.map { diagnostics.text(of: $0) }.joined(separator: "\n")
    #expect(!shown.contains("Xavers"), "\(shown)")
    #expect(shown.contains("${PART}/m.yaml:2:1: error: unknown-key") && shown.contains("naem: m"), "\(shown)")
    #expect(shown.contains("${PART}/none.yaml'") && shown.contains("the mapping '/${PART}/m.yaml' is outside"), "\(shown)")
  }

  @Test(arguments: [
    ("pipeline: acme-nightly", "", "a pipeline", "one of: pipeline, source, "),
    ("businesses:", "    ", "source.ghl", "one of: location, "), ("read: {", "", "gates.read", "one of: "),
  ])
  func `for the key review, which belongs in mappings, a pipeline's hint lists its own keys`(
    beside: String, indent: String, what: String, hint: String
  ) throws {
    let key = beside.hasSuffix("{") ? beside + "review: guess, " : "review: guess\n\(indent)\(beside)"
    let found = read(Self.whole.replacing(beside, with: key)).diagnostics.all.filter { $0.code == .unknownKey }
    let diagnostic = try #require(found.first)
    #expect(found.count == 1 && diagnostic.message == "\(what) has no key 'review'")
    #expect(diagnostic.hint?.hasPrefix(hint) == true, "\(diagnostic.hint ?? "none")")
  }

  @Test func `a pipe in place of a mapping is reported as such`() throws {
    let folder = TemporaryFolder()
    #expect(mkfifo("\(folder.path)/pipe.yaml", 0o600) == 0)
    try folder.write("in.csv", "id\n")
    let text = """
      pipeline: x
      source: {csv: {contact: in.csv}}
      mappings: [pipe.yaml]
      destinations: {a: {csv: {path: "out/{mapping}.csv"}}}
      """
    let (document, _) = PipelineDocument.read(file: folder.path + "/waybill.yaml", text: text, environment: [:])
    let found = PipelineCompilation.compile(try #require(document), boundary: FileBoundary([folder.path])).diagnostics.all
    #expect(found.map(\.code) == [.notRegularFile])
    #expect(found.first?.message.hasSuffix("pipe.yaml' is not a regular file (it is a pipe, a socket or a device)") == true)
    #expect(found.first?.hint == "save its content to a regular file and name that file")
    #expect(found.first?.place.line == 3)
  }

  @Test func `paths and names in two Unicode forms are different`() throws {
    let text = """
      pipeline: x
      source: {csv: {caf\u{E9}: a.csv, cafe\u{301}: b.csv}}
      mappings: [caf\u{E9}.yaml, cafe\u{301}.yaml, caf\u{E9}.yaml]
      destinations:
        a: {csv: {path: "out/caf\u{E9}/{mapping}.csv", mappings: [caf\u{E9}]}}
        b: {csv: {path: "out/cafe\u{301}/{mapping}.csv"}}
      """
    let diagnostics = read(text).diagnostics
    #expect(diagnostics.all.filter { $0.code == .duplicateKey }.map(\.place.line) == [3])
    let destinations = try #require(read(text.replacing(", caf\u{E9}.yaml]", with: "]")).document).destinations
    #expect(destinations.count == 2)
    #expect(destinations[0].takes("caf\u{E9}") && !destinations[0].takes("cafe\u{301}"))
    // A slash before a combining mark is still a slash.
    let path = try #require(destinations[1].kind.path).path([.mapping: "../\u{301}x"])
    #expect(path.isExactly("project/out/cafe\u{301}/.._\u{301}x.csv"))
    #expect(FilePath.folder(of: "out/\u{301}x.csv").isExactly("out") && FilePath.name(of: "out/\u{301}x").isExactly("\u{301}x"))
  }

  @Test func `a whole pipeline is read, its paths against its own folder`() throws {
    let (document, diagnostics) = read(Self.whole)
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    let found = try #require(document)
    #expect(found.name == "acme-nightly")
    #expect(found.mappings.map(\.path) == ["project/mappings/contacts.yaml", "/abs/tasks.yaml"])
    guard case .ghl(let source) = found.source else {
      Issue.record("no ghl source")
      return
    }
    #expect(source.location == "loc1")
    #expect(source.businesses == ["b1", "Acme & Söhne"])
    #expect(source.withoutBusiness == .include)
    #expect(source.baseURL == "https://api.example")
    #expect(source.token == .environment("GHL_TOKEN"))
    #expect(source.fallback == .file("project/secrets/next"))
    #expect(source.dailyPercent == 70)
    #expect(found.destinations.map(\.name) == ["files", "lines", "base"])
    guard case .file(.csv(let options), let path) = found.destinations[0].kind else {
      Issue.record("not CSV")
      return
    }
    #expect(options.crlf)
    #expect(!options.escapesFormulas)
    #expect(path.path([.date: "2026-01-02", .mapping: "a/b"]) == "project/out/2026-01-02/a_b.csv")
    #expect(found.destinations[1].takes("contacts"))
    #expect(!found.destinations[1].takes("tasks"))
    guard case .sqlite(let path, let table, let mode) = found.destinations[2].kind else {
      Issue.record("not SQLite")
      return
    }
    #expect(path.text == "project/out/app.sqlite")
    #expect(table.text([.mapping: "a/b", .location: "l"]) == "a/b_l")
    #expect(mode == .replace)
    #expect(
      found.gates == [
        GateDocument(.read(min: 5)), GateDocument(.coverage(minPercent: 99.5), severity: .warning),
        GateDocument(.rejected(maxPercent: 2, minRecords: 200, max: 10)), GateDocument(.written(min: 1, minPercentOfLast: 50)),
      ])
  }

  @Test(arguments: [
    ("{}", GateDocument(.written(min: 1, minPercentOfLast: 50))),
    ("{min: 0}", GateDocument(.written(min: 0, minPercentOfLast: 50))),
    ("{min_percent_of_last: 0}", GateDocument(.written(min: 1, minPercentOfLast: 0))),
    (
      "{min: 20, min_percent_of_last: 99.5, severity: warning}",
      GateDocument(.written(min: 20, minPercentOfLast: 99.5), severity: .warning)
    ),
  ]) func `the gate written has its own defaults`(_ text: String, _ gate: GateDocument) throws {
    let pipeline = Project.pipeline.replacing("rejected: {max: 3}", with: "written: \(text)")
    #expect(try #require(read(pipeline).document).gates == [GateDocument(.read(min: 1)), gate])
  }

  @Test(arguments: ["{min: -1}", "{min_percent_of_last: 101}", "{mim: 1}", "false", "{min: many}"])
  func `an invalid gate is refused`(_ text: String) {
    let (document, diagnostics) = read(Project.pipeline.replacing("rejected: {max: 3}", with: "written: \(text)"))
    #expect(document == nil && diagnostics.hasErrors)
  }

  /// The value of `requests`: attempts, timeout, longest wait; nil if it is refused.
  @Test(
    arguments: [
      ("{attempts: 1, timeout: 1s, longest_wait: 1h}", [1, 1, 3_600]), ("{timeout: 10m}", [nil, 600, nil]),
      ("{}", [nil, nil, nil]),
      ("{attempts: 0}", nil), ("{attempts: 21}", nil), ("{attempts: 9223372036854775807}", nil), ("{timeout: 30}", nil),
      ("{timeout: 0s}", nil), ("{timeout: 11m}", nil), ("{timeout: -5s}", nil), ("{timeout: 99999999999999999999s}", nil),
      ("{longest_wait: 2h}", nil), ("{longest_wait: 1d}", nil), ("{tries: 3}", nil), ("5", nil),
    ] as [(String, [Int?]?)])
  func `retries and time limits have bounds`(_ text: String, _ values: [Int?]?) {
    let (document, diagnostics) = read(Self.whole.replacing("budget: {daily_percent: \"${PERCENT}\"}", with: "requests: \(text)"))
    guard case .ghl(let source)? = document?.source else {
      #expect(values == nil && diagnostics.hasErrors)
      return
    }
    let found = source.requests
    #expect([found.attempts, found.timeoutSeconds, found.longestWaitSeconds] == values)
  }

  @Test(
    arguments: [
      "https://user:pa55word@api.example", #"http://127.0.0.1\@127.1:80"#, "https://api.example:65536", "http://0x7f.1",
      "ftp://api.example",
      "https://api.example?x=pa55word",
    ])
  func `an ambiguous address is refused, and a password in it is not repeated`(_ address: String) throws {
    let (document, diagnostics) = read(Self.whole.replacing("${URL:-https://api.example}", with: "'\(address)'"))
    #expect(document == nil)
    let found = try #require(diagnostics.all.first)
    #expect(diagnostics.all.count == 1 && found.code == .badArgument && found.place.line == 7)
    #expect(!found.message.contains("pa55word") && found.hint?.contains("pa55word") != true)
  }

  @Test func `without gates at least one record must be read`() throws {
    let text =
      "pipeline: p\nsource: {ndjson: {contact: in.ndjson}}\nmappings: [m.yaml]\ndestinations: {f: {json: {path: o.json}}}"
    let document = try #require(read(text).document)
    #expect(document.gates == [GateDocument(.read(min: 1)), GateDocument(.written(min: 1, minPercentOfLast: 50))])
    guard case .files(.ndjson, let files) = document.source else {
      Issue.record("no files")
      return
    }
    #expect(files.map(\.path) == ["project/in.ndjson"])
  }

  /// A replacement in the whole pipeline, and the `line:column code` that it gives.
  static let mistakes: [(String, String, [String])] = [
    ("pipeline: acme", "pipelin: acme", ["1:1 unknown-key"]),
    ("pipeline: acme-nightly", "pipeline: [a]", ["1:11 wrong-kind"]),
    (
      "gates:", "retention: {runs: 90d}\nnotify: {command: [./page-me]}\ngates:",
      ["15:1 not-supported-yet", "16:1 not-supported-yet"]
    ),
    ("coverage:", "failed: {max_percent: 1}\n  covrage:", ["18:3 unknown-key"]),
    ("${LOCATION}", "x${LOCATON}", ["4:16 environment-missing"]),
    ("${LOCATION}", "${LOCATION", ["4:15 wrong-kind"]),
    ("${LOCATION}", "\"${EMPTY}\"", ["4:15 wrong-kind"]),
    ("location: ${LOCATION}", "locations: [{id: a}]", ["4:5 not-supported-yet"]),
    ("{env: GHL_TOKEN}", "pit-123", ["8:19 literal-secret"]),
    ("{env: GHL_TOKEN}", "{env: pit-1-2}", ["8:25 literal-secret"]),
    ("{token: {env: GHL_TOKEN}, fallback: {file: secrets/next}}", "{oauth: acme}", ["8:12 not-supported-yet"]),
    ("budget:", "removed_guard: {max_percent: 1}\n    budgt:", ["9:5 not-supported-yet", "10:5 unknown-key"]),
    ("\"${PERCENT}\"", "170", ["9:29 wrong-kind"]),
    ("without_business: include", "without_business: includ", ["6:23 unknown-word"]),
    ("/abs/tasks.yaml", "mappings/contacts.yaml", ["10:36 duplicate-key"]),
    ("{mapping}.csv", "{maping}.csv", ["12:23 unknown-word"]),
    ("{mapping}.csv", "{location.NAME}.csv", ["12:23 not-supported-yet"]),
    ("{mapping}.csv", "all.csv", ["12:23 two-writers"]),
    ("{mapping}.csv", "{mapping}.csv.GZ", ["12:23 wrong-kind"]),
    ("{ndjson: {path", "{ghl: {path", ["13:11 missing-keyword", "13:17 unknown-key", "13:64 wrong-kind"]),
    ("mode: replace", "mode: merge", ["14:78 unknown-word"]),
    ("path: out/app.sqlite, ", "", ["14:10 missing-keyword"]),
    ("{mapping}_{location}", "{maping}", ["14:48 unknown-word"]),
    ("{mapping}_{location}", "all", ["14:48 two-writers"]),
    ("mode: replace", "mode: replace, crlf: true", ["14:87 unknown-key"]),
    ("crlf: true", "crlf: yes", ["12:57 wrong-kind"]),
    ("min: 5", "min: -5", ["16:15 wrong-kind"]),
    ("max_percent: 2, ", "", ["18:27 bad-argument"]),
    ("severity: warning", "severity: warn", ["17:43 unknown-word"]),
  ]

  @Test(arguments: mistakes) func `each mistake has its place`(_ mistake: (String, String, [String])) {
    let text = Self.whole.replacing(mistake.0, with: mistake.1, maxReplacements: 1)
    #expect(text != Self.whole)
    let (document, diagnostics) = read(text)
    #expect(document == nil)
    #expect(diagnostics.sorted.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue)" } == mistake.2)
  }

  @Test func `a secret is never repeated in a message`() {
    let (_, diagnostics) = read(Self.whole.replacing("{env: GHL_TOKEN}", with: "pit-0000-secret"))
    #expect(diagnostics.all.allSatisfy { !$0.message.contains("secret\"") && !$0.message.contains("pit-0000") })
  }

  @Test func `all errors are reported at once`() {
    let text = Self.whole.replacing("without_business: include", with: "without_busines: include").replacing(
      "min: 5", with: "mn: 5"
    )
    .replacing("{mapping}.csv", with: "{mappng}.csv")
    #expect(read(text).diagnostics.all.count == 3)
  }

  @Test func `a missing file is reported as missing`() {
    let (document, diagnostics) = PipelineDocument.load(path: "/nowhere/waybill.yaml", environment: [:])
    #expect(document == nil)
    #expect(diagnostics.all.map(\.code) == [.inputMissing])
  }
}
