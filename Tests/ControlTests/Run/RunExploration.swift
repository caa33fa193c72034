import Control
import Core

/// Visits every set of facts that a run can reach, to closure: any order of independent steps, with a failure, an interruption
/// or a kill at each. Collects what must never happen.
struct RunExploration {
  typealias Setting = RunWorld.Setting
  typealias Next = (RunPlan, [RunFact]) -> [RunStep]

  let setting: Setting
  /// The transitions to explore.
  let next: Next
  private(set) var states = 0
  private(set) var ends = 0
  /// What was found to be wrong, each once.
  private(set) var violations: Set<String> = []

  private var plan: RunPlan { RunWorld.plan(setting) }
  /// Where an undisturbed run must end.
  private let goal: RunWorld

  /// More stops on one path find nothing that two do not.
  private static let stops = 2
  /// A run takes 15 steps; one that is resumed, the same again.
  private static let longest = 60

  /// - Parameter goal: what the correct transitions lead to.
  init(_ setting: Setting, next: @escaping Next) {
    self.setting = setting
    self.next = next
    var goal = RunWorld()
    let plan = RunWorld.plan(setting)
    while let step = nextSteps(plan, goal.facts).first { goal.perform(step, setting) }
    self.goal = goal
  }

  /// - Parameter endsAtFirst: stops as soon as something is found to be wrong.
  mutating func run(endsAtFirst: Bool = false) {
    var seen: Set<RunWorld> = []
    var open = [RunWorld()]
    while let world = open.popLast() {
      guard seen.insert(world.key).inserted else { continue }
      guard world.facts.count < Self.longest else {
        violations.insert("it never ends")
        return
      }
      let steps = next(plan, world.facts)
      check(world, steps)
      if endsAtFirst, !violations.isEmpty { return }
      open += followers(of: world, steps)
    }
    states = seen.count
    require(ends > 0, "it never ends")
  }

  private func followers(of world: RunWorld, _ steps: [RunStep]) -> [RunWorld] {
    var found: [RunWorld] = []
    func add(_ change: (inout RunWorld) -> Void) {
      var other = world
      change(&other)
      found.append(other)
    }
    for step in steps {
      add { $0.perform(step, setting) }
      guard world.stops < Self.stops else { continue }
      add { $0.fail(step, setting) }
      if case .load(let mapping) = step { add { $0.stopDestination(mapping, setting) } }
      if case .predict(let mapping) = step { add { $0.failToPredict(mapping, setting) } }
      // The accounts and the end are not interrupted.
      if step != .account, step != .end { add { $0.interrupt(step, setting) } }
      guard !world.facts.isEmpty else { continue }
      // Killed between a step and its fact: what the step did to the targets is done.
      add {
        $0.perform(step, setting)
        $0.facts = world.facts
        $0.kill()
        $0.resume()
      }
    }
    if RunState(world.facts).canResume, !world.facts.isEmpty, world.facts.last != .resumed { add { $0.resume() } }
    return found
  }

  // MARK: What must never happen

  private mutating func check(_ world: RunWorld, _ steps: [RunStep]) {
    let state = RunState(world.facts)
    require(steps.isEmpty == (state.verdict != nil), "a run is over if and only if it has a verdict")
    let attempt = world.facts.split(separator: .resumed, omittingEmptySubsequences: false).last ?? []
    let verdicts = attempt.count { if case .ended = $0 { true } else { false } }
    require(verdicts <= 1, "more than one verdict")
    let maySend = setting.gate != .fails && !setting.isDryRun
    let mayPublish = maySend && (!setting.isNarrowed || setting.publishesPartial)
    require(maySend || world.published.isEmpty, "published what a gate or an option forbids")
    require(mayPublish || !world.published.contains { $0.destination == "files" }, "published what the narrowing forbids")
    let atomic = Set(RunWorld.mappings.map { RunPart(mapping: $0, destination: "files") })
    for case .publish(let part) in steps {
      require(world.held.contains(part), "published without having been prepared")
      require(
        atomic.allSatisfy { world.held.contains($0) || state.loaded[$0] != nil }, "published before all parts were prepared")
    }
    for step in steps {
      guard case .predict = step else { continue }
      require(setting.isDryRun && setting.gate != .fails, "predicted although nothing is to be predicted")
      require(state.ready.isEmpty, "predicted after something was prepared")
    }
    if state.isStopped {
      require(steps.allSatisfy { $0 == .account || $0 == .end }, "a run that was stopped goes on")
    }
    for part in world.published where part.destination == "app" {
      require(
        atomic.allSatisfy { state.loaded[$0] != nil }, "an incremental part was sent before all atomic parts were published")
      let needed = RunPart(mapping: RunWorld.mappings[1], destination: "app")
      require(
        !setting.needsSecond || part.mapping == needed.mapping || world.published.contains(needed),
        "a mapping was sent before one that it needs")
    }
    if state.loadGates != nil {
      require(state.outcomes != nil, "judged a load without its outcomes")
    }
    if let verdict = state.verdict { check(world, state, verdict) }
  }

  private mutating func check(_ world: RunWorld, _ state: RunState, _ verdict: Verdict) {
    ends += 1
    require(state.outcomes != nil, "a run ended without accounts")
    require(
      (state.outcomes ?? []).allSatisfy { world.published.contains($0.part) || $0.counts[.written] == 0 },
      "the accounts report records as written that were not")
    require(RunWorld.mappings.allSatisfy { state.notes(of: $0).warnings <= 1 }, "a ledger line is counted twice")
    require(verdict == Control.verdict(plan, world.facts), "the verdict does not follow from the facts")
    require(verdict.exitCode != .fault, "the accounts do not add up")
    if state.isStopped {
      require(
        [.failed, .interrupted, .gateFailed].contains(verdict.status), "a stopped run ended as if it had not been stopped")
      require(verdict.exitCode != .done && state.canResume, "a run that was stopped cannot be resumed")
    } else if state.predicted.values.contains(where: { $0.failure != nil }) {
      require(verdict.exitCode == .circuitOpen && verdict.status == .failed, "a destination that cannot be read is not reported")
      require(state.canResume, "a dry run that could not read a destination cannot be resumed")
    } else if state.loaded.values.contains(where: { $0.failure != nil }) {
      require(verdict.exitCode == .circuitOpen && verdict.status == .failed, "a stopped destination is not reported")
      require(state.canResume, "a run with a stopped destination cannot be resumed")
      require(world.published == goal.published, "a stopped destination held back a later mapping")
    } else {
      let fails = setting.loadGate == .fails && setting.gate != .fails && !setting.isDryRun
      require(
        fails == (verdict.status == .gateFailed && !state.isForbidden),
        "a gate that failed after the load does not decide the status")
      require(!fails || verdict.exitCode == .gateFailed, "a gate that failed after the load does not decide the exit code")
      require(Self.withoutHistory(world.facts) == RunState(goal.facts), "a run ended differently from an undisturbed one")
      require(world.published == goal.published, "the parts that reached their targets differ from those of an undisturbed run")
      require(!state.canResume, "a run that is over can be resumed")
    }
  }

  /// What the facts say, without the ledger lines of attempts that were stopped: an undisturbed run has none.
  private static func withoutHistory(_ facts: [RunFact]) -> RunState {
    RunState(
      facts.map { fact in
        guard case .loaded(var parts) = fact else { return fact }
        for index in parts.indices where parts[index].failure != nil {
          parts[index].notes = MappingNotes(parts[index].part.mapping)
        }
        return .loaded(parts)
      })
  }

  private mutating func require(_ isTrue: Bool, _ what: String) { if !isTrue { violations.insert(what) } }
}
