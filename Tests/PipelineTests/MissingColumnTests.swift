import Core
import Foundation
import Records
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

@Suite struct MissingColumnTests {
  private static let schema = """
    {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "Fax": {"type": ["string", "null"]}}}
    """

  private static func project(_ file: String, source: String = "") throws -> Project {
    let mapping = """
      mapping: 1
      name: contacts
      source: {entity: contact, key: id\(source)}
      target: {entity: contact, key: contactId, schema: contact.schema.json}
      fields:
        contactId: id
        name: name
        email: {from: Fax, do: [lower]}
      """
    let project = try Project(
      pipeline: Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{csv: {contact: in/c.csv}}"),
      mapping: mapping)
    try project.folder.write("in/c.csv", file)
    try project.folder.write("source.json", schema)
    return project
  }

  private static func transform(_ project: Project, _ change: (inout TransformJob.Options) -> Void = { _ in }) async
    -> TransformJob.Report
  {
    let folder = project.folder.path
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/c.csv")
    options.output = "\(folder)/out.csv"
    change(&options)
    return await TransformJob(options).run()
  }

  @Test(arguments: ["", ", schema: source.json", ", extra: {Fax: string}"])
  func `a missing column is named before the first record`(source: String) async throws {
    let project = try Self.project("id,name,fax\n1,Ada,x\n", source: source)
    try project.folder.write("out/contacts.csv", "old")
    let report = await Self.transform(project)
    #expect(report.exitCode == .wrongFile)
    let diagnostic = try #require(report.diagnostics.all.first { $0.code == .missingColumn })
    #expect(diagnostic.place.line == 8)
    #expect(diagnostic.hint?.contains("fax") == true)
    #expect(project.folder.read("out.csv") == nil)
    let run = try await project.run()
    #expect(run.exitCode == .wrongFile)
    #expect(run.diagnostics.all.contains { $0.code == .missingColumn })
    #expect(project.folder.read("out/contacts.csv") == "old")
  }

  @Test func `an empty file has no columns`() async throws {
    let project = try Self.project("")
    let report = await Self.transform(project)
    #expect(report.exitCode == .wrongFile)
    #expect(report.failure?.description.contains("the file is empty; its first row names the columns") == true)
    #expect(project.folder.read("out.csv") == nil)
    try project.folder.write("in/c.csv.gz", "")
    let compressed = await Self.transform(project) { $0.input += ".gz" }
    #expect(compressed.exitCode == .inputMissing)
    #expect(compressed.failure?.description.contains("it is empty, which is not valid gzip data") == true)
  }

  @Test(arguments: ["", ", schema: source.json"])
  func `an optional column reads as null where it is missing`(source: String) async throws {
    let project = try Self.project("id,name\n1,Ada\n", source: source + ", optional: [Fax]")
    let report = await Self.transform(project)
    #expect(report.exitCode == .done)
    #expect(report.summary.counts.warnings == 0)
    #expect(project.folder.read("out.csv") == "contactId,name,email\n1,Ada,\n")
    try project.folder.write("in/c.csv", "id,name,Fax\n1,Ada,X@Y\n")
    #expect(await Self.transform(project).exitCode == .done)
    #expect(project.folder.read("out.csv") == "contactId,name,email\n1,Ada,x@y\n")
  }

  @Test func `the header of a pipe is checked when it arrives`() async throws {
    func report(_ header: String) async throws -> (TransformJob.Report, String?) {
      let project = try Self.project("", source: "")
      let pipe = Pipe()
      try pipe.fileHandleForWriting.write(contentsOf: Data("\(header)\n1,Ada,x\n".utf8))
      try pipe.fileHandleForWriting.close()
      let report = await Self.transform(project) {
        $0.input = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        $0.inputFormat = .csv
      }
      return (report, project.folder.read("out.csv"))
    }
    let (missing, nothing) = try await report("id,name,fax")
    #expect(missing.exitCode == .wrongFile)
    #expect(missing.failure?.description.contains("missing-column: the header has no column 'Fax', which ") == true)
    #expect(missing.failure?.description.contains("contacts.yaml:8:17 reads: did you mean 'fax'?") == true)
    #expect(missing.summary.counts.read == 0)
    #expect(nothing == nil)
    let (whole, text) = try await report("id,name,Fax")
    #expect(whole.exitCode == .done)
    #expect(text == "contactId,name,email\n1,Ada,x\n")
  }

