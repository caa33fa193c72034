import Control
import Core
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// Replays whose process dies: the state is as it was at some event, and the destination has what was sent until then, or more.
@Suite struct ReplayKillTests {
  private static let records = 60
  private static let open = (0..<6).map { "c\($0 * 10)" }

  /// The end that every path must lead to.
  private static func check(_ bench: ReplayBench, _ origin: String, _ last: RunEngine.Report, _ what: String) throws {
    #expect(last.exitCode == .done, "\(what): \(last.summary.messages)")
    try Agreement.check(last, in: bench.project)
    #expect(bench.app.keys.count == records, "\(what)")
    // Nothing else was sent, however often.
    #expect(Set(bench.sent()) == Set(open.map { "contacts \($0)" }), "\(what)")
    let runs = try bench.runs()
    #expect(try runs.ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty, "\(what)")
    let resolved = try runs.resolutions(of: origin).filter { $0.destination == nil }
    #expect(resolved.compactMap(\.record?.text).sorted() == open, "\(what)")
  }

  @Test(arguments: [false, true])
  func `a replay that is killed at any event ends the same, by a resume or by another replay`(_ resumes: Bool) async throws {
    var kills = 0
    var resumed = 0
    for count in 1... {
      let bench = try ReplayBench(records: Self.records, mapping: ReplayTests.broken)
      let origin = try await bench.run().summary.run
      bench.clear()
      try bench.project.folder.write("contacts.yaml", ReplayTests.fixed)
      let (state, copy) = ("\(bench.project.folder.path)/.waybill", "\(bench.project.folder.path)/copy")
      let observer = StateCopy(state, to: copy, at: count)
      let first = try await bench.replay(observer: observer)
      guard observer.hasCopied else {
        try Self.check(bench, origin, first, "undisturbed")
        break
      }
      kills += 1
      try FileManager.default.removeItem(atPath: state)
      try FileManager.default.moveItem(atPath: copy, toPath: state)
      let path = "\(state)/runs/\(first.summary.run)/facts.ndjson"
      let known = FileManager.default.fileExists(atPath: path) ? RunState(try FactLog.read(path)) : RunState([])
      let hasOpen = try !bench.runs().ledger(LedgerQuery(run: origin, isOpen: true)).isEmpty
      // Events come after the end, too.
      if !hasOpen { continue }
      let isResumed = resumes && known.canResume && FileManager.default.fileExists(atPath: path)
      let last = try await isResumed ? bench.run { $0.resume = first.summary.run } : bench.replay(origin)
      if isResumed { resumed += 1 }
      try Self.check(bench, origin, last, "event \(count), \(isResumed ? "resumed" : "replayed again")")
    }
    #expect(kills > 6 && (!resumes || resumed > 3), "\(kills) \(resumed)")
  }

  @Test func `a replay that is interrupted while it sends continues, and so does a second one`() async throws {
    for resumes in [false, true] {
      let bench = try ReplayBench(records: Self.records, mapping: ReplayTests.broken)
      let origin = try await bench.run().summary.run
      bench.clear()
      try bench.project.folder.write("contacts.yaml", ReplayTests.fixed)
      bench.react { $0 == "c30" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
      let first = try await bench.replay()
      #expect(first.exitCode == .unreachable && first.canResume && bench.counts(first)[.pending] == 3)
      #expect(first.summary.replay?.resolved == 3 && first.summary.replay?.left == 3)
      bench.react { _ in .take }
      bench.app.restart()
      let last = try await resumes ? bench.run { $0.resume = first.summary.run } : bench.replay(origin)
      try Self.check(bench, origin, last, "resumes: \(resumes)")
      #expect(last.summary.replay?.resolved == (resumes ? 6 : 3))
    }
  }
}
