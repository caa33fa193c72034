import Testing

@testable import Control

/// Sequences of events, written as words: `500 500 still absent` leads to `send 0`.
@Suite struct CallFlowTests {
  typealias Traits = CallFlow.Traits

  private static let policy = RetryPolicy(maxAttempts: 6, base: .zero, cap: .zero)
  private static let keys = Traits(hasIdempotencyKeys: true)
  private static let find = Traits(canFind: true)
  private static let both = Traits(hasIdempotencyKeys: true, canFind: true)
  private static let update = Traits(isCreate: false, canFind: true)
  private static let updateWithKeys = Traits(isCreate: false, hasIdempotencyKeys: true, canFind: true)
  private static let put = Traits(isCreate: false, hasIdempotencyKeys: true, isRepeatable: true)
  private static let batch = Traits(canFind: true, records: 3)
  /// A lookup is never late.
  private static let exact = Traits(canFind: true, absencesRequired: 1)

  private static func event(_ word: Substring) -> CallFlow.Event {
    switch word {
    case "notSent": .notSent
    case "lost": .noResponse
    case "still": .response(.stillRunning)
    case "throttled": .response(.throttled)
    case "conflict": .response(.conflict)
    case "refused": .response(.refused)
    case "doubtful": .response(.doubtful)
    case "reused": .response(.keyReused)
    case "401": .response(.unauthorized)
    case "403": .response(.forbidden)
    case "202": .response(.started)
    case "303": .response(.redirected(status: 303))
    case "accepted": .response(.accepted)
    case "retry": .response(.retry(status: 502))
    case "absent": .found([.absent])
    case "same": .found([.same])
    case "different": .found([.different])
    case "sad": .found([.same, .absent, .different])
    case "ssa": .found([.same, .same, .absent])
    case "aaa": .found([.absent, .absent, .absent])
    case "sss": .found([.same, .same, .same])
    case "findFails": .readFailed()
    case "findShowsMore": .readFailed(hasProgressed: true)
    case "find401": .readFailed(.unauthorized)
    case "find403": .readFailed(.forbidden)
    case "renewed": .authorized(true)
    case "notRenewed": .authorized(false)
    case "running": .job(.running())
    case "jobDone": .job(.finished(.accepted))
    case "jobRefused": .job(.finished(.refused))
    case "job303": .job(.finished(.redirected(status: 303)))
    case "job401": .job(.finished(.unauthorized))
    case "jobLost": .job(.lost)
    default: .response(.serverError(status: Int(word) ?? 0))
    }
  }

  /// The clock advances by the pause of each action.
  private static func run(
    _ words: String, _ traits: Traits, policy: RetryPolicy = policy, sent: CallFlow.Sent? = nil, at start: Moment = Moment()
  ) -> (flow: CallFlow, now: Moment) {
    var now = start
    var flow = CallFlow(traits, policy: policy, sent: sent, at: now, seed: 1)
    for word in words.split(separator: " ") {
      switch flow.action {
      case .send(_, let pause), .find(let pause), .poll(let pause): now = now + pause
      case .authorize, .end: break
      }
      flow.take(event(word), at: now)
    }
    return (flow, now)
  }

  static func name(_ action: CallFlow.Action) -> String {
    switch action {
    case .send(let epoch, _): "send \(epoch)"
    case .find: "find"
    case .poll: "poll"
    case .authorize: "authorize"
    case .end(let end): "\(end)"
    }
  }

