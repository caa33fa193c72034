import Control
import Core
import Extract
import Files
import FoundationEssentials
import GHL
import Load
import Page
import PipelineFile
import Records
import Report
import State
import Transform

/// The end of a run, successful or not: outcomes, accounts, verdict, summary.
extension LocationRun {
  // MARK: Accounts

  func account() async -> [RunFact] {
    await restoreForAccounts()
    otherRequests = await scope.gates.quota.since(countedRequests)
    var facts: [RunFact] = []
    do { try ledger.finish() } catch { facts.append(.failed(.account, .init(OperationFailure(error)))) }
    let state = state
    var fates: [OutcomeWriter.Fate] = []
    let sources = sources()
    for mapping in state.compiled?.mappings ?? [] {
      guard let counts = state.counts(of: mapping) else { continue }
      for destination in plan.destinations where destination.takes(mapping) {
        let part = RunPart(mapping: mapping, destination: destination.name)
        let log = folder.fates(of: part)
        let hasReached = state.reached(part) != nil
        fates.append(
          .init(
            part: part, base: StagedMapping.base(mapping.text, folder: folder.staging),
            folder: folder.folder(of: destination.name.text), counts: counts, source: sources[mapping],
            fates: hasReached && FileKind.of(log) == .regular ? log : nil, unlogged: hasReached ? .written : .pending,
            reason: pendingReason(of: part, destination.delivery, facts)))
      }
    }
    // What a dry run predicted stays as it is when it is applied.
    do { if isDryRun { try writeChanges() } } catch { facts.append(.failed(.account, .init(OperationFailure(error)))) }
    // A mapping of which nothing was read has no items.
    let begun = fates.filter { $0.counts.read > 0 }
    var written: [RunPart: OutcomeCounts] = [:]
    do {
      var writer = OutcomeWriter(outcomes: folder.outcomes, ledger: folder.ledger)
      let businesses = BusinessTally()
      writer.businesses = businesses
      for (fate, counts) in zip(begun, try writer.write(begun)) { written[fate.part] = counts }
      try businesses.write(to: folder.businesses)
      try writeTotals(begun)
      keepSamples(begun)
    } catch {
      // This is a consequence of an earlier failure, such as a full disk.
      if !(state.failures + facts.failures).contains(where: { $0.code.exitCode == .cannotWrite }) {
        facts.append(.failed(.account, .init(OperationFailure(error))))
      }
    }
    let missing = facts.failures.isEmpty ? (try? missingItems()) ?? nil : nil
    return facts + [
      .accounted(
        fates.map { fate in
          .init(
            fate.part, written[fate.part] ?? self.counts(of: fate),
            missing: state.staged[fate.part.mapping] == nil ? nil : missing.map { $0[fate.part.mapping] ?? 0 })
        })
    ]
  }

  /// The inputs of the mappings, as far as they can still be read.
  private func sources() -> [Name: SourceColumns] {
    let bound = bound ?? compilation.flatMap { compilation in snapshot.flatMap { try? bind(compilation, $0) } } ?? []
    let limit = readsSnapshot ? options.source.limit : nil
    return bound.reduce(into: [:]) { found, mapping in
      found[Name(mapping.name)] = mapping.input.flatMap { input in
        // Records on one line cannot be found again by their lines.
        if options.source.replay != nil, input.sharesLines { return nil }
        return SourceColumns(input, program: mapping.program, limit: limit, isSelected: options.source.replay != nil)
      }
    }
  }

  /// The transform's counts, if the outcomes could not be written or read back.
  private func counts(of fate: OutcomeWriter.Fate) -> OutcomeCounts {
    var counts = state.reached(fate.part)?.counts ?? OutcomeCounts()
    counts[.pending] += fate.counts.written - counts.total
    counts[.rejected] += fate.counts.rejected
    counts[.filtered] += fate.counts.filtered
    counts[.merged] += fate.counts.merged
    return counts
  }

  /// Why a record is pending when no ledger line explains it.
  ///
  /// - Parameter more: facts that have not been appended yet.
  private func pendingReason(of part: RunPart, _ delivery: DestinationTraits.Delivery, _ more: [RunFact]) -> String {
    let state = state
    let what = delivery == .atomic ? "not published" : "not sent"
    if !state.isStopped, !state.isForbidden, more.failures.isEmpty {
      if isDryRun { return "\(what): a dry run" }
      if delivery == .atomic, let narrowing { return "\(what): the run was narrowed (\(narrowing.text))" }
      if let loaded = state.loaded[part] { return loaded.failure?.message ?? "'\(part.destination)' gave no reason" }
    }
    return "\(what): \(verdict(plan, facts + more).messages.first ?? "the run ended before that")"
  }

