import Control
import Core
import Foundation
import Load
import PipelineFile
import Records
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Dry runs of a small project: what they predict, and where it is.
@Suite struct DryRunTests {
  private static let mixed = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
      table: {sqlite: {path: "out/all.sqlite", mode: upsert}}
    gates:
      rejected: {max: 3}
    """

  private static func people(_ names: [(String, String)]) -> String {
    names.map { #"{"id":"\#($0.0)","firstName":"\#($0.1)","lastName":"X","email":"\#($0.0)@example.com","city":"Ulm"}"# + "\n" }
      .joined()
  }

  private func changes(_ project: Project, _ report: RunEngine.Report) throws -> [JSONValue] {
    try #require(project.file("changes.ndjson", of: report)).split(separator: "\n").map { try JSONReader.read(String($0)) }
  }

  /// `files c1 written changed name: "xxx" -> "xxxx"`
  private func shown(_ lines: [JSONValue], _ destination: String) -> [String] {
    lines.filter { $0["destination"]?.stringValue == destination }.map { line in
      let fields = (line["fields"]?.arrayValue ?? []).map { field -> String in
        let (old, new) = ChangeText.values(of: field)
        return " \(ChangeText.name(of: field)): \(old) -> \(new)"
      }
      let words = [line["record"] ?? line["key"], line["outcome"], line["change"], line["code"]].compactMap { $0?.stringValue }
      return words.joined(separator: " ")
        + (line["change"] == .string("new") || line["outcome"] == .string("created") ? "" : fields.joined(separator: ","))
    }
  }

  @Test func `the first dry run predicts that everything is new`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada"), ("c2", "Bob")]))
    let report = try await project.run { $0.isDryRun = true }
    #expect(report.exitCode == .done && project.folder.names(in: "out") == [])
    let lines = try changes(project, report)
    #expect(shown(lines, "files") == ["c1 written new", "c2 written new"])
    #expect(shown(lines, "table") == ["c1 created", "c2 created"])
    #expect(
      report.summary.forecast.map(\.counts[.written]) == [2, 0] && report.summary.forecast.map(\.counts[.created]) == [0, 2])
    // The accounts of a dry run still say that nothing was loaded.
    #expect(report.summary.entities.first?.destinations.map(\.counts[.pending]) == [2, 2])
    try Agreement.check(report, in: project)
    for name in ["changes.ndjson", "changes.csv"] {
      #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/\(name)") == 0o600)
    }
  }

  @Test func `changes are listed with masked values, and what disappears comes last`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada"), ("c2", "Bob"), ("c3", "Cy")]))
    #expect(try await project.run().exitCode == .done)
    try project.folder.write("in/contacts.ndjson", Self.people([("c1", "Ada"), ("c2", "Eve")]))
    let report = try await project.run { $0.isDryRun = true }
    let lines = try changes(project, report)
    #expect(shown(lines, "files") == ["c1 written same", "c2 written changed name: Xxx X -> Xxx X", "c3 removed"])
    // An upsert removes nothing.
    #expect(shown(lines, "table") == ["c1 unchanged", "c2 updated name: Xxx X -> Xxx X"])
    let text = try #require(project.file("changes.ndjson", of: report)) + (project.file("changes.csv", of: report) ?? "")
    #expect(!text.contains("Bob") && !text.contains("Eve") && !text.contains("example.com"))
    #expect(report.summary.forecast.map(\.removals) == [1, 0])
    #expect(report.changes?.count == 3)
    let table = try #require(project.file("changes.csv", of: report)).split(separator: "\n")
    #expect(table.first == "mapping,destination,record,line,key,outcome,change,field,old,new,code,reason")
    #expect(table.contains("contacts,files,c2,2,c2,written,changed,name,Xxx X,Xxx X,,"))
  }

  @Test func `rejected items are in the list, with their reasons`() async throws {
    let project = try Project()
    let report = try await project.run { $0.isDryRun = true }
    let lines = try changes(project, report)
    #expect(lines.count == 12)
    let rejected = lines.filter { $0["outcome"] == .string("rejected") && $0["destination"] == .string("files") }
    #expect(rejected.count == 3 && rejected.allSatisfy { $0["code"] != nil && $0["reason"] != nil })
    #expect(report.summary.forecast.first?.counts.total == 6)
    try Agreement.check(report, in: project)
  }

  @Test func `nothing is predicted if a gate stops the run`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("max: 3", with: "max: 0"))
    let report = try await project.run { $0.isDryRun = true }
    #expect(report.exitCode == .gateFailed && report.summary.forecast.isEmpty)
    #expect(project.file("changes.ndjson", of: report) == nil && report.changes == nil)
  }

  @Test func `a run that is not dry predicts nothing`() async throws {
    let project = try Project()
    let report = try await project.run()
    #expect(report.summary.forecast.isEmpty && project.file("changes.ndjson", of: report) == nil)
    #expect(report.summary.json["forecast"] == nil)
  }

  @Test func `a narrowed dry run replaces no file, and says so`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada"), ("c2", "Bob")]))
    let report = try await project.run {
      $0.isDryRun = true
      $0.source.limit = 1
    }
    #expect(shown(try changes(project, report), "files") == ["c1 pending"])
    #expect(report.summary.forecast.map(\.counts[.pending]) == [1, 1])
  }

  @Test func `what a refused run staged is not taken for what the destination has`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada")]))
    #expect(try await project.run().exitCode == .done)
    // It stages other values, and publishes nothing.
    try project.folder.write("in/contacts.ndjson", Self.people([("c1", "Longer")]))
    _ = try await project.run { $0.isDryRun = true }
    let report = try await project.run { $0.isDryRun = true }
    #expect(shown(try changes(project, report), "files") == ["c1 written changed name: Xxx X -> Xxxxxx X"])
  }

  @Test func `a file whose last run nobody has kept is written, without more`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada")]))
    let first = try await project.run()
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/.waybill/runs/\(first.summary.run)/staging")
    let report = try await project.run { $0.isDryRun = true }
    #expect(shown(try changes(project, report), "files") == ["c1 written"])
    #expect(shown(try changes(project, report), "table") == ["c1 unchanged"])
    // Once the file is gone, everything is new.
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/out/contacts.csv")
    let anew = try await project.run { $0.isDryRun = true }
    #expect(shown(try changes(project, anew), "files") == ["c1 written new"])
  }

  @Test func `old values are those of the file, or nobody knows them`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada")]))
    #expect(try await project.run().exitCode == .done)
    func predicted() async throws -> [String] {
      shown(try changes(project, try await project.run { $0.isDryRun = true }), "files")
    }
    #expect(try await predicted() == ["c1 written same"])
    // Somebody edits the file.
    let path = "out/contacts.csv"
    try project.folder.write(path, try #require(project.folder.read(path)).replacing("Ada", with: "Eva"))
    #expect(try await predicted() == ["c1 written"])
    #expect(try await project.run().exitCode == .done)
    #expect(try await predicted() == ["c1 written same"])
    // A run dies after the file has appeared, and before it could note that.
    try project.folder.write("in/contacts.ndjson", Self.people([("c1", "Bob")]))
    let killed = try await project.run()
    let facts = ".waybill/runs/\(killed.summary.run)/facts.ndjson"
    let known = try #require(project.folder.read(facts)).split(separator: "\n").prefix { !$0.contains(#""loaded""#) }
    try project.folder.write(facts, known.map { $0 + "\n" }.joined())
    #expect(try await predicted() == ["c1 written"])
  }

  @Test func `one destination that fails does not cost the predictions of the others`() async throws {
    let pipeline = Self.mixed.replacing(
      "gates:",
      with: """
          app:
            http:
              base_url: http://127.0.0.1:1
              mappings:
                contacts: {create: POST /contacts}
        gates:
        """)
    let project = try Project(pipeline: pipeline, input: Self.people([("c1", "Ada")]))
    let report = try await project.run { $0.isDryRun = true }
    #expect(report.exitCode == .configuration, "\(report.summary.messages)")
    let lines = try changes(project, report)
    #expect(shown(lines, "files") == ["c1 written new"] && shown(lines, "table") == ["c1 created"])
    #expect(shown(lines, "app") == ["c1 pending"])
    let reason = lines.last { $0["destination"]?.stringValue == "app" }?["reason"]?.stringValue ?? ""
    #expect(reason.contains("--first-load"), "\(reason)")
    #expect(report.summary.forecast.map(\.counts.total) == [1, 1, 1])
  }

  @Test func `a column that the mapping no longer has is hidden`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada")]))
    #expect(try await project.run { $0.destinations = ["files"] }.exitCode == .done)
    try project.folder.write("contacts.yaml", Project.mapping.replacing("  address:\n    city: city\n", with: ""))
    let report = try await project.run {
      $0.isDryRun = true
      $0.destinations = ["files"]
    }
    #expect(shown(try changes(project, report), "files") == ["c1 written changed address.city: <hidden> -> (none)"])
  }

  @Test func `a destination that cannot be read ends the dry run as it would end a run`() async throws {
    let pipeline = """
      pipeline: test
      source: {ndjson: {contact: in/contacts.ndjson}}
      mappings: [contacts.yaml]
      destinations:
        app:
          http:
            base_url: http://127.0.0.1:1
            mappings:
              contacts:
                create: POST /contacts
                list: {request: "GET /contacts?page={page}", items: items}
      """
    let project = try Project(pipeline: pipeline, input: Self.people([("c1", "Ada")]))
    let report = try await project.run { $0.isDryRun = true }
    #expect(report.exitCode == .unreachable && report.canResume)
    #expect(report.summary.messages.first?.contains("could not be read for all records of 'contacts'") == true)
    #expect(shown(try changes(project, report), "app") == ["c1 pending not-sent"])
  }

  @Test func `a dry run that is killed and resumed predicts again`() async throws {
    let project = try Project(pipeline: Self.mixed, input: Self.people([("c1", "Ada")]))
    let report = try await project.run { $0.isDryRun = true }
    // Cut off before the end, as if the process had died after the prediction.
    let path = ".waybill/runs/\(report.summary.run)/facts.ndjson"
    let facts = try #require(project.folder.read(path)).split(separator: "\n").prefix { !$0.contains(#""prepared""#) }
    try project.folder.write(path, facts.map { $0 + "\n" }.joined())
    for name in project.folder.names(in: ".waybill/runs/\(report.summary.run)/staging") where name.hasSuffix(".gz") {
      let full = "\(project.folder.path)/.waybill/runs/\(report.summary.run)/staging/\(name)"
      try Data(try StagingTests.unpacked(full)).write(to: URL(filePath: String(full.dropLast(3))))
    }
    let resumed = try await project.run { $0.resume = report.summary.run }
    #expect(resumed.exitCode == .done, "\(resumed.summary.messages)")
    #expect(resumed.summary.forecast == report.summary.forecast)
    #expect(shown(try changes(project, resumed), "files") == ["c1 written new"])
  }
}
