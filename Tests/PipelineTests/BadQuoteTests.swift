import Core
import Foundation
import Records
import Report
import Schema
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// A quote that is never closed, or closed in the wrong place, through the commands: no row is lost, none is invented.
@Suite struct BadQuoteTests {
  private static func mapping(_ source: String = "") -> String {
    """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id\(source)}
    target: {entity: contact, key: contactId, schema: contact.schema.json}
    fields:
      contactId: id
      name: {from: name, required: true}
    """
  }

  /// 400 rows; row `n` is on line `n + 1`.
  private static func file(_ changes: [Int: String] = [:]) -> String {
    (["id,name"] + (1...400).map { changes[$0] ?? "c\($0),name \($0)" }).joined(separator: "\n") + "\n"
  }

  private static let unclosed = file([101: "c101,\"name"])

  private static let pipeline = Project.pipeline.replacing(
    "{ndjson: {contact: in/contacts.ndjson}}", with: "{csv: {contact: in/c.csv}}"
  ).replacing("rejected: {max: 3}", with: "rejected: {max: 400}")

  private static func project(_ file: String, source: String = "") throws -> Project {
    let project = try Project(pipeline: pipeline, mapping: mapping(source))
    try project.folder.write("in/c.csv", file)
    return project
  }

  private static func transform(
    _ project: Project, output: String = "out.ndjson", _ change: (inout TransformJob.Options) -> Void = { _ in }
  ) async -> TransformJob.Report {
    let folder = project.folder.path
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/c.csv")
    options.output = "\(folder)/\(output)"
    change(&options)
    return await TransformJob(options).run()
  }

