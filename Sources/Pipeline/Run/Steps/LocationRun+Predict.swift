import Control
import Core
import Extract
import Load
import PipelineFile
import Records
import Report
import State

/// Predicting what a run would do: the steps of a dry run.
extension LocationRun {
  /// Predicts all parts of a mapping, side by side. Nothing is sent, published or recorded; the predictions are in the run's folder.
  func predict(_ mapping: Name) async throws -> [RunFact] {
    if state.isApplied { return try await predictAgain(mapping) }
    let start = ContinuousClock.now
    let (bound, counts) = try await staged(mapping)
    let (parts, open) = partsToPredict(of: mapping)
    for part in open { _ = try folder.makeFolder(of: part.destination.text) }
    let collectors = try open.map { part in
      try ForecastCollector(
        part, program: bound.program, count: counts.written, encoder: encoder(of: bound), log: folder.changes(of: part))
    }
    let loadings = try zip(open, collectors).map { part, collector in
      PartLoading(
        predicting: destination(named: part.destination),
        predictedPart(bound, counts), try request(part, bound), to: collector)
    }
    for part in open { observer.stageBegan(.load, of: part.title, expected: counts.written) }
    defer { for part in open { observer.stageEnded(.load, of: part.title) } }
    let (ends, broken) = await PartLoading.run(loadings) { _ in
      for index in open.indices {
        try collectors[index].check()
        observer.stageAdvanced(.load, of: open[index].title, done: collectors[index].reported)
      }
    }
    for warning in ends.flatMap(\.warnings) { observer.receive(.outputWarning(warning)) }
    var errors = ends.map(\.error)
    for index in open.indices {
      do { try collectors[index].finish(isWhole: errors[index] == nil) } catch { errors[index] = errors[index] ?? error }
    }
    let share = seconds(since: start) / Double(max(1, parts.count))
    let predicted = parts.compactMap { part -> RunFact.Predicted? in
      guard let index = open.firstIndex(of: part) else { return pending(part, counts, seconds: share) }
      // One destination that cannot be read does not cost the predictions of the others.
      guard errors[index] == nil else { return nil }
      return collectors[index].predicted(failure: ends[index].failure.map { .init($0) }, seconds: share)
    }
    let all = [broken] + errors
    if let error = all.compactMap(\.self).first(where: { !($0 is CancellationError) }) ?? all.compactMap(\.self).first {
      throw PartialStep(facts: predicted.isEmpty ? [] : [.predicted(predicted)], underlying: error)
    }
    return [.predicted(predicted)]
  }

  private func pending(_ part: RunPart, _ counts: MappingCounts, seconds: Double) -> RunFact.Predicted {
    var pending = OutcomeCounts()
    pending[.pending] = counts.written
    return .init(part, counts: pending, seconds: seconds)
  }

  /// The first of them are all parts, the others those that would reach their targets: a run that is narrowed replaces no file and no
  /// table.
  private func partsToPredict(of mapping: Name) -> (all: [RunPart], open: [RunPart]) {
    let isHeld = state.extracted?.isNarrowed == true && !options.publishesPartial
    let parts = plan.parts(of: mapping)
    return (parts, parts.filter { !isHeld || delivery(of: $0) == .incremental })
  }

  private func predictedPart(_ bound: StagedMapping, _ counts: MappingCounts) -> LoadPart {
    bound.part(
      counts, run: id, started: started, pipeline: document.name, location: location,
      isNarrowed: narrowing != nil || targetFile != nil)
  }

  private func request(_ part: RunPart, _ bound: StagedMapping) throws -> ForecastRequest {
    ForecastRequest(staged: bound.records, kept: try kept(part, bound), comparesDestination: options.comparesDestination)
  }

