import Control
import Core

/// A run without disk and network: two mappings, an atomic and an incremental destination. It knows the result of each step,
/// and what has reached the targets.
struct RunWorld: Hashable {
  static let mappings: [Name] = ["contacts", "tasks"]
  static let destinations: [RunPlan.Destination] = [.init("files", .atomic), .init("app", .incremental)]

  var facts: [RunFact] = []
  /// What the targets hold.
  var published: Set<RunPart> = []
  /// What the process holds in memory: parts that it can publish.
  var held: Set<RunPart> = []
  /// Stops so far; exploration bounds them.
  var stops = 0

  init(facts: [RunFact] = []) { self.facts = facts }

  /// How the run's data and options are.
  struct Setting: Hashable, Sendable {
    var isDryRun = false
    var isNarrowed = false
    var publishesPartial = false
    var gate = Gate.passes
    var rejected = 0
    /// The mappings reference each other.
    var isLinked = false
    /// The first mapping carries remote IDs of the second one.
    var needsSecond = false
    /// What gates about the load say; nil: the pipeline has none.
    var loadGate: Gate?

    enum Gate: Sendable { case passes, fails, isAccepted }
  }

  static func plan(_ setting: Setting) -> RunPlan {
    let needs = setting.needsSecond ? [mappings[0]: [mappings[1]]] : [:]
    return RunPlan(
      destinations: destinations, needs: needs, isDryRun: setting.isDryRun, publishesPartial: setting.publishesPartial,
      judgesLoad: setting.loadGate != nil)
  }

  /// Facts without what only people read: two worlds that differ only in that are the same.
  var key: RunWorld {
    var key = self
    // The order in which independent steps were done does not matter, and a fact that is repeated says nothing new.
    key.facts = []
    key.state = RunState(facts)
    return key
  }

  private var state: RunState?

  /// What a step results in if nothing goes wrong.
  mutating func perform(_ step: RunStep, _ setting: Setting) {
    switch step {
    case .compile:
      let groups = setting.isLinked ? [Self.mappings] : Self.mappings.map { [$0] }
      facts.append(.compiled(.init(mappings: Self.mappings, groups: groups)))
    case .extract: facts.append(.snapshot(.init(snapshot: "s", isNarrowed: setting.isNarrowed, ledgerEnd: 1)))
    case .transform(let group):
      facts.append(.staged(.init(group.map { counts(of: $0, setting) }, ledgerEnd: 1)))
    case .judge: facts.append(.judged([gate(setting)]))
    case .predict(let mapping):
      facts.append(.predicted(Self.plan(setting).parts(of: mapping).map { .init($0, counts: counts(setting)) }))
    case .prepare(let mapping):
      let parts = Self.plan(setting).parts(of: mapping, .atomic).filter { RunState(facts).loaded[$0] == nil }
      held.formUnion(parts)
      facts.append(.prepared(parts.map { .init($0, notes: note(mapping), ledgerEnd: 1) }))
    case .publish(let part):
      let reaches = RunState(facts).publishes(Self.plan(setting), .atomic) == true
      if reaches { published.insert(part) }
      held.remove(part)
      facts.append(.loaded([loaded(part, setting, isKept: !reaches)]))
    case .load(let mapping):
      let parts = Self.plan(setting).parts(of: mapping, .incremental).filter { RunState(facts).loaded[$0] == nil }
      published.formUnion(parts)
      facts.append(.loaded(parts.map { loaded($0, setting, isKept: false) }))
    case .account: facts.append(.accounted(outcomes(setting)))
    case .judgeLoad: facts.append(.loadJudged(setting.loadGate.map { [loadGate($0, setting)] } ?? []))
    case .end: facts.append(.ended(verdict(Self.plan(setting), facts)))
    }
  }

  /// The incremental destination is stopped while it takes a mapping; the run goes on.
  mutating func stopDestination(_ mapping: Name, _ setting: Setting) {
    stops += 1
    let parts = Self.plan(setting).parts(of: mapping, .incremental).filter { RunState(facts).loaded[$0] == nil }
    published.formUnion(parts)
    let failure = RunFact.Failure(OperationFailure(.circuitOpen, "too many requests failed"))
    facts.append(
      .loaded(
        parts.map { part in
          var loaded = loaded(part, setting, isKept: false)
          loaded.failure = failure
          loaded.notes = MappingNotes(mapping, codes: ["not-sent": 1])
          return loaded
        }))
  }

