import Core
import Extract
import Files
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// A disk that is full in the middle of a run.
@Suite struct FullDiskTests {
  /// A run whose folder has a file that finds no space.
  static func run(_ project: Project, full file: String) throws -> LocationRun {
    let state = StateFolder(path: "\(project.folder.path)/.waybill")
    let runs = try state.openRuns()
    let folder = RunFolder(path: try state.makeRun("r"))
    let options = project.options
    try folder.begin(
      run: "r", pipeline: "test", started: "2026-11-29T00:00:00Z", RunRequest(options, moment: "2026-11-29T00:00:00Z"))
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(file)", withDestinationPath: "/dev/full")
    try runs.begin(RunRecord(id: "r", pipeline: "test", started: "2026-11-29T00:00:00Z"))
    let log = RunLog(path: folder.log, now: options.now, next: SilentObserver())
    let scope = RunScope(
      document: try project.document(), options: options, runs: runs, digestKey: try state.digestKey(), observer: log)
    return LocationRun(
      scope, id: "r", started: "2026-11-29T00:00:00Z", moment: "2026-11-29T00:00:00Z", folder: folder,
      ledger: try RunLedgerWriter(run: "r", path: folder.ledger, state: runs), facts: try FactLog(path: folder.facts), known: [])
  }

  @Test(arguments: [
    "staging/contacts.ndjson", "staging/contacts.items", "staging/contacts.keys", "outcomes.ndjson", "ledger.ndjson.part",
    "files/contacts.fates", "files/contacts.rejects.csv", "totals.json",
  ])
  func `a full disk ends with 73, and every item has an outcome`(_ file: String) async throws {
    let project = try Project()
    if file.hasPrefix("files/") { try project.folder.write(".waybill/runs/r/files/keep", "") }
    let report = await (try Self.run(project, full: file)).run()
    #expect(report.exitCode == .cannotWrite, "\(report.summary.messages)")
    #expect(report.summary.messages.contains { $0.contains("/.waybill/runs/r/") }, "\(report.summary.messages)")
    #expect(report.summary.unaccounted == 0)
    #expect(report.canResume)
    if file == "files/contacts.fates" {
      // The file was published all the same, and the accounts say so.
      #expect(report.summary.entities.first?.destinations.map { $0.counts[.written] } == [3, 0])
      #expect(project.folder.read("out/contacts.csv") != nil)
    }
    guard file == "outcomes.ndjson" else { return }
    let entity = try #require(report.summary.entities.first)
    #expect(entity.destinations.map { $0.counts[.rejected] } == [3, 3])
    #expect(entity.destinations.map { $0.counts[.written] } == [3, 3])
  }
}
