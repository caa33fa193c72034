import Core
import Extract
import Foundation
import State
import Testing

@testable import Commands

/// What each command shows on a terminal of 80 and of 120 columns, with wide characters, marks and controls in the data: golden
/// files, inspected in a terminal. `WAYBILL_REWRITE_GOLDEN=1` writes them anew; look at them before they are committed.
@Suite("Screens")
struct ScreenTests {
  private static let folder = checkout + "/fixtures/golden/screens"

  private struct Shown {
    var name: String
    var arguments: [String]
    /// Every line fits; lists and messages for other programs, and command lines to copy, are never wrapped.
    var fits = true
  }

  private static let shown = [
    Shown(name: "check", arguments: ["check", "--explain"], fits: false), Shown(name: "test", arguments: ["test", "--coverage"]),
    Shown(name: "test-failed", arguments: ["test", "failing.yaml"], fits: false),
    Shown(name: "check-diagnostics", arguments: ["check", "wrong.yaml"], fits: false),
    Shown(name: "preview", arguments: ["preview", "people.yaml", "--input", "people.ndjson"]),
    Shown(
      name: "transform", arguments: ["transform", "--mapping", "people.yaml", "--input", "people.ndjson", "--output", "t.csv"],
      fits: false),
    Shown(
      name: "validate", arguments: ["validate", "--schema", "person.schema.json", "--input", "people.ndjson"], fits: false),
    Shown(name: "run", arguments: ["run"], fits: false), Shown(name: "runs-list", arguments: ["runs", "list"]),
    Shown(name: "runs-show", arguments: ["runs", "show"]), Shown(name: "ledger", arguments: ["ledger"]),
    Shown(name: "ledger-record", arguments: ["ledger", "--record", "顧客-2"]),
    Shown(name: "ledger-history", arguments: ["ledger", "--record", "顧客-2", "--all-runs"]),
    Shown(name: "rejects", arguments: ["rejects"], fits: false),
    Shown(name: "rejects-file", arguments: ["rejects", "--output", "rejects.csv", "--force"]),
    Shown(name: "ledger-groups", arguments: ["ledger", "--group-by", "code,field"]),
    Shown(name: "reconcile", arguments: ["reconcile"]), Shown(name: "journal-list", arguments: ["journal", "list"]),
    Shown(name: "journal-export", arguments: ["journal", "export", "--output", "j.ndjson"], fits: false),
    Shown(name: "journal-import", arguments: ["journal", "import", "--input", "other.ndjson"], fits: false),
    Shown(name: "journal-resolve", arguments: ["journal", "resolve", "--all", "--as", "stored", "--dry-run"]),
    Shown(name: "plan-files", arguments: ["plan"]), Shown(name: "plan-ghl", arguments: ["plan", "ghl.yaml", "--offline"]),
    Shown(name: "functions", arguments: ["functions"]),
    Shown(name: "functions-phone", arguments: ["functions", "phone"]), Shown(name: "explain", arguments: ["explain"]),
    Shown(name: "explain-code", arguments: ["explain", "nullable-into-required"]),
    Shown(name: "explain-exit-code", arguments: ["explain", "75"]),
    Shown(name: "run-dry", arguments: ["run", "--dry-run"], fits: false),
  ]

  @Test(arguments: [80, 120])
  func `the screens of all commands are as they were inspected`(columns: Int) async throws {
    try await Self.withShortFolder { folder in
      try Self.write(in: folder)
      for shown in Self.shown {
        let text = try await Self.screen(shown.arguments, columns: columns, in: folder)
        if shown.fits {
          for line in text.split(separator: "\n").dropFirst() {
            #expect(CellWidth.of(line) <= columns, "\(shown.name): \(line)")
          }
        }
        try Self.compare(text, shown.name, columns)
      }
    }
  }

  @Test(arguments: [80, 120])
  func `a plan with many reasons and long names fits`(columns: Int) throws {
    let plan = PipelinePlan(
      pipeline: "夜間バッチ",
      shards: [
        .init(shard: "a", location: "Lq7cTgNb2xVw9mKe4RzY", requests: 12_345, seconds: 3_720, fits: true, dailyLimit: 200_000),
        .init(shard: "b", location: "東京-本店-ロケーション", requests: 1_200_000, seconds: 400_000, fits: false),
      ],
      calls: [
        .init(call: .location, requests: 1, reasons: ["contact.timezone"]),
        .init(
          call: .detail, requests: 12_000,
          reasons: ["contact.attributionSource", "contact.additionalEmails", "contact.dndSettings", "contact.opportunities", "x"]),
      ], contacts: 12_000, businesses: 7, basis: .api, warnings: [])
    let text = PlanCommand.text(of: plan, fitting: columns)
    for line in text.split(separator: "\n") { #expect(CellWidth.of(line) <= columns, "\(line)") }
    #expect(text.hasPrefix("夜間バッチ: 12,000 contacts in 7 businesses (counted by the API)\n\n"), "\(text)")
    #expect(text.hasSuffix("\nLq7cTgNb2xVw9mKe4RzY: 6.2 % of the daily limit of 200,000\n"), "\(text)")
    // Wrapped or not, all of the reasons are there.
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("contact.dndSettings, contact.opportunities and 1 more"), "\(text)")
  }

