package import Core

/// What the facts of a run say, taken together.
package struct RunState: Sendable, Hashable {
  package private(set) var compiled: RunFact.Compiled?
  /// The source's result, complete or not.
  package private(set) var extracted: RunFact.Extracted?
  /// Of mappings whose transform is complete.
  package private(set) var staged: [Name: MappingCounts] = [:]
  /// Of mappings whose transform ended early, until the run is resumed.
  package private(set) var partlyStaged: [Name: MappingCounts] = [:]
  package private(set) var gates: [GateResult]?
  /// Gates that were judged after the load, until the run is resumed.
  package private(set) var loadGates: [GateResult]?
  /// What a dry run predicts. Resuming it predicts again: what the parts have in common was only in memory.
  package private(set) var predicted: [RunPart: RunFact.Predicted] = [:]
  /// Parts that have been prepared at some point: their lines are in the ledger.
  package private(set) var prepared: [RunPart: RunFact.Prepared] = [:]
  /// What was reported about parts whose loading ended early, until the run is resumed.
  private var partlyPrepared: [RunPart: MappingNotes] = [:]
  /// Parts that are ready to be published by this process.
  package private(set) var ready: Set<RunPart> = []
  package private(set) var loaded: [RunPart: RunFact.Loaded] = [:]
  /// Parts of which some records reached the target before a failure. Resuming the run clears them: they are loaded again.
  package private(set) var partlyLoaded: [RunPart: RunFact.Loaded] = [:]
  /// What is in the ledger about parts that an earlier attempt loaded in part.
  private var earlierNotes: [MappingNotes] = []
  package private(set) var outcomes: [RunFact.PartOutcomes]?
  package private(set) var failures: [RunFact.Failure] = []
  /// The step that failed or was interrupted first.
  package private(set) var stoppedAt: RunStep?
  package private(set) var verdict: Verdict?
  /// It was a dry run, and is applied.
  package private(set) var isApplied = false
  /// How long the transforms took, in all; nil if none has begun. The same for loading.
  package private(set) var transformSeconds: Double?
  package private(set) var loadSeconds: Double?
  package private(set) var predictSeconds: Double?
  /// The size of the ledger after the last step that is complete.
  package private(set) var ledgerEnd = 0
  /// The requests to GHL locations after the source was read, by all processes, as far as their steps are complete.
  package private(set) var loadRequests = Quota()
  private var accountFailed = false

  package init(_ facts: some Sequence<RunFact>) { for fact in facts { add(fact) } }

  private mutating func add(_ fact: RunFact) {
    switch fact {
    case .compiled(let compiled): self.compiled = compiled
    case .snapshot(let extracted):
      self.extracted = extracted
      if extracted.isWhole { ledgerEnd = extracted.ledgerEnd }
    case .staged(let staged):
      transformSeconds = (transformSeconds ?? 0) + staged.seconds
      for counts in staged.mappings {
        if staged.isWhole { self.staged[counts.mapping] = counts } else { partlyStaged[counts.mapping] = counts }
      }
      if staged.isWhole { ledgerEnd = staged.ledgerEnd }
    case .judged(let gates): self.gates = gates
    case .predicted(let parts):
      predictSeconds = (predictSeconds ?? 0) + parts.map(\.seconds).reduce(0, +)
      for part in parts { predicted[part.part] = part }
    case .prepared(let parts): for prepared in parts { add(prepared) }
    case .loaded(let parts): for loaded in parts { add(loaded) }
    case .accounted(let outcomes): self.outcomes = outcomes
    case .loadJudged(let gates): loadGates = gates
    case .failed(let step, let failure):
      failures.append(failure)
      stoppedAt = stoppedAt ?? step
      if step == .account { accountFailed = true }
    case .interrupted(let step): stoppedAt = stoppedAt ?? step
    case .applied:
      resume()
      // What a dry run prepared did not reach its targets.
      loaded = [:]
      isApplied = true
    case .resumed: resume()
    case .ended(let verdict): self.verdict = verdict
    }
  }

  private mutating func add(_ prepared: RunFact.Prepared) {
    loadSeconds = (loadSeconds ?? 0) + prepared.seconds
    guard prepared.isWhole else {
      partlyPrepared[prepared.part] = prepared.notes
      return
    }
    self.prepared[prepared.part] = prepared
    ready.insert(prepared.part)
    ledgerEnd = max(ledgerEnd, prepared.ledgerEnd)
  }

  private mutating func add(_ loaded: RunFact.Loaded) {
    loadSeconds = (loadSeconds ?? 0) + loaded.seconds
    if let requests = loaded.requests { loadRequests = loadRequests.followed(by: requests) }
    ready.remove(loaded.part)
    guard loaded.isWhole else {
      partlyLoaded[loaded.part] = loaded
      return
    }
    self.loaded[loaded.part] = loaded
    ledgerEnd = max(ledgerEnd, loaded.ledgerEnd)
  }

  /// Forgets what was only in memory, and how the earlier attempt ended. Parts that did not reach their destinations as a whole are
  /// loaded again. Their lines stay in the ledger if they are before the end of a step that is complete.
  private mutating func resume() {
    let stopped = loaded.values.filter { $0.failure != nil }
    let partly = partlyLoaded.values.filter { $0.ledgerEnd > 0 && $0.ledgerEnd <= ledgerEnd }
    earlierNotes += (stopped + partly).map(\.notes).filter { !$0.codes.isEmpty }.sorted { $0.mapping < $1.mapping }
    for part in stopped.map(\.part) { loaded[part] = nil }
    predicted = [:]
    if extracted?.isWhole == false { extracted = nil }
    partlyStaged = [:]
    partlyPrepared = [:]
    partlyLoaded = [:]
    ready = []
    outcomes = nil
    loadGates = nil
    failures = []
    stoppedAt = nil
    verdict = nil
    accountFailed = false
  }

  /// A step failed or was interrupted.
  package var isStopped: Bool { stoppedAt != nil }

  /// The outcomes have been written, or that has failed.
  var isAccounted: Bool { outcomes != nil || accountFailed }

  /// Destinations that were stopped although the run went on, in the order of the pipeline file: one failure each for all of their
  /// mappings that are not loaded completely.
  func stops(_ plan: RunPlan) -> [RunFact.Failure] {
    plan.destinations.flatMap { destination -> [RunFact.Failure] in
      var found: [(failure: RunFact.Failure, mappings: [String])] = []
      for mapping in compiled?.mappings ?? [] {
        let part = RunPart(mapping: mapping, destination: destination.name)
        guard let failure = loaded[part]?.failure ?? predicted[part]?.failure else { continue }
        if let index = found.firstIndex(where: { $0.failure == failure }) {
          found[index].mappings.append("'\(mapping)'")
        } else {
          found.append((failure, ["'\(mapping)'"]))
        }
      }
      return found.map {
        // In a dry run, nothing was to be taken.
        let what = !plan.isDryRun ? "did not take all records of" : "could not be read for all records of"
        return $0.saying("'\(destination.name)' \(what) \($1.joined(separator: ", ")): \($0.message)")
      }
    }
  }

  /// A gate forbids publishing.
  package var isForbidden: Bool { gates?.contains(where: \.stops) ?? false }

  /// What has been judged so far, before the load and after it.
  package var allGates: [GateResult] { (gates ?? []) + (loadGates ?? []) }

  /// Why there is nothing to say about the load of a part, for people; nil: its records were loaded.
  package func loadObstacle(of part: RunPart) -> String? {
    if isForbidden { return "nothing was loaded: a gate failed before the load" }
    guard let loaded = loaded[part], !loaded.isKept else { return GateJudge.Load.notLoaded }
    return loaded.failure == nil && loaded.isWhole ? nil : "the load is not complete"
  }

  /// The source has been read to its end.
  package var isExtracted: Bool { extracted?.isWhole ?? false }

  /// Whether what the run stages reaches its targets at destinations of this kind; nil until that is known. A narrowed run must not
  /// replace a whole file or table with a part; incremental destinations replace nothing.
  package func publishes(_ plan: RunPlan, _ delivery: DestinationTraits.Delivery) -> Bool? {
    guard gates != nil, let extracted else { return nil }
    let mayReplace = delivery == .incremental || !extracted.isNarrowed || plan.publishesPartial
    return !isForbidden && !plan.isDryRun && mayReplace
  }

  /// How a mapping's items ended, complete or not; nil if its transform has not begun.
  package func counts(of mapping: Name) -> MappingCounts? { staged[mapping] ?? partlyStaged[mapping] }

  /// What has reached its target, complete or not; nil if nothing has.
  package func reached(_ part: RunPart) -> RunFact.Loaded? {
    guard let found = loaded[part] ?? partlyLoaded[part], !found.isKept else { return nil }
    return found
  }

  package var hasReachedTarget: Bool {
    (Array(loaded.values) + Array(partlyLoaded.values)).contains { !$0.isKept }
  }

  /// Its process died, and may have been publishing or sending: that leaves no fact for the last part.
  ///
  /// - Parameter sends: one of its destinations takes records one by one.
  package func mayHavePublished(sends: Bool) -> Bool {
    verdict == nil && !isForbidden && (!prepared.isEmpty || sends && gates != nil)
  }

  /// It may have sent records to an incremental destination. What it did is in its outcomes, if it has any.
  package var mayHaveSent: Bool { gates != nil && !isForbidden }

  /// What extraction and loading reported about a mapping.
  package func notes(of mapping: Name) -> MappingNotes {
    // The lines of a part that was prepared before are not written again.
    var found = (extracted?.notes ?? []) + partlyPrepared.filter { prepared[$0.key] == nil }.map(\.value)
    found += earlierNotes + prepared.values.map(\.notes) + loaded.values.map(\.notes) + partlyLoaded.values.map(\.notes)
    return found.filter { $0.mapping == mapping }.reduce(into: MappingNotes(mapping)) { sum, notes in
      sum.codes.merge(notes.codes, uniquingKeysWith: +)
      sum.warnings += notes.warnings
    }
  }

  /// A run that is not over, or that was stopped, can be resumed, and so can one with a destination that was stopped. One that went
  /// through all its steps cannot: what it decided stands.
  package var canResume: Bool {
    verdict == nil || isStopped || loaded.values.contains { $0.failure != nil }
      || predicted.values.contains { $0.failure != nil }
  }
}