  @Test(
    "what follows a sequence of events",
    arguments: [
      // Gateways, and errors with something in between, are not replays.
      ("504 504 504", both, "send 0"), ("lost 500 500 500 absent", both, "find"), ("500 still 500 500", both, "send 0"),
      ("500 lost 500 500", both, "send 0"), ("500 throttled 500 500", both, "send 0"), ("500 notSent 500 500", both, "send 0"),
      ("500 502 500 500", both, "send 0"), ("500 501 500 500", both, "send 0"), ("500 500 500", both, "find"),
      ("500 500 500 absent", both, "find"), ("500 500 500 absent absent", both, "send 1"),
      ("500 500 500", keys, "unresolved(Control.CallFlow.Obstacle.serverError(status: 500))"), ("500 500 500", put, "send 1"),
      // A key that is known already shows that an earlier attempt arrived.
      ("lost reused", keys, "unresolved(Control.CallFlow.Obstacle.keyReused)"), ("reused", keys, "refused"),
      ("lost reused", both, "find"), ("lost reused same", both, "adopted"), ("reused same", both, "adopted"),
      ("lost reused absent absent", both, "send 1"), ("reused", put, "send 1"),
      // Without keys, a call that is still running is looked up.
      ("still", find, "find"), ("still", keys, "send 0"),
      ("still", Traits(), "unresolved(Control.CallFlow.Obstacle.stillRunning)"),
      ("retry", find, "find"), ("retry", Traits(), "unresolved(Control.CallFlow.Obstacle.retry(status: 502))"),
      ("throttled", Traits(), "send 0"),
      // An update shows the old values as long as it has not taken effect.
      ("lost different", update, "find"), ("lost different different", update, "send 0"), ("lost same", update, "adopted"),
      ("500 500 500 different different", updateWithKeys, "send 1"), ("lost different", find, "conflict(mayBeOurs: true)"),
      ("lost absent absent", find, "send 0"), ("lost absent same", find, "adopted"),
      ("lost absent absent lost absent", find, "find"),
      // A lookup may need new credentials, once.
      ("lost find401", find, "authorize"), ("lost find401 renewed", find, "find"),
      ("lost find401 renewed find401", find, "unresolved(Control.CallFlow.Obstacle.unauthorized)"),
      ("lost find401 notRenewed", find, "unresolved(Control.CallFlow.Obstacle.unauthorized)"),
      // The renewed ones may expire as well.
      ("401 renewed 500 401", keys, "authorize"), ("401 renewed throttled 401", Traits(), "authorize"),
      ("401 renewed lost find401", find, "unresolved(Control.CallFlow.Obstacle.unauthorized)"),
      ("lost find401 renewed absent find401", find, "authorize"), ("lost find401 renewed findFails find401", find, "authorize"),
      ("lost find401 renewed find401", update, "unresolved(Control.CallFlow.Obstacle.unauthorized)"),
      ("202 find401 renewed running find401", Traits(), "authorize"),
      ("202 find401 renewed running find401 notRenewed", Traits(), "unresolved(Control.CallFlow.Obstacle.unauthorized)"),
      ("lost find403", find, "unresolved(Control.CallFlow.Obstacle.forbidden)"),
      ("401", Traits(), "authorize"), ("401 renewed", Traits(), "send 0"), ("401 renewed 401", Traits(), "unauthorized"),
      ("202 job401 renewed", keys, "send 0"), ("202 job401 renewed 202 job401", Traits(), "authorize"),
      (Array(repeating: "202 job401", count: 6).joined(separator: " renewed "), Traits(), "unauthorized"),
      // A refusal says nothing about an earlier attempt, unless the body itself is refused.
      ("403", Traits(), "forbidden"), ("lost 403", keys, "unresolved(Control.CallFlow.Obstacle.forbidden)"),
      ("lost 403", both, "find"), ("lost 403 absent absent", both, "forbidden"), ("lost 403 same", both, "adopted"),
      ("lost refused", keys, "refused"),
      ("conflict", keys, "conflict(mayBeOurs: false)"), ("lost conflict", keys, "conflict(mayBeOurs: true)"),
      ("lost conflict", both, "find"), ("lost conflict same", both, "adopted"),
      // A write may have been carried out before it was redirected. It is not repeated.
      ("303", Traits(), "unresolved(Control.CallFlow.Obstacle.refused)"), ("303", find, "find"), ("303 same", find, "adopted"),
      ("303 absent", find, "find"), ("303 absent absent", find, "refused"), ("303 absent absent", both, "refused"),
      ("303", keys, "unresolved(Control.CallFlow.Obstacle.refused)"), ("303 different", find, "conflict(mayBeOurs: true)"),
      ("303 different different", update, "refused"), ("303", put, "unresolved(Control.CallFlow.Obstacle.refused)"),
      ("303 sss", batch, "adopted"), ("303 aaa aaa", batch, "refused"), ("202 job303", find, "find"),
      // A create that was refused may have been carried out. It is not repeated.
      ("doubtful", Traits(), "unresolved(Control.CallFlow.Obstacle.refused)"), ("doubtful", find, "find"),
      ("doubtful same", find, "adopted"), ("doubtful absent", find, "find"), ("doubtful absent absent", find, "refused"),
      ("doubtful absent same", find, "adopted"), ("doubtful different", find, "conflict(mayBeOurs: true)"),
      ("doubtful absent", exact, "refused"), ("doubtful same", exact, "adopted"),
      ("doubtful different", exact, "conflict(mayBeOurs: true)"),
      ("doubtful", keys, "unresolved(Control.CallFlow.Obstacle.refused)"), ("doubtful absent absent", both, "refused"),
      // A response that was lost before it needs two lookups, whatever the doubt needs.
      ("lost absent absent doubtful absent", exact, "refused"), ("lost absent", exact, "find"),
      ("doubtful findFails absent", exact, "refused"),
      ("doubtful find403", exact, "unresolved(Control.CallFlow.Obstacle.forbidden)"),
      // An update that is refused was not carried out.
      ("doubtful", update, "refused"), ("doubtful aaa aaa", batch, "refused"), ("doubtful sss", batch, "adopted"),
      ("doubtful sad", batch, "find"),
      // Batches that are not atomic.
      ("refused", batch, "find"), ("refused aaa aaa", batch, "refused"), ("refused sss", batch, "adopted"),
      ("refused", Traits(records: 3), "unresolved(Control.CallFlow.Obstacle.refused)"),
      ("refused", Traits(records: 3, isAtomic: true), "refused"), ("lost aaa aaa", batch, "send 0"),
      ("refused sad", batch, "find"),
      // Jobs.
      ("202", Traits(), "poll"), ("202 running jobDone", Traits(), "accepted"), ("202 jobRefused", Traits(), "refused"),
      ("202 jobLost", Traits(), "unresolved(Control.CallFlow.Obstacle.jobLost)"), ("202 jobLost", keys, "send 0"),
      ("202 jobLost same", find, "adopted"),
    ] as [(String, Traits, String)])
  func sequence(words: String, traits: Traits, expected: String) {
    #expect(Self.name(Self.run(words, traits).flow.action) == expected)
  }

