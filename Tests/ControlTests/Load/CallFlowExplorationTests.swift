import Testing

@testable import Control

/// Every sequence of five turns, and what follows when the last one repeats; each state once, also as a new process sees it.
@Suite struct CallFlowExplorationTests {
  fileprivate typealias Turn = SimulatedDestination.Turn

  fileprivate struct State: Hashable {
    var flow: CallFlow
    var destination: SimulatedDestination
    var free: Int
    var last: Turn?
    var isRestarted: Bool
  }

  /// Without pauses, so that states are the same whatever led to them.
  static let policy = RetryPolicy(maxAttempts: 4, maxThrottled: 2, base: .zero, cap: .zero)
  static let freeTurns = 5

  static let traits: [CallFlow.Traits] =
    [false, true].flatMap { keys in
      [false, true].flatMap { find in
        [false, true].map { CallFlow.Traits(isCreate: $0, hasIdempotencyKeys: keys, canFind: find) }
      }
    } + [false, true].map { CallFlow.Traits(hasIdempotencyKeys: $0, canFind: true, absencesRequired: 1) }

  private struct Walk {
    var seen: Set<State> = []
    var ends = 0
    var faults: [String] = []

    mutating func go(_ state: State, _ turns: [Turn]) {
      guard seen.insert(state).inserted, faults.count < 5 else { return }
      guard turns.count < 60 else { return faults.append("no end: \(turns)") }
      if case .end(let end) = state.flow.action {
        ends += 1
        return check(end, state, turns)
      }
      if !state.isRestarted {
        var restarted = state
        let destination = state.destination
        restarted.isRestarted = true
        restarted.flow = CallFlow(
          destination.traits, policy: policy, epoch: state.flow.epoch,
          sent: .init(first: destination.used[state.flow.epoch] ?? destination.now), at: destination.now, seed: 1)
        go(restarted, turns)
      }
      for turn in Turn.allCases where state.free > 0 || turn == state.last {
        // A refused update was not carried out.
        if turn == .refusesAfterWrite, !state.destination.traits.isCreate { continue }
        var next = state
        next.free = max(0, state.free - 1)
        next.last = next.free == 0 ? turn : nil
        next.perform(turn)
        go(next, turns + [turn])
      }
    }

    mutating func check(_ end: CallFlow.End, _ state: State, _ turns: [Turn]) {
      var destination = state.destination
      let wasRunning = !destination.running.isEmpty
      destination.pass(destination.traits.longestCall)
      let (writes, traits) = (destination.writes, destination.traits)
      let isTrue =
        switch end {
        case .accepted, .adopted: writes >= 1
        case .refused, .unauthorized, .forbidden, .tooLarge, .notCarriedOut: writes == 0 && !wasRunning
        case .gone: !traits.isCreate
        case .notSent: writes == 0 && !destination.wasReached
        case .conflict(let mayBeOurs): destination.hasStranger && (writes == 0 || mayBeOurs)
        case .unresolved: true
        case .divided: false
        }
      if !isTrue { faults.append("\(end) after \(turns)") }
      if writes > 1, !traits.isRepeatable { faults.append("\(writes) writes after \(turns)") }
    }
  }

  @Test(arguments: traits)
  func `a call is carried out once at most, and its end is the truth`(_ traits: CallFlow.Traits) {
    var walk = Walk()
    walk.go(Self.start(traits), [])
    #expect(walk.faults == [])
    #expect(walk.ends > 50, "\(walk.ends) ends")
  }

  @Test(arguments: traits)
  func `a call that can be repeated ends with the truth, too`(_ traits: CallFlow.Traits) {
    var (walk, traits) = (Walk(), traits)
    traits.isRepeatable = true
    walk.go(Self.start(traits), [])
    #expect(walk.faults == [])
  }

  @Test(arguments: traits.filter(\.hasIdempotencyKeys), [false, true])
  func `a destination that refuses a second use of a key does not break this`(
    _ traits: CallFlow.Traits, isRepeatable: Bool
  ) {
    var (walk, traits) = (Walk(), traits)
    traits.isRepeatable = isRepeatable
    walk.go(Self.start(traits, refusesReplays: true), [])
    #expect(walk.faults == [])
    #expect(walk.ends > 50, "\(walk.ends) ends")
  }

  private static func start(_ traits: CallFlow.Traits, refusesReplays: Bool = false) -> State {
    State(
      flow: CallFlow(traits, policy: policy, at: Moment(), seed: 1),
      destination: SimulatedDestination(traits: traits, refusesReplays: refusesReplays), free: freeTurns, last: nil,
      isRestarted: false)
  }
}

extension CallFlowExplorationTests.State {
  /// Performs the flow's action.
  fileprivate mutating func perform(_ turn: SimulatedDestination.Turn) {
    let event: CallFlow.Event
    switch flow.action {
    case .send(let epoch, let pause):
      destination.pass(pause)
      if turn == .sleeps {
        destination.pass(.seconds(90_000))
        destination.stored = [:]
        flow.reconsider(at: destination.now)
        guard case .send = flow.action else { return }
      }
      event = destination.respond(turn, epoch: epoch)
    case .find(let pause):
      destination.pass(pause)
      event = destination.look(turn)
    case .authorize: event = .authorized(turn != .unauthorized)
    case .poll, .end: return
    }
    flow.take(event, at: destination.now)
  }
}
