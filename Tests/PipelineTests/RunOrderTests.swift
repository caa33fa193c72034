import Control
import Core
import Extract
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Runs and snapshots are ordered by their numbers, whatever the clock said.
@Suite struct RunOrderTests {
  /// Renames a run's snapshot as if its clock had been different.
  private static func move(_ report: RunEngine.Report, _ project: Project, to id: String, _ started: String) throws {
    let old = try #require(report.summary.snapshot)
    let snapshots = "\(project.folder.path)/.waybill/snapshots"
    try FileManager.default.moveItem(atPath: "\(snapshots)/\(old)", toPath: "\(snapshots)/\(id)")
    let path = ".waybill/snapshots/\(id)/files/manifest.json"
    let manifest = try #require(project.folder.read(path)).replacing(old, with: id)
      .replacing(/"started": "[^"]*"/, with: #""started": "\#(started)""#)
    try project.folder.write(path, manifest)
  }

  @Test func `a clock that was ahead does not make latest stale`() async throws {
    let project = try Project()
    let future = Date(timeIntervalSince1970: 4_000_000_000)
    let ahead = try await project.run { $0.now = { future } }
    #expect(ahead.summary.run.hasPrefix("2096"))
    #expect(ahead.summary.notes == [])
    try Self.move(ahead, project, to: "20961002T070640000Z-00aaaa", "2096-10-02T07:06:40Z")
    let second = try await project.run()
    #expect(second.summary.notes.count == 2, "\(second.summary.notes)")
    #expect(second.summary.notes.allSatisfy { $0.contains("a start time in the future") })
    let third = try await project.run { $0.source.snapshot = "latest" }
    #expect(third.summary.snapshot == second.summary.snapshot)
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try state.runs().map(\.id) == [third, second, ahead].map(\.summary.run))
    #expect(third.summary.gates.last?.last?.run == second.summary.run)
    // Staged records of earlier runs are removed, even if their times are later.
    #expect(project.folder.names(in: ".waybill/runs/\(ahead.summary.run)/staging") == [])
    for report in [second, third] { try Agreement.check(report, in: project) }
  }

  @Test func `a clock that was set back does not hide the newest`() async throws {
    let project = try Project()
    let first = try await project.run()
    let second = try await project.run { $0.now = { Date(timeIntervalSince1970: 1_000_000_000) } }
    try Self.move(second, project, to: "20010909T014640000Z-00aaaa", "2001-09-09T01:46:40Z")
    let third = try await project.run { $0.source.snapshot = "latest" }
    #expect(third.summary.snapshot == "20010909T014640000Z-00aaaa")
    #expect(third.summary.notes == [])
    let state = try SQLiteRunStore(folder: "\(project.folder.path)/.waybill")
    #expect(try state.runs().map(\.id) == [third, second, first].map(\.summary.run))
  }

  @Test(arguments: ["9223372036854775807", "-1", "9007199254740992", "9007199254740991", "1e300", "\"7\"", "null"])
  func `an invalid sequence number is ignored`(_ number: String) async throws {
    let project = try Project()
    let first = try await project.run()
    let path = ".waybill/snapshots/\(try #require(first.summary.snapshot))/files/manifest.json"
    try project.folder.write(
      path, try #require(project.folder.read(path)).replacing("\"sequence\": 1", with: "\"sequence\": \(number)"))
    let second = try await project.run()
    #expect(second.exitCode == .done)
    #expect(try await project.run { $0.source.snapshot = "latest" }.summary.snapshot == second.summary.snapshot)
    let third = try await project.run()
    #expect(try await project.run { $0.source.snapshot = "latest" }.summary.snapshot == third.summary.snapshot)
  }
}
