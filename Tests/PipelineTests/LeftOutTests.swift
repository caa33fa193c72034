import Core
import Extract
import Foundation
import Report
import Sandbox
import TestSupport
import Testing

@testable import Pipeline

/// Records that a pipeline leaves out are listed, and noted under each mapping that would have had them.
@Suite struct LeftOutTests {
  private static let tasks = """
    mapping: 1
    name: tasks
    source: {entity: task, key: id}
    target: {entity: task, key: id}
    fields:
      id: id
    """

  private static func run(
    source: String = "", _ body: @escaping @Sendable (RunEngine.Report, Project, Sandbox) async throws -> Void
  ) async throws {
    let sandbox = SandboxOptions(contacts: 60, businesses: 3, seed: 11, limitScale: 1000)
    try await SandboxServer.withServer(sandbox) { address, server in
      let pipeline = SnapshotFitTests.pipeline.replacing("LOCATION", with: address.location)
        .replacing("URL", with: address.baseURL).replacing("[contacts.yaml]", with: "[contacts.yaml, tasks.yaml]")
        .replacing("base_url", with: source.replacing("B0", with: server.data.businessID(at: 0)) + "base_url")
      let project = try Project(pipeline: pipeline, mapping: SnapshotFitTests.mapping)
      try project.folder.write("tasks.yaml", tasks)
      try await body(try await project.run { $0.source.environment = ["TOKEN": address.token] }, project, server)
    }
  }

  private static func outside(_ project: Project, _ report: RunEngine.Report) throws -> [JSONValue]? {
    let snapshot = try #require(report.summary.snapshot)
    let folder = ".waybill/snapshots/\(snapshot)"
    let location = try #require(project.folder.names(in: folder).first)
    return try project.folder.read("\(folder)/\(location)/outside.ndjson")?.split(separator: "\n").map {
      try JSONReader.read(String($0))
    }
  }

  private static func notes(_ project: Project, _ report: RunEngine.Report) throws -> [JSONValue] {
    try #require(project.file("ledger.ndjson", of: report)).split(separator: "\n").map { try JSONReader.read(String($0)) }
      .filter { $0["code"]?.stringValue == "not-extracted" }
  }

  @Test func `contacts without a business are listed by id`() async throws {
    try await Self.run { report, project, server in
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      let count = try #require(report.summary.outsideBusinesses)
      let lines = try #require(try Self.outside(project, report))
      #expect(lines.count == count && count > 0)
      #expect(Set(lines.compactMap { $0["id"]?.stringValue }).count == count)
      #expect(lines.allSatisfy { $0["reason"] == .string("no-business") })
      #expect(report.summary.json["left_out"]?["no-business"] == .number(count))
      let notes = try Self.notes(project, report)
      #expect(notes.map { $0["mapping"]?.stringValue } == ["contacts", "tasks"])
      for note in notes {
        #expect(note["severity"] == .string("note") && note["stage"] == .string("extract") && note["count"] == .number(count))
        #expect(note["at"]?["file"]?.stringValue?.hasSuffix("/outside.ndjson") == true)
        #expect(
          note["message"]?.stringValue?.hasPrefix(
            "\(count) contacts were not extracted: no business (`without_business: include`") == true)
      }
      try Agreement.check(report, in: project)
      // A run on the snapshot reports the same.
      let again = try await project.run { $0.source.snapshot = "latest" }
      #expect(again.summary.leftOut == report.summary.leftOut && again.summary.entities == report.summary.entities)
      try Agreement.check(again, in: project)
      // The list is verified, too.
      let snapshot = try #require(report.summary.snapshot)
      let folder =
        ".waybill/snapshots/\(snapshot)/\(try #require(project.folder.names(in: ".waybill/snapshots/\(snapshot)").first))"
      try project.folder.write("\(folder)/outside.ndjson", "{}\n")
      #expect(try await project.run { $0.source.snapshot = snapshot }.exitCode == .inputMissing)
    }
  }

  @Test(arguments: ["without_business: include, ", "without_business: ignore, "])
  func `those that are included, or not wanted, are not listed`(_ source: String) async throws {
    try await Self.run(source: source) { report, project, _ in
      #expect(report.exitCode == .done)
      #expect(try Self.outside(project, report) == nil)
      #expect(try Self.notes(project, report) == [])
      // The other way round, the snapshot has too many or too few.
      let other =
        source.contains("include") ? source.replacing("include", with: "count") : source.replacing("ignore", with: "include")
      try project.folder.write("waybill.yaml", try #require(project.folder.read("waybill.yaml")).replacing(source, with: other))
      let latest = try await project.run { $0.source.snapshot = "latest" }
      #expect(latest.exitCode == .inputMissing)
      #expect(latest.summary.messages.first?.contains("was made with without_business: ") == true, "\(latest.summary.messages)")
    }
  }

  @Test func `businesses that are not selected are listed`() async throws {
    try await Self.run(source: "businesses: [B0], ") { report, project, server in
      #expect(report.exitCode == .done && report.summary.narrowing == nil)
      let lines = try #require(try Self.outside(project, report))
      #expect(lines.map { $0["business"]?.stringValue } == [server.data.businessID(at: 1), server.data.businessID(at: 2)])
      #expect(lines.allSatisfy { $0["reason"] == .string("not-selected") && $0["id"] == nil })
      #expect(
        try Self.notes(project, report).first?["message"]?.stringValue?.hasPrefix(
          "the contacts of 2 businesses were not extracted: `businesses` does not name them") == true)
      try Agreement.check(report, in: project)
    }
  }
}
