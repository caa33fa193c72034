import Control
import Core
import Extract
import Files
import Foundation
import Load
import PipelineFile
import Records
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs that load into Your App of the sandbox, over a real connection.
@Suite struct YourAppRunTests {
  private static let contacts = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    fields: {contactId: id, name: name, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static let notes = """
    mapping: 1
    name: notes
    source: {entity: remark, key: id}
    target: {entity: note, key: noteId}
    fields: {noteId: id, contactId: person, content: text, timestamp: {const: "2026-01-01T00:00:00Z"}}
    """

  private static let pipeline = """
    pipeline: app
    source: {ndjson: {person: people.ndjson, remark: remarks.ndjson}}
    mappings: [notes.yaml, contacts.yaml]
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
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              list: {request: "GET /contacts?page={page}", items: items}
              remote_id: id
            notes:
              create: "POST /contacts/{remote_id(contacts, contactId)}/notes"
              update: "PUT /notes/{remote_id}"
              find: {request: "GET /notes?noteId={key}", items: items}
              remote_id: id
    """

  private struct Bench {
    let folder = TemporaryFolder()
    var environment: [String: String]

    init(_ address: SandboxAddress) throws {
      environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
      try folder.write("contacts.yaml", YourAppRunTests.contacts)
      try folder.write("notes.yaml", YourAppRunTests.notes)
      try folder.write("waybill.yaml", YourAppRunTests.pipeline)
      try write(people: (0..<20).map { ("c\($0)", "Ann \($0)") }, remarks: (0..<20).map { ("n\($0)", "c\($0)") })
    }

    func write(people: [(String, String)], remarks: [(String, String)]) throws {
      try folder.write(
        "people.ndjson", people.map { #"{"id":"\#($0.0)","name":"\#($0.1)"}"# + "\n" }.joined())
      try folder.write(
        "remarks.ndjson", remarks.map { #"{"id":"\#($0.0)","person":"\#($0.1)","text":"hello"}"# + "\n" }.joined())
    }

    func document() throws -> PipelineDocument {
      let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      #expect(diagnostics.all.filter { $0.severity == .error }.map { diagnostics.text(of: $0) } == [])
      return try #require(document)
    }

    /// Exports one state's journal and imports it into another.
    func move(from: String, to: String) throws {
      let (from, to) = (options(state: from).state, options(state: to).state)
      let journal = try from.openJournal()
      var text = ""
      _ = try JournalExport(journal, from.openStateStore(), scopes: journal.scopes()).run { text += $0 }
      let states = try to.openStateStore()
      guard case .acquired(let lease) = try states.acquire("l", owner: "test", for: .seconds(60)) else {
        throw OperationFailure(.stateHeld, "the lease is held")
      }
      let input = MemoryInput(Array(text.utf8))
      _ = try JournalImport.run(input, name: "j", into: to.openJournal(), states, under: lease, isTrial: false)
      try states.release(lease)
    }

    func options(state: String = ".waybill") -> SourceOptions {
      SourceOptions(state: StateFolder(path: "\(folder.path)/\(state)"), environment: environment)
    }

    func run(state: String = ".waybill", _ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report
    {
      var run = RunEngine.Options(source: options(state: state))
      change(&run)
      return await RunEngine(try document(), options: run).run()
    }
  }

  private func counts(_ report: RunEngine.Report, _ mapping: String) -> OutcomeCounts {
    report.summary.entities.first { $0.name == mapping }?.destinations.first?.counts ?? OutcomeCounts()
  }

  @Test func `parents are loaded before their children, and a second run sends nothing`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
      let bench = try Bench(address)
      let first = try await bench.run()
      #expect(first.exitCode == .done, "\(first.summary.messages)")
      #expect(counts(first, "contacts")[.created] == 20 && counts(first, "notes")[.created] == 20)
      let requests = sandbox.app.statistics.requests
      let second = try await bench.run()
      #expect(counts(second, "contacts")[.unchanged] == 20 && counts(second, "notes")[.unchanged] == 20)
      #expect(sandbox.app.statistics.requests == requests)
      // Two lines of a mapping are swapped, and three records change.
      try bench.folder.write(
        "contacts.yaml", Self.contacts.replacing("contactId: id, name: name", with: "name: name, contactId: id"))
      try bench.write(
        people: (0..<20).map { ("c\($0)", $0 < 3 ? "Eva" : "Ann \($0)") }, remarks: (0..<20).map { ("n\($0)", "c\($0)") })
      let third = try await bench.run()
      #expect(counts(third, "contacts")[.updated] == 3 && counts(third, "contacts")[.unchanged] == 17)
      #expect(sandbox.app.statistics.requests == requests + 3)
    }
  }

  /// The page's second example.
  private static func merging() throws -> String {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/waybill/Documentation.docc/HTTPDestination.md")
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```yaml\n").dropFirst(2)
    let example = try #require(blocks.first?.components(separatedBy: "```").first)
    #expect(example.contains("PATCH /contacts/{remote_id}"))
    return example.replacing("{snapshot: latest}", with: "{ndjson: {person: people.ndjson}}")
      .replacing("mappings/contacts.yaml", with: "contacts.yaml").replacing("https://api.your-app.example/v1", with: "${APP_URL}")
      .replacing("YOUR_APP_TOKEN", with: "APP_TOKEN")
  }

  @Test func `the merging example overwrites what others have changed, and says so`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
      let bench = try Bench(address)
      try bench.folder.write("waybill.yaml", Self.merging())
      #expect(counts(try await bench.run(), "contacts")[.created] == 20)
      // Somebody else changes three records.
      let (own, other) = (".waybill", "other")
      func write(_ name: String) throws {
        try bench.write(people: (0..<20).map { ("c\($0)", $0 < 3 ? name : "Ann \($0)") }, remarks: [])
      }
      try write("Ina")
      #expect(counts(try await bench.run(state: other), "contacts")[.updated] == 3)
      try write("Eva")
      let report = try await bench.run(state: own)
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(counts(report, "contacts")[.updated] == 3 && counts(report, "contacts")[.unchanged] == 17)
      #expect(sandbox.app.statistics.byStatus[412] == 3)
      let ledger = bench.folder.read("\(own)/runs/\(report.summary.run)/ledger.ndjson") ?? ""
      #expect(ledger.split(separator: "\n").count { $0.contains(#""code":"overwritten""#) } == 3)
      #expect(counts(try await bench.run(state: own), "contacts")[.unchanged] == 20)
    }
  }

  @Test func `a child whose parent is not loaded is pending, and says which parent`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      let bench = try Bench(address)
      try bench.write(people: [("c1", "Ann")], remarks: [("n1", "c1"), ("n2", "c2")])
      let report = try await bench.run()
      #expect(report.exitCode == .recordsFailed)
      #expect(counts(report, "notes")[.created] == 1 && counts(report, "notes")[.pending] == 1)
      let ledger = bench.folder.read(".waybill/runs/\(report.summary.run)/ledger.ndjson") ?? ""
      #expect(ledger.contains("parent-not-loaded") && ledger.contains("'contacts' c2"))
    }
  }