  @Test func `a snapshot with other columns is refused`() async throws {
    let project = try Self.project("id,name\n1,Ada\n", source: ", optional: [Fax]")
    let first = try await project.run()
    #expect(first.exitCode == .done)
    try project.folder.write("in/c.csv", "id,name,Fax\n1,Ada,x\n")
    try project.folder.write(
      "contacts.yaml", try #require(project.folder.read("contacts.yaml")).replacing(", optional: [Fax]", with: ""))
    let second = try await project.run { $0.source.snapshot = first.summary.snapshot }
    #expect(second.exitCode == .wrongFile)
    #expect(second.diagnostics.all.contains { $0.code == .missingColumn })
    #expect(second.summary.unaccounted == 0)
  }

  // MARK: never-present

  private static let records = #"{"id":"c1","firstName":"Ada","lastName":null}"# + "\n" + #"{"id":"c2","firstName":"Bob"}"# + "\n"

  private static func reading(_ source: String = "", _ fields: String, input: String = records) throws -> Project {
    try Project(
      mapping: """
        mapping: 1
        name: contacts
        source: {entity: contact, key: id\(source)}
        target: {entity: contact, key: contactId}
        fields:
          contactId: id
        \(fields)
        """, input: input)
  }

  @Test(
    arguments: [
      ("", "  name: firstName\n  email: email", Self.records, ["email"]),
      // Null counts as present.
      ("", "  name: lastName", Self.records, []),
      (
        "", "  name: {expr: \"city != null ? city : 'x'\"}\n  c: {from: [city, firstName], do: [{join: ' '}]}", Self.records,
        ["city"]
      ),
      (", optional: [email]", "  name: firstName\n  email: email", Self.records, []),
      (", schema: s.json", "  name: a.b", #"{"id":"1","a":{"c":1}}"# + "\n", ["a.b"]),
      (", schema: s.json", "  name: a.b.c\n  d: a.d", #"{"id":"1","a":{"d":1,"b":null}}"# + "\n", ["a.b.c"]),
      (", schema: s.json, optional: [a.b]", "  name: a.b", #"{"id":"1","a":{"c":1}}"# + "\n", []),
      (", schema: s.json, optional: [a]", "  name: a.b", #"{"id":"1","a":{"c":1}}"# + "\n", []),
      // Not there in one record, and there in another.
      (", schema: s.json", "  name: a.b", #"{"id":"1","a":"x"}"# + "\n" + #"{"id":"2","a":{"b":null}}"# + "\n", []),
      // An empty list says nothing of its elements.
      (", schema: s.json", "  name: l[0]\n  b: l[0].x", #"{"id":"1","l":[]}"# + "\n", []),
      (", schema: s.json, each: l", "  name: item.x.y", #"{"id":"1","l":[{"x":{"z":1}}]}"# + "\n", ["item.x.y"]),
      (", schema: s.json, optional: [a]", "  name: a", #"{"id":"1","b":{"c":1}}"# + "\n", []),
      (", schema: s.json", "  name: a", #"{"id":"1","b":{"c":1}}"# + "\n", ["a"]),
      // Without a readable record, nothing is known.
      ("", "  name: firstName\n  email: email", "", []), ("", "  name: firstName\n  email: email", "{\n", []),
      (", schema: s.json, each: l", "  name: item.x\n  y: item.y", #"{"id":"1","l":[{"x":1}]}"# + "\n", ["item.y"]),
      (", schema: s.json, each: l", "  name: item.x\n  y: item.y", #"{"id":"1","l":[]}"# + "\n", []),
    ] as [(String, String, String, [String])])
  func `a field missing from every record is a warning at the end`(
    source: String, fields: String, input: String, expected: [String]
  ) async throws {
    let project = try Self.reading(source, fields, input: input)
    try project.folder.write("s.json", #"{"type": "object"}"#)
    for threads in [1, 3] {
      let folder = project.folder.path
      var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/contacts.ndjson")
      options.output = "\(folder)/out.ndjson"
      options.threads = threads
      let report = await TransformJob(options).run()
      #expect(report.failure == nil)
      #expect(report.summary.counts.slugs["never-present"] ?? 0 == expected.count)
      #expect(report.summary.counts.warnings == expected.count)
      let lines = try (project.folder.read("out.ndjson.ledger.ndjson") ?? "").split(separator: "\n").map {
        try JSONReader.read(String($0))
      }
      let found = lines.filter { $0["code"]?.stringValue == "never-present" }
      #expect(found.map { $0["source"]?.stringValue } == expected)
      #expect(found.allSatisfy { $0["severity"]?.stringValue == "warning" && ($0["rule"]?["line"]?.intValue ?? 0) > 6 })
    }
  }

  @Test func `a run over files reports them, and so does a merge`() async throws {
    let project = try Self.reading("", "  name: firstName\n  email: email\nmerge: {by: [name], keep: first}", input: Self.records)
    let report = try await project.run()
    #expect(report.summary.entities.first?.codes == ["never-present": 1])
    #expect(report.summary.entities.first?.warnings == 1)
    let ledger = try #require(project.file("ledger.ndjson", of: report))
    let line = try JSONReader.read(ledger.trimmingCharacters(in: .newlines))
    #expect(line["source"]?.stringValue == "email")
    #expect(line["message"]?.stringValue == "no record has 'email', which the mapping reads")
    #expect(line["rule"]?["line"]?.intValue == 8)
  }
}
