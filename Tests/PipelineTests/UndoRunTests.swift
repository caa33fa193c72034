import Control
import Core
import Extract
import Files
import Foundation
import HTTP
import Load
import PipelineFile
import Records
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// `undo` of runs that have loaded into Your App of the sandbox, over a real connection.
@Suite struct UndoRunTests {
  private static let contacts = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    fields: {contactId: id, name: name, status: status, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static let notes = """
    mapping: 1
    name: notes
    source: {entity: remark, key: id}
    target: {entity: note, key: noteId}
    fields: {noteId: id, contactId: person, content: text, timestamp: {const: "2026-01-01T00:00:00Z"}}
    """

  /// - Parameter update: the request of contacts.
  private static func pipeline(_ update: String, _ before: String) -> String {
    """
    pipeline: app
    source: {ndjson: {person: people.ndjson, remark: remarks.ndjson}}
    mappings: [notes.yaml, contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          idempotency: {header: Idempotency-Key}
          responses: {preset: problem+json}
          mappings:
            contacts:
              create: POST /contacts
              update: \(update)
              delete: "DELETE /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              remote_id: id
              etag: {header: etag, body: etag}
              before: \(before)
            notes:
              create: "POST /contacts/{remote_id(contacts, contactId)}/notes"
              update: "PUT /notes/{remote_id}"
              delete: "DELETE /notes/{remote_id}"
              find: {request: "GET /notes?noteId={key}", items: items}
              remote_id: id
              etag: {header: etag, body: etag}
              before: \(before)
    """
  }

  private static let put = #""PUT /contacts/{remote_id}""#
  private static let patch =
    #"{request: "PATCH /contacts/{remote_id}", headers: {Content-Type: application/merge-patch+json, If-Match: "{etag}"}}"#
  private static let omitting = "{omit: [version, insertedAt, modifiedAt]}"

  /// A project, and Your App as another client sees it.
  private struct Bench {
    let folder = TemporaryFolder()
    let address: SandboxAddress
    let transport: AsyncHTTPTransport

    init(_ address: SandboxAddress, update: String = UndoRunTests.put, before: String = "save") throws {
      self.address = address
      transport = AsyncHTTPTransport(
        timeout: .seconds(30), connectTimeout: .seconds(10), maxBytes: 1 << 22, connections: 2, certificates: nil)
      try folder.write("contacts.yaml", UndoRunTests.contacts)
      try folder.write("notes.yaml", UndoRunTests.notes)
      try folder.write("waybill.yaml", UndoRunTests.pipeline(update, before))
    }

    func write(people: [(String, String, String)], remarks: [(String, String, String)] = []) throws {
      try folder.write(
        "people.ndjson", people.map { #"{"id":"\#($0.0)","name":"\#($0.1)","status":"\#($0.2)"}"# + "\n" }.joined())
      try folder.write(
        "remarks.ndjson", remarks.map { #"{"id":"\#($0.0)","person":"\#($0.1)","text":"\#($0.2)"}"# + "\n" }.joined())
    }

    var source: SourceOptions {
      SourceOptions(
        state: StateFolder(path: "\(folder.path)/.waybill"),
        environment: ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken])
    }

    func document() throws -> PipelineDocument {
      let (document, diagnostics) = PipelineDocument.load(
        path: "\(folder.path)/waybill.yaml", environment: source.environment)
      #expect(diagnostics.all.filter { $0.severity == .error }.map { diagnostics.text(of: $0) } == [])
      return try #require(document)
    }

    func run() async throws -> RunEngine.Report { await RunEngine(try document(), options: .init(source: source)).run() }

    func undo(
      _ run: String, keys: Set<Name>? = nil, isTrial: Bool = false, observer: any RunObserver = SilentObserver(),
      _ change: (inout SourceOptions) -> Void = { _ in }
    ) async throws -> UndoEngine.Report {
      var options = source
      change(&options)
      let record = try #require(try options.state.openRuns().run(run))
      var diagnostics = Diagnostics()
      return try await UndoEngine(
        try document(), run: record, options: options, keys: keys, isTrial: isTrial, observer: observer
      ).run(&diagnostics)
    }

    // MARK: Another client

    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue {
      let answer = try await transport.send(
        HTTPExchange(
          method: method, url: address.appBaseURL + path,
          headers: [("authorization", "Bearer \(address.appToken)"), ("content-type", "application/json")],
          body: body.map { Array($0.utf8) }))
      #expect(answer.status < 300, "\(method) \(path): \(answer.status)")
      return (try? JSONReader.read(answer.body)) ?? .null
    }

    func id(_ resource: String, _ key: String) async throws -> String {
      let found = try await call("GET", "/\(resource)?\(resource.dropLast())Id=\(key)")
      return try #require(found["items"]?.arrayValue?.first?["id"]?.stringValue)
    }

    /// What Your App has, in the order of the keys: the clients' members of each record.
    ///
    /// - Parameter isExact: as they are written, including their names and the space beside them, which a merge writes anew.
    func content(_ resource: String, isExact: Bool = false) async throws -> [String] {
      let origin = try #require(address.appBaseURL.range(of: "/app/v1").map { String(address.appBaseURL[..<$0.lowerBound]) })
      let answer = try await transport.send(
        HTTPExchange(
          method: "GET", url: "\(origin)/_sandbox/records/\(resource)",
          headers: [("authorization", "Bearer \(address.appToken)")], body: nil))
      let own = ["id", "version", "etag", "insertedAt", "modifiedAt"]
      return try answer.body.split(separator: UInt8(ascii: "\n")).map { line in
        let members = try JSONSlicer.slice(Array(line)).memberTexts.filter { !own.contains($0.name) }
        return members.map { member in
          let text = String(decoding: member.text, as: UTF8.self)
          return isExact ? text : "\(member.name):" + text.drop { $0 != ":" }.dropFirst().trimmingPrefix { $0 == " " }
        }.joined(separator: ",")
      }
    }
  }

  private static func withBench(
    update: String = put, before: String = "save", _ body: @escaping @Sendable (Bench) async throws -> Void
  ) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, _ in
      let bench = try Bench(address, update: update, before: before)
      do { try await body(bench) } catch {
        await bench.transport.close()
        throw error
      }
      await bench.transport.close()
    }
  }

  /// A contact of another client, with members that the mapping does not write, escapes, and spaces.
  private static func contact(_ number: Int) -> String {
    #"{"company" : "Z\u00fcrich \/ \ud83d\ude00","contactId":"c\#(number)", "name":"Old \#(number)","interests":[ "a" , "b"],"status":"prospect","lifetimeValue":1.50,"plan":null,"createdAt":"2020-01-01T00:00:00Z"}"#
  }

  @Test(arguments: [(put, "save"), (put, omitting), (patch, omitting), (patch, "save")])
  func `a run that created, updated and was partly refused is undone byte for byte`(
    update: String, before: String
  ) async throws {
    try await Self.withBench(update: update, before: before) { bench in
      for number in 0..<6 { try await bench.call("POST", "/contacts", Self.contact(number)) }
      // With Your App's own members in its body, a request is written anew, too.
      let isExact = update == Self.put && before != "save"
      let old = try await bench.content("contacts", isExact: isExact)
      // The last of those that exist, and of those that do not, are refused.
      let people = (0..<12).map { ("c\($0)", "Eva \($0)", $0 % 6 == 5 ? "no such status" : "active") }
      try bench.write(people: people, remarks: (0..<8).map { ("n\($0)", "c\($0)", "hello") })
      let report = try await bench.run()
      let counts = try #require(
        report.summary.entities.first { $0.name == "contacts" }?.destinations.first { $0.name == "app" }?.counts)
      #expect(counts[.created] == 5 && counts[.updated] == 5 && counts[.failed] == 2, "\(report.summary.messages)")
      let run = report.summary.run
      let written = try await bench.content("contacts", isExact: isExact)
      #expect(try await bench.content("notes").count == 8 && written != old)
      let trial = try await bench.undo(run, isTrial: true)
      #expect(trial.list == nil && trial.exitCode == .done)
      #expect(try await bench.content("contacts", isExact: isExact) == written)
      let undone = try await bench.undo(run)
      #expect(undone.exitCode == .done, "\(undone.parts)")
      // Children first: Your App refuses to remove a contact that has notes.
      #expect(undone.parts.map(\.mapping) == ["notes", "contacts"])
      #expect(undone.parts[0].counts == [.removed: 8])
      #expect(undone.parts[1].counts == [.restored: 5, .removed: 5, .unchanged: 2])
      #expect(try await bench.content("notes") == [])
      #expect(try await bench.content("contacts", isExact: isExact) == old)
      let lines = try #require(bench.folder.read(".waybill/runs/\(run)/undo.ndjson")).split(separator: "\n")
      #expect(lines.count == 20 && lines.allSatisfy { !$0.contains("left") })
      #expect(bench.folder.mode(of: ".waybill/runs/\(run)/undo.ndjson") == 0o600)
      let again = try await bench.undo(run)
      #expect(again.parts.map(\.counts) == [[.unchanged: 8], [.unchanged: 12]])
    }
  }

  @Test func `a record that somebody changed since is left and listed`() async throws {
    try await Self.withBench { bench in
      for number in 0..<3 { try await bench.call("POST", "/contacts", Self.contact(number)) }
      try bench.write(people: (0..<4).map { ("c\($0)", "Eva \($0)", "active") })
      let run = try await bench.run().summary.run
      let changed = Self.contact(1).replacing("Old 1", with: "Somebody")
      try await bench.call("PUT", "/contacts/\(try await bench.id("contacts", "c1"))", changed)
      try await bench.call("DELETE", "/contacts/\(try await bench.id("contacts", "c2"))")
      let undone = try await bench.undo(run)
      #expect(undone.exitCode == .gateFailed)
      let part = try #require(undone.parts.first)
      #expect(part.counts == [.restored: 1, .removed: 1, .left: 2])
      let open = part.open.sorted { $0.key < $1.key }
      #expect(open.map(\.key) == ["c1", "c2"] && open.map(\.reason) == [.changedSince, .goneSince])
      try #require(open.count == 2)
      // The run erased the company and the interests, and they are there again.
      #expect(Set(open[0].fields).isSuperset(of: ["name", "status", "company", "interests"]), "\(open[0].fields)")
      let lines = try #require(bench.folder.read(".waybill/runs/\(run)/undo.ndjson"))
      #expect(lines.contains(#""key":"c2","outcome":"left","reason":"gone-since""#))
      let content = try await bench.content("contacts")
      #expect(content.count == 2 && content[1].contains("Somebody"))
      // Only one of them, once somebody has changed it back.
      try await bench.call("PUT", "/contacts/\(try await bench.id("contacts", "c1"))", Self.contact(1))
      let one = try await bench.undo(run, keys: ["c1"])
      #expect(one.exitCode == .done && one.parts.first?.counts == [.unchanged: 1], "\(one.parts)")
    }
  }

  @Test func `contacts stay if the run has loaded notes without saving anything`() async throws {
    try await Self.withBench { bench in
      let pipeline = try #require(bench.folder.read("waybill.yaml"))
      let parts = pipeline.components(separatedBy: "        notes:\n")
      let notes = parts[1].split(separator: "\n").filter { !$0.contains("before:") }.joined(separator: "\n")
      try bench.folder.write("waybill.yaml", parts[0] + "        notes:\n" + notes + "\n")
      try bench.write(people: [("c0", "Eva", "active")])
      let without = try await bench.run().summary.run
      try bench.write(people: [("c0", "Eva", "active"), ("c1", "Ina", "active")], remarks: [("n1", "c1", "hello")])
      let with = try await bench.run().summary.run
      let left = try await bench.undo(with)
      #expect(left.parts.map(\.counts) == [[.left: 1]] && left.parts[0].open.map(\.reason) == [.needed])
      #expect(try await bench.content("contacts").count == 2)
      #expect(try await bench.undo(without).parts.map(\.counts) == [[.removed: 1]])
    }
  }

  @Test func `a contact stays as long as a note that refers to it does`() async throws {
    try await Self.withBench { bench in
      try bench.write(
        people: [("c0", "Eva", "active"), ("c1", "Ina", "active")], remarks: [("n0", "c0", "hello"), ("n1", "c1", "hello")])
      let run = try await bench.run().summary.run
      let note = try await bench.id("notes", "n0")
      try await bench.call(
        "PUT", "/notes/\(note)",
        #"{"noteId":"n0","contactId":"c0","content":"changed","timestamp":"2026-01-01T00:00:00Z"}"#
      )
      func outcomes(_ report: UndoEngine.Report) -> [String] {
        report.parts.map { part in
          "\(part.mapping) "
            + UndoneRecord.Outcome.allCases.compactMap { at in part.counts[at].map { "\(at) \($0)" } }.joined(separator: " ")
        }
      }
      // Without the notes, both are only looked up; without the second contact, its note is not.
      let contacts = try await bench.undo(run, isTrial: true) { $0.mappings = ["contacts"] }
      #expect(outcomes(contacts) == ["contacts left 2"] && contacts.parts[0].open.allSatisfy { $0.reason == .needed })
      #expect(try await bench.undo(run, keys: ["c0"], isTrial: true).parts.last?.open.map(\.reason) == [.needed])
      let trial = try await bench.undo(run, isTrial: true)
      #expect(outcomes(trial) == ["notes removed 1 left 1", "contacts removed 1 left 1"], "\(trial.parts)")
      let undone = try await bench.undo(run)
      #expect(outcomes(undone) == outcomes(trial) && undone.exitCode == .gateFailed)
      #expect(undone.parts.map { $0.open.map(\.reason) } == [[.changedSince], [.needed]])
      #expect(try await bench.content("contacts").count == 1)
      #expect(try await bench.content("notes").count == 1)
      // A mapping that the pipeline no longer has cannot be looked up.
      let pipeline = try #require(bench.folder.read("waybill.yaml"))
      let rest = try #require(pipeline.components(separatedBy: "        notes:\n").first)
      try bench.folder.write("waybill.yaml", rest.replacing("[notes.yaml, contacts.yaml]", with: "[contacts.yaml]"))
      #expect(outcomes(try await bench.undo(run) { $0.mappings = ["contacts"] }) == ["contacts unchanged 1 left 1"])
      try bench.folder.write("waybill.yaml", pipeline)
      try await bench.call("DELETE", "/notes/\(note)")
      #expect(outcomes(try await bench.undo(run) { $0.mappings = ["contacts"] }) == ["contacts removed 1 unchanged 1"])
      #expect(try await bench.content("contacts") == [])
    }
  }

  /// Cancels the task that begins the nth stage.
  private struct CancellingObserver: RunObserver {
    let stage: Int
    let begun = Locked(0)

    func receive(_ event: RunEvent) {
      guard case .stageBegan = event else { return }
      let count = begun.withLock { count in
        count += 1
        return count
      }
      if count == stage { withUnsafeCurrentTask { $0?.cancel() } }
    }
  }

  @Test func `what was undone before an interruption is reported`() async throws {
    try await Self.withBench { bench in
      try bench.write(people: [("c0", "Eva", "active")], remarks: [("n0", "c0", "hello")])
      let run = try await bench.run().summary.run
      let report = try await Task { try await bench.undo(run, observer: CancellingObserver(stage: 2)) }.value
      #expect(report.exitCode == .tryLater && report.failures.map(\.code) == [.interrupted], "\(report.failures)")
      #expect(report.parts.first?.counts == [.removed: 1] && report.list != nil)
      #expect(try await bench.content("notes") == [])
      #expect(try await bench.content("contacts").count == 1)
      await #expect(throws: CancellationError.self) {
        try await Task { try await bench.undo(run, observer: CancellingObserver(stage: 1)) }.value
      }
      #expect(try await bench.undo(run).parts.map(\.counts) == [[.unchanged: 1], [.removed: 1]])
    }
  }

