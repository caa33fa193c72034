import Control
import Core
import Extract
import FoundationEssentials
import Load
import PipelineFile
import Report
import State

/// Judging the gates: before anything is published, and again after the load.
extension LocationRun {
  func judge() async throws -> [RunFact] {
    let state = state
    let facts = try await boundMappings().map { mapping in
      let last = try scope.runs.lastWritten(mapping.name, pipeline: document.name, location: location)
      let counts = state.counts(of: Name(mapping.name)) ?? MappingCounts(Name(mapping.name))
      var facts = mapping.gateFacts(counts, last: last.map { .init(run: $0.run, count: $0.count) })
      let notes = state.notes(of: Name(mapping.name))
      facts.warnings = counts.warnings + notes.warnings
      facts.codes = notes.codes.merging(counts.codes, uniquingKeysWith: +)
      (facts.fields, facts.ages) = try fields(of: mapping, counts)
      return facts
    }
    let run = runFacts
    // What is not recorded is not judged again: no reason to end a run.
    try? GateRecord(run, facts).write(to: folder)
    let results = gateJudge.judge(facts, run)
    report(results)
    return [.judged(results)]
  }

  /// The outcomes are known, and the records are where they are.
  func judgeLoad() -> [RunFact] {
    let state = state
    let facts = (state.compiled?.mappings ?? []).map { mapping in
      let counts = state.counts(of: mapping) ?? MappingCounts(mapping)
      var facts = GateJudge.Facts(
        mapping: mapping.text, read: counts.read, written: counts.written, rejected: counts.rejected, fetched: nil, expected: nil)
      facts.codes = state.notes(of: mapping).codes.merging(counts.codes, uniquingKeysWith: +)
      facts.loads = plan.destinations.filter { $0.takes(mapping) }.map { destination in
        let part = RunPart(mapping: mapping, destination: destination.name)
        return GateJudge.Load(
          destination.name.text, destination.delivery,
          counts: state.outcomes?.first { $0.part == part }?.counts ?? OutcomeCounts(),
          obstacle: isDryRun ? GateJudge.Load.dryRun : state.loadObstacle(of: part))
      }
      return facts
    }
    let results = gateJudge.judgeLoad(facts)
    report(results)
    return [.loadJudged(results)]
  }

  private var gateJudge: GateJudge {
    // A load may be partial, unless it replaces a whole file or table.
    let isPart = targetFile != nil && destinations.allSatisfy { $0.kind.delivery == .incremental }
    return GateJudge(
      document.gates, isNarrowed: isPart || narrowing != nil, isReplay: options.source.replay != nil,
      accepted: Set(options.acceptedGates))
  }

  private func report(_ results: [GateResult]) {
    for result in results where result.isJudged && !result.passed {
      observer.receive(
        .gateTripped(result.isAccepted ? .accepted : result.severity == .warning ? .warning : .failed, finding: result.text))
    }
  }

  private var runFacts: GateJudge.RunFacts {
    let requests = state.extracted?.requests
    let age = snapshotStart.map { Int(max(0, now.timeIntervalSince($0).rounded(.down))) }
    return .init(
      quotaRemaining: requests?.remaining, isQuotaKnown: (requests?.made ?? 0) > 0, snapshotAge: age)
  }

  /// Records are at least as old as the beginning of their snapshot.
  private var snapshotStart: Date? { snapshot.flatMap { GateFieldCounter.date($0.manifest.started) } }

  /// `now` of expressions, so that a resumed run judges as the first attempt would have.
  private var now: Date { GateFieldCounter.date(moment) ?? options.now() }

  private func fields(of mapping: StagedMapping, _ counts: MappingCounts) throws -> ([Name: GateFieldCount], [Name: Int]) {
    let wanted = GateFieldCounter.wanted(by: document.gates, of: Name(mapping.name))
    guard !wanted.isEmpty, mapping.input != nil else { return ([:], [:]) }
    let columns = mapping.program.loadColumns
    var counter = GateFieldCounter(wanted, columns: columns, folder: folder.staging)
    try counter.count(StagedReader(mapping.records, mapping: mapping.name, columns: columns, count: counts.written))
    return counter.result(now: now)
  }
}
