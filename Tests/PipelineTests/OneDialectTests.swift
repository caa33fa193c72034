import Core
import Extract
import Foundation
import Mapping
import Records
import Report
import State
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// A CSV file has one dialect, for the compiler and the run, in every command.
///
/// Each file looks different once it is known which columns are read.
@Suite struct OneDialectTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var content: String
    /// What the mapping reads: its key, and another column.
    var columns: (String, String)
    var output: String

    var testDescription: String { name }

    var mapping: String {
      """
      mapping: 1
      name: people
      source: {entity: person, key: '\(columns.0)'}
      target: {entity: person, key: id}
      fields: {id: '\(columns.0)', name: '\(columns.1)'}
      """
    }

    /// The rows alone.
    var rows: String { String(output.drop { $0 != "\n" }.dropFirst()) }
  }

  static let cases = [
    Case(
      name: "semicolons explain more, the comma has the columns", file: "a.csv", content: "id,a;b;c\n1,2;3;4\n2,5;6;7\n",
      columns: ("id", "a;b;c"), output: "id,name\n1,2;3;4\n2,5;6;7\n"),
    Case(
      name: "the comma is assumed, the semicolon has the columns", file: "a.csv", content: "id,x;name\n1,2;3\n4,5;6\n",
      columns: ("id,x", "name"), output: "id,name\n\"1,2\",3\n\"4,5\",6\n"),
    Case(
      name: "two would fit, one has the columns", file: "a.csv", content: "id;name|x\n1;A|2\n2;B|3\n",
      columns: ("id", "name|x"), output: "id,name\n1,A|2\n2,B|3\n"),
    Case(
      name: "a table of tabs whose columns are separated by commas", file: "a.tsv", content: "id,name\tq\n1,A\tb\n2,B\tc\n",
      columns: ("id", "name\tq"), output: "id,name\n1,A\tb\n2,B\tc\n"),
    Case(
      name: "a later row looks like the header", file: "a.csv", content: "note\n1;b;c\nx;y;z\nu;v;w\n",
      columns: ("note", "note"), output: "id,name\n1;b;c,1;b;c\nx;y;z,x;y;z\nu;v;w,u;v;w\n"),
    Case(
      name: "one delimiter has the column, the other one does not", file: "a.csv", content: "id;name|z\nc1;Ann|x\n",
      columns: ("id", "id"), output: "id,name\nc1,c1\n"),
    Case(
      name: "a header with a value has the columns", file: "a.csv", content: "id,name,ann@example.com\n1,A,x\n2,B,y\n",
      columns: ("id", "name"), output: "id,name\n1,A\n2,B\n"),
  ]

  private static func pipeline(_ source: String, mappings: String = "people.yaml") -> String {
    "pipeline: p\nsource: \(source)\nmappings: [\(mappings)]\ndestinations: {f: {csv: {path: \"out/{mapping}.csv\"}}}\n"
  }

  private func project(_ item: Case, mappings: String = "people.yaml") throws -> Project {
    let project = try Project(pipeline: Self.pipeline("{csv: {person: in/\(item.file)}}", mappings: mappings))
    try project.folder.write("people.yaml", item.mapping)
    try project.folder.write("in/\(item.file)", item.content)
    return project
  }

  @Test(arguments: cases) func `transform reads the columns that the compiler has seen`(_ item: Case) async throws {
    let folder = try project(item).folder
    var options = TransformJob.Options(mapping: "\(folder.path)/people.yaml", input: "\(folder.path)/in/\(item.file)")
    options.output = "\(folder.path)/t.csv"
    let report = await TransformJob(options).run()
    #expect(report.failure == nil)
    #expect(!report.diagnostics.hasErrors)
    #expect(folder.read("t.csv") == item.output)
  }

  @Test(arguments: cases) func `preview reads them, too`(_ item: Case) async throws {
    let folder = try project(item).folder
    let result = await PreviewSession(
      .init(.init(mapping: "\(folder.path)/people.yaml", input: "\(folder.path)/in/\(item.file)"))
    ).refresh()
    #expect(result.failure == nil)
    #expect(result.counts.written == item.rows.split(separator: "\n").count)
  }

  @Test(arguments: cases) func `check, a run, and a run on its snapshot agree`(_ item: Case) async throws {
    let project = try project(item)
    let checked = PipelineCompilation.compile(try project.document())
    #expect(!checked.diagnostics.hasErrors, "\(checked.diagnostics.all.map(\.message))")
    let first = try await project.run()
    #expect(first.exitCode == .done, "\(first.summary.messages)")
    #expect(project.folder.read("out/people.csv") == item.output)
    // The snapshot is read in the same way, whatever becomes of the file.
    let snapshot = try #require(first.summary.snapshot)
    try project.folder.write("in/\(item.file)", "")
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.exitCode == .done, "\(again.summary.messages)")
    #expect(project.folder.read("out/people.csv") == item.output)
    try project.folder.write("waybill.yaml", Self.pipeline("{snapshot: latest}"))
    let latest = try await project.run()
    #expect(latest.exitCode == .done, "\(latest.summary.messages)")
    #expect(project.folder.read("out/people.csv") == item.output)
  }

  @Test(arguments: cases) func `a plan counts the records that a run reads`(_ item: Case) async throws {
    let project = try project(item)
    let plan = await PlanEngine(try project.document(), options: project.options.source).run()
    #expect(plan.failure == nil)
    #expect(plan.plan?.files.map(\.records) == [item.rows.split(separator: "\n").count])
  }

  @Test(arguments: cases) func `a run of the first records agrees with a run of all`(_ item: Case) async throws {
    let project = try project(item)
    let limited = try await project.run { ($0.source.limit, $0.publishesPartial) = (1, true) }
    #expect(limited.exitCode == .done, "\(limited.summary.messages)")
    let rows = item.output.split(separator: "\n").prefix(2).map { "\($0)\n" }.joined()
    #expect(project.folder.read("out/people.csv") == rows)
  }

  @Test func `the columns of all mappings decide together`() async throws {
    // With `other` alone, the semicolon would be detected.
    let item = Self.cases[0]
    let project = try project(item, mappings: "people.yaml, other.yaml")
    try project.folder.write(
      "other.yaml", item.mapping.replacing("name: people", with: "name: other").replacing("a;b;c", with: "id"))
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(project.folder.read("out/other.csv") == "id,name\n1,1\n2,2\n")
    let alone = try await project.run { $0.source.mappings = ["other"] }
    #expect(alone.exitCode == .done, "\(alone.summary.messages)")
    #expect(project.folder.read("out/other.csv") == "id,name\n1,1\n2,2\n")
  }

  @Test func `a lookup over an entity helps to find its columns`() async throws {
    let project = try Project(
      pipeline: Self.pipeline("{csv: {person: in/a.csv, user: in/u.csv}}"),
      mapping: "")
    try project.folder.write(
      "people.yaml",
      """
      mapping: 1
      name: people
      source: {entity: person, key: id}
      target: {entity: person, key: id}
      lookups: {users: {entity: user, key: id, values: ['a;b;c']}}
      fields: {id: id, name: {from: id, do: [{lookup: users}]}}
      """)
    try project.folder.write("in/a.csv", "id,name\n1,Ada\n")
    try project.folder.write("in/u.csv", "id,a;b;c\n1,2;3;4\n2,5;6;7\n")
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    #expect(project.folder.read("out/people.csv") == "id,name\n1,2;3;4\n")
  }

  @Test func `a note still says which delimiter was detected, also for the snapshot`() async throws {
    let item = Self.cases[2]
    let project = try project(item)
    let first = try await project.run()
    let notes = first.summary.entities.map(\.notes)
    #expect(notes == [["delimiter ';' detected"]])
    let snapshot = try #require(first.summary.snapshot)
    let again = try await project.run { $0.source.snapshot = snapshot }
    #expect(again.summary.entities.map(\.notes) == notes)
  }

  @Test func `a watched preview reads the records again when other columns are read, or the file has others`() async throws {
    let item = Self.cases[0]
    let folder = try project(item).folder
    let session = PreviewSession(
      .init(.init(mapping: "\(folder.path)/people.yaml", input: "\(folder.path)/in/\(item.file)")))
    func names() async -> [String] {
      let result = await session.refresh()
      #expect(result.failure == nil)
      return result.items.map { $0.item.target.first { $0.name.isExactly("name") }?.text ?? "none" }
    }
    #expect(await names() == ["\"2;3;4\"", "\"5;6;7\""])
    try folder.write("people.yaml", item.mapping.replacing("'id'", with: "'id,a'").replacing("'a;b;c'", with: "c"))
    #expect(await names() == ["\"4\"", "\"7\""])
    try folder.write("in/\(item.file)", "c,id\n8,9\n")
    try folder.write("people.yaml", item.mapping.replacing("'a;b;c'", with: "c"))
    #expect(await names() == ["\"8\""])
  }

  @Test func `a resumed run reads its snapshot, even though the file now has another header`() async throws {
    let item = Self.cases[0]
    let project = try project(item)
    let first = try await project.run()
    let (id, folder) = (first.summary.run, ".waybill/runs/\(first.summary.run)")
    let facts = try #require(project.file("facts.ndjson", of: first)).split(separator: "\n")
    let extracted = try #require(facts.firstIndex { $0.contains(#""snapshot":"#) })
    try project.folder.write("\(folder)/facts.ndjson", facts[...extracted].map { "\($0)\n" }.joined())
    try project.folder.write("in/\(item.file)", "other,header\n1,2\n")
    _ = try StateFolder(path: "\(project.folder.path)/.waybill").openRuns().reopen(id)
    let last = try await project.run { $0.resume = id }
    #expect(last.exitCode == .done, "\(last.summary.messages)")
    #expect(project.folder.read("out/people.csv") == item.output)
  }
}
