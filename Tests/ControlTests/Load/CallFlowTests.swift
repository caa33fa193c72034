import Testing

@testable import Control

/// Calls against a destination that is simulated: everything that may happen, in every order.
@Suite struct CallFlowTests {
  /// What the destination does with a call that is sent, or with a lookup.
  enum Turn: CaseIterable {
    /// Nothing reaches it.
    case unreachable
    case accepts
    /// Carries it out; the response is lost.
    case acceptsUnheard
    /// The request is lost on its way.
    case losesRequest
    /// Carries it out, and responds with an error that it keeps under the key.
    case failsAfterWrite
    /// Does not carry it out, and responds with an error that it keeps under the key.
    case failsBeforeWrite
    case throttles
    case refuses
    case unauthorized
  }

  /// A destination that has one record at most, unless it is made to create it twice.
  struct Destination {
    let traits: CallFlow.Traits
    let isCreate: Bool
    /// How often the record was created.
    var created = 0
    /// It has the values that were sent.
    var isCurrent = false
    /// The response under each key.
    var stored: [Int: CallFlow.Response] = [:]

    mutating func respond(_ turn: Turn, epoch: Int) -> CallFlow.Event {
      switch turn {
      case .unreachable: return .notSent
      case .losesRequest: return .noResponse
      case .throttles: return .response(.throttled)
      case .unauthorized: return .response(.unauthorized)
      default: break
      }
      if traits.hasIdempotencyKeys, let earlier = stored[epoch] {
        return turn == .acceptsUnheard ? .noResponse : .response(earlier)
      }
      let response: CallFlow.Response
      switch turn {
      case .refuses: response = .refused
      case .failsBeforeWrite: response = .serverError(status: 500)
      default:
        if isCreate { created += 1 }
        isCurrent = true
        response = turn == .failsAfterWrite ? .serverError(status: 500) : .accepted
      }
      stored[epoch] = response
      return turn == .acceptsUnheard ? .noResponse : .response(response)
    }

    func look(_ turn: Turn) -> CallFlow.Event {
      switch turn {
      case .unreachable, .losesRequest, .throttles, .unauthorized, .refuses: .findFailed()
      default: .found(isCurrent ? .same : isCreate ? .absent : .different)
      }
    }
  }

  static let policy = RetryPolicy(maxAttempts: 4, maxThrottled: 2)

  static let traits: [CallFlow.Traits] = [false, true].flatMap { keys in
    [false, true].map { find in CallFlow.Traits(hasIdempotencyKeys: keys, canFind: find) }
  }

  /// Follows every sequence of turns to its end.
  private func explore(
    _ flow: CallFlow, _ destination: Destination, _ turns: [Turn], _ visit: (CallFlow.End, Destination, [Turn]) -> Void
  ) {
    guard turns.count < 60 else {
      Issue.record("no end: \(turns)")
      return
    }
    if case .end(let end) = flow.action { return visit(end, destination, turns) }
    for turn in Turn.allCases {
      // A sequence needs no more than a few faults of each kind to show what they do together.
      guard turns.count < 5 || turn == turns[turns.count - 1] else { continue }
      var (next, there) = (flow, destination)
      switch flow.action {
      case .send(let epoch, _): next.take(there.respond(turn, epoch: epoch))
      case .find: next.take(there.look(turn))
      case .authorize: next.take(.authorized(turn != .unauthorized))
      case .end: break
      }
      explore(next, there, turns + [turn], visit)
    }
  }

  @Test(arguments: traits)
  func `a create is carried out once at most, and its end is the truth`(_ traits: CallFlow.Traits) {
    var ends = 0
    explore(CallFlow(traits, policy: Self.policy, seed: 1), Destination(traits: traits, isCreate: true), []) {
      end, destination, turns in
      ends += 1
      #expect(destination.created <= 1, "\(turns)")
      switch end {
      case .accepted, .adopted: #expect(destination.created == 1, "\(end) after \(turns)")
      case .refused, .unauthorized, .forbidden, .tooLarge, .gone, .notSent:
        #expect(destination.created == 0, "\(end) after \(turns)")
      case .conflict: Issue.record("\(end) after \(turns)")
      case .unresolved: break
      }
    }
    #expect(ends > 1_000)
  }

  @Test(arguments: traits)
  func `an update that can be repeated ends with the values that were sent`(_ traits: CallFlow.Traits) {
    var traits = traits
    traits.isRepeatable = true
    explore(CallFlow(traits, policy: Self.policy, seed: 1), Destination(traits: traits, isCreate: false), []) {
      end, destination, turns in
      switch end {
      case .accepted, .adopted: #expect(destination.isCurrent, "\(end) after \(turns)")
      case .unauthorized, .forbidden, .notSent: #expect(!destination.isCurrent, "\(end) after \(turns)")
      default: break
      }
    }
  }

