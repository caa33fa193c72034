import Core
import Foundation
import Records
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

@Suite struct TransformJobTests {
  func run(
    _ project: Project, input: String = "in/contacts.ndjson", output: String = "out.csv",
    _ change: (inout TransformJob.Options) -> Void = { _ in }
  ) async -> TransformJob.Report {
    let folder = project.folder.path
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/\(input)")
    options.output = "\(folder)/\(output)"
    change(&options)
    return await TransformJob(options).run()
  }

  @Test func `one mapping over one file`() async throws {
    let project = try Project()
    let report = await run(project) { $0.summary = "\(project.folder.path)/summary.json" }
    #expect(report.exitCode == .recordsFailed)
    #expect(project.folder.read("out.csv") == RunEngineTests.csv)
    #expect(report.ledger == "\(project.folder.path)/out.csv.ledger.ndjson")
    #expect(project.folder.read("out.csv.ledger.ndjson")?.split(separator: "\n").count == 5)
    let summary = try JSONReader.read(try #require(project.folder.read("summary.json")))
    #expect(summary["mapping"]?.stringValue == "contacts")
    #expect(summary["read"]?.intValue == 6)
    #expect(summary["written"]?.intValue == 3)
    #expect(summary["rejected"]?.intValue == 3)
    #expect(summary["unaccounted"]?.intValue == 0)
    #expect(summary["exit_code"]?.intValue == 4)
  }

  @Test func `json output is one array, also of nothing`() async throws {
    let project = try Project()
    _ = await run(project, output: "out.json")
    let records = try JSONReader.read(try #require(project.folder.read("out.json"))).arrayValue
    #expect(records?.map { $0["contactId"]?.stringValue } == ["c1", "c2", "c\"6"])
    try project.folder.write("in/contacts.ndjson", "")
    let report = await run(project, output: "out.json")
    #expect(report.exitCode == .done)
    #expect(report.summary.messages.first?.contains("is empty") == true)
    #expect(try JSONReader.read(try #require(project.folder.read("out.json"))) == .array([]))
  }

  @Test func `a file is not written over itself`() async throws {
    let project = try Project()
    let report = await run(project, output: "in/contacts.ndjson")
    #expect(report.exitCode == .usage)
    #expect(project.folder.read("in/contacts.ndjson") == Project.input)
  }

  @Test(arguments: [
    ("ledger", "./out.csv"), ("summary", "in/../out.csv"), ("ledger", "link/out.csv"), ("summary", "new/../out.csv"),
  ])
  func `two outputs must not be the same file, whatever the spelling`(option: String, path: String) async throws {
    let project = try Project()
    try FileManager.default.createSymbolicLink(atPath: "\(project.folder.path)/link", withDestinationPath: ".")
    let report = await run(project) {
      let path = "\(project.folder.path)/\(path)"
      if option == "ledger" { $0.ledger = path } else { $0.summary = path }
    }
    #expect(report.exitCode == .usage)
    #expect(project.folder.read("out.csv") == nil)
  }

  @Test func `outputs are not compressed, and say so`() async throws {
    let project = try Project()
    #expect(await run(project, output: "out.csv.gz").exitCode == .usage)
    #expect(await run(project) { $0.ledger = "\(project.folder.path)/x.ndjson.gz" }.exitCode == .usage)
    #expect(project.folder.read("out.csv.gz") == nil)
  }

  @Test(
    arguments: [("blank.ndjson", "\n \n"), ("none.json", "[]"), ("blank.json", "  ")])
  func `an input without records is reported`(name: String, text: String) async throws {
    let project = try Project()
    try project.folder.write("in/\(name)", text)
    let report = await run(project, input: "in/\(name)", output: "out.ndjson")
    #expect(report.summary.messages.contains { $0.contains("nothing was read from") && $0.contains("no records") })
    #expect(report.summary.counts.read == 0)
  }

  @Test func `a JSON array that breaks off publishes nothing`() async throws {
    let project = try Project()
    try project.folder.write("in/broken.json", #"[{"id":"1"} {"id":"2"}]"#)
    let report = await run(project, input: "in/broken.json", output: "out.ndjson")
    #expect(report.exitCode == .inputMissing)
    #expect(report.failure?.description.contains("what follows was not read") == true)
    #expect(project.folder.read("out.ndjson") == nil)
  }

  @Test func `missing files and unwritable files have different reports`() async throws {
    let project = try Project()
    #expect(await run(project, input: "nothing.ndjson").exitCode == .inputMissing)
    #expect(await run(project, input: "nothing").exitCode == .inputMissing)
    #expect(await run(project, input: "in").exitCode == .inputMissing)
    try project.folder.write("in/data.xyz", "{}")
    #expect(await run(project, input: "in/data.xyz").exitCode == .usage)
    #expect(await run(project) { $0.mapping = "\(project.folder.path)/none.yaml" }.exitCode == .wrongFile)
    try project.folder.write("blocked", "")
    #expect(await run(project, output: "blocked/out.csv").exitCode == .cannotWrite)
    #expect(await run(project, output: "out.xyz").exitCode == .usage)
    #expect(project.folder.names() == ["blocked", "contact.schema.json", "contacts.yaml", "in", "waybill.yaml"])
  }

  @Test func `records of an output that did not appear are pending`() async throws {
    let project = try Project()
    let (mapping, folder) = ("\(project.folder.path)/contacts.yaml", project.folder.path)
    var options = TransformJob.Options(mapping: mapping, input: "\(folder)/in/contacts.ndjson")
    options.output = "\(folder)/out.csv"
    options.ledger = "/dev/full"
    let report = await TransformJob(options).run()
    #expect(report.exitCode == .cannotWrite)
    #expect(project.folder.read("out.csv") == nil)
    #expect(report.summary.json["written"]?.intValue == 0)
    #expect(report.summary.unaccounted == 0)
    #expect(report.summary.json["pending"]?.intValue == report.summary.pending)
  }

  @Test func `gzip is read, and damage is reported`() async throws {
    let project = try Project()
    #expect(try SpawnedProcess(["gzip", "-k", "\(project.folder.path)/in/contacts.ndjson"]).wait() == .exit(0))
    _ = await run(project, input: "in/contacts.ndjson.gz")
    #expect(project.folder.read("out.csv") == RunEngineTests.csv)
    let path = "\(project.folder.path)/in/contacts.ndjson.gz"
    let whole = try #require(FileManager.default.contents(atPath: path))
    try whole.prefix(whole.count - 20).write(to: URL(fileURLWithPath: path))
    let cut = await run(project, input: "in/contacts.ndjson.gz", output: "cut.csv")
    #expect(cut.exitCode == .inputMissing)
    #expect(cut.failure?.description.contains("is truncated") == true)
    #expect(project.folder.read("cut.csv") == nil)
    // A browser or a proxy may have decompressed it.
    try project.folder.write("in/plain.ndjson.gz", Project.input)
    let plain = await run(project, input: "in/plain.ndjson.gz", output: "plain.csv")
    #expect(plain.failure == nil && project.folder.read("plain.csv") == project.folder.read("out.csv"))
  }

  private func preview(_ options: TransformJob.Options, limit: Int = 10, code: String? = nil) async -> PreviewSession.Result {
    var session = PreviewSession.Options(options)
    (session.limit, session.code) = (limit, code)
    return await PreviewSession(session).refresh()
  }

  @Test func `a preview shows source, target and problems`() async throws {
    let project = try Project()
    let folder = project.folder.path
    let options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/contacts.ndjson")
    let items = await preview(options, limit: 4).items.map(\.item)
    #expect(items.map(\.key) == ["c1", "c2", "c3", nil])
    #expect(items.map(\.outcome) == [.written, .written, .rejected, .rejected])
    #expect(items[0].source.contains(.init(name: "email", text: #""ADA@Example.COM ""#)))
    #expect(items[0].target.contains(.init(name: "email", text: #""ada@example.com""#)))
    #expect(items[0].target.contains(.init(name: "address.city", text: #""London""#)))
    #expect(items[1].problems.map(\.code) == ["email-invalid"])
    #expect(items[2].problems.map(\.code) == ["required"])
    #expect(await preview(options, code: "schema-maxLength").items.map(\.item.key) == ["c5"])
  }

  @Test func `a preview of elements shows what is read of each`() async throws {
    let project = try Project()
    try project.folder.write(
      "tags.yaml",
      """
      mapping: 1
      name: tags
      source: {entity: contact, key: id, each: tags}
      target: {entity: tag, key: [contact, tag]}
      fields:
        contact: parent.id
        tag: {from: item, do: [lower]}
      """)
    try project.folder.write("in/tags.ndjson", #"{"id":"c1","tags":["A","B"]}"#)
    let folder = project.folder.path
    let options = TransformJob.Options(mapping: "\(folder)/tags.yaml", input: "\(folder)/in/tags.ndjson")
    let items = await preview(options).items.map(\.item)
    #expect(
      items.map { $0.source.map { "\($0.name)=\($0.text)" } } == [
        [#"id="c1""#, #"item="A""#], [#"id="c1""#, #"item="B""#],
      ])
    #expect(items.map { $0.target.map(\.text) } == [[#""c1""#, #""a""#], [#""c1""#, #""b""#]])
  }
}

/// Outputs and what a mapping reads: nothing of it is written over, whatever the spelling and the links.
@Suite struct OverwriteTests {
  private static let mapping =
    Project.mapping.replacing(
      "source: {entity: contact, key: id}", with: "source: {entity: contact, key: id, custom_fields: fields.json}")
    + "\nlookups: {owners: {file: lookups/owners.csv, key: id, values: name}}\n"

  private func project() throws -> Project {
    let project = try Project(mapping: Self.mapping)
    try project.folder.write("lookups/owners.csv", "id,name\nu1,Ada\n")
    try project.folder.write("fields.json", "[]")
    try project.folder.write("parts/city.json", "{}")
    try project.folder.write(
      "contact.schema.json",
      Project.schema.replacing(
        "{\"city\": {\"type\": [\"string\", \"null\"]}}", with: "{\"city\": {\"$ref\": \"parts/city.json\"}}"))
    let manager = FileManager.default
    let folder = project.folder.path
    try manager.createSymbolicLink(atPath: "\(folder)/soft.csv", withDestinationPath: "lookups/owners.csv")
    try manager.linkItem(atPath: "\(folder)/lookups/owners.csv", toPath: "\(folder)/hard.csv")
    try manager.createSymbolicLink(atPath: "\(folder)/other", withDestinationPath: ".")
    return project
  }

  static let read = [
    "contacts.yaml", "in/contacts.ndjson", "contact.schema.json", "lookups/owners.csv", "fields.json", "parts/city.json",
    "soft.csv",
    "hard.csv", "other/contact.schema.json", "lookups/../fields.json",
  ]

  @Test(arguments: read, ["output", "ledger", "summary"])
  func `a transform does not write over what it reads`(path: String, option: String) async throws {
    let project = try project()
    let folder = project.folder.path
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/contacts.ndjson")
    options.output = "\(folder)/out.csv"
    options.outputFormat = .csv
    switch option {
    case "output": options.output = "\(folder)/\(path)"
    case "ledger": options.ledger = "\(folder)/\(path)"
    default: options.summary = "\(folder)/\(path)"
    }
    let before = project.folder.read(path)
    // Also where it fails before it looks at its outputs.
    for input in ["in/contacts.ndjson", "in/none.ndjson"] {
      options.input = "\(folder)/\(input)"
      let report = await TransformJob(options).run()
      #expect(
        report.exitCode == .usage || (input == "in/none.ndjson" && path == "in/contacts.ndjson"), "\(report.summary.messages)")
      guard report.exitCode == .usage else { continue }
      #expect(project.folder.read(path) == before)
      #expect(project.folder.read("out.csv") == nil)
    }
  }

  @Test(arguments: ["contact.schema.json", "lookups/owners.csv", "fields.json", "parts/city.json", "hard.csv"])
  func `a run does not write over what its mappings read`(path: String) async throws {
    let project = try project()
    try project.folder.write("waybill.yaml", Project.pipeline.replacing("out/{mapping}.csv", with: path))
    let before = project.folder.read(path)
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile, "\(report.summary.messages)")
    #expect(project.folder.read(path) == before)
    let summary = try await project.run { $0.summaryPath = "\(project.folder.path)/\(path)" }
    #expect([.usage, .wrongFile].contains(summary.exitCode))
    #expect(project.folder.read(path) == before)
  }

  @Test(arguments: ["contact.schema.json", "parts/city.json", "in/contacts.ndjson", "other/parts/city.json"], [true, false])
  func `a validation does not write over what it reads`(path: String, isSummary: Bool) async throws {
    let project = try project()
    let folder = project.folder.path
    var options = ValidateJob.Options(schema: "\(folder)/contact.schema.json", input: "\(folder)/in/contacts.ndjson")
    if isSummary { options.summary = "\(folder)/\(path)" } else { options.ledger = "\(folder)/\(path)" }
    let before = project.folder.read(path)
    #expect(await ValidateJob(options).run().exitCode == .usage)
    #expect(project.folder.read(path) == before)
  }
}

/// Pipes with a name have an end that may never come.
@Suite struct NamedPipeTests {
  @Test(arguments: ["input", "output"]) func `a transform that waits for a pipe's other end can be stopped`(_ end: String)
    async throws
  {
    let project = try Project()
    let folder = project.folder.path
    let pipe = "\(folder)/pipe.ndjson"
    #expect(mkfifo(pipe, 0o600) == 0)
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/contacts.ndjson")
    options.output = "\(folder)/out.csv"
    if end == "input" { options.input = pipe } else { options.output = pipe }
    options.ledger = "\(folder)/ledger.ndjson"
    let job = TransformJob(options)
    let task = Task { await job.run() }
    task.cancel()
    let report = await task.value
    #expect(report.exitCode == .tryLater)
    #expect(report.summary.unaccounted == 0)
  }

  @Test func `a pipe is read to its end once somebody writes to it`() async throws {
    let project = try Project()
    let folder = project.folder.path
    let pipe = "\(folder)/pipe.ndjson"
    #expect(mkfifo(pipe, 0o600) == 0)
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: pipe)
    options.output = "\(folder)/out.csv"
    let writer = try SpawnedProcess(["cp", "\(folder)/in/contacts.ndjson", pipe])
    let report = await TransformJob(options).run()
    #expect(writer.wait() == .exit(0))
    #expect(report.summary.counts.read == 6)
    #expect(project.folder.read("out.csv") == RunEngineTests.csv)
  }
}
