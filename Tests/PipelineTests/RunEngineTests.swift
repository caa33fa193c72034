import Control
import Core
import Extract
import Files
import Foundation
import Records
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

@Suite struct RunEngineTests {
  static let csv = """
    contactId,name,email,source,address.city,tags
    c1,Ada Lovelace,ada@example.com,,London,"[""a"",""b""]"
    c2,Zoë,,'=1+1,,
    "c""6","Quote Comma, ""Q""\",,,Zürich,

    """

  @Test func `every record is accounted for`() async throws {
    let project = try Project()
    let report = try await project.run()
    #expect(report.summary.messages == [])
    #expect(report.exitCode == .done && report.summary.status == .done)
    try Agreement.check(report, in: project)
    #expect(project.folder.read("out/contacts.csv") == Self.csv)
    let entity = try #require(report.summary.entities.first)
    #expect(entity.read == 6)
    #expect(entity.destinations.map(\.name) == ["files", "tree"])
    for destination in entity.destinations {
      #expect(destination.counts[.written] == 3)
      #expect(destination.counts[.rejected] == 3)
      #expect(destination.counts.total == 6)
    }
    #expect(report.summary.unaccounted == 0)
    #expect(entity.codes == ["email-invalid": 1, "required": 1, "invalid-json": 1, "schema-maxLength": 1, "formula-escaped": 1])
    #expect(entity.warnings == 2)
  }

  @Test func `the run's folder tells what happened to each record`() async throws {
    let project = try Project()
    let report = try await project.run()
    let summary = try JSONReader.read(try #require(project.file("summary.json", of: report)))
    #expect(summary == report.summary.json)
    #expect(summary["entities"]?["contacts"]?["destinations"]?["files"]?["written"]?.intValue == 3)
    #expect(summary["gates"]?.arrayValue?.count == 3)
    let outcomes = try #require(project.file("outcomes.ndjson", of: report)).split(separator: "\n").map {
      try JSONReader.read(String($0))
    }
    #expect(outcomes.count == 12)
    let files = outcomes.filter { $0["destination"]?.stringValue == "files" }
    #expect(files.map { $0["record"]?.stringValue } == ["c1", "c2", "c3", nil, "c5", "c\"6"])
    #expect(files.map { $0["outcome"]?.stringValue } == ["written", "written", "rejected", "rejected", "rejected", "written"])
    #expect(files.map { $0["line"]?.intValue } == [1, 2, 3, 5, 6, 7])
    #expect(
      project.file("files/contacts.success.csv", of: report)
        == "record,outcome,line,id,firstName,lastName,email,city,tags,source,unparsed\n"
        + #"c1,written,1,c1, Ada ,Lovelace,ADA@Example.COM ,London,"[""a"",""b""]",,"# + "\n"
        + "c2,written,2,c2,Zoë,,nonsense,,,'=1+1,\n"
        + #""c""6",written,7,"c""6",Quote,"Comma, ""Q""",,Zürich,,,"# + "\n")
    let rejects = try #require(project.file("files/contacts.rejects.csv", of: report)).split(separator: "\n")
    #expect(rejects.count == 4)
    #expect(rejects[1].hasPrefix("c3,rejected,3,required,name,"))
    #expect(rejects[2].hasPrefix(",rejected,5,invalid-json,,"))
    #expect(rejects[3].hasPrefix("c5,rejected,6,schema-maxLength,name,"))
    #expect(project.folder.mode(of: ".waybill") == 0o700)
    #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)") == 0o700)
    #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/ledger.ndjson") == 0o600)
  }

  @Test func `ledger file and state have the same lines`() async throws {
    let project = try Project()
    let report = try await project.run()
    let lines = try #require(project.file("ledger.ndjson", of: report)).split(separator: "\n").map(String.init)
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    let entries = try state.ledger(LedgerQuery(run: report.summary.run))
    #expect(entries.map(\.text) == lines)
    #expect(entries.map(\.code) == ["email-invalid", "required", "invalid-json", "schema-maxLength", "formula-escaped"])
    #expect(entries.last?.stage == "load")
    let run = try #require(try state.run(report.summary.run))
    #expect(run.status == .done)
    #expect(run.exitCode == 0)
    #expect(try state.counts(of: run.id).map(\.count).reduce(0, +) == 12)
    #expect(lines.allSatisfy { !$0.contains("nonsense") })
  }

