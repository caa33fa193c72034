import Core
import Foundation
import Load
import PipelineFile
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// The control totals of a run, and those of its comparison with the destinations.
@Suite struct ControlTotalsTests {
  private static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: contactId}
    fields:
      contactId: id
      name: {from: name, required: true}
      credit: {from: credit, do: [number]}
      joined: joined

    """

  private static let pipeline = """
    pipeline: test
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      base: {sqlite: {path: out/app.sqlite, table: people, mode: replace}}
      files: {csv: {path: "out/{mapping}.csv"}}
      tree: {ndjson: {path: "out/{mapping}.ndjson"}}
    """

  /// The last record is rejected: it has no name.
  private static let input =
    [
      #"{"id":"c1","name":"Ada","credit":"1.10","joined":"2026-03-01"}"#,
      #"{"id":"c2","name":"Zoë","credit":"2.20","joined":"2026-01-31"}"#,
      #"{"id":"c3","name":"Eva","credit":"0.7","joined":"2026-02-02"}"#,
      #"{"id":"c4","credit":"100","joined":"1999-01-01"}"#,
    ].joined(separator: "\n") + "\n"

  private static func project(pii: String = "", input: String = input) throws -> Project {
    try Project(pipeline: pipeline, mapping: mapping + pii, input: input)
  }

  private static func folder(_ project: Project, _ run: String) -> RunFolder {
    RunFolder(path: StateFolder(path: "\(project.folder.path)/.waybill").run(run))
  }

  private static func totals(_ project: Project, _ report: RunEngine.Report) throws -> ControlTotalsDocument {
    try #require(try ControlTotalsDocument.read(folder(project, report.summary.run).totals))
  }

  private static func reconcile(
    _ project: Project, _ change: (inout ReconcileEngine.Options) -> Void = { _ in }
  ) async throws -> ReconcileReport {
    var options = ReconcileEngine.Options(source: project.options.source)
    change(&options)
    return try await ReconcileEngine(try project.document(), options: options, observer: SilentObserver()).run()
  }

  @Test func `a run records what it has read and what each destination has accepted`() async throws {
    let project = try Self.project()
    let run = try await project.run()
    let totals = try Self.totals(project, run)
    #expect(totals.run == run.summary.run && totals.mappings.map(\.mapping) == ["contacts"])
    let contacts = totals.mappings[0]
    #expect((contacts.source.items, contacts.source.records, contacts.source.distinctKeys) == (4, 4, 4))
    #expect(contacts.source.digest?.count == 64)
    #expect(contacts.destinations.map(\.destination) == ["base", "files", "tree"])
    for destination in contacts.destinations {
      let figures = try #require(destination.totals)
      #expect(destination.isLoaded && (figures.records, figures.distinctKeys) == (3, 3) && figures.digest?.count == 64)
      let joined = try #require(figures.dates.first)
      #expect(figures.dates.count == 1 && (joined.field, joined.records, joined.isHidden) == ("joined", 3, false))
      #expect((joined.earliest, joined.latest) == ("2026-01-31", "2026-03-01"))
    }
    let tree = try #require(totals.totals(of: "contacts", at: "tree"))
    #expect(tree.sums == [.init(field: "credit", records: 3, sum: "4", isHidden: false)])
    #expect(project.folder.mode(of: ".waybill/runs/\(run.summary.run)/totals.json") == 0o600)
    // The same source has the same hash total, whatever became of it.
    let again = try await project.run { $0.source.destinations = ["files"] }
    let other = try Self.totals(project, again).mappings[0]
    #expect(other.source == contacts.source && other.destinations.map(\.destination) == ["files"])
    #expect(other.destinations[0].totals == contacts.destinations[1].totals)
  }

  @Test func `a comparison has the hash totals of the run until somebody changes a byte`() async throws {
    let project = try Self.project()
    let run = try await project.run()
    let totals = try Self.totals(project, run)
    let path = Self.folder(project, run.summary.run).reconciliation
    _ = try await Self.reconcile(project)
    let equal = try #require(try ReconcileDocument.read(path))
    #expect(equal.isEqual && equal.isComplete && equal.parts.count == 3 && !equal.time.isEmpty)
    for part in equal.parts {
      let figures = try #require(totals.totals(of: "contacts", at: part.destination))
      #expect(part.isComparableWithTotals && part.matchesTotals == true)
      #expect(part.loaded.digest == figures.digest && part.stored.digest == figures.digest)
      #expect(part.loaded == part.stored && part.loaded == figures, "\(part.destination)")
    }
    let text = try #require(project.folder.read("out/contacts.ndjson"))
    try project.folder.write("out/contacts.ndjson", text.replacing("Ada", with: "Ade"))
    _ = try await Self.reconcile(project)
    let changed = try #require(try ReconcileDocument.read(path)?.part(of: "contacts", at: "tree"))
    #expect(!changed.isEqual && changed.loaded.digest == totals.totals(of: "contacts", at: "tree")?.digest)
    #expect(changed.stored.digest != changed.loaded.digest && changed.stored.sums == changed.loaded.sums)
    #expect(changed.fields.map { "\($0.field) \($0.different)" } == ["name 1"] && changed.differenceCount == 1)
    #expect(changed.differences.map { $0["key"] } == [.string("c1")])
  }

  @Test func `a narrowed comparison keeps the other parts, and that of one record is not kept`() async throws {
    let project = try Self.project()
    let run = try await project.run()
    let path = Self.folder(project, run.summary.run).reconciliation
    #expect(try await Self.reconcile(project) { $0.record = "c1" }.isEqual)
    #expect(try ReconcileDocument.read(path) == nil)
    let csv = try #require(project.folder.read("out/contacts.csv"))
    try project.folder.write("out/contacts.csv", csv.replacing("Ada", with: "Ade"))
    _ = try await Self.reconcile(project)
    _ = try await Self.reconcile(project) { $0.source.destinations = ["tree"] }
    let narrowed = try #require(try ReconcileDocument.read(path))
    #expect(
      narrowed.parts.map(\.destination) == ["base", "files", "tree"] && narrowed.parts.map(\.isEqual) == [true, false, true])
    #expect(!narrowed.isEqual)
    // A part that could not be compared is one until it has been.
    try project.folder.write("out/contacts.csv", "")
    _ = try await Self.reconcile(project)
    _ = try await Self.reconcile(project) { $0.source.destinations = ["tree"] }
    let failed = try #require(try ReconcileDocument.read(path))
    #expect(failed.failures.map(\.destination) == ["files"] && failed.parts.map(\.destination) == ["base", "tree"])
    #expect(!failed.isEqual)
    try project.folder.write("out/contacts.csv", csv)
    _ = try await Self.reconcile(project) { $0.source.destinations = ["files"] }
    let whole = try #require(try ReconcileDocument.read(path))
    #expect(whole.isEqual && whole.parts.count == 3 && whole.failures.isEmpty)
  }

  @Test func `what pii hides is in neither file`() async throws {
    let project = try Self.project(pii: "pii: {credit: never, joined: mask}\n")
    let run = try await project.run()
    let csv = try #require(project.folder.read("out/contacts.csv"))
    try project.folder.write("out/contacts.csv", csv.replacing("2026-03-01", with: "2026-03-05"))
    _ = try await Self.reconcile(project)
    for name in ["totals.json", "reconcile.json"] {
      let text = try #require(project.file(name, of: run))
      for value in ["2026-03-0", "2026-01-31", #""4""#, "1.1"] { #expect(!text.contains(value), "\(name): \(value)") }
    }
    let tree = try #require(try Self.totals(project, run).totals(of: "contacts", at: "tree"))
    #expect(tree.sums == [.init(field: "credit", records: 3, sum: nil, isHidden: true)])
    #expect(tree.dates == [.init(field: "joined", records: 3, earliest: nil, latest: nil, isHidden: true)])
  }

  @Test func `a dry run has the totals of what it would load`() async throws {
    let project = try Self.project()
    let dry = try await project.run { $0.isDryRun = true }
    let staged = try Self.totals(project, dry).mappings[0]
    #expect(staged.destinations.allSatisfy { !$0.isLoaded })
    let loaded = try Self.totals(project, try await project.run()).mappings[0]
    #expect(staged.destinations.map(\.totals) == loaded.destinations.map(\.totals) && staged.source == loaded.source)
  }

  @Test func `a file that is not there is not recorded, and a damaged or a newer one is refused`() throws {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/totals.json"
    #expect(try ControlTotalsDocument.read(path) == nil && ReconcileDocument.read(path) == nil)
    for (text, code) in [("{", OperationFailure.Code.damaged), ("{}", .damaged), (#"{"version":99}"#, .newerFormat)] {
      try folder.write("totals.json", text)
      #expect { try ControlTotalsDocument.read(path) } throws: { ($0 as? OperationFailure)?.code == code }
      #expect { try ReconcileDocument.read(path) } throws: { ($0 as? OperationFailure)?.code == code }
    }
    let document = ControlTotalsDocument(
      run: "r", time: "2026-12-01T00:00:00Z",
      mappings: [
        .init(
          mapping: "m", source: .init(items: 3, records: nil, distinctKeys: 2, digest: nil),
          destinations: [
            .init(destination: "a", isLoaded: false, totals: nil),
            .init(
              destination: "b", isLoaded: true,
              totals: .init(
                records: 2, distinctKeys: nil, digest: "00", sums: [.init(field: "é", records: 1, sum: "-1.5", isHidden: false)],
                dates: [.init(field: "d", records: 1, earliest: "2026-01-01", latest: nil, isHidden: true)])),
          ])
      ])
    try document.write(to: path)
    #expect(try ControlTotalsDocument.read(path) == document)
  }
}