  @Test func `each record of a batch has its own finding`() {
    #expect(
      Self.run("refused sad ssa", Self.batch).flow.action == .end(.divided([.same, .same, .different], because: .refused)))
  }

  @Test func `an intent that was left open is resolved as it was sent`() {
    let now = Moment(.seconds(300_000))
    func action(_ traits: Traits, _ sent: CallFlow.Sent) -> String {
      Self.name(CallFlow(traits, policy: Self.policy, sent: sent, at: now).action)
    }
    let (fresh, old) = (Moment(.seconds(299_000)), Moment(.seconds(1_000)))
    #expect(action(Self.both, .init(first: fresh)) == "send 0")
    // The key has expired, or its age is unknown, or the clock was set back.
    for first in [old, nil, Moment(.seconds(400_000))] {
      #expect(action(Self.both, .init(first: first)) == "find")
      #expect(action(Self.keys, .init(first: first)) == "unresolved(Control.CallFlow.Obstacle.noResponse)")
      #expect(action(Self.put, .init(first: first)) == "send 0")
    }
    #expect(action(.init(), .init(first: fresh)) == "unresolved(Control.CallFlow.Obstacle.noResponse)")
    #expect(action(Self.find, .init(first: fresh, hasJob: true)) == "poll")
  }

  @Test func `a record is sent again only when no call can still be running`() {
    let traits = Traits(canFind: true, longestCall: .seconds(25))
    var flow = CallFlow(traits, policy: RetryPolicy(cap: .seconds(9)), at: Moment())
    flow.take(.noResponse, at: Moment(.seconds(1)))
    flow.take(.found([.absent]), at: Moment(.seconds(2)))
    #expect(flow.action == .find(after: .seconds(24)))
    flow.take(.found([.absent]), at: Moment(.seconds(20)))
    #expect(flow.action == .find(after: .seconds(9)))
    flow.take(.found([.absent]), at: Moment(.seconds(26)))
    #expect(Self.name(flow.action) == "send 0")
    // One lookup is not enough after the next lost response, however late it is.
    flow.take(.noResponse, at: Moment(.seconds(30)))
    flow.take(.found([.absent]), at: Moment(.seconds(900)))
    #expect(flow.action == .find(after: .seconds(9)))
    // A process that starts later knows only that nothing was sent after it started.
    flow = CallFlow(traits, policy: Self.policy, sent: .init(first: nil), at: Moment(.seconds(5)))
    flow.take(.found([.absent]), at: Moment(.seconds(6)))
    #expect(flow.action == .find(after: .seconds(24)))
    // Too long for a run: the intent stays open.
    flow = CallFlow(.init(canFind: true, longestCall: .seconds(900)), policy: Self.policy, at: Moment())
    flow.take(.noResponse, at: Moment())
    flow.take(.found([.absent]), at: Moment())
    #expect(flow.action == .end(.unresolved(.stillRunning)))
  }

  @Test func `a lookup after a refusal waits for nothing that may still be running`() {
    for (absences, pause) in [(1, nil), (2, Duration.seconds(9))] as [(Int, Duration?)] {
      let traits = Traits(canFind: true, longestCall: .seconds(25), absencesRequired: absences)
      var flow = CallFlow(traits, policy: RetryPolicy(cap: .seconds(9)), at: Moment())
      flow.take(.response(.doubtful), at: Moment(.seconds(1)))
      #expect(flow.action == .find(after: .zero) && flow.mayBeDone)
      flow.take(.found([.absent]), at: Moment(.seconds(2)))
      #expect(flow.action == pause.map { .find(after: $0) } ?? .end(.refused))
    }
    // An attempt before it had no response.
    let traits = Traits(canFind: true, isRepeatable: true, longestCall: .seconds(25), absencesRequired: 1)
    var flow = CallFlow(traits, policy: Self.policy, at: Moment())
    flow.take(.noResponse, at: Moment(.seconds(1)))
    flow.take(.response(.doubtful), at: Moment(.seconds(2)))
    flow.take(.found([.absent]), at: Moment(.seconds(3)))
    #expect(flow.action == .find(after: .seconds(23)))
    flow.take(.found([.absent]), at: Moment(.seconds(26)))
    #expect(flow.action == .end(.refused))
  }

  @Test func `a key with an error under it is not used again, also by the next call`() {
    let words = "500 500 500 absent absent 500 500 500 absent absent"
    var flow = Self.run(words, Self.both).flow
    #expect(flow.action == .end(.notCarriedOut(.serverError(status: 500))))
    #expect(flow.epoch == 2)
    let few = RetryPolicy(maxAttempts: 3, base: .zero, cap: .zero)
    flow = Self.run("500 500 500 absent absent", Self.both, policy: few).flow
    #expect(flow.action == .end(.notCarriedOut(.serverError(status: 500))) && flow.epoch == 1)
    flow = Self.run("500 500 500", Self.put, policy: few).flow
    #expect(flow.action == .end(.unresolved(.serverError(status: 500))) && flow.epoch == 1)
    // Nothing was stored under the key.
    flow = Self.run("notSent notSent notSent", Self.both, policy: few).flow
    #expect(flow.action == .end(.notSent(.unreachable)) && flow.epoch == 0)
  }

  @Test func `a key that expires while the call waits is not used again`() {
    var (flow, now) = Self.run("lost", Self.both)
    flow.reconsider(at: now + .seconds(80_000))
    #expect(Self.name(flow.action) == "send 0")
    flow.reconsider(at: now + .seconds(90_000))
    #expect(Self.name(flow.action) == "find")
    // A call that was never sent needs no key.
    (flow, now) = Self.run("throttled", Self.keys)
    flow.reconsider(at: now + .seconds(90_000))
    #expect(Self.name(flow.action) == "send 0")
  }

  @Test func `a pause that the destination asks for is kept, or ends the call if it is too long`() {
    for response in [CallFlow.Response.throttled, .serverError(status: 503), .stillRunning] {
      var flow = CallFlow(Self.keys, at: Moment())
      flow.take(.response(response, retryAfter: .seconds(30)), at: Moment())
      guard case .send(_, let pause) = flow.action else { Issue.record("\(flow.action)"); continue }
      #expect(pause >= .seconds(30))
      flow.take(.response(response, retryAfter: .seconds(3_000)), at: Moment())
      switch response {
      case .throttled: #expect(flow.action == .end(.notCarriedOut(.comeBack(after: .seconds(3_000)))))
      default: #expect(flow.action == .end(.unresolved(.comeBack(after: .seconds(3_000)))))
      }
    }
  }

  @Test func `a long pause before the next poll ends only this call`() {
    for event in [CallFlow.Event.job(.running(retryAfter: .seconds(3_000))), .readFailed(retryAfter: .seconds(3_000))] {
      var (flow, now) = Self.run("202", Self.both)
      flow.take(event, at: now)
      #expect(flow.action == .end(.unresolved(.jobRunning)))
      (flow, now) = Self.run("", Self.both)
      flow.take(.response(.started, retryAfter: .seconds(3_000)), at: now)
      #expect(flow.action == .end(.unresolved(.jobRunning)))
    }
  }

  @Test func `events that do not belong to the action change nothing`() {
    var flow = CallFlow(.init(), at: Moment(), seed: 1)
    let before = flow
    for event in [CallFlow.Event.found([.same]), .readFailed(), .authorized(true), .job(.lost)] { flow.take(event, at: Moment()) }
    #expect(flow == before)
  }

  @Test func `a lookup that keeps failing is given up, unless each attempt shows more records`() {
    func end(_ words: [String]) -> CallFlow.Action { Self.run((["lost"] + words).joined(separator: " "), Self.batch).flow.action }
    let (fails, showsMore) = (Array(repeating: "findFails", count: 5), Array(repeating: "findShowsMore", count: 20))
    #expect(end(fails + ["findFails"]) == .end(.unresolved(.findFailed)))
    #expect(end(showsMore + ["sss"]) == .end(.adopted))
    #expect(end(fails + showsMore + ["sss"]) == .end(.adopted))
    #expect(end(showsMore + fails) == .end(.unresolved(.findFailed)))
  }
}
