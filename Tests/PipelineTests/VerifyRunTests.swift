import Core
import Foundation
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline
@testable import Sandbox

/// Runs of a pipeline with `verify`, over a real connection.
@Suite struct VerifyRunTests {
  private static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    fields: {contactId: id, name: name, email: {from: mail, pii: mask}, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static func pipeline(_ verify: String) -> String {
    """
    pipeline: app
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
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              remote_id: id
              verify: \(verify)
    """
  }

  private struct Bench: Sendable {
    let folder = TemporaryFolder()
    let environment: [String: String]
    let sandbox: Sandbox

    init(_ address: SandboxAddress, _ sandbox: Sandbox, _ verify: String) throws {
      environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
      self.sandbox = sandbox
      try folder.write("contacts.yaml", VerifyRunTests.mapping)
      try folder.write("waybill.yaml", VerifyRunTests.pipeline(verify))
      try write(["Ann", "Bob", "Cy", "Di"])
    }

    func write(_ names: [String]) throws {
      let lines = names.enumerated().map { #"{"id":"c\#($0)","name":"\#($1)","mail":"c\#($0)@example.com"}"# + "\n" }
      try folder.write("people.ndjson", lines.joined())
    }

    func run(_ change: (inout RunEngine.Options) -> Void = { _ in }) async throws -> RunEngine.Report {
      let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/waybill.yaml", environment: environment)
      #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
      var options = RunEngine.Options(
        source: SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment))
      change(&options)
      return await RunEngine(try #require(document), options: options, observer: SilentObserver()).run()
    }

    /// Somebody corrects an address by hand.
    func edit(_ key: Name, mail: String) throws {
      try sandbox.app.state.withLock { state throws in
        let (place, record) = try #require(state.store.record(.contacts, key: key))
        let json = try JSONReader.read("{\(String(decoding: record.fields, as: UTF8.self))}")
        let members = (json.objectValue ?? []).map { $0.name == "email" ? JSONValue.Member("email", .string(mail)) : $0 }
        let fields = Array(JSONValue.object(members).text.utf8.dropFirst().dropLast())
        _ = try state.store.replace(.contacts, at: place, AppRecordBody(key: key, parentKey: nil, fields: fields), now: 1)
      }
    }

    var mails: [String] {
      sandbox.app.store[.contacts].sorted.compactMap { record in
        (try? JSONReader.read([UInt8(ascii: "{")] + record.fields + [UInt8(ascii: "}")]))?["email"]?.stringValue
      }
    }

    func ledger(_ report: RunEngine.Report) throws -> [JSONValue] {
      try (folder.read(".waybill/runs/\(report.summary.run)/ledger.ndjson") ?? "").split(separator: "\n").map {
        try JSONReader.read(String($0))
      }
    }
  }

  private func withBench(_ verify: String, _ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1_000_000)) { address, sandbox in
      let bench = try Bench(address, sandbox, verify)
      #expect(try await bench.run().exitCode == .done)
      try bench.edit("c1", mail: "bob@other.example")
      try await body(bench)
    }
  }

  private static func verified(_ report: RunEngine.Report) -> JSONValue? {
    report.summary.json["entities"]?["contacts"]?["destinations"]?["app"]?["verified"]
  }

  @Test(arguments: ["100%", "{share: 100%, then: report}", "{share: 100%, then: resend}"])
  func `drift is a warning with a field and masked values, and the run succeeds`(_ verify: String) async throws {
    try await withBench(verify) { bench in
      let resends = verify.contains("resend")
      let report = try await bench.run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      #expect(
        Self.verified(report)?.text
          == #"{"records":4,"drifted":1,"missing":0,"resent":\#(resends ? 1 : 0),"not_read":0}"#)
      let lines = try bench.ledger(report)
      #expect(lines.count == 1)
      let line = try #require(lines.first)
      #expect(line["code"] == .string("drifted") && line["severity"] == .string("warning"))
      #expect(line["record"] == .string("c1") && line["field"] == .string("email"))
      #expect(line["value"] == .string("x9@xxxxxxx.xxx"))
      #expect(
        line["message"]?.stringValue
          == "'email': 'app' no longer has the value as it was loaded: now 'xxx@xxxxx.xxxxxxx'")
      let counts = try #require(report.summary.entities.first?.destinations.first?.counts)
      #expect(counts[.unchanged] == (resends ? 3 : 4) && counts[.updated] == (resends ? 1 : 0))
      #expect(bench.mails.contains("c1@example.com") == resends)
      // The next run finds the same, or nothing.
      let next = try await bench.run()
      #expect(Self.verified(next)?["drifted"] == .number(resends ? 0 : 1))
      #expect(try bench.ledger(next).count == (resends ? 0 : 1))
    }
  }

  @Test(arguments: [false, true])
  func `a dry run does not verify, and what applies it sends only what was predicted`(_ isCompared: Bool) async throws {
    try await withBench("{share: 100%, then: resend}") { bench in
      try bench.write(["Ann", "Bob", "Cy", "Dora"])
      let dry = try await bench.run {
        $0.isDryRun = true
        $0.comparesDestination = isCompared
      }
      #expect(dry.exitCode == .done && Self.verified(dry) == nil)
      let forecast = try #require(dry.summary.forecast.first)
      #expect(forecast.counts[.unchanged] == 3 && forecast.counts[.updated] == 1 && forecast.drift == (isCompared ? 1 : 0))
      let applied = try await bench.run { $0.apply = dry.summary.run }
      #expect(applied.exitCode == .done, "\(applied.summary.messages)")
      let counts = try #require(applied.summary.entities.first?.destinations.first?.counts)
      #expect(counts[.unchanged] == 3 && counts[.updated] == 1)
      #expect(Self.verified(applied)?["drifted"] == .number(1) && Self.verified(applied)?["resent"] == .number(0))
      #expect(try bench.ledger(applied).map { $0["code"] } == [.string("drifted")])
      #expect(bench.mails.contains("bob@other.example"))
      // The next run sends it again.
      #expect(Self.verified(try await bench.run())?["resent"] == .number(1))
      #expect(!bench.mails.contains("bob@other.example"))
    }
  }

  @Test func `a destination that takes files or rows has nothing to verify`() throws {
    let text = """
      pipeline: app
      source: {ndjson: {person: people.ndjson}}
      mappings: [contacts.yaml]
      destinations:
        files: {csv: {path: "out/{mapping}.csv", verify: 5%}}
        table: {sqlite: {path: "out/all.sqlite", verify: 5%}}
        app: {http: {base_url: "http://localhost", verify: 5%, mappings: {contacts: {create: POST /contacts}}}}
      """
    let (_, diagnostics) = PipelineDocument.read(file: "waybill.yaml", text: text, environment: [:])
    let found = diagnostics.all.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue): \($0.message)" }
    #expect(
      found == [
        "5:44 unknown-key: destinations.files.csv has no key 'verify'",
        "6:44 unknown-key: destinations.table.sqlite has no key 'verify'",
        "7:46 unknown-key: destinations.app.http has no key 'verify'",
      ])
  }
}