  // MARK: End

  func end() -> [RunFact] {
    finished = options.now().ISO8601Format()
    let first = verdict(plan, facts)
    observer.receive(.runEnded(first.status, first.exitCode, messages: first.messages))
    let recording = RunRecording(
      document: document, options: options, runs: scope.runs, folder: folder, permission: scope.summary)
    let isWhole = isWhole(first)
    let location = state.isExtracted ? location : nil
    let resolutions = Result { try self.resolutions() }
    var failures: [OperationFailure] = []
    if case .failure(let failure) = resolutions { failures.append(OperationFailure(failure)) }
    let resolved = (try? resolutions.get()) ?? []
    failures += recording.record(
      makeSummary(first), counts: counts, location: location, isWhole: isWhole, resolving: resolved)
    guard !failures.isEmpty else {
      if let note = writePage() {
        // The run stands as it is; only its summary says that the page is missing.
        notes.append(note)
        _ = recording.record(
          makeSummary(first), counts: counts, location: location, isWhole: isWhole, resolving: resolved)
      }
      return [.ended(first)]
    }
    let failed = failures.map { RunFact.failed(.end, .init($0)) }
    let last = verdict(plan, facts + failed)
    recording.correct(
      makeSummary(last), counts: counts, location: location, isWhole: self.isWhole(last), resolving: resolved)
    return failed + [.ended(last)]
  }

  /// Writes the integrity report into the run's folder. The run is not worse without it: `waybill report` writes it again.
  ///
  /// - Returns: why it could not be written.
  private func writePage() -> String? {
    guard options.writesPage else { return nil }
    do {
      guard let record = try scope.runs.run(id) else { return nil }
      let page = try PageCollector(state: options.source.state, runs: scope.runs).page(of: [record])
      try PageFile.write(page, as: .html, to: folder.page)
      return nil
    } catch {
      return "the integrity report could not be written: \(OperationFailure(error)); `waybill report \(id)` writes it"
    }
  }

  private var counts: [OutcomeCount] {
    let state = state
    return (state.outcomes ?? []).flatMap { outcomes in
      // A written count of zero is needed for later comparisons; zero counts of other outcomes are not.
      let isPublished = state.loaded[outcomes.part].map { !$0.isKept } ?? false
      return Outcome.allCases.filter { outcomes.counts[$0] > 0 || $0 == .written && isPublished }.map {
        OutcomeCount(
          mapping: outcomes.part.mapping.text, destination: outcomes.part.destination.text, outcome: $0,
          count: outcomes.counts[$0])
      }
    }
  }

  /// Everything that the source has is at the pipeline's paths.
  private func isWhole(_ verdict: Verdict) -> Bool {
    guard targetFile == nil, narrowing == nil, state.extracted?.isNarrowed == false, !isDryRun,
      let mappings = state.compiled?.mappings,
      !mappings.isEmpty
    else { return false }
    let loaded = state.loaded
    let isPublished = mappings.allSatisfy { mapping in
      plan.destinations.allSatisfy { destination in
        !destination.takes(mapping)
          || loaded[RunPart(mapping: mapping, destination: destination.name)].map { !$0.isKept } ?? false
      }
    }
    // A gate that failed after the load has taken nothing back.
    return isPublished && [.done, .partial, .gateFailed].contains(verdict.status)
  }

  // MARK: Summary

