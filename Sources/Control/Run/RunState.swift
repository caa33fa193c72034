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
  /// Parts that have been prepared at some time: their lines are in the ledger.
  package private(set) var prepared: [RunPart: RunFact.Prepared] = [:]
  /// What was noted about parts whose loading ended early, until the run is resumed.
  private var partlyPrepared: [RunPart: MappingNotes] = [:]
  /// Parts that are ready to be published by this process.
  package private(set) var ready: Set<RunPart> = []
  package private(set) var loaded: [RunPart: RunFact.Loaded] = [:]
  package private(set) var outcomes: [RunFact.PartOutcomes]?
  package private(set) var failures: [RunFact.Failure] = []
  /// The step that failed or was interrupted first.
  package private(set) var stoppedAt: RunStep?
  package private(set) var verdict: Verdict?
  /// How long the transforms took, in all; nil if none has begun. The same for loading.
  package private(set) var transformSeconds: Double?
  package private(set) var loadSeconds: Double?
  /// The size of the ledger after the last step that is complete.
  package private(set) var ledgerEnd = 0
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
    case .prepared(let prepared):
      loadSeconds = (loadSeconds ?? 0) + prepared.seconds
      guard prepared.isWhole else {
        partlyPrepared[prepared.part] = prepared.notes
        return
      }
      self.prepared[prepared.part] = prepared
      ready.insert(prepared.part)
      ledgerEnd = prepared.ledgerEnd
    case .loaded(let loaded):
      loadSeconds = (loadSeconds ?? 0) + loaded.seconds
      self.loaded[loaded.part] = loaded
      ready.remove(loaded.part)
      ledgerEnd = max(ledgerEnd, loaded.ledgerEnd)
    case .accounted(let outcomes): self.outcomes = outcomes
    case .failed(let step, let failure):
      failures.append(failure)
      stoppedAt = stoppedAt ?? step
      if step == .account { accountFailed = true }
    case .interrupted(let step): stoppedAt = stoppedAt ?? step
    case .resumed: resume()
    case .ended(let verdict): self.verdict = verdict
    }
  }

  /// Forgets what was only in memory, and how the earlier attempt ended.
  private mutating func resume() {
    if extracted?.isWhole == false { extracted = nil }
    partlyStaged = [:]
    partlyPrepared = [:]
    ready = []
    outcomes = nil
    failures = []
    stoppedAt = nil
    verdict = nil
    accountFailed = false
  }

  /// The step that interrupted work begins with, or that failed; nil while the run is on its way.
  package var isStopped: Bool { stoppedAt != nil }

  /// The outcomes have been written, or that has failed.
  var isAccounted: Bool { outcomes != nil || accountFailed }

  /// A gate forbids publishing.
  package var isForbidden: Bool { gates?.contains(where: \.stops) ?? false }

  /// The source has been read to its end.
  package var isExtracted: Bool { extracted?.isWhole ?? false }

  /// Whether what the run stages reaches its targets; nil as long as that is not known.
  package func publishes(_ plan: RunPlan) -> Bool? {
    guard gates != nil, let extracted else { return nil }
    return !isForbidden && !plan.isDryRun && (!extracted.isNarrowed || plan.publishesPartial)
  }

  /// How a mapping's items ended, complete or not; nil if its transform has not begun.
  package func counts(of mapping: Name) -> MappingCounts? { staged[mapping] ?? partlyStaged[mapping] }

  /// What extraction and loading reported about a mapping.
  package func notes(of mapping: Name) -> MappingNotes {
    let parts = Set(prepared.keys).union(loaded.keys).filter { $0.mapping == mapping }
    let found =
      [extracted?.notes.first { $0.mapping == mapping }] + parts.flatMap { [prepared[$0]?.notes, loaded[$0]?.notes] }
      + partlyPrepared.values.filter { $0.mapping == mapping }
    return found.compactMap(\.self).reduce(into: MappingNotes(mapping)) { sum, notes in
      sum.codes.merge(notes.codes, uniquingKeysWith: +)
      sum.warnings += notes.warnings
    }
  }

  /// A run that is not over, or that was stopped, can be resumed. One that went through all its steps cannot: what it decided
  /// stands.
  package var canResume: Bool { verdict == nil || isStopped }
}
