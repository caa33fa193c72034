import Core
import Extract
import Foundation
import PipelineFile
import Report
import TestSupport
import Testing

@testable import Pipeline

/// What the command line asks of a source: honoured, or refused with a sentence; never passed over.
@Suite struct SourceOptionsTests {
  static let csv = Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{csv: {contact: in/c.csv}}")
  static let plain = Project.mapping.replacing("\n  tags: {from: tags, do: [trim]}", with: "")

  @Test(arguments: [1, 2, 3, 4, 6, 100]) func `a limit takes the first records of a file`(_ limit: Int) async throws {
    let project = try Project()
    let report = try await project.run { $0.source.limit = limit }
    #expect(report.summary.entities.first?.read == min(limit, 6))
    // The copy ends where the next record would begin: a blank line before that is part of it.
    let snapshot = try #require(report.summary.snapshot)
    let copy = try #require(project.folder.read(".waybill/snapshots/\(snapshot)/files/contact.ndjson"))
    #expect(Project.input.hasPrefix(copy))
    let whole = try await project.run { $0.source.snapshot = "latest" }
    #expect(whole.exitCode == .inputMissing, "a narrowed snapshot is not complete")
  }

  @Test func `a limit counts the rows of a CSV file, not its lines`() async throws {
    let project = try Project(pipeline: Self.csv, mapping: Self.plain)
    try project.folder.write(
      "in/c.csv", "id,firstName,lastName,email,source,city\nc1,\"A\n\nB\",x,,,\n\nc2,C,y,,,\nc3,D,z,,,\n")
    let report = try await project.run { $0.source.limit = 2 }
    #expect(report.summary.entities.first?.read == 2)
    #expect(report.exitCode == .done)
  }

  @Test func `a limit takes the first records of a snapshot that the pipeline names`() async throws {
    let project = try Project()
    _ = try await project.run()
    try project.folder.write(
      "waybill.yaml", Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{snapshot: latest}"))
    let report = try await project.run { $0.source.limit = 2 }
    #expect(report.summary.entities.first?.read == 2)
    #expect(report.exitCode == .done)
    let extract = await ExtractEngine(
      try project.document(),
      options: {
        var o = project.options.source; o.limit = 2; return o
      }()
    )
    .run()
    #expect(extract.exitCode == .usage)
  }

  static let refused: [(String, String, @Sendable (inout SourceOptions) -> Void)] = [
    ("ndjson", "--business requires a pipeline that reads GHL", { $0.businesses = ["a"] }),
    ("ndjson", "--location requires a pipeline that reads GHL", { $0.location = "a" }),
    ("ndjson", "--budget requires a pipeline that reads or writes GHL", { $0.requestBudget = 5 }),
    ("ndjson", "one shard, 'files'", { $0.shard = "a" }),
    ("ndjson", "no mapping 'contact'; did you mean 'contacts'?", { $0.mappings = ["contact"] }),
    ("ndjson", "no mapping 'xyzzy'; it has: contacts", { $0.mappings = ["contacts", "xyzzy"] }),
    ("ndjson", "no destination 'file'; did you mean 'files'?", { $0.destinations = ["file"] }),
    ("snapshot", "--business requires a pipeline that reads GHL", { $0.businesses = ["a"] }),
    ("snapshot", "--shard chooses its location", { $0.location = "a" }),
    ("snapshot", "--budget requires a pipeline that reads or writes GHL", { $0.requestBudget = 5 }),
    ("ghl", "makes none: remove --budget", { ($0.snapshot, $0.requestBudget) = ("latest", 5) }),
    ("ghl", "one shard, 'abc', not 'abd'", { $0.shard = "abd" }),
    ("ghl", "no mapping 'contact'; did you mean 'contacts'?", { $0.mappings = ["contact"] }),
  ]

  @Test(arguments: refused.indices) func `run, plan and extract refuse what the pipeline does not have`(_ index: Int) async throws
  {
    let (kind, message, change) = Self.refused[index]
    let source =
      switch kind {
      case "ndjson": "{ndjson: {contact: in/contacts.ndjson}}"
      case "snapshot": "{snapshot: latest}"
      default: "{ghl: {location: abc, base_url: 'http://127.0.0.1:1', auth: {token: {env: T}}}}"
      }
    let project = try Project(
      pipeline: Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: source))
    let document = try project.document()
    var options = project.options
    change(&options.source)
    let run = await RunEngine(document, options: options).run()
    #expect(run.exitCode == .usage)
    #expect(run.summary.messages.first?.contains(message) == true, "\(run.summary.messages)")
    let plan = await PlanEngine(document, options: options.source).run()
    #expect(plan.exitCode == .usage && plan.failure?.description.contains(message) == true, "\(String(describing: plan.failure))")
    let extract = await ExtractEngine(document, options: options.source).run()
    #expect(extract.exitCode == .usage && extract.failure?.description.contains(message) == true)
    #expect(project.folder.names(in: ".waybill/snapshots") == [])
  }