  /// Before a dry run is applied, everything is predicted once more: what differs from the dry run stops the run before anything is
  /// published or sent.
  private func predictAgain(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let (bound, counts) = try await staged(mapping)
    let (parts, open) = partsToPredict(of: mapping)
    let planned = RunState(facts.prefix { $0 != .applied }).predicted
    let isContinued = hasBegunToApply
    let comparisons = try open.map { part in
      try PlanComparison(
        part, of: id, log: folder.changes(of: part), count: counts.written, comparesDestination: options.comparesDestination,
        target: planned[part]?.target, after: isContinued ? .init(stamps: stampsSinceApplied(of: part)) : nil)
    }
    let loadings = try zip(open, comparisons).map { part, comparison in
      var predicted = predictedPart(bound, counts)
      predicted.applied = comparison
      return PartLoading(
        predicting: destination(named: part.destination), predicted, try request(part, bound), to: comparison)
    }
    for part in open { observer.stageBegan(.load, of: part.title, expected: counts.written) }
    defer { for part in open { observer.stageEnded(.load, of: part.title) } }
    let (ends, broken) = await PartLoading.run(loadings) { _ in
      for index in open.indices { observer.stageAdvanced(.load, of: open[index].title, done: comparisons[index].reported) }
    }
    let errors = ([broken] + ends.map(\.error)).compactMap(\.self) + ends.compactMap(\.failure) as [any Error]
    if let error = errors.first(where: { !($0 is CancellationError) }) ?? errors.first { throw error }
    // What an earlier attempt has loaded is not loaded again.
    let loaded = state.loaded
    for (part, comparison) in zip(open, comparisons) where loaded[part] == nil {
      if let difference = comparison.difference { throw difference }
    }
    for (part, comparison) in zip(open, comparisons) { applied[part] = comparison }
    let share = seconds(since: start) / Double(max(1, parts.count))
    return [
      .predicted(
        parts.map { part in
          open.firstIndex(of: part).map { comparisons[$0].predicted(failure: nil, seconds: share) } ?? .init(part, seconds: share)
        })
    ]
  }

  /// An earlier process may have published or sent something: it had predicted everything, and nothing is written before that.
  private var hasBegunToApply: Bool {
    let parts = (state.compiled?.mappings ?? []).flatMap { plan.parts(of: $0) }
    var predicted: Set<RunPart> = []
    for fact in factsSinceApplied {
      switch fact {
      case .predicted(let some): predicted.formUnion(some.map(\.part))
      case .resumed:
        if predicted.isSuperset(of: parts) { return true }
        predicted = []
      default: break
      }
    }
    return false
  }

  /// Of the files that have been published since the dry run was applied, or may have been.
  private func stampsSinceApplied(of part: RunPart) -> [FileStamp] {
    factsSinceApplied.flatMap { fact -> [FileStamp] in
      switch fact {
      case .prepared(let parts): parts.first { $0.part == part }?.stamps ?? []
      case .loaded(let parts): parts.first { $0.part == part }?.stamps ?? []
      default: []
      }
    }
  }

  private var factsSinceApplied: ArraySlice<RunFact> { facts.drop { $0 != .applied } }

  private func delivery(of part: RunPart) -> DestinationTraits.Delivery {
    destination(named: part.destination).traits.delivery
  }

  private func kept(_ part: RunPart, _ mapping: StagedMapping) throws -> [ForecastRequest.Kept] {
    try KeptStaging(state: options.source.state, runs: scope.runs).records(
      of: part, pipeline: document.name, location: location, before: id, columns: mapping.program.loadColumns)
  }

  /// Writes the list of changes, as far as they were predicted.
  ///
  /// - Throws: `OperationFailure`.
  func writeChanges() throws {
    let state = state
    guard !state.predicted.isEmpty else { return }
    let failure = verdict(plan, facts).messages.first
    let parts = (state.compiled?.mappings ?? []).flatMap { plan.parts(of: $0) }.compactMap { part -> ChangeListWriter.Part? in
      guard let counts = state.counts(of: part.mapping), counts.read > 0 else { return nil }
      let isPredicted = state.predicted[part] != nil
      let reason = isPredicted ? narrowing.map { "not published: the run was narrowed (\($0.text))" } : failure
      return .init(
        part, base: StagedMapping.base(part.mapping.text, folder: folder.staging), counts: counts,
        log: isPredicted && KeptFile.exists(folder.changes(of: part)) ? folder.changes(of: part) : nil,
        reason: reason ?? "not predicted")
    }
    guard !parts.isEmpty else { return }
    changes = try ChangeListWriter(list: folder.changeList, table: folder.changeTable, ledger: folder.ledger).write(parts)
  }

  /// What would become of the items of each mapping: the outcomes of the predictions, and those of the transform.
  var forecast: [RunSummary.Forecast] {
    let state = state
    guard !state.predicted.isEmpty else { return [] }
    return (state.compiled?.mappings ?? []).flatMap { plan.parts(of: $0) }.compactMap { part in
      guard let counts = state.counts(of: part.mapping) else { return nil }
      let predicted = state.predicted[part] ?? .init(part)
      var outcomes = predicted.counts
      outcomes[.rejected] += counts.rejected
      outcomes[.filtered] += counts.filtered
      outcomes[.merged] += counts.merged
      // Records that a destination which could not be read gave no outcome.
      outcomes[.pending] += max(0, counts.written - predicted.counts.total)
      return .init(
        part: part, counts: outcomes, removals: predicted.removals, drift: predicted.drift, notKept: predicted.notKept,
        notCompared: predicted.notCompared)
    }
  }
}
