import Control
import Core
import Extract
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// State written by other versions: read, migrated, or refused with what to do. `fixtures/state` has one of each earlier
/// version.
@Suite struct StateFormatTests {
  static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("fixtures/state").path
  static let runs = [
    "20261128T223422502Z-00h96k", "20261128T223422754Z-00xh2z", "20261128T223422826Z-00g6zt", "20261128T223434973Z-00t0a0",
  ]
  static let snapshots = [
    "20261128T223422531Z-007png", "20261128T223422761Z-00445m", "20261128T223422842Z-00dfgh", "20261128T223434982Z-00sfkg",
  ]

  /// The state of version 1: a run, a limited one, one that a gate stopped, and one that was killed.
  private static func project() throws -> Project {
    let project = try Project(
      pipeline: Project.pipeline.replacing("pipeline: test", with: "pipeline: nightly"), input: NarrowedRunTests.input)
    try FileManager.default.copyItem(atPath: "\(fixtures)/v1", toPath: "\(project.folder.path)/.waybill")
    return project
  }

  @Test func `runs of version 1 are listed in order, with their ledgers`() throws {
    let project = try Self.project()
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill", isReadOnly: true)
    #expect(try state.runs().map(\.id) == Self.runs.reversed())
    let first = try #require(try state.run(Self.runs[0]))
    #expect(first.status == .done && first.isWhole == nil && first.narrowed == nil)
    #expect(try state.counts(of: first.id).map(\.count) == [1, 3])
    #expect(try state.ledger(LedgerQuery(run: first.id)).map(\.code) == ["email-invalid", "required"])
    // Nothing records whether it was narrowed, so no run is compared with it.
    #expect(try state.lastWritten("contacts", pipeline: "nightly", location: "files") == nil)
  }

  @Test func `snapshots of version 1 are read, and limited ones are not the latest`() async throws {
    let project = try Self.project()
    let reader = SnapshotReader(root: "\(project.folder.path)/.waybill/snapshots")
    #expect(reader.parts.map(\.id) == Self.snapshots.reversed())
    #expect(reader.latestComplete()?.id == Self.snapshots[2])
    #expect(reader.nextSequence == 1)
    let limited = try await project.run { $0.source.snapshot = Self.snapshots[1] }
    #expect(limited.summary.narrowing == Narrowing(limit: 2, snapshot: Self.snapshots[1]))
    let latest = try await project.run { $0.source.snapshot = "latest" }
    #expect(latest.summary.snapshot == Self.snapshots[2])
  }