  func makeSummary(_ verdict: Verdict? = nil) -> RunSummary {
    let state = state
    var summary = RunSummary(run: id, pipeline: document.name, started: started)
    if let targetFile { summary.input = targetFile.path } else { summary.snapshot = state.extracted?.snapshot }
    summary.narrowing = narrowing
    summary.acceptedGates = options.acceptedGates
    summary.gates = state.allGates
    summary.notes =
      (state.compiled?.notes ?? fileNotes) + notes + replayNotes
      + summary.gates.filter { $0.isJudged && !$0.passed && $0.isAccepted }.map {
        "a gate failure was accepted: \($0.text)"
      }
    let counted = (state.extracted?.requests ?? Quota()).followed(by: state.loadRequests)
    summary.requests = counted.followed(by: otherRequests)
    summary.outsideBusinesses = snapshot?.manifest.outsideBusinesses
    if options.source.replay == nil { summary.leftOut = snapshot?.manifest.leftOut ?? [:] }
    summary.replay = replaySummary
    summary.entities = entities
    summary.isDryRun = isDryRun
    if isDryRun { summary.forecast = forecast }
    // Digests of values from the environment say nothing to a reader.
    summary.definitions = (state.compiled?.digests ?? [:]).filter { !$0.key.text.hasPrefix("${") }
    summary.durations = durations
    summary.finished = finished
    // The definitions of custom fields may reveal errors once the source has been read.
    summary.diagnostics = SummaryJSON.diagnostics(diagnostics.filtered { $0.severity == .error })
    summary.set(verdict ?? state.verdict ?? Control.verdict(plan, facts))
    summary.setLocation(of: document, options.source)
    return summary
  }

  private var entities: [RunSummary.Entity] {
    let state = state
    guard state.extracted != nil else { return [] }
    return (state.compiled?.mappings ?? []).map { mapping in
      let counts = state.counts(of: mapping) ?? MappingCounts(mapping)
      let notes = state.notes(of: mapping)
      let model = compilation?.units.first { $0.model.map { Name($0.name) } == mapping }?.model
      var entity = RunSummary.Entity(
        name: mapping.text, read: counts.read, warnings: counts.warnings + notes.warnings,
        codes: notes.codes.merging(counts.codes, uniquingKeysWith: +), unchecked: model?.unchecked ?? [],
        notes: counts.notes ?? [], lost: counts.lost)
      entity.key = state.compiled?.keys?[mapping]
      entity.calls = calls(of: mapping)
      for destination in plan.destinations where destination.takes(mapping) {
        let part = RunPart(mapping: mapping, destination: destination.name)
        let outcomes = state.outcomes?.first { $0.part == part }?.counts
        entity.destinations.append(
          .init(name: destination.name.text, counts: outcomes ?? OutcomeCounts(), verified: state.loaded[part]?.verified))
      }
      return entity
    }
  }

  /// What the audit trail shows of calls whose results are known: the journal no longer has these.
  private func calls(of mapping: Name) -> [(destination: String, calls: [(key: String, call: String)])] {
    destinations.compactMap { destination in
      guard case .http(let http) = destination.kind, destination.takes(mapping.text),
        let resource = http.resource(of: mapping.text)
      else { return nil }
      return (destination.name, resource.calls)
    }
  }

  private var durations: [RunSummary.StageTime] {
    let state = state
    var durations: [RunSummary.StageTime] = []
    if let extracted = state.extracted { durations.append(.init(stage: "extract", seconds: extracted.seconds)) }
    if let seconds = state.transformSeconds { durations.append(.init(stage: "transform", seconds: seconds)) }
    if let seconds = state.predictSeconds { durations.append(.init(stage: "predict", seconds: seconds)) }
    if let seconds = state.loadSeconds { durations.append(.init(stage: "load", seconds: seconds)) }
    return durations
  }

  // MARK: After the end

  /// Keeps the staged records, compressed, and removes those of earlier runs once the whole pipeline has succeeded. The
  /// run's result stands: a failure here is only reported, and the next run tries again.
  func settleStaging() {
    // A run that can be resumed needs them as they are.
    guard let verdict = state.verdict, !state.canResume, !isLogBroken else { return }
    do {
      // A dry run can be applied, for which its input is needed.
      try StagingArchive(folder: folder).compress(keepsInput: isDryRun)
      guard isWhole(verdict), takesAll else { return }
      try StateCleanup(state: options.source.state, observer: observer)
        .removeStaging(before: id, pipeline: document.name, location: location, scope.runs)
    } catch is CancellationError {
      return
    } catch {
      observer.receive(.stagingNotCompressed(folder: folder.path, OperationFailure(error)))
    }
  }

  /// Every mapping and every destination of the pipeline took part, so the run replaces everything that earlier runs staged.
  private var takesAll: Bool {
    state.compiled?.mappings.count == document.mappings.count && destinations.count == document.destinations.count
  }
}

extension [RunFact] {
  fileprivate var failures: [RunFact.Failure] {
    compactMap { if case .failed(_, let failure) = $0 { failure } else { nil } }
  }
}