  @Test func `a budget also limits what a destination in GHL needs`() async throws {
    let crm = "  crm: {ghl: {location: loc1, auth: {token: {env: T}}, mappings: {contacts: {to: contacts}}}}"
    let pipeline = Project.pipeline.replacing("destinations:\n", with: "destinations:\n\(crm)\n")
    let document = try Project(pipeline: pipeline).document()
    #expect(document.destinations.contains { $0.ghl != nil })
    var options = try Project().options.source
    options.requestBudget = 5
    try options.checkBudget(of: document)
    // Only if that destination takes part.
    for (names, isTaken) in [(["crm"], true), (["files", "crm"], true), (["files"], false)] {
      options.destinations = names
      #expect(((try? options.checkBudget(of: document)) != nil) == isTaken, "\(names)")
    }
    options.destinations = nil
    let extract = await ExtractEngine(document, options: options).run()
    #expect(
      extract.exitCode == .usage && extract.failure?.description.contains("the extraction of this pipeline makes none") == true)
    options.businesses = ["a"]
    #expect(throws: OperationFailure.self) { try options.check(against: document) }
  }

  @Test func `a misspelled entity is reported`() async throws {
    let project = try Project()
    let report = await ExtractEngine(try project.document(), options: project.options.source).run(entities: ["contact", "taks"])
    #expect(report.exitCode == .usage)
    #expect(report.failure?.description.contains("--entity taks: no mapping reads this entity; they read contact") == true)
  }

  @Test func `a destination narrows the run to the mappings that go there`() async throws {
    let pipeline = Project.pipeline.replacing("mappings: [contacts.yaml]", with: "mappings: [contacts.yaml, people.yaml]")
      .replacing("tree: {json: {path", with: "tree: {json: {mappings: [people], path")
    let project = try Project(pipeline: pipeline)
    try project.folder.write("people.yaml", Project.mapping.replacing("name: contacts", with: "name: people"))
    let report = try await project.run { $0.destinations = ["tree"] }
    #expect(report.summary.entities.map(\.name) == ["people"])
    #expect(project.folder.names(in: "out") == ["people.json"])
  }

  // MARK: Outputs, before the source

  @Test func `an unwritable path is reported before anything is read`() async throws {
    let blocked = try Project(
      pipeline: Project.pipeline.replacing("\"out/{mapping}.json\"", with: "\"blocked/deep/{mapping}.json\""))
    try blocked.folder.write("blocked", "a file where a folder is wanted")
    let report = try await blocked.run()
    #expect(report.exitCode == .cannotWrite)
    #expect(
      report.summary.messages.first?.contains("blocked/deep/contacts.json: a part of its path is a file, not a folder") == true)
    #expect(blocked.folder.names(in: ".waybill/snapshots") == [])
    #expect(blocked.folder.names(in: "out") == [])
    #expect(blocked.file("summary.json", of: report) != nil)
  }

  @Test func `a folder in place of an output file is refused`() async throws {
    let project = try Project()
    try project.folder.write("out/contacts.csv/x", "")
    let report = try await project.run()
    #expect(report.exitCode == .cannotWrite)
    #expect(
      report.summary.messages == [
        "cannot write \(project.folder.path)/out/contacts.csv: it is a folder: nothing was read; choose another path"
      ])
  }

  @Test(arguments: [".waybill/state.sqlite", ".waybill/snapshots/a/b/contact.ndjson", "out/../.waybill/x.csv"])
  func `nothing is published into the state folder`(_ path: String) async throws {
    let project = try Project(
      pipeline: Project.pipeline.replacing(
        "files: {csv: {path: \"out/{mapping}.csv\"}}", with: "files: {csv: {path: \"\(path)\"}}"))
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile)
    #expect(report.summary.messages.first?.contains("in the state folder") == true, "\(report.summary.messages)")
    let other = try Project()
    let asked = try await other.run { $0.summaryPath = "\(other.folder.path)/.waybill/summary.json" }
    #expect(asked.exitCode == .usage)
    #expect(asked.summary.messages.first?.contains("in the state folder") == true, "\(asked.summary.messages)")
  }

  @Test(arguments: ["out/contacts.csv", "out/../out/contacts.json", "in/contacts.ndjson", "contacts.yaml", "waybill.yaml"])
  func `a summary is not written over a file of the pipeline`(_ path: String) async throws {
    let project = try Project()
    let before = project.folder.read(path)
    let report = try await project.run { $0.summaryPath = "\(project.folder.path)/\(path)" }
    #expect(report.exitCode == .usage)
    #expect(report.summary.messages.first?.hasPrefix("--summary would overwrite ") == true, "\(report.summary.messages)")
    #expect(project.folder.read(path) == before)
    #expect(project.folder.names(in: ".waybill/snapshots") == [])
  }
}