  @Test func `the first run of this version takes over`() async throws {
    let project = try Self.project()
    let report = try await project.run()
    #expect(report.exitCode == .done, "\(report.summary.messages)")
    try Agreement.check(report, in: project)
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try state.run(Self.runs[3])?.status == .interrupted)
    #expect(try state.runs().first?.id == report.summary.run)
    // What the killed run left is gone, and so are earlier staged records.
    #expect(project.folder.names(in: ".waybill/runs/\(Self.runs[3])") == ["waybill.log"])
    for run in Self.runs[..<3] {
      #expect(project.folder.names(in: ".waybill/runs/\(run)").contains("summary.json"))
      #expect(project.folder.names(in: ".waybill/runs/\(run)/staging") == [])
    }
    #expect(!project.folder.names(in: ".waybill/snapshots").contains(Self.snapshots[3]))
    #expect(project.folder.names(in: ".waybill/snapshots").count == 4)
    let second = try await project.run { $0.source.snapshot = "latest" }
    #expect(second.summary.snapshot == report.summary.snapshot)
    #expect(second.summary.gates.last?.last?.run == report.summary.run)
  }

  /// What the current version writes: a run, and one with `--limit 2`. Later versions must still read it.
  @Test func `a state of version 2 is opened, listed and continued`() async throws {
    let project = try Project(
      pipeline: Project.pipeline.replacing("pipeline: test", with: "pipeline: nightly"), input: NarrowedRunTests.input)
    try FileManager.default.copyItem(atPath: "\(Self.fixtures)/v2", toPath: "\(project.folder.path)/.waybill")
    let header = try Data(contentsOf: URL(filePath: "\(Self.fixtures)/v2/state.sqlite"))
    #expect(Array(header[60..<64]) == [0, 0, 0, 3])
    let listed = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill", isReadOnly: true)
    let runs = try listed.runs()
    #expect(runs.map(\.isWhole) == [false, true] && runs.map(\.status) == [.done, .done])
    let (narrowed, whole) = (runs[0], runs[1])
    #expect(narrowed.narrowed?.contains("2") == true && whole.narrowed == nil)
    #expect(Set(try listed.ledger(LedgerQuery(run: whole.id)).map(\.code)) == ["email-invalid", "never-present"])
    let last = try #require(try listed.lastWritten("contacts", pipeline: "nightly", location: "files"))
    #expect(last.run == whole.id && last.count == 6)
    let reader = SnapshotReader(root: "\(project.folder.path)/.waybill/snapshots")
    #expect(reader.parts.map(\.manifest.sequence) == [2, 1] && reader.unreadable.isEmpty && reader.nextSequence == 3)
    for run in runs {
      let mark = try JSONReader.read(try #require(project.folder.read(".waybill/runs/\(run.id)/run.json")))
      #expect(mark["version"] == .number(2))
      #expect(!project.folder.names(in: ".waybill/runs/\(run.id)/staging").isEmpty)
    }
    let latest = try await project.run { $0.source.snapshot = "latest" }
    #expect(latest.exitCode == .done && latest.summary.snapshot == whole.snapshot)
    #expect(latest.summary.gates.last?.last?.run == whole.id)
    try Agreement.check(latest, in: project)
    for run in runs { #expect(project.folder.names(in: ".waybill/runs/\(run.id)/staging") == []) }
  }

  /// Its fate logs have no places: what was published before is read back from them.
  @Test func `a run of folder version 4 is resumed after its first file was published`() async throws {
    let project = try Project()
    let fixture = "\(Self.fixtures)/run-v4"
    for name in ["waybill.yaml", "contacts.yaml"] {
      try project.folder.write(name, try String(contentsOfFile: "\(fixture)/\(name)", encoding: .utf8))
    }
    try FileManager.default.copyItem(atPath: "\(fixture)/state", toPath: "\(project.folder.path)/.waybill")
    let report = try await project.run { $0.resume = "20261129T194843993Z-00r2vh" }
    #expect(report.exitCode == .recordsFailed, "\(report.summary.messages)")
    let counts = report.summary.entities.flatMap(\.destinations).map {
      "\($0.name) \($0.counts[.written]) \($0.counts[.created])"
    }
    #expect(counts == ["files 2 0", "db 0 2"])
    // What it has now is not for the version that began it.
    let mark = try #require(project.folder.read(".waybill/runs/20261129T194843993Z-00r2vh/run.json"))
    #expect(try JSONReader.read(Array(mark.utf8))["version"]?.intValue == RunFolder.version)
    try Agreement.check(report, in: project)
  }

  /// The format number in SQLite's header.
  @Test func `a state of a newer version is refused and left unchanged`() async throws {
    let project = try Self.project()
    let path = "\(project.folder.path)/.waybill/state.sqlite"
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes.replaceSubrange(60..<64, with: [0, 0, 0, 99])
    try bytes.write(to: URL(filePath: path))
    let report = try await project.run()
    #expect(report.exitCode == .configuration)
    let message = try #require(report.summary.messages.first)
    #expect(message.contains("a newer version of Waybill wrote it (format 99; this version reads up to 7)"))
    #expect(message.contains("choose another --state folder"))
    #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    #expect(project.folder.names(in: "out") == [])
  }

  @Test(arguments: ["latest", "20261128T223422531Z-007png"])
  func `a snapshot of a newer version is refused`(_ id: String) async throws {
    let project = try Self.project()
    let path = ".waybill/snapshots/\(Self.snapshots[0])/files/manifest.json"
    try project.folder.write(
      path, try #require(project.folder.read(path)).replacing("\"version\": 1", with: "\"version\": 7"))
    let report = try await project.run { $0.source.snapshot = id }
    #expect(report.exitCode == .configuration)
    #expect(report.summary.messages.first?.contains("(format 7; this version reads up to 3): use that version") == true)
    // Extracting again needs none of the old snapshots.
    #expect(try await project.run().exitCode == .done)
  }

  @Test(arguments: ["", "{", "[]", "{\"version\": \"x\"}", "{\"version\": 0}", "{\"version\": 2}", "\u{0}\u{1}"])
  func `a damaged manifest is refused when named, and skipped as the latest`(_ text: String) async throws {
    let project = try Self.project()
    try project.folder.write(".waybill/snapshots/\(Self.snapshots[2])/files/manifest.json", text)
    let named = try await project.run { $0.source.snapshot = Self.snapshots[2] }
    #expect(named.exitCode == .inputMissing)
    #expect(named.summary.messages.first?.contains("is damaged") == true, "\(named.summary.messages)")
    let latest = try await project.run { $0.source.snapshot = "latest" }
    #expect(latest.summary.snapshot == Self.snapshots[0])
  }

  @Test func `the folder of a newer version's run is left alone`() async throws {
    let project = try Self.project()
    let run = ".waybill/runs/\(Self.runs[0])"
    try project.folder.write("\(run)/run.json", "{\"version\": \(RunFolder.version + 1)}")
    try project.folder.write("\(run)/.x.4000000-abc.part", "")
    #expect(try await project.run().exitCode == .done)
    #expect(project.folder.names(in: run).contains(".x.4000000-abc.part"))
    #expect(!project.folder.names(in: "\(run)/staging").isEmpty)
  }
}