  @Test func `a failed gate publishes nothing and leaves what was there`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("max: 3", with: "max: 2"))
    try project.folder.write("out/contacts.csv", "yesterday\n")
    let report = try await project.run()
    #expect(report.exitCode == .gateFailed)
    #expect(report.summary.status == .gateFailed)
    #expect(project.folder.read("out/contacts.csv") == "yesterday\n")
    #expect(project.folder.names(in: "out") == ["contacts.csv"])
    #expect(report.summary.entities.first?.destinations.first?.counts[.pending] == 3)
    #expect(report.summary.unaccounted == 0)
    #expect(report.published.isEmpty)
    #expect(project.file("summary.json", of: report)?.contains("\"gate-failed\"") == true)
    // What would have been published stays in the run's folder.
    #expect(project.file("files/contacts.csv", of: report) == Self.csv)
    #expect(report.kept.count == 2)
    try Agreement.check(report, in: project)
  }

  @Test func `rejects that no gate allows end with their own code`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("\n  rejected: {max: 3}", with: ""))
    let strict = try await project.run()
    #expect(strict.exitCode == .recordsFailed)
    #expect(strict.summary.status == .partial)
    #expect(project.folder.read("out/contacts.csv") == Self.csv)
    let lenient = try await project.run { $0.isLenient = true }
    #expect(lenient.exitCode == .done)
    #expect(lenient.summary.status == .partial)
    for report in [strict, lenient] { try Agreement.check(report, in: project) }
  }

  @Test func `an empty source does not pass the gate`() async throws {
    let project = try Project(input: "\n")
    let report = try await project.run()
    #expect(report.exitCode == .gateFailed)
    #expect(report.summary.entities.first?.read == 0)
    try Agreement.check(report, in: project)
  }

  @Test func `an output that cannot be written leaves no half of a run`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("\"out/{mapping}.json\"", with: "\"blocked/{mapping}.json\""))
    try project.folder.write("blocked", "a file where a folder is wanted")
    let report = try await project.run()
    #expect(report.exitCode == .cannotWrite)
    #expect(report.summary.status == .failed)
    #expect(project.folder.names(in: "out") == [])
    try Agreement.check(report, in: project)
  }

  @Test func `an interrupted run leaves no output and can be run again`() async throws {
    let project = try Project()
    let document = try project.document()
    let options = project.options
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await RunEngine(document, options: options).run()
    }
    let report = await task.value
    #expect(report.exitCode == .tryLater)
    #expect(report.summary.status == .interrupted)
    #expect(report.summary.retryAfterSeconds == 0)
    try Agreement.check(report, in: project)
    #expect(project.folder.names(in: "out") == [])
    #expect(try await project.run().exitCode == .done)
  }

  @Test func `a second run waits for the first`() async throws {
    let project = try Project()
    let lock = try StateLock(folder: "\(project.folder.path)/.waybill")
    let report = try await project.run()
    #expect(report.exitCode == .tryLater)
    #expect(report.summary.status == .notStarted)
    #expect(report.pause == .stateHeld && report.summary.retryAfterSeconds == nil)
    #expect(report.summary.messages.first?.contains("process \(getpid())") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func `a wrong mapping ends the run before anything is read`() async throws {
    let project = try Project(mapping: Project.mapping.replacing("do: [trim]", with: "do: [trimm]"))
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile)
    #expect(report.diagnostics.all.map(\.code).contains(.unknownFunction))
    #expect(project.file("summary.json", of: report) != nil)
  }

  @Test func `a missing input is named`() async throws {
    let project = try Project()
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/in/contacts.ndjson")
    let report = try await project.run()
    #expect(report.exitCode == .inputMissing)
    #expect(report.summary.messages.first?.contains("in/contacts.ndjson") == true)
  }

  @Test func `a snapshot is run again without its source`() async throws {
    let project = try Project()
    let first = try await project.run()
    try FileManager.default.removeItem(atPath: "\(project.folder.path)/in/contacts.ndjson")
    let second = try await project.run { $0.source.snapshot = "latest" }
    #expect(second.exitCode == .done)
    #expect(second.summary.snapshot == first.summary.snapshot)
    let unknown = try await project.run { $0.source.snapshot = "nothing" }
    #expect(unknown.exitCode == .inputMissing)
  }

  @Test func `latest is the newest snapshot that has what the mappings read`() async throws {
    let pipeline = Project.pipeline.replacing("mappings: [contacts.yaml]", with: "mappings: [contacts.yaml, people.yaml]")
      .replacing("{contact: in/contacts.ndjson}", with: "{contact: in/contacts.ndjson, business: in/b.ndjson}")
    let project = try Project(pipeline: pipeline)
    try project.folder.write("in/b.ndjson", #"{"id":"b1","name":"B"}"#)
    try project.folder.write(
      "people.yaml",
      "mapping: 1\nname: people\nsource: {entity: business, key: id}\ntarget: {entity: x, key: id}\nfields:\n  id: id\n")
    let whole = try await project.run()
    let narrowed = try await project.run { $0.source.mappings = ["contacts"] }
    #expect(whole.summary.snapshot != narrowed.summary.snapshot)
    let all = try await project.run { $0.source.snapshot = "latest" }
    #expect(all.summary.snapshot == whole.summary.snapshot)
    #expect(all.exitCode == .done)
  }

  @Test func `the location of a path is that of the snapshot`() async throws {
    let project = try Project(pipeline: Project.pipeline.replacing("out/{mapping}.csv", with: "out/{location}.csv"))
    let first = try await project.run()
    #expect(project.folder.names(in: "out") == ["contacts.json", "files.csv"])
    let id = try #require(first.summary.snapshot)
    let manifest = ".waybill/snapshots/\(id)/files/manifest.json"
    try project.folder.write(
      manifest, try #require(project.folder.read(manifest)).replacing("\"id\": \"files\"", with: "\"id\": \"loc7\""))
    try project.folder.write(
      "waybill.yaml",
      Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{snapshot: \(id)}").replacing(
        "out/{mapping}.csv", with: "out/{location}.csv"))
    #expect(try await project.run().exitCode == .done)
    #expect(project.folder.names(in: "out") == ["contacts.json", "files.csv", "loc7.csv"])
  }

  @Test func `a run keeps a log`() async throws {
    let project = try Project()
    let report = try await project.run { $0.summaryPath = "/dev/full" }
    let log = try #require(project.file("waybill.log", of: report))
    #expect(log.contains(" info transform contacts: ended, 6 done\n"))
    #expect(log.contains(" info done, exit code 0\n"))
    #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/waybill.log") == 0o600)
  }

  @Test func `a damaged snapshot is not run`() async throws {
    let project = try Project()
    let first = try await project.run()
    let snapshot = try #require(first.summary.snapshot)
    let file = ".waybill/snapshots/\(snapshot)/files/contact.ndjson"
    let whole = try #require(project.folder.read(file))
    try project.folder.write(file, whole.replacing("London", with: "Londen"))
    let changed = try await project.run { $0.source.snapshot = snapshot }
    #expect(changed.exitCode == .inputMissing)
    #expect(changed.summary.messages.first?.contains("damaged") == true)
    // A manifest that counts otherwise than the file has lines.
    try project.folder.write(file, whole)
    let manifest = ".waybill/snapshots/\(snapshot)/files/manifest.json"
    try project.folder.write(
      manifest, try #require(project.folder.read(manifest)).replacing("\"count\": 6", with: "\"count\": 7"))
    let short = try await project.run { $0.source.snapshot = snapshot }
    #expect(short.exitCode == .fault)
    #expect(short.summary.messages.first?.contains("read 6 records") == true)
  }

  @Test(arguments: [
    ("out/x.csv", "./out/x.csv", "would both be written"), ("out/x.csv", "in/../out/x.csv", "would both be written"),
    ("out/x.csv", "new/../out/x.csv", "would both be written"),
    ("out/x.csv", "link/contacts.ndjson", "overwrite the source file"),
    ("contacts.yaml", "out/x.csv", "overwrite the mapping"),
  ]) func `one file under two names is not written`(_ one: String, _ other: String, _ message: String) async throws {
    let pipeline = Project.pipeline.replacing("out/{mapping}.csv", with: one).replacing("out/{mapping}.json", with: other)
    let project = try Project(pipeline: pipeline)
    try FileManager.default.createSymbolicLink(atPath: "\(project.folder.path)/link", withDestinationPath: "in")
    let report = try await project.run()
    #expect(report.exitCode == .wrongFile)
    #expect(report.summary.messages.first?.contains(message) == true, "\(report.summary.messages)")
    #expect(project.folder.read("in/contacts.ndjson") == Project.input)
  }

  @Test func `two outputs of one path do not mix`() throws {
    let folder = TemporaryFolder()
    let one = try OutputFile(path: "\(folder.path)/x")
    let other = try OutputFile(path: "\(folder.path)/./x")
    try one.write("one")
    try other.write("other")
    try one.commit()
    #expect(folder.read("x") == "one")
    try other.commit()
    #expect(folder.read("x") == "other")
    #expect(folder.names() == ["x"])
  }

  @Test func `a run whose summary cannot be written is not done`() async throws {
    let project = try Project()
    let report = try await project.run { $0.summaryPath = "/dev/full" }
    #expect(report.exitCode == .cannotWrite)
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try state.run(report.summary.run)?.exitCode == ExitCode.cannotWrite.rawValue)
  }

  @Test func `leftovers of a killed run beside the outputs are removed`() async throws {
    let project = try Project()
    try project.folder.write("out/.contacts.csv.99999999-abc.part", "personal")
    let report = try await project.run()
    #expect(report.exitCode == .done)
    #expect(project.folder.names(in: "out") == ["contacts.csv", "contacts.json"])
  }

  @Test func `ids of runs sort by time, also within a millisecond`() async throws {
    let moments = [1_795_000_000.0, 1_795_000_000.0005, 1_795_000_000.001, 1_795_000_000.999, 1_795_000_001]
    // A sequence of its own: other tests make names of other moments at the same time.
    let sequence = SortableName.Sequence()
    let ids = moments.flatMap { moment in (0..<40).map { _ in sequence.make(at: Date(timeIntervalSince1970: moment)) } }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
    #expect(ids[0].wholeMatch(of: /\d{8}T\d{9}Z-[0-9a-z]{6}/) != nil)
    let project = try Project()
    var runs: [String] = []
    for _ in 0..<5 { runs.append(try await project.run { $0.isDryRun = true }.summary.run) }
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try state.runs().map(\.id) == runs.reversed())
  }

  @Test func `a damaged list of problems makes the snapshot unusable`() async throws {
    let project = try Project()
    let first = try await project.run()
    let snapshot = try #require(first.summary.snapshot)
    try project.folder.write(".waybill/snapshots/\(snapshot)/files/problems.ndjson", "{}\n")
    let report = try await project.run { $0.source.snapshot = snapshot }
    #expect(report.exitCode == .inputMissing)
    #expect(report.summary.messages.first?.contains("problems.ndjson") == true)
  }

  @Test func `two mappings of one entity are counted each`() async throws {
    let pipeline = Project.pipeline.replacing("[contacts.yaml]", with: "[contacts.yaml, names.yaml]")
    let project = try Project(pipeline: pipeline)
    try project.folder.write(
      "names.yaml", Project.mapping.replacing("name: contacts", with: "name: names").replacing("  source: source\n", with: ""))
    let report = try await project.run()
    #expect(report.exitCode == .done)
    #expect(report.summary.entities.map(\.name) == ["contacts", "names"])
    #expect(report.summary.entities.map(\.read) == [6, 6])
    #expect(report.summary.unaccounted == 0)
    #expect(project.folder.names(in: "out") == ["contacts.csv", "contacts.json", "names.csv", "names.json"])
  }

  @Test func `a dry run publishes nothing`() async throws {
    let project = try Project()
    let report = try await project.run { $0.isDryRun = true }
    #expect(report.exitCode == .done)
    #expect(project.folder.names(in: "out") == [])
    #expect(report.summary.entities.first?.destinations.first?.counts[.pending] == 3)
    try Agreement.check(report, in: project)
  }

  @Test(arguments: [2, 5]) func `any number of threads gives the same bytes`(_ threads: Int) async throws {
    let line = #"{"id":"c%","firstName":"Name %","email":"a%@example.com","city":"Köln","tags":["%"]}"#
    let input = (0..<20_000).map { $0 % 97 == 0 ? "{" : line.replacing("%", with: "\($0)") }.joined(separator: "\n")
    let pipeline = Project.pipeline.replacing("max: 3", with: "max: 1000")
    let one = try Project(pipeline: pipeline, input: input)
    let many = try Project(pipeline: pipeline, input: input)
    let first = try await one.run()
    let second = try await many.run { $0.threads = threads }
    #expect(first.exitCode == .done)
    for name in ["out/contacts.csv", "out/contacts.json"] { #expect(one.folder.read(name) == many.folder.read(name)) }
    #expect(one.file("outcomes.ndjson", of: first) == many.file("outcomes.ndjson", of: second))
    #expect(one.file("files/contacts.rejects.csv", of: first) == many.file("files/contacts.rejects.csv", of: second))
    #expect(first.summary.entities == second.summary.entities)
  }

  @Test func `a csv source is checked against its header`() async throws {
    let pipeline = Project.pipeline.replacing("{ndjson: {contact: in/contacts.ndjson}}", with: "{csv: {contact: in/c.csv}}")
    let project = try Project(
      pipeline: pipeline, mapping: Project.mapping.replacing("\n  tags: {from: tags, do: [trim]}", with: ""))
    try project.folder.write("in/c.csv", "id,firstName,lastName,email,source,city\nc1,Ada,L,a@b.co,02139,\"A,B\"\nc2,x\n")
    let report = try await project.run()
    #expect(report.exitCode == .done)
    #expect(
      project.folder.read("out/contacts.csv") == "contactId,name,email,source,address.city\nc1,Ada L,a@b.co,02139,\"A,B\"\n")
    #expect(report.summary.entities.first?.codes == ["ragged-row": 1])
    try project.folder.write("in/c.csv", "id,firstname,lastName,email,source,city\n")
    let wrong = try await project.run()
    #expect(wrong.diagnostics.all.map(\.code) == [.missingColumn])
  }

  @Test(
    arguments: [
      "in/contacts.ndjson", "contacts.yaml", "waybill.yaml", "contact.schema.json", ".waybill/state.sqlite",
      "./in/../waybill.yaml",
      "out/contacts.csv", "notes.txt",
    ], [false, true])
  func `a summary never overwrites another file, even when the run fails early`(_ path: String, _ isBroken: Bool) async throws {
    let project = try Project(mapping: isBroken ? Project.mapping + "\nfiels: {}\n" : Project.mapping)
    try project.folder.write("out/contacts.csv", "id\n")
    try project.folder.write("notes.txt", "mine")
    // The state exists before.
    _ = try await project.run { $0.isDryRun = true }
    let before = project.folder.read(path)
    let report = try await project.run {
      $0.summaryPath = "\(project.folder.path)/\(path)"
      $0.isDryRun = true
    }
    if path == "notes.txt", !isBroken {
      #expect(report.exitCode == .done)
      return
    }
    #expect(report.exitCode != .done)
    if !path.contains("state.sqlite") {
      #expect(project.folder.read(path) == before)
    } else {
      #expect(try SQLiteRunStore(folder: "\(project.folder.path)/.waybill").runs().count >= 1)
    }
  }
}