  @Test(arguments: [80, 120])
  func `a plan with long names of what is written fits`(columns: Int) throws {
    var plan = PipelinePlan(
      pipeline: "夜間バッチ",
      shards: [
        .init(shard: "a", location: "Lq7cTgNb2xVw9mKe4RzY", requests: 12, seconds: 1, fits: true, dailyLimit: 200_000),
        .init(shard: "b", location: "東京-本店-ロケーション", requests: 120_000, seconds: 12_600, fits: nil, dailyLimit: 200_000),
      ], calls: [.init(call: .location, requests: 1, reasons: [])], contacts: 12_000, businesses: 7, basis: .api, warnings: [])
    plan.writes = [
      .init(destination: "東京-本店", mapping: "連絡先-contacts-with-a-long-name", records: 12_000, requests: 120_000),
      .init(destination: "東京-本店", mapping: "notes", records: nil, requests: nil),
    ]
    let scopes = [
      "contacts.readonly", "contacts.write", "locations/customFields.readonly", "locations.readonly", "users.readonly",
    ]
    plan.targets = [.init(name: "東京-本店", location: "東京-本店-ロケーション", scopes: scopes)]
    for basis in [PipelinePlan.Basis.api, .files] {
      plan.basis = basis
      let text = PlanCommand.text(of: plan, fitting: columns)
      for line in text.split(separator: "\n") { #expect(CellWidth.of(line) <= columns, "\(line)") }
      #expect(text.contains("120,000\n") && text.contains(" unknown  "), "\(text)")
      #expect(text.contains("Lq7cTgNb2xVw9mKe4RzY") == (basis == .api))
      // 120,000 of 200,000 requests.
      #expect(text.contains("60.0 % of the daily limit of 200,000\n"), "\(text)")
      let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.hasSuffix("The token of '東京-本店' needs \(scopes.joined(separator: ", "))."), "\(text)")
    }
  }

  /// What golden files have in place of the folder's path. It has the same length, so that lines break at the same places.
  private static let shownFolder = "/tmp/wb00"

  private static func withShortFolder(_ body: (String) async throws -> Void) async throws {
    let folder = try #require(
      (10...99).shuffled().map { (number: Int) -> String in "/tmp/wb\(number)" }
        .first { mkdir($0, 0o700) == 0 })
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  private static func compare(_ text: String, _ name: String, _ columns: Int) throws {
    let path = "\(folder)/\(name)-\(columns).txt"
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(text == (try? String(contentsOfFile: path, encoding: .utf8)), "\(name) at \(columns) columns")
  }

