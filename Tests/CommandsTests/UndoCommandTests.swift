import Control
import Core
import Foundation
import Load
import Pipeline
import Sandbox
import Testing

@testable import Commands

/// `waybill undo`, from its command line to its output.
@Suite struct UndoCommandTests {
  private static let app = """
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          responses: {preset: problem+json}
          mappings:
            m:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              delete: "DELETE /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              remote_id: id
              before: save
    """

  private static let mapping = """
    mapping: 1
    name: m
    source: {entity: contact, key: id}
    target: {entity: p, key: contactId}
    fields: {contactId: id, name: name, status: {const: active}, createdAt: {const: "2026-01-01T00:00:00Z"}}
    """

  private static func write(_ names: [String], in folder: String) throws {
    let pipeline = """
      pipeline: small
      source: {ndjson: {contact: in.ndjson}}
      mappings: [m.yaml]
      destinations:
        files: {csv: {path: out.csv}}

      """ + app + "\n"
    let input = names.enumerated().map { #"{"id":"c\#($0)","name":"\#($1)"}"# + "\n" }.joined()
    for (name, text) in [("waybill.yaml", pipeline), ("m.yaml", mapping), ("in.ndjson", input)] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }

  @Test func `a run is undone, and the records are listed without their values`() async throws {
    try await withFolder { folder in
      try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
        let environment = ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken]
        func run(_ arguments: String...) async -> Ended {
          await waybill(arguments + ["--project", folder], environment: environment)
        }
        try Self.write(["Ada Lovelace", "Grace Hopper"], in: folder)
        #expect(await run("run").code == .done)
        try Self.write(["Ada Byron", "Grace Hopper", "Mary Shelley"], in: folder)
        let second = await run("run")
        #expect(second.code == .done, "\(second.error)")
        let requests = sandbox.app.statistics.byStatus[201]
        let trial = await run("undo", "latest", "--dry-run")
        #expect(trial.code == .done, "\(trial.error)")
        #expect(
          trial.output == """
            dry run: nothing was sent; this is what undo would do
            m at app: 1 restored, 1 removed

            """)
        // Somebody changes a record.
        try Self.write(["Ada King", "Grace Hopper"], in: folder)
        #expect(
          await waybill(["run", "--project", folder, "--state", folder + "/other"], environment: environment).code == .done)
        let id = try #require(await run("runs", "list", "--json").output.firstMatch(of: /"run": "([^"]+)"/)).1
        let ended = await run("undo", String(id))
        #expect(ended.code == .gateFailed, "\(ended.error)")
        #expect(
          ended.output == """
            m at app: 1 removed, 1 left
              left  c0  changed since: 'version', 'etag', 'modifiedAt', 'name'

            """, "\(ended.output)")
        #expect(ended.error.contains("/undo.ndjson"))
        #expect(sandbox.app.statistics.byStatus[201] == requests)
        let json = await run("undo", String(id), "--json")
        let value = try JSONReader.read(json.output)
        #expect(value["parts"]?.arrayValue?.first?["left"] == .number(1) && value["dry_run"] == .bool(false))
        let list = try #require(value["records"]?.stringValue)
        #expect(try String(contentsOfFile: list, encoding: .utf8).contains(#""key":"c0","outcome":"left""#))
        for text in [ended.output, ended.error, json.output, try String(contentsOfFile: list, encoding: .utf8)] {
          #expect(!text.contains("Ada") && !text.contains(address.appToken))
        }
        // What was saved is data, but credentials are not among it.
        let files = FileManager.default.enumerator(atPath: folder + "/.waybill")?.allObjects.compactMap { $0 as? String } ?? []
        #expect(files.contains { $0.hasSuffix("app/m.undo.ndjson") })
        for file in files {
          guard let data = FileManager.default.contents(atPath: "\(folder)/.waybill/\(file)") else { continue }
          #expect(data.range(of: Data(address.appToken.utf8)) == nil, "\(file)")
        }
      }
    }
  }

  @Test func `a run without saved records, an unknown run and a wrong name are refused`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      #expect(await waybill("undo", "latest", "--project", folder).code == .inputMissing)
      #expect(await waybill("run", "--project", folder).code == .done)
      let nothing = await waybill("undo", "latest", "--project", folder)
      #expect(nothing.code == .usage && nothing.error.contains("`before: save`"), "\(nothing.error)")
      let files = await waybill("undo", "latest", "--to", "files", "--project", folder)
      #expect(files.code == .usage && files.error.contains("'files' is not an http destination"), "\(files.error)")
      let unknown = await waybill("undo", "2020", "--project", folder)
      #expect(unknown.code == .inputMissing && unknown.error.contains("there is no run '2020'"), "\(unknown.error)")
      let wrong = await waybill("undo", "latest", "--to", "fils", "--project", folder)
      #expect(wrong.code == .usage && wrong.error.contains("'files'"), "\(wrong.error)")
      #expect(await waybill("undo", "--project", folder).code == .usage)
    }
  }

  @Test func `each reason is a sentence, and long lists are cut`() {
    var part = UndoEngine.Part(destination: "app", mapping: "contacts")
    for number in 0..<1_200 { part.add(UndoneRecord(Name("c\(number)"), .left, .goneSince)) }
    part.add(UndoneRecord("x", .restored))
    var report = UndoEngine.Report()
    report.parts = [part]
    let lines = UndoText(report, isTrial: false).text.split(separator: "\n")
    #expect(lines.first == "contacts at app: 1 restored, 1,200 left" && lines.count == 22)
    #expect(lines[1] == "  left  c0  removed since" && lines.last == "  and 1,180 more")
    let whys: [(UndoneRecord, String)] = [
      (UndoneRecord("k", .left, .changedSince, fields: ["a", "b\n"]), #"changed since: 'a', 'b\n'"#),
      (UndoneRecord("k", .left, .resultUnknown, detail: "why"), "it is not known what the run left there: why"),
      (UndoneRecord("k", .left, .noDelete), "the run created it, and the pipeline has no `delete`"),
      (UndoneRecord("k", .left, .needed), "records that refer to it stay"),
      (UndoneRecord("k", .failed, detail: "no"), "no"),
      (UndoneRecord("k", .failed, detail: "not all", fields: ["a"]), "not all: 'a'"),
    ]
    for (record, text) in whys { #expect(UndoText.why(record) == text) }
  }

  @Test(
    arguments: [
      ([:], nil, .done), ([.restored: 1, .removed: 2, .unchanged: 3], nil, .done), ([.left: 1, .failed: 1], nil, .gateFailed),
      ([.failed: 1], nil, .recordsFailed), ([.pending: 1], nil, .tryLater),
      ([.left: 1, .pending: 1], OperationFailure(.circuitOpen, "x"), .circuitOpen),
      ([.pending: 1], OperationFailure(.notAuthorised, "x"), .notAuthorised),
    ] as [([UndoneRecord.Outcome: Int], OperationFailure?, Core.ExitCode)])
  func `the exit code says whether all of it is back`(
    counts: [UndoneRecord.Outcome: Int], failure: OperationFailure?, expected: Core.ExitCode
  ) {
    var report = UndoEngine.Report()
    var part = UndoEngine.Part(destination: "app", mapping: "m")
    part.counts = counts
    report.parts = [part]
    report.failures = failure.map { [$0] } ?? []
    #expect(report.exitCode == expected)
  }
}