  /// The incremental destination of a dry run cannot be read; the run goes on.
  mutating func failToPredict(_ mapping: Name, _ setting: Setting) {
    stops += 1
    let failure = RunFact.Failure(OperationFailure(.circuitOpen, "too many requests failed"))
    facts.append(
      .predicted(
        Self.plan(setting).parts(of: mapping).map {
          .init($0, counts: counts(setting), failure: $0.destination == "app" ? failure : nil)
        }))
  }

  private func counts(_ setting: Setting) -> OutcomeCounts {
    var counts = OutcomeCounts()
    counts[.created] = 4 - setting.rejected
    return counts
  }

  /// The step fails after it has done part of its work.
  mutating func fail(_ step: RunStep, _ setting: Setting) {
    stops += 1
    partly(step, setting)
    facts.append(.failed(step, .init(OperationFailure(.cannotWrite, "the disk is full"))))
    // The end reports its own failure, and is over.
    if step == .end { facts.append(.ended(verdict(Self.plan(setting), facts))) }
  }

  mutating func interrupt(_ step: RunStep, _ setting: Setting) {
    stops += 1
    partly(step, setting)
    facts.append(.interrupted(step))
  }

  /// The process is killed: no fact says so, and its memory is gone.
  mutating func kill() {
    stops += 1
    held = []
  }

  mutating func resume() {
    held = []
    facts.append(.resumed)
  }

  private mutating func partly(_ step: RunStep, _ setting: Setting) {
    switch step {
    case .extract: facts.append(.snapshot(.init(snapshot: "s", isWhole: false)))
    case .transform(let group):
      facts.append(.staged(.init(group.prefix(1).map { MappingCounts($0, read: 2, written: 2) }, isWhole: false)))
    case .prepare(let mapping):
      let parts = Self.plan(setting).parts(of: mapping, .atomic)
      facts.append(.prepared(parts.map { .init($0, isWhole: false, notes: note(mapping)) }))
    case .publish(let part) where RunState(facts).publishes(Self.plan(setting), .atomic) == true:
      published.insert(part)
      held.remove(part)
      facts.append(.loaded([loaded(part, setting, isKept: false, isWhole: false)]))
    case .load(let mapping):
      let parts = Self.plan(setting).parts(of: mapping, .incremental)
      published.formUnion(parts)
      facts.append(.loaded(parts.map { loaded($0, setting, isKept: false, isWhole: false) }))
    case .account: facts.append(.accounted(outcomes(setting)))
    default: break
    }
  }

  private func note(_ mapping: Name) -> MappingNotes { MappingNotes(mapping, codes: ["formula-escaped": 1], warnings: 1) }

  private func counts(of mapping: Name, _ setting: Setting) -> MappingCounts {
    MappingCounts(mapping, read: 4, written: 4 - setting.rejected, rejected: setting.rejected)
  }

  private func gate(_ setting: Setting) -> GateResult {
    GateResult(
      gate: "rejected", stage: .transform, limit: 1, actual: 2, unit: .records, passed: setting.gate == .passes, severity: .error,
      isAccepted: setting.gate == .isAccepted)
  }

  /// Nothing is judged where nothing was loaded, or a destination was stopped.
  private func loadGate(_ gate: Setting.Gate, _ setting: Setting) -> GateResult {
    let state = RunState(facts)
    let isLoaded =
      state.publishes(Self.plan(setting), .incremental) == true && state.loaded.values.allSatisfy { $0.failure == nil }
    return GateResult(
      gate: "failed", stage: .load, limit: 1, actual: 2, unit: .records, passed: gate == .passes, severity: .error,
      isJudged: isLoaded, isAccepted: isLoaded && gate == .isAccepted)
  }

  private func loaded(_ part: RunPart, _ setting: Setting, isKept: Bool, isWhole: Bool = true) -> RunFact.Loaded {
    var counts = OutcomeCounts()
    if !isKept { counts[.written] = 4 - setting.rejected }
    return .init(part, counts: counts, isKept: isKept, isWhole: isWhole, ledgerEnd: 1)
  }

  private func outcomes(_ setting: Setting) -> [RunFact.PartOutcomes] {
    let state = RunState(facts)
    return Self.mappings.flatMap { mapping in
      Self.destinations.map { destination in
        let part = RunPart(mapping: mapping, destination: destination.name)
        let counted = state.counts(of: mapping)
        var counts = OutcomeCounts()
        counts[.rejected] = counted?.rejected ?? 0
        let isThere = state.reached(part) != nil
        counts[isThere ? .written : .pending] = counted?.written ?? 0
        return .init(part, counts)
      }
    }
  }
}