  @Test func `what cannot be undone is refused with a reason`() async throws {
    try await Self.withBench { bench in
      try bench.write(people: [("c0", "Eva", "active")])
      let run = try await bench.run().summary.run
      func refusal(
        _ id: String, keys: Set<Name>? = nil, _ change: (inout SourceOptions) -> Void = { _ in }
      ) async -> OperationFailure? {
        do { _ = try await bench.undo(id, keys: keys, change) } catch { return OperationFailure(error) }
        return nil
      }
      let files = await refusal(run) { $0.destinations = ["files"] }
      #expect(files?.exitCode == .usage && files?.description.contains("'files' is not an http destination") == true)
      let unknown = await refusal(run, keys: ["c9"])
      #expect(unknown?.exitCode == .inputMissing && unknown?.description.contains("'c9'") == true)
      #expect(await refusal(run) { $0.mappings = ["nope"] }?.exitCode == .usage)
      let notes = await refusal(run) { $0.mappings = ["notes"] }
      #expect(notes?.exitCode == .usage && notes?.description.contains("saved nothing for these") == true)
      // The pipeline has changed since.
      let pipeline = try #require(bench.folder.read("waybill.yaml"))
      try bench.folder.write("waybill.yaml", pipeline.replacing("  app:\n", with: "  other:\n"))
      let renamed = await refusal(run)
      #expect(renamed?.exitCode == .configuration && renamed?.description.contains("no such http destination") == true)
      try bench.folder.write("waybill.yaml", pipeline.replacing("pipeline: app", with: "pipeline: other"))
      #expect(await refusal(run)?.exitCode == .usage)
      try bench.folder.write(
        "waybill.yaml", pipeline.split(separator: "\n").filter { !$0.contains("before: save") }.joined(separator: "\n"))
      // What was saved can still be put back.
      #expect(try await bench.undo(run).parts.map(\.counts) == [[.removed: 1]])
      try bench.write(people: [("c0", "Eva", "active"), ("c1", "Ina", "active")])
      let unsaved = try await bench.run().summary.run
      let nothing = await refusal(unsaved)
      #expect(nothing?.exitCode == .usage && nothing?.description.contains("`before: save`") == true)
    }
  }

