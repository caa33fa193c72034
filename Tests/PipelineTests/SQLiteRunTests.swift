import Core
import Report
import TestSupport
import Testing

@testable import Pipeline

/// Runs that load into a SQLite database, beside files.
@Suite struct SQLiteRunTests {
  private static let pipeline = Project.pipeline.replacing(
    "  tree:", with: "  base: {sqlite: {path: out/app.sqlite, table: people}}\n  tree:")

  private func rows(_ project: Project, _ path: String = "out/app.sqlite") throws -> String {
    try SQLiteContent.text(of: "people", in: "\(project.folder.path)/\(path)")
  }

  private static let expected = """
    contactId|name|email|source|address.city|tags
    'c"6'|'Quote Comma, "Q"'|null|null|'Zürich'|null
    'c1'|'Ada Lovelace'|'ada@example.com'|null|'London'|'["a","b"]'
    'c2'|'Zoë'|null|'=1+1'|null|null

    """

  @Test func `a run loads a table, and a second one changes nothing`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    for outcome in [Outcome.created, .unchanged] {
      let report = try await project.run()
      #expect(report.summary.messages == [])
      #expect(report.exitCode == .done)
      try Agreement.check(report, in: project)
      #expect(report.summary.entities[0].destinations[1].counts[outcome] == 3)
      #expect(report.published.contains("\(project.folder.path)/out/app.sqlite"))
      #expect(try rows(project) == Self.expected)
    }
    #expect(project.folder.names(in: "out") == ["app.sqlite", "contacts.csv", "contacts.json"])
  }

  @Test func `a dry run puts the database into its folder`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    let report = try await project.run { $0.isDryRun = true }
    try Agreement.check(report, in: project)
    #expect(report.summary.entities[0].destinations[1].counts[.pending] == 3)
    #expect(try rows(project) == "")
    #expect(try rows(project, ".waybill/runs/\(report.summary.run)/base/contacts.sqlite") == Self.expected)
  }

  @Test func `a table that does not fit is refused before anything is published`() async throws {
    let project = try Project(pipeline: Self.pipeline)
    try project.folder.write("out/keep", "")
    try SQLiteContent.execute("\(project.folder.path)/out/app.sqlite", "CREATE TABLE people (id)")
    let report = try await project.run()
    #expect(report.exitCode == .cannotWrite)
    #expect(report.summary.messages.first?.contains("the table 'people' has no column 'contactId'") == true)
    #expect(project.folder.names(in: "out") == ["app.sqlite", "keep"])
  }

  @Test func `the gate on written counts rows of every outcome`() async throws {
    let files = [#"  files: {csv: {path: "out/{mapping}.csv"}}"#, #"  tree: {json: {path: "out/{mapping}.json"}}"#]
    let project = try Project(pipeline: files.reduce(Self.pipeline) { $0.replacing($1 + "\n", with: "") })
    let first = try await project.run()
    #expect(first.summary.entities[0].destinations.map(\.name) == ["base"])
    try project.folder.write("in/contacts.ndjson", #"{"id":"c1","firstName":"Ada"}"# + "\n")
    let report = try await project.run()
    #expect(report.exitCode == .gateFailed)
    #expect(try rows(project) == Self.expected)
  }
}
