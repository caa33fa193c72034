import Control
import Core
import Files
import Foundation
import Report
import State
import TestSupport
import Testing

@testable import Pipeline

/// A replay of a run after later ones: an older version never replaces a newer one, and nothing is resolved that has not arrived.
@Suite struct ReplayVersionTests {
  private static let broken = ReplayTests.broken
  private static let fixed = ReplayTests.fixed
  private static let count = 20
  /// The first run rejects c0 and c10. These are newer versions of all records, and only of the others.
  private static let corrected = ReplayBench.input(count).replacing(#""X""#, with: #""A""#)
  private static let others = ReplayBench.input(count).split(separator: "\n").filter { !$0.contains(#""X""#) }.map { $0 + "\n" }
    .joined()

  private func bench(mapping: String = broken) async throws -> (ReplayBench, first: String) {
    let bench = try ReplayBench(records: Self.count, mapping: mapping)
    let first = try await bench.run()
    try #require(bench.counts(first)[.rejected] == 2, "\(first.summary.messages)")
    return (bench, first.summary.run)
  }

  @discardableResult
  private func next(
    _ bench: ReplayBench, _ input: String, _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    try bench.project.folder.write("in/contacts.ndjson", input)
    return try await bench.run(change)
  }

  private func file(_ name: String, of run: String, _ bench: ReplayBench) -> String? {
    bench.project.folder.read(".waybill/runs/\(run)/\(name)")
  }

  /// Replays the first run with the fixed mapping.
  private func replay(_ bench: ReplayBench, _ run: String, mapping: String = fixed) async throws -> RunEngine.Report {
    try bench.project.folder.write("contacts.yaml", mapping)
    bench.clear()
    return try await bench.replay(run)
  }

  // MARK: Killed runs

  @Test func `outcomes of an earlier attempt of a killed run do not count`() async throws {
    let (bench, first) = try await bench()
    let second = try await next(bench, Self.corrected).summary.run
    // It was interrupted before it had transformed anything, resumed, and killed while it sent.
    try bench.kill(second, leaving: "")
    let replay = try await replay(bench, first)
    #expect(replay.exitCode == .usage && bench.sent() == [], "\(replay.summary.messages)")
    #expect(replay.summary.messages.contains { $0.contains("run --resume \(second)") }, "\(replay.summary.messages)")
  }

  /// Whether a run has outcomes when it is resumed.
  private final class Looking: RunObserver {
    let hasOutcomes = Locked<Bool?>(nil)
    private let state: StateFolder

    init(_ state: StateFolder) { self.state = state }

    func receive(_ event: RunEvent) {
      guard case .runResumed(let id) = event else { return }
      hasOutcomes.withLock { $0 = FilePath.exists(RunFolder(path: state.run(id)).outcomes) }
    }
  }

  @Test func `a run that is resumed begins without the outcomes of its first attempt`() async throws {
    let (bench, _) = try await bench()
    bench.react { $0 == "c7" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let second = try await next(bench, Self.corrected)
    #expect(second.canResume)
    bench.react { _ in .take }
    bench.app.restart()
    var options = bench.options
    options.resume = second.summary.run
    let looking = Looking(options.source.state)
    let resumed = await RunEngine(try bench.project.document(), options: options, observer: looking).run()
    #expect(resumed.exitCode == .done && looking.hasOutcomes.withLock { $0 } == false, "\(resumed.summary.messages)")
  }

  @Test func `a killed run still counts after a complete run has removed what it staged`() async throws {
    let (bench, first) = try await bench()
    let second = try await next(bench, Self.corrected).summary.run
    try bench.kill(second)
    #expect(try await next(bench, Self.others).exitCode == .done)
    #expect(file("facts.ndjson", of: second, bench) == nil)
    let replay = try await replay(bench, first)
    #expect(replay.exitCode == .usage && bench.sent() == [], "\(replay.summary.messages)")
    let message = "run \(second) may have sent newer versions of 2 records, and how it ended is not known: run the pipeline"
    #expect(replay.summary.messages.contains { $0.contains(message) }, "\(replay.summary.messages)")
    // A run that reads them decides.
    try bench.project.folder.write("contacts.yaml", Self.broken)
    try await next(bench, Self.corrected)
    let again = try await self.replay(bench, first)
    #expect(again.exitCode == .done && bench.sent() == [] && again.summary.replay?.counts.superseded == 2)
  }

  @Test func `a killed run that cannot be resumed is not recommended`() async throws {
    let (bench, first) = try await bench()
    let second = try await next(bench, Self.corrected).summary.run
    try bench.kill(second)
    // It leaves out a destination, so it removes nothing; but it has published.
    #expect(try await next(bench, Self.others) { $0.destinations = ["app"] }.exitCode == .done)
    #expect(file("facts.ndjson", of: second, bench) != nil)
    let replay = try await replay(bench, first)
    #expect(replay.exitCode == .usage && bench.sent() == [])
    #expect(
      replay.summary.messages.contains { $0.contains("run the pipeline to read them again") && !$0.contains("--resume") },
      "\(replay.summary.messages)")
  }

  @Test func `an interrupted run is replayed once it can no longer be resumed`() async throws {
    let bench = try ReplayBench(records: Self.count, mapping: Self.broken)
    bench.react { $0 == "c15" ? .stop(OperationFailure(.unreachable, "no connection")) : .take }
    let first = try await bench.run()
    #expect(first.canResume)
    bench.react { _ in .take }
    bench.app.restart()
    let refused = await #expect(throws: OperationFailure.self) { try await bench.plan(first.summary.run) }
    #expect(refused?.description.contains("can be continued: waybill run --resume") == true)
    #expect(try await next(bench, Self.others) { $0.destinations = ["app"] }.exitCode == .done)
    let replay = try await replay(bench, first.summary.run)
    #expect(replay.exitCode == .done && bench.sent() == ["contacts c0", "contacts c10"], "\(replay.summary.messages)")
  }

  @Test func `an interrupted run that was resumed and killed has no outcomes to replay`() async throws {
    let (bench, first) = try await bench()
    try bench.kill(first, leaving: file("outcomes.ndjson", of: first, bench))
    #expect(try await next(bench, Self.others) { $0.destinations = ["app"] }.exitCode == .done)
    let failure = await #expect(throws: OperationFailure.self) { try await bench.plan(first) }
    #expect(failure?.exitCode == .inputMissing)
    #expect(failure?.description.contains("ended before its outcomes were recorded") == true, "\(String(describing: failure))")
  }

  // MARK: Dry runs

  @Test func `a dry run that was applied still counts after a complete run has removed what it staged`() async throws {
    let (bench, first) = try await bench()
    let dry = try await next(bench, Self.corrected) { $0.isDryRun = true }
    let applied = try await bench.run { $0.apply = dry.summary.run }
    #expect(applied.exitCode == .done && bench.counts(applied)[.created] == 2, "\(applied.summary.messages)")
    #expect(try await next(bench, Self.others).exitCode == .done)
    #expect(file("facts.ndjson", of: applied.summary.run, bench) == nil)
    // It is a run like any other.
    #expect(try await bench.plan(applied.summary.run).parts.isEmpty)
    let replay = try await replay(bench, first)
    #expect(replay.exitCode == .done && bench.sent() == [] && replay.summary.replay?.counts.superseded == 2)
  }

  // MARK: Keys

  private static let byName = broken.replacing("key: id}", with: "key: name}")

  @Test func `records are not matched with those of a run that had another key`() async throws {
    let (bench, first) = try await bench(mapping: Self.byName)
    try bench.project.folder.write("contacts.yaml", Self.broken)
    let second = try await next(bench, Self.corrected)
    #expect(bench.counts(second)[.rejected] == 0)
    for mapping in [Self.fixed, Self.fixed.replacing("key: id}", with: "key: name}")] {
      let replay = try await replay(bench, first, mapping: mapping)
      #expect(bench.sent() == [] && replay.summary.replay?.counts == ReplayCounts(open: 2, indistinct: 2))
      #expect(
        replay.summary.notes.contains { $0.contains("2 records have no key, or had another one in run \(second.summary.run)") },
        "\(replay.summary.notes)")
    }
    #expect(try bench.runs().resolutions(of: first).isEmpty)
  }

  @Test func `the key of today does not matter if that of the runs is the same`() async throws {
    let (bench, first) = try await bench(mapping: Self.byName)
    // It has c0, and not c10.
    try await next(bench, Self.corrected.split(separator: "\n").filter { !$0.contains(#""c10""#) }.map { $0 + "\n" }.joined())
    let replay = try await replay(bench, first)
    #expect(replay.exitCode == .done && bench.sent() == ["contacts c10"], "\(replay.summary.messages)")
    #expect(replay.summary.replay?.counts == ReplayCounts(open: 2, selected: 1, superseded: 1))
  }

  // MARK: Snapshots and undo

  @Test func `a later run that read an older snapshot resolves nothing`() async throws {
    let bench = try ReplayBench(records: Self.count, mapping: Self.broken)
    let before = try await next(bench, Self.corrected)
    let first = try await next(bench, ReplayBench.input(Self.count))
    #expect(bench.counts(first)[.rejected] == 2)
    let back = try await bench.run { $0.source.snapshot = before.summary.snapshot }
    #expect(back.exitCode == .done, "\(back.summary.messages)")
    let replay = try await replay(bench, first.summary.run)
    #expect(bench.sent() == [] && replay.summary.replay?.counts == ReplayCounts(open: 2, indistinct: 2))
    #expect(
      replay.summary.notes.contains { $0.contains("run \(back.summary.run) has read older versions of 2 records since") },
      "\(replay.summary.notes)")
    #expect(try bench.runs().resolutions(of: first.summary.run).isEmpty)
  }

  @Test func `what a later run has loaded and an undo has taken back resolves nothing`() async throws {
    let (bench, first) = try await bench()
    let second = try await next(bench, Self.corrected).summary.run
    try bench.project.folder.write(
      ".waybill/runs/\(second)/undo.ndjson",
      #"{"time":"2026-11-30T14:00:00Z","destination":"app","mapping":"contacts","key":"c0","outcome":"removed"}"# + "\n")
    let replay = try await replay(bench, first)
    #expect(bench.sent() == [] && replay.summary.replay?.counts == ReplayCounts(open: 2, newerOpen: 2))
    #expect(
      replay.summary.notes.contains { $0.contains("run \(second) loaded newer versions of 2 records, and was then undone") },
      "\(replay.summary.notes)")
    #expect(try bench.runs().resolutions(of: first).isEmpty)
    // The next run sends them.
    try await next(bench, Self.corrected)
    #expect(try await self.replay(bench, first).summary.replay?.counts.superseded == 2)
  }
}
