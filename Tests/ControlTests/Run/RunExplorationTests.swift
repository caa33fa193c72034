import Control
import Core
import Testing

/// The transitions of a run, explored to closure, and altered one at a time.
@Suite struct RunExplorationTests {
  static let settings: [RunWorld.Setting] =
    loadGates
    + [RunWorld.Setting.Gate.passes, .fails, .isAccepted].flatMap { gate in
      [
        .init(gate: gate), .init(isDryRun: true, gate: gate), .init(isDryRun: true, isNarrowed: true, gate: gate),
        .init(isNarrowed: true, gate: gate), .init(isNarrowed: true, publishesPartial: true, gate: gate),
        .init(gate: gate, rejected: 2), .init(gate: gate, isLinked: true),
        .init(gate: gate, needsSecond: true),
      ]
    }

  /// Gates that are judged after the load: few, because they only add one step near the end.
  static let loadGates: [RunWorld.Setting] = [
    .init(loadGate: .fails), .init(isNarrowed: true, rejected: 2, loadGate: .isAccepted), .init(gate: .fails, loadGate: .fails),
  ]

  @Test func `every path ends with one verdict, publishes only what it may, and resumes to the same end`() {
    var (states, ends) = (0, 0)
    for setting in Self.settings {
      var exploration = RunExploration(setting, next: nextSteps)
      exploration.run()
      #expect(exploration.violations == [], "\(setting)")
      states += exploration.states
      ends += exploration.ends
    }
    print("runs: \(states) states, \(ends) of them ends, in \(Self.settings.count) settings")
    #expect(states > 1_000 && ends > 100)
  }

  /// One altered transition.
  struct Alteration: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let next: @Sendable (RunPlan, [RunFact]) -> [RunStep]
  }

  private static let kinds: [(name: String, is: @Sendable (RunStep) -> Bool)] = [
    ("compile", { $0 == .compile }), ("extract", { $0 == .extract }),
    ("transform", { if case .transform = $0 { true } else { false } }), ("judge", { $0 == .judge }),
    ("predict", { if case .predict = $0 { true } else { false } }),
    ("prepare", { if case .prepare = $0 { true } else { false } }),
    ("publish", { if case .publish = $0 { true } else { false } }),
    ("load", { if case .load = $0 { true } else { false } }), ("account", { $0 == .account }),
    ("judgeLoad", { $0 == .judgeLoad }), ("end", { $0 == .end }),
  ]

  static let alterations: [Alteration] =
    kinds.flatMap { kind in
      [
        Alteration(testDescription: "\(kind.name) is left out") { plan, facts in
          let steps = nextSteps(plan, facts)
          guard let step = steps.first, kind.is(step) else { return steps }
          var world = RunWorld(facts: facts)
          for step in steps { world.perform(step, .init()) }
          return nextSteps(plan, world.facts)
        },
        Alteration(testDescription: "\(kind.name) is replaced by the end") { plan, facts in
          let steps = nextSteps(plan, facts)
          return steps.first.map(kind.is) == true ? (kind.name == "end" ? [.account] : [.end]) : steps
        },
      ]
    }
    + kinds.filter { !["account", "end"].contains($0.name) }.map { kind in
      Alteration(testDescription: "\(kind.name) goes on after a failure") { plan, facts in
        guard let stop = RunState(facts).stoppedAt, kind.is(stop) else { return nextSteps(plan, facts) }
        return nextSteps(plan, facts.filter { if case .failed = $0 { false } else { true } })
      }
    } + [
      Alteration(testDescription: "a stopped run has no accounts") { plan, facts in
        RunState(facts).isStopped && RunState(facts).verdict == nil ? [.end] : nextSteps(plan, facts)
      },
      Alteration(testDescription: "one mapping is published before the other is prepared") { plan, facts in
        let steps = nextSteps(plan, facts)
        guard case .prepare = steps.first, let part = RunState(facts).ready.first else { return steps }
        return [.publish(part)]
      },
      Alteration(testDescription: "incremental parts come first") { plan, facts in
        let steps = nextSteps(plan, facts)
        guard case .publish = steps.first, RunState(facts).publishes(plan, .incremental) == true else { return steps }
        let open = RunWorld.mappings.filter { mapping in
          plan.parts(of: mapping, .incremental).contains { RunState(facts).loaded[$0] == nil }
        }
        return open.isEmpty ? steps : open.map { .load($0) }
      },
      Alteration(testDescription: "mappings are loaded in any order") { plan, facts in
        let steps = nextSteps(plan, facts)
        guard case .load = steps.first else { return steps }
        return RunWorld.mappings.filter { mapping in
          plan.parts(of: mapping, .incremental).contains { RunState(facts).loaded[$0] == nil }
        }.map { .load($0) }
      },
      Alteration(testDescription: "a stopped destination ends the run") { plan, facts in
        let steps = nextSteps(plan, facts)
        let state = RunState(facts)
        guard case .load = steps.first, state.loaded.values.contains(where: { $0.failure != nil }) else { return steps }
        return [state.outcomes == nil ? .account : .end]
      },
      Alteration(testDescription: "a narrowed run sends nothing") { plan, facts in
        let steps = nextSteps(plan, facts)
        let state = RunState(facts)
        guard case .load = steps.first, state.publishes(plan, .atomic) == false else { return steps }
        return [state.outcomes == nil ? .account : .end]
      },
      Alteration(testDescription: "what an earlier process had ready is published") { plan, facts in
        nextSteps(plan, facts.filter { $0 != .resumed || RunState(facts).isStopped })
      },
      Alteration(testDescription: "a forbidden run is loaded as well") { plan, facts in
        let steps = nextSteps(plan, facts)
        let state = RunState(facts)
        guard steps == [.account], !state.isStopped, state.publishes(plan, .incremental) == false else { return steps }
        let open = RunWorld.mappings.filter { mapping in
          plan.parts(of: mapping, .incremental).contains { state.loaded[$0] == nil }
        }
        return open.isEmpty ? steps : open.map { .load($0) }
      },
    ]

  @Test(arguments: alterations) func `an altered transition is detected`(_ alteration: Alteration) {
    let isFound = Self.settings.contains { setting in
      var exploration = RunExploration(setting, next: alteration.next)
      exploration.run(endsAtFirst: true)
      return !exploration.violations.isEmpty
    }
    #expect(isFound)
  }
}