  @Test func `a damaged log of one mapping leaves the others as they are`() async throws {
    try await Self.withBench { bench in
      try bench.write(people: [("c0", "Eva", "active")], remarks: [("n0", "c0", "hello")])
      let run = try await bench.run().summary.run
      let log = ".waybill/runs/\(run)/app/contacts.undo.ndjson"
      let text = try #require(bench.folder.read(log))
      try bench.folder.write(log, text + "{\"before\":{}}\n")
      await #expect { try await bench.undo(run) } throws: { "\($0)".contains("nothing was undone") }
      #expect(try await bench.content("notes").count == 1)
      #expect(bench.folder.read(".waybill/runs/\(run)/undo.ndjson") == nil)
      try bench.folder.write(log, text)
      // Without the parent, whose ID the lookup of a note does not need, a second undo finds nothing to do.
      for _ in 0..<2 { #expect(try await bench.undo(run).exitCode == .done) }
    }
  }

  @Test func `a record that is looked up below its parent is unchanged once both are removed`() async throws {
    try await Self.withBench { bench in
      let pipeline = try #require(bench.folder.read("waybill.yaml"))
      try bench.folder.write(
        "waybill.yaml",
        pipeline.replacing(
          "\"GET /notes?noteId={key}\"", with: "\"GET /contacts/{remote_id(contacts, contactId)}/notes?noteId={key}\""))
      try bench.write(people: [("c0", "Eva", "active")], remarks: [("n0", "c0", "hello")])
      let run = try await bench.run().summary.run
      #expect(try await bench.undo(run).parts.map(\.counts) == [[.removed: 1], [.removed: 1]])
      let again = try await bench.undo(run)
      #expect(again.exitCode == .done && again.parts.map(\.counts) == [[.unchanged: 1], [.unchanged: 1]], "\(again.parts)")
    }
  }

  @Test func `each undo adds to the list, and keys that nothing was saved of are reported`() async throws {
    try await Self.withBench { bench in
      try bench.write(people: [("c0", "Eva", "active"), ("c1", "Ina", "active")])
      let run = try await bench.run().summary.run
      let one = try await bench.undo(run, keys: ["c1", "c9"])
      #expect(one.exitCode == .done && one.unknownKeys == ["c9"])
      #expect(try await bench.undo(run).unknownKeys == [])
      let lines = try #require(bench.folder.read(".waybill/runs/\(run)/undo.ndjson")).split(separator: "\n")
      let outcomes = try lines.map { line in
        let entry = try JSONReader.read(String(line))
        #expect(entry["time"]?.stringValue?.hasSuffix("Z") == true)
        return "\(entry["key"]?.stringValue ?? "") \(entry["outcome"]?.stringValue ?? "")"
      }
      #expect(outcomes.sorted() == ["c0 removed", "c1 removed", "c1 unchanged"] && outcomes[0] == "c1 removed", "\(outcomes)")
    }
  }

  @Test func `the undo log stays when a later run removes what earlier ones have staged`() async throws {
    try await Self.withBench { bench in
      try bench.write(people: [("c0", "Eva", "active")])
      let first = try await bench.run().summary.run
      try bench.write(people: [("c0", "Eva", "active"), ("c1", "Ina", "active")])
      _ = try await bench.run()
      #expect(bench.folder.names(in: ".waybill/runs/\(first)/app").contains("contacts.undo.ndjson"))
      #expect(try await bench.undo(first).parts.first?.counts == [.removed: 1])
      #expect(try await bench.content("contacts").count == 1)
    }
  }
}