  /// Standard output and standard error as a terminal shows them, with times, durations and paths that are always the same.
  private static func screen(_ arguments: [String], columns: Int, in folder: String) async throws -> String {
    let text = Locked("$ waybill \(arguments.joined(separator: " "))\n")
    let files: Set = [
      "people.yaml", "failing.yaml", "wrong.yaml", "people.ndjson", "person.schema.json", "t.csv", "j.ndjson", "other.ndjson",
      "rejects.csv", "ghl.yaml",
    ]
    let placed = arguments.map { files.contains($0) ? folder + "/" + $0 : $0 }
    let usesProject = !["transform", "validate", "functions", "explain"].contains(arguments[0])
    let console = Console(
      writeOutput: { part in text.withLock { $0 += part } }, writeError: { part in text.withLock { $0 += part } },
      isErrorTerminal: true, isOutputTerminal: true, hasColour: false, width: { columns })
    _ = await CommandEntry.run(
      placed + (usesProject ? ["--project", folder] : []), in: Surroundings(console: console, environment: ["TERM": "dumb"]))
    return text.withLock { $0 }
      // Progress is drawn and erased, depending on the time that passes.
      .replacing(/(\r\u{1B}\[2K[^\r\n]*)*\r\u{1B}\[2K/, with: "")
      .replacing(folder, with: shownFolder)
      .replacing(/\d{8}T\d{9}Z-[0-9a-z]{6}/, with: "20260725T020000000Z-00kq2m")
      .replacing(/repairs-[0-9a-z]{6}/, with: "repairs-00kq2m")
      .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "2026-07-25T02:00:00Z")
      // Of a digest with the project's own key.
      .replacing(/\b[0-9a-f]{8}…/, with: "6342cfc1…")
      .replacing(/\ in \d[\d.]* (s|min|h)( \d+ (s|min))?\b/, with: " in 0.1 s")
      .replacing(/\d+\.\d s\b/, with: "0.1 s")
  }

  // MARK: The project

  private static let fields = """
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    lookups: {plans: {lead: F, customer: P}}
    fields:
      id: id
      名前: {from: [lastName, firstName], do: [trim, {join: " "}], required: true}
      email: {from: email, do: [trim, lower, email], on_error: nullify}
      plan: {from: type, do: [{lookup: plans}], on_error: reject}
    where: city != "test"

    """

  private static func write(in folder: String) throws {
    let tests = """
      tests:
        - name: 名前は一つのテキストになる
          given: {id: c1, lastName: 山田, firstName: 太郎, type: lead}
          expect: {名前: 山田 太郎}

      """
    let files = [
      (
        "waybill.yaml",
        """
        pipeline: 夜間-nightly
        source: {ndjson: {contact: people.ndjson}}
        mappings: [people.yaml]
        destinations: {files: {csv: {path: out.csv}}, backup: {ndjson: {path: out.ndjson}}}
        """
      ),
      (
        "ghl.yaml",
        """
        pipeline: 夜間-ghl
        source: {ndjson: {contact: people.ndjson}}
        mappings: [contacts.yaml, tags.yaml]
        destinations:
          crm:
            ghl:
              location: Lq7cTgNb2xVw9mKe4RzY
              auth: {token: {env: T}}
              mappings:
                contacts: {to: contacts}
                tags: {to: tags, contact: {mapping: contacts, field: contactId}}
        """
      ),
      (
        "contacts.yaml",
        """
        mapping: 1
        name: contacts
        source: {entity: contact, key: id}
        target: {entity: contact, key: key}
        fields: {key: id, firstName: firstName, lastName: lastName, email: email, assignedTo: type}
        """
      ),
      (
        "tags.yaml",
        """
        mapping: 1
        name: tags
        source: {entity: contact, key: id}
        target: {entity: tag, key: contactId}
        fields: {contactId: id, tags: tags}
        """
      ),
      ("people.yaml", "mapping: 1\nname: people\n" + fields + tests),
      ("failing.yaml", "mapping: 1\nname: people\n" + fields + tests.replacing("expect: {名前: 山田 太郎}", with: "expect: {名前: 山田}")),
      ("wrong.yaml", "mapping: 1\nname: wrong\n" + fields.replacing("trim, lower", with: "trim, 下げる, lowr")),
      ("person.schema.json", #"{"type":"object","required":["id"],"properties":{"type":{"enum":["lead","customer"]}}}"#),
      (
        "people.ndjson",
        #"""
        {"id":"顧客-1","lastName":"山田","firstName":"太郎 ","email":"Taro@Example.org","type":"lead","city":"東京","address1":"東京都千代田区丸の内","tags":["👨‍👩‍👧","❤️"]}
        {"id":"顧客-2","lastName":"Müller","firstName":"Zoe\u0308","email":"keine Adresse\u001b[31m, sondern ein langer Satz über eine","type":"gold"}
        {"id":"c3-with-a-very-long-identifier-that-goes-on-and-on-for-more-than-forty-cells","lastName":"","firstName":"","email":null,"type":"customer"}
        {"id":"c4","lastName":"Test","firstName":"T","type":"lead","city":"test"}

        """#
      ),
    ]
    for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
    try writeJournal(in: folder)
  }

  /// A journal with two mappings and a call without a result, and another one that conflicts with it.
  private static func writeJournal(in folder: String) throws {
    let state = StateFolder(path: "\(folder)/.waybill")
    let (journal, leases) = (try state.openJournal(), try state.openStateStore())
    guard case .acquired(let lease) = try leases.acquire("l", owner: "test", for: .seconds(60)) else { return }
    let people = JournalScope(pipeline: "夜間-nightly", destination: "app", mapping: "people", location: "files")
    let tasks = JournalScope(pipeline: "夜間-nightly", destination: "app", mapping: "tasks", location: "Lq7cTgNb2xVw9mKe4RzY")
    try journal.merge(under: lease, isTrial: false) { merge in
      _ = try merge((0..<1234).map { JournalRecord(Name("顧客-\($0)"), Accepted(remoteID: Name("\($0)"), epoch: 1)) }, people)
    }
    try journal.describe(people, address: "https://api.example/v1/locations/Lq7cTgNb2xVw9mKe4RzY/people")
    _ = try journal.intend(
      IntentRequest(
        scope: tasks, run: "r", target: "POST /tasks", idempotencyKey: "i", body: [],
        records: [IntentRecord(ordinal: 0, key: "t", digest: [])]), under: lease)
    try leases.release(lease)
    let line = #"{"pipeline":"夜間-nightly","destination":"app","mapping":"people","location":"files","present":true,"key":"#
    try """
    {"format":"waybill-journal","version":2}
    {"pipeline":"夜間-nightly","destination":"app","mapping":"people","location":"files","base_url":"https://api.example/v1"}
    \(line)"顧客-1","remote_id":"1","epoch":2}
    \(line)"顧客-2","remote_id":"7","epoch":1}
    \(line)"顧客-3","remote_id":"3","epoch":0}
    \(line)"new","epoch":0}
    {"records":4}

    """.write(toFile: "\(folder)/other.ndjson", atomically: true, encoding: .utf8)
  }
}