  @Test(
    "what a call relies on after a response was lost",
    arguments: [
      (CallFlow.Traits(hasIdempotencyKeys: true), "send 0"), (.init(hasIdempotencyKeys: true, canFind: true), "send 0"),
      (.init(canFind: true), "find"), (.init(isRepeatable: true), "send 0"), (.init(), "unresolved"),
    ])
  func recovery(traits: CallFlow.Traits, expected: String) {
    var flow = CallFlow(traits)
    flow.take(.noResponse)
    #expect(Self.name(flow.action) == expected)
    // The same of an intent that a process left behind.
    #expect(Self.name(CallFlow(traits, isOpen: true).action) == expected)
  }

  @Test func `an error that is replayed under a key leads to a lookup and a new key`() {
    var flow = CallFlow(.init(hasIdempotencyKeys: true, canFind: true), epoch: 4)
    for _ in 1...3 {
      #expect(Self.name(flow.action) == "send 4")
      flow.take(.response(.serverError(status: 500)))
    }
    #expect(Self.name(flow.action) == "find")
    flow.take(.found(.absent))
    #expect(Self.name(flow.action) == "send 5")
    flow.take(.response(.accepted))
    #expect(flow.action == .end(.accepted))
    // Other errors in between are not a replay.
    flow = CallFlow(.init(hasIdempotencyKeys: true, canFind: true))
    for status in [500, 502, 500, 502] { flow.take(.response(.serverError(status: status))) }
    #expect(Self.name(flow.action) == "send 0")
    // Without a lookup, a new key might create the record again.
    flow = CallFlow(.init(hasIdempotencyKeys: true))
    for _ in 1...3 { flow.take(.response(.serverError(status: 500))) }
    #expect(flow.action == .end(.unresolved(.serverError(status: 500))))
  }

  @Test func `a record is sent again only if it is absent twice, with a long pause in between`() {
    var flow = CallFlow(.init(canFind: true), policy: RetryPolicy(cap: .seconds(9)))
    flow.take(.noResponse)
    flow.take(.found(.absent))
    #expect(flow.action == .find(after: .seconds(9)))
    flow.take(.found(.absent))
    #expect(Self.name(flow.action) == "send 0")
  }

  @Test func `a call that is still running under its key is waited for, and is not a conflict`() {
    var flow = CallFlow(.init(hasIdempotencyKeys: true), policy: Self.policy)
    flow.take(.response(.stillRunning, retryAfter: .seconds(7)))
    #expect(flow.action == .send(epoch: 0, after: .seconds(7)))
    flow.take(.response(.stillRunning))
    flow.take(.response(.accepted))
    #expect(flow.action == .end(.accepted))
  }

  @Test(
    "a conflict is looked up if it may be our own",
    arguments: [
      ([], true, "conflict(mayBeOurs: false)"), ([CallFlow.Event.noResponse], false, "conflict(mayBeOurs: true)"),
      ([.noResponse], true, "find"),
    ] as [([CallFlow.Event], Bool, String)])
  func conflict(events: [CallFlow.Event], canFind: Bool, expected: String) {
    var flow = CallFlow(.init(hasIdempotencyKeys: true, canFind: canFind))
    for event in events + [.response(.conflict)] { flow.take(event) }
    #expect(Self.name(flow.action) == expected)
  }

  @Test func `credentials are renewed once`() {
    var flow = CallFlow(.init())
    flow.take(.response(.unauthorized))
    #expect(flow.action == .authorize)
    flow.take(.authorized(true))
    #expect(Self.name(flow.action) == "send 0")
    flow.take(.response(.unauthorized))
    #expect(flow.action == .end(.unauthorized))
  }

  @Test func `a pause that the destination asks for is kept, or ends the call if it is too long`() {
    for response in [CallFlow.Response.throttled, .serverError(status: 503), .stillRunning] {
      var flow = CallFlow(.init(hasIdempotencyKeys: true))
      flow.take(.response(response, retryAfter: .seconds(30)))
      guard case .send(_, let pause) = flow.action else { Issue.record("\(flow.action)"); continue }
      #expect(pause >= .seconds(30))
      flow.take(.response(response, retryAfter: .seconds(3_000)))
      switch response {
      case .throttled: #expect(flow.action == .end(.notSent(.comeBack(after: .seconds(3_000)))))
      default: #expect(flow.action == .end(.unresolved(.comeBack(after: .seconds(3_000)))))
      }
    }
  }

  @Test func `events that do not belong to the action change nothing`() {
    var flow = CallFlow(.init(), seed: 1)
    let before = flow
    for event in [CallFlow.Event.found(.same), .findFailed(), .authorized(true)] { flow.take(event) }
    #expect(flow == before)
  }

  static func name(_ action: CallFlow.Action) -> String {
    switch action {
    case .send(let epoch, _): "send \(epoch)"
    case .find: "find"
    case .authorize: "authorize"
    case .end(.unresolved): "unresolved"
    case .end(let end): "\(end)"
    }
  }
}
