import Control
import Core
import Foundation
import PipelineFile
import State
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Report

/// What runs keep of the values that they changed, and of records chosen at random.
@Suite struct ObservationRunTests {
  private static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    lookups: {statuses: {lead: prospect, customer: client, old: past}}
    where: "id != 'left out'"
    fields:
      contactId: id
      status: {from: type, do: [{lookup: {table: statuses, else: unknown}}], default: unknown}
      segment: {case: [{when: "kind == 'big'", value: enterprise}], else: standard}
      closed: {from: at, when: "kind == 'big'"}
      email: {from: email, do: [lower]}
    pii: {email: mask, status: show}
    """

  private static let pipeline = """
    pipeline: test
    source: {ndjson: {person: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      files: {csv: {path: "out/{mapping}.csv"}}
    """

  private static let input = """
    {"id":"1","type":"lead","kind":"big","at":"x","email":"Canary@Example.com"}
    {"id":"2","type":"other","kind":"small","at":"y","email":null}
    {"id":"3","type":null,"kind":null,"at":null}
    {"id":"left out","type":"old","kind":"big","at":"x","email":"Canary@Example.com"}

    """

  private static func project(_ input: String = input) throws -> Project {
    try Project(pipeline: pipeline, mapping: mapping, input: input)
  }

  private static func folder(_ report: RunEngine.Report) -> RunFolder { RunFolder(path: report.folder ?? "") }

  private static func changes(_ document: ObservationsDocument) -> [String] {
    document.fields.filter { !$0.counts.isZero }.map { field in
      let counts = ChangeKind.allCases.filter { field.counts[$0] > 0 }.map { "\($0.name) \(field.counts[$0])" }
      return "\(field.field): \(counts.joined(separator: ", "))"
    }
  }

  @Test func `a run records which values its mapping changed, and which became which`() async throws {
    let project = try Self.project()
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    let document = try #require(try ObservationsDocument.read(Self.folder(report).changesMade(of: "contacts")))
    #expect(document.mapping == "contacts" && document.items == 3 && document.vars == [])
    #expect(document.fields.map(\.field) == ["contactId", "status", "segment", "closed", "email"])
    #expect(document.fields.map(\.sources) == [["id"], ["type"], ["kind"], ["at"], ["email"]])
    #expect(
      Self.changes(document) == ["status: defaulted 1, lookup_fallback 1", "segment: defaulted 1", "closed: left_out 1"])
    let crosstab = try #require(document.crosstabs.first)
    #expect(document.crosstabs.count == 1 && crosstab.field == "status" && crosstab.source == "type")
    #expect(
      crosstab.cells == [
        .init(source: nil, target: "unknown", count: 1, isKnown: false),
        .init(source: "lead", target: "prospect", count: 1, isKnown: true),
        .init(source: "other", target: "unknown", count: 1, isKnown: false),
      ])
    #expect(crosstab.unused == ["customer", "old"] && crosstab.total == 3 && crosstab.other == 0)
    // No value that the ledger would hide.
    for name in ["changes-made/contacts.json", "samples/contacts.ndjson"] {
      let text = try #require(project.file(name, of: report))
      #expect(!text.lowercased().contains("canary"), "\(name)")
    }
  }

  @Test func `a sample has source next to target, masked, and how each record ended`() async throws {
    let project = try Project()
    let report = try await project.run()
    let sample = try #require(try SampleDocument.read(Self.folder(report).sample(of: "contacts")))
    #expect(sample.seed == SampleDocument.seed(of: report.summary.run) && sample.of == 6)
    #expect(sample.records.map(\.line) == [1, 2, 3, 5, 6, 7])
    #expect(sample.records.map(\.record) == ["c1", "c2", "c3", nil, "c5", "c\"6"])
    #expect(
      sample.records.map { $0.fates.map(\.outcome) } == [
        [.written, .written], [.written, .written], [.rejected, .rejected], [.rejected, .rejected], [.rejected, .rejected],
        [.written, .written],
      ])
    #expect(sample.records.allSatisfy { $0.fates.map(\.destination) == ["files", "tree"] })
    #expect(sample.records.map { $0.problem != nil } == [false, false, true, true, true, false])
    #expect(sample.records.map(\.isUnread) == [false, false, false, true, false, false])
    let first = sample.records[0].fields
    #expect(first.map(\.field) == ["contactId", "name", "email", "source", "address.city", "tags"])
    #expect(first[0] == .init(field: "contactId", sources: [.init(path: "id", value: "c1")], target: "c1"))
    #expect(
      first[2] == .init(field: "email", sources: [.init(path: "email", value: "XXX@Xxxxxxx.XXX ")], target: "xxx@xxxxxxx.xxx"))
    #expect(first[3] == .init(field: "source", sources: [.init(path: "source", value: nil)], target: nil))
    #expect(
      first[5] == .init(field: "tags", sources: [.init(path: "tags", value: #"["a","b"]"#)], target: #"["a","b"]"#))
    // What was rejected has no target, but a source.
    #expect(sample.records[4].fields.allSatisfy { $0.target == nil } && sample.records[4].fields[0].sources[0].value == "c5")
    let text = try #require(project.file("samples/contacts.ndjson", of: report)).lowercased()
    for canary in ["lovelace", "london", "example.com", "nonsense", "zürich"] { #expect(!text.contains(canary), "\(canary)") }
  }

  @Test func `25 of many records are chosen by the seed, and filtered ones are not among them`() async throws {
    let input = (0..<60).map { #"{"id":"\#($0 % 6 == 5 ? "left out" : "c\($0)")","type":"lead","kind":"big"}"# + "\n" }.joined()
    let project = try Self.project(input)
    let report = try await project.run()
    let folder = Self.folder(report)
    let sample = try #require(try SampleDocument.read(folder.sample(of: "contacts")))
    let lines = sample.records.map(\.line)
    #expect(sample.of == 50 && lines.count == 25 && lines == lines.sorted() && lines.allSatisfy { $0 % 6 != 0 })
    #expect(sample.records.allSatisfy { $0.record == "c\($0.line - 1)" && $0.fields[0].target == $0.record })
    let base = "\(folder.staging)/contacts"
    func chosen(_ seed: String) throws -> [Int] {
      try SampleChoice(base, seed: seed, size: 25, ledgerStart: 0).items.map(\.entry.line)
    }
    #expect(try chosen(sample.seed) == lines)
    #expect(try chosen("another") == chosen("another") && chosen("another") != lines)
  }

  @Test func `threads make no difference, and the next run keeps the files of the last one`() async throws {
    let input = (0..<300).map { #"{"id":"c\#($0)","type":"t\#($0 % 90)","kind":null,"at":"x"}"# + "\n" }.joined()
    let project = try Self.project(input)
    var texts: [String] = []
    var reports: [RunEngine.Report] = []
    for threads in [1, 2, 5] {
      let report = try await project.run { $0.threads = threads }
      texts.append(try #require(project.file("changes-made/contacts.json", of: report)))
      reports.append(report)
    }
    #expect(Set(texts).count == 1)
    for report in reports {
      #expect(project.file("changes-made/contacts.json", of: report) != nil)
      #expect(project.file("samples/contacts.ndjson", of: report) != nil)
    }
  }

  @Test(arguments: ["profiles", "changes-made", "samples"])
  func `a destination cannot have the name of a folder for the report`(name: String) throws {
    let (document, diagnostics) = PipelineDocument.read(
      file: "waybill.yaml", text: Project.pipeline.replacing("  files:", with: "  \(name):"), environment: [:])
    #expect(document == nil)
    #expect(diagnostics.all.first?.message.hasPrefix("a destination cannot be named '\(name)'") == true)
  }

  @Test func `a replay records what it replayed`() async throws {
    let bench = try ReplayBench(records: 40, mapping: ReplayTests.broken)
    let first = try await bench.run()
    func items(_ report: RunEngine.Report) throws -> Int? {
      try ObservationsDocument.read(Self.folder(report).changesMade(of: "contacts"))?.items
    }
    #expect(try items(first) == 36)
    try bench.project.folder.write("contacts.yaml", ReplayTests.fixed)
    let replay = try await bench.replay()
    #expect(try items(replay) == 4)
    let sample = try #require(try SampleDocument.read(Self.folder(replay).sample(of: "contacts")))
    #expect(sample.of == 4 && sample.records.map(\.record) == ["c0", "c10", "c20", "c30"])
    #expect(sample.records.allSatisfy { !$0.isUnread && $0.fields[0].target == $0.record })
  }

  @Test func `a run that cannot write these files has notes, and ends as it would`() async throws {
    let usual = try await Project().run()
    let project = try Project()
    for name in ["changes-made", "samples"] { try project.folder.write(".waybill/runs/r/\(name)", "") }
    let report = await (try FullDiskTests.run(project, full: "unused")).run()
    #expect(report.exitCode == usual.exitCode && report.summary.status == usual.summary.status)
    #expect(report.summary.unaccounted == 0)
    let notes = report.summary.notes.filter { !usual.summary.notes.contains($0) }
    #expect(notes.count == 2, "\(notes)")
    #expect(notes.first?.hasPrefix("the values that 'contacts' changed were not recorded: ") == true)
    #expect(notes.last?.hasPrefix("no sample of 'contacts' was recorded: ") == true)
  }

  @Test func `a load of finished records has a sample, too`() async throws {
    let project = try TargetLoadTests.project()
    let report = try await TargetLoadTests.load(#"{"contactId":"a","name":"Ada"}"# + "\n", project)
    #expect(try ObservationsDocument.read(Self.folder(report).changesMade(of: "contacts"))?.items == 1)
    let sample = try #require(try SampleDocument.read(Self.folder(report).sample(of: "contacts")))
    #expect(sample.of == 1 && sample.records.map(\.record) == ["a"] && sample.records.map(\.isUnread) == [false])
  }
}