  @Test func `rows that a quote would have swallowed are rejected by name, with any number of threads`() async throws {
    let project = try Self.project(Self.unclosed)
    for threads in 1...4 {
      let report = await Self.transform(project, output: "out\(threads).ndjson") { $0.threads = threads }
      #expect(report.exitCode == .recordsFailed)
      #expect(report.summary.counts.read == 400)
      #expect(report.summary.counts.written == 100)
      #expect(report.summary.counts.slugs == ["invalid-csv": 1, "csv-resynchronized": 299])
      #expect(report.summary.unaccounted == 0)
      #expect(project.folder.read("out\(threads).ndjson") == project.folder.read("out1.ndjson"))
      #expect(project.folder.read("out\(threads).ndjson.ledger.ndjson") == project.folder.read("out1.ndjson.ledger.ndjson"))
    }
    let first = try #require(project.folder.read("out1.ndjson.ledger.ndjson")?.split(separator: "\n").first)
    let line = try JSONReader.read(String(first))
    #expect(line["code"]?.stringValue == "invalid-csv")
    #expect(line["at"]?["line"]?.intValue == 102)
    #expect(
      line["message"]?.stringValue
        == "the quoted cell that opens on line 102 is never closed; it would have swallowed 299 lines")
  }

  @Test(
    arguments: [
      ([101: "c101,\"name", 301: "c301,\"x"], 100, ["invalid-csv": 2, "csv-resynchronized": 298]),
      ([10: "c10,\"a\nb\nc\""], 400, [:]), ([10: "c10,\"a\nb\",x"], 399, ["ragged-row": 1]),
      ([10: "c10,5\" pipe"], 400, ["csv-bare-quote": 1]), ([10: "c10, \"a\""], 399, ["invalid-csv": 1]),
      ([10: "c10,\"a\" b"], 399, ["invalid-csv": 1]),
      ([400: "c400,\"x"], 399, ["invalid-csv": 1]),
      ([10: "c10,\"a", 12: "c12,\"b\""], 397, ["invalid-csv": 1, "csv-resynchronized": 2]),
    ] as [([Int: String], Int, [String: Int])])
  func `each row is accounted for`(changes: [Int: String], written: Int, codes: [String: Int]) async throws {
    let project = try Self.project(Self.file(changes))
    let report = await Self.transform(project)
    let found = report.summary.counts.slugs
    #expect(report.summary.counts.read == 400)
    #expect(report.summary.counts.written == written)
    #expect(report.summary.unaccounted == 0)
    #expect(found == codes)
  }

  @Test func `recover lets them through, each with a warning`() async throws {
    let project = try Self.project(Self.unclosed, source: ", on_bad_quote: recover")
    let report = await Self.transform(project) { $0.threads = 3 }
    #expect(report.summary.counts.written == 399)
    #expect(report.summary.counts.rejected == 1)
    #expect(report.summary.counts.warnings == 299)
    #expect(report.summary.counts.slugs == ["invalid-csv": 1, "csv-resynchronized": 299])
    let last = try #require(project.folder.read("out.ndjson.ledger.ndjson")?.split(separator: "\n").last)
    let line = try JSONReader.read(String(last))
    #expect(line["record"]?.stringValue == "c400")
    #expect(line["severity"]?.stringValue == "warning")
    #expect(line["at"]?["line"]?.intValue == 401)
  }

  @Test func `a merge keeps the warnings of what it recovered`() async throws {
    let project = try Self.project(Self.unclosed, source: ", on_bad_quote: recover")
    try project.folder.write("contacts.yaml", Self.mapping(", on_bad_quote: recover") + "\nmerge: {by: [name], keep: first}\n")
    let report = await Self.transform(project)
    #expect(report.summary.counts.written == 399)
    #expect(report.summary.counts.slugs == ["invalid-csv": 1, "csv-resynchronized": 299])
  }

  @Test func `a run reports the same, with complete counts`() async throws {
    let project = try Self.project(Self.unclosed)
    let report = try await project.run()
    #expect(report.summary.entities.first?.read == 400)
    #expect(report.summary.entities.first?.codes == ["invalid-csv": 1, "csv-resynchronized": 299])
    #expect(report.summary.unaccounted == 0)
    #expect(project.folder.read("out/contacts.csv")?.split(separator: "\n").count == 101)
  }

  @Test func `more than max_record_bytes in a bad cell publishes nothing`() async throws {
    let project = try Self.project(Self.unclosed, source: ", max_record_bytes: 1000")
    try project.folder.write("out.ndjson", "old")
    try project.folder.write("out/contacts.csv", "old")
    let transformed = await Self.transform(project)
    #expect(transformed.exitCode == .wrongFile)
    #expect(transformed.failure?.description.contains("in/c.csv:102: the quoted cell that opens on line 102") == true)
    #expect(transformed.summary.unaccounted == 0)
    #expect(project.folder.read("out.ndjson") == "old")
    let run = try await project.run()
    #expect(run.exitCode == .wrongFile)
    #expect(run.summary.messages.first?.contains("in/c.csv:102:") == true)
    #expect(project.folder.read("out/contacts.csv") == "old")
    let folder = project.folder.path
    let session = PreviewSession(.init(.init(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/c.csv")))
    let preview = await session.refresh()
    #expect(preview.failure?.exitCode == .wrongFile)
    // A well-formed cell may be this large: then only its own row is too large.
    try project.folder.write("in/c.csv", Self.unclosed + "\"\nc401,last\n")
    let closed = await Self.transform(project)
    #expect(closed.summary.counts.slugs == ["record-too-large": 1])
    #expect(closed.summary.counts.written == 101)
  }

  @Test func `the limit is 16 MiB unless a mapping sets another`() async throws {
    let project = try Self.project(Self.file())
    let row = "c1," + String(repeating: "x", count: 1020) + "\n"
    try project.folder.write("in/large.csv", "id,name\nc0,\"open\n" + String(repeating: row, count: 17 << 10))
    try project.folder.write("any.json", "true")
    let path = "\(project.folder.path)/in/large.csv"
    let validated = await ValidateJob(.init(schema: "\(project.folder.path)/any.json", input: path)).run()
    #expect(validated.exitCode == .wrongFile)
    #expect(throws: OperationFailure.self) { try SampleProfile(path: path, format: nil) }
    let keys = try #require(KeysFile("contacts=\(path)"))
    #expect(throws: OperationFailure.self) { try keys.load(folder: project.folder.path) }
  }

  @Test func `validate names what is wrong with a row`() async throws {
    let project = try Self.project(Self.file([399: "c399,\"x"]))
    try project.folder.write("any.json", "true")
    let folder = project.folder.path
    var options = ValidateJob.Options(schema: "\(folder)/any.json", input: "\(folder)/in/c.csv")
    options.ledger = "\(folder)/ledger.ndjson"
    let report = await ValidateJob(options).run()
    #expect(report.summary.counts.codes == [.invalidCSV: 1, .csvResynchronized: 1])
    let lines = try #require(project.folder.read("ledger.ndjson")).split(separator: "\n").map { try JSONReader.read(String($0)) }
    #expect(
      lines.map { $0["message"]?.stringValue } == [
        "the quoted cell that opens on line 400 is never closed; it would have swallowed 1 line",
        "the quoted cell that opens on line 400 would have swallowed this line, which may be text that only looks like a row",
      ])
  }

  @Test func `keys and lookups with a bad quote are refused`() async throws {
    let project = try Self.project(Self.file([2: "c2,\"x"]))
    let keys = try #require(KeysFile("contacts=\(project.folder.path)/in/c.csv"))
    let failure = #expect(throws: OperationFailure.self) { try keys.load(folder: project.folder.path) }
    #expect(failure?.description.contains("line 3: it cannot be read as a record (the quoted cell that opens on line 3") == true)
    try project.folder.write("names.csv", "key,value\na,\"x\nb,y\n")
    try project.folder.write(
      "contacts.yaml",
      Self.mapping() + "\n  source: {from: name, do: [{lookup: names}]}\nlookups: {names: {file: names.csv, key: key}}\n")
    let report = await Self.transform(project)
    #expect(report.exitCode == .wrongFile)
    #expect(report.diagnostics.all.map(\.place.line).contains(2))
  }

  @Test(arguments: [3, 101, 102, 103, 250])
  func `a limited import has the same first records as the whole file`(limit: Int) async throws {
    for text in [Self.unclosed, Self.unclosed.replacing("\n", with: "\r"), Self.unclosed.replacing("\n", with: "\r\n")] {
      let project = try Self.project(text)
      let report = try await project.run { $0.source.limit = limit }
      let entity = try #require(report.summary.entities.first)
      #expect(entity.read == limit)
      let suspects = max(0, limit - 101)
      #expect(entity.codes["invalid-csv"] == (limit > 100 ? 1 : nil))
      #expect(entity.codes["csv-resynchronized"] == (suspects > 0 ? suspects : nil))
    }
  }
}