  @Test func `a state that was lost is rebuilt from the list, and nothing is created again`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
      let bench = try Bench(address)
      _ = try await bench.run()
      var diagnostics = Diagnostics()
      var options = bench.options(state: "new")
      options.mappings = ["contacts"]
      let parts = try await JournalRebuildEngine(try bench.document(), options: options, observer: SilentObserver())
        .run(&diagnostics)
      #expect(parts.map(\.counts.records) == [20])
      let report = try await bench.run(state: "new")
      #expect(counts(report, "contacts")[.unchanged] == 20)
      #expect(counts(report, "notes")[.unchanged] == 20)
      #expect(sandbox.app.statistics.byStatus[201] == 40)
    }
  }

  @Test func `an imported journal is for the system that it was loaded to`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
      var bench = try Bench(address)
      #expect(try await bench.run().exitCode == .done)
      try bench.move(from: ".waybill", to: "moved")
      let requests = sandbox.app.statistics.requests
      // The same server under another name stands for another system.
      bench.environment["APP_URL"] = address.appBaseURL.replacing("127.0.0.1", with: "localhost")
      let refused = try await bench.run(state: "moved")
      #expect(refused.exitCode == .configuration, "\(refused.summary.messages)")
      let message = refused.summary.messages.first { $0.contains("base_url is now") }
      #expect(message?.contains("is for \(address.appBaseURL), but") == true, "\(refused.summary.messages)")
      #expect(sandbox.app.statistics.requests == requests)
      bench.environment["APP_URL"] = address.appBaseURL
      let moved = try await bench.run(state: "moved")
      #expect(moved.exitCode == .done && counts(moved, "contacts")[.unchanged] == 20, "\(moved.summary.messages)")
    }
  }

  @Test func `a token that is refused stops the destination with 77`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      var bench = try Bench(address)
      bench.environment["APP_TOKEN"] = "wrong-token-wrong-token"
      let report = try await bench.run()
      #expect(report.exitCode == .notAuthorised)
      #expect(counts(report, "contacts")[.pending] == 20 && counts(report, "notes")[.pending] == 20)
      #expect(report.canResume)
    }
  }

  @Test func `a narrowed run loads what it has, and a dry run nothing`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      let bench = try Bench(address)
      let dry = try await bench.run { $0.isDryRun = true }
      #expect(counts(dry, "contacts")[.pending] == 20)
      let narrow = try await bench.run { $0.source.limit = 4 }
      #expect(counts(narrow, "contacts")[.created] == 4 && counts(narrow, "notes")[.created] == 4)
    }
  }

  @Test func `records sent by a load are unchanged for a run, and vice versa`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
      let bench = try Bench(address)
      func load(_ mapping: String, _ lines: [String]) async throws -> OutcomeCounts {
        try bench.folder.write("target.ndjson", lines.map { $0 + "\n" }.joined())
        let report = try await bench.run {
          $0.source.load = TargetFile(path: "\(bench.folder.path)/target.ndjson", format: .ndjson)
          $0.source.mappings = [mapping]
          $0.source.destinations = ["app"]
        }
        #expect(report.exitCode == .done, "\(report.summary.messages)")
        return counts(report, mapping)
      }
      // The members are in a different order from the mapping's.
      let contacts = (0..<20).map {
        #"{"status":"active","contactId":"c\#($0)","name":"Ann \#($0)","createdAt":"2026-01-01T00:00:00Z"}"#
      }
      let notes = (0..<20).map {
        #"{"noteId":"n\#($0)","contactId":"c\#($0)","content":"hello","timestamp":"2026-01-01T00:00:00Z"}"#
      }
      #expect(try await load("contacts", contacts)[.created] == 20)
      let requests = sandbox.app.statistics.requests
      #expect(try await load("contacts", contacts)[.unchanged] == 20)
      #expect(sandbox.app.statistics.requests == requests)
      // The run sends the children of what was loaded.
      let run = try await bench.run()
      #expect(counts(run, "contacts")[.unchanged] == 20 && counts(run, "notes")[.created] == 20)
      #expect(try await load("notes", notes)[.unchanged] == 20)
      #expect(try await load("contacts", [contacts[3].replacing("Ann 3", with: "Eva")])[.updated] == 1)
      let again = try await bench.run()
      #expect(counts(again, "contacts")[.updated] == 1 && counts(again, "contacts")[.unchanged] == 19)
    }
  }

  @Test func `a load that was stopped is resumed from its own copy of the input`() async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      var bench = try Bench(address)
      let token = bench.environment["APP_TOKEN"]
      bench.environment["APP_TOKEN"] = "wrong-token-wrong-token"
      let line = #"{"contactId":"c1","name":"Ann","status":"active","createdAt":"2026-01-01T00:00:00Z"}"# + "\n"
      try bench.folder.write("target.ndjson", line)
      let path = "\(bench.folder.path)/target.ndjson"
      let stopped = try await bench.run {
        $0.source.load = TargetFile(path: path, format: .ndjson)
        $0.source.mappings = ["contacts"]
        $0.source.destinations = ["app"]
      }
      #expect(stopped.exitCode == .notAuthorised && stopped.canResume)
      #expect(counts(stopped, "contacts")[.pending] == 1)
      try bench.folder.write("target.ndjson", line.replacing("Ann", with: "Eva"))
      bench.environment["APP_TOKEN"] = token
      let resumed = try await bench.run { $0.resume = stopped.summary.run }
      #expect(resumed.exitCode == .done, "\(resumed.summary.messages)")
      #expect(resumed.summary.run == stopped.summary.run && resumed.summary.input == path)
      #expect(resumed.summary.entities.count == 1 && counts(resumed, "contacts")[.created] == 1)
      // The input was loaded as it was when the load began.
      let again = try await bench.run {
        $0.source.load = TargetFile(path: path, format: .ndjson)
        $0.source.mappings = ["contacts"]
        $0.source.destinations = ["app"]
      }
      #expect(counts(again, "contacts")[.updated] == 1)
    }
  }
}
