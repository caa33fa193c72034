import Testing

@testable import Control

@Suite struct DestinationPacerTests {
  private func at(_ seconds: Double) -> Moment { Moment(.seconds(seconds)) }

  /// Makes calls as soon as they are allowed, each of which takes `latency` seconds; the moments at which they are made.
  private func calls(
    _ pacer: inout DestinationPacer, from start: Double = 0, count: Int, latency: Double = 0.01,
    _ respond: (Int) -> (isThrottled: Bool, limits: RemainingCalls) = { _ in (false, .init()) }
  ) -> [Double] {
    var now = at(start)
    var made: [Double] = []
    var running: [(Moment, Int, DestinationPacer.Ticket)] = []
    while made.count < count {
      while let first = running.first, first.0 <= now {
        running.removeFirst()
        let response = respond(first.1)
        pacer.responded(first.2, isThrottled: response.isThrottled, isError: false, limits: response.limits, at: now)
      }
      switch pacer.next(at: now) {
      case .send(let ticket):
        running.append((now + .seconds(latency), made.count, ticket))
        made.append(now.sinceStart.seconds)
      case .wait(let until): now = min(until, running.first.map(\.0) ?? until)
      case .waitForResponse:
        guard let first = running.first else {
          Issue.record("waits for a response, and no call is in flight")
          return made
        }
        now = first.0
      case .giveUp: return made
      }
    }
    return made
  }

  /// Sends calls while it is allowed.
  private func send(_ pacer: inout DestinationPacer, _ count: Int, at second: Double = 0) -> [DestinationPacer.Ticket] {
    (0..<count).compactMap { _ in if case .send(let ticket) = pacer.next(at: at(second)) { ticket } else { nil } }
  }

  @Test(arguments: [0.002, 1.0, 7, 50, 1_000])
  func `the stated rate is used, and not exceeded`(rate: Double) {
    var pacer = DestinationPacer(.init(perSecond: rate, maxInFlight: 1_000))
    let moments = calls(&pacer, count: 500)
    // Over any stretch: the rate, and what a tenth of a second makes up for.
    let room = max(0, rate / 10 - 1) + 0.000001
    for first in stride(from: 0, to: 500, by: 7) {
      for last in stride(from: first + 1, to: 500, by: 13) {
        #expect(Double(last - first) <= (moments[last] - moments[first]) * rate + room)
      }
    }
    #expect(moments.count == 500 && moments[499] <= 500 / rate)
  }

  @Test func `a rate near zero is one call a day, and does not end the load`() {
    var pacer = DestinationPacer(.init(perSecond: 1e-300))
    #expect(send(&pacer, 2).count == 1)
    let action = pacer.next(at: at(0))
    #expect(action == .wait(until: at(86_400)))
  }

  @Test func `no more calls at once than allowed, and fewer after trouble`() {
    var pacer = DestinationPacer(.init(maxInFlight: 4))
    var tickets = send(&pacer, 5)
    #expect(tickets.count == 4)
    pacer.failed(tickets.removeLast())
    let action = pacer.next(at: at(0))
    #expect(action == .waitForResponse && pacer.concurrency.current == 2)
    // These were in flight before the trouble.
    for ticket in tickets { pacer.responded(ticket, isThrottled: false, isError: false, limits: .init(), at: at(0)) }
    #expect(pacer.concurrency.current == 2 && pacer.inFlight == 0)
    for ticket in send(&pacer, 2) { pacer.responded(ticket, isThrottled: false, isError: false, limits: .init(), at: at(0)) }
    #expect(pacer.concurrency.current == 3)
  }

  @Test func `calls that are throttled or fail together count once`() {
    var options = DestinationPacer.Options(maxInFlight: 8)
    options.jitter = 0
    for isThrottled in [true, false] {
      var pacer = DestinationPacer(options)
      for ticket in send(&pacer, 8) {
        pacer.responded(ticket, isThrottled: isThrottled, isError: !isThrottled, limits: .init(), at: at(0))
      }
      #expect(pacer.concurrency.current == 4)
      let action = pacer.next(at: at(0.5))
      #expect((action == .wait(until: at(1))) == isThrottled)
    }
  }

  @Test(arguments: [0.5, 30, 299])
  func `a pause that the destination asks for is a floor for all, with at most a quarter added`(seconds: Double) throws {
    for isThrottled in [true, false] {
      var pacer = DestinationPacer(.init(maxInFlight: 4))
      let tickets = send(&pacer, 2)
      pacer.responded(
        tickets[0], isThrottled: isThrottled, isError: !isThrottled, limits: .init(retryAfter: .seconds(seconds)), at: at(1))
      guard case .wait(let until) = pacer.next(at: at(1)) else {
        Issue.record("does not wait")
        return
      }
      let pause = until.sinceStart.seconds - 1
      #expect(pause >= max(seconds, isThrottled ? 1 : 0) && pause <= min(max(seconds, 1) * 1.25, 300))
      // A shorter one, reported later, does not end it.
      pacer.responded(tickets[1], isThrottled: true, isError: false, limits: .init(retryAfter: .zero), at: at(1))
      let again = pacer.next(at: at(1))
      #expect(again == .wait(until: until))
    }
  }

  @Test func `a pause of more than five minutes ends the load`() throws {
    var pacer = DestinationPacer(.init(maxInFlight: 1))
    let ticket = try #require(send(&pacer, 1).first)
    pacer.responded(ticket, isThrottled: true, isError: false, limits: .init(retryAfter: .seconds(3_600)), at: at(0))
    guard case .giveUp(let until) = pacer.next(at: at(0)) else {
      Issue.record("goes on")
      return
    }
    #expect(until >= at(3_600))
  }

  @Test func `a pause in a response without trouble concerns its own call only`() throws {
    var pacer = DestinationPacer(.init(maxInFlight: 1))
    let ticket = try #require(send(&pacer, 1).first)
    pacer.responded(ticket, isThrottled: false, isError: false, limits: .init(retryAfter: .seconds(3_600)), at: at(0))
    #expect(send(&pacer, 1).count == 1)
  }

  @Test func `throttling without a pause leads to longer and longer ones, until a call succeeds`() {
    for limits in [RemainingCalls(), .init(retryAfter: .zero)] {
      var options = DestinationPacer.Options(maxInFlight: 1)
      options.jitter = 0
      var pacer = DestinationPacer(options)
      let moments = calls(&pacer, count: 10, latency: 0) { ($0 < 8, limits) }
      let pauses = zip(moments.dropFirst(), moments).map { Int(($0 - $1).rounded()) }
      #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 0])
    }
  }

  @Test func `the reported quota is not exceeded, calls in flight included`() {
    var pacer = DestinationPacer(.init(maxInFlight: 8))
    var tickets = send(&pacer, 3)
    // Two are still in flight, and are not among those that it has counted.
    pacer.responded(
      tickets[0], isThrottled: false, isError: false, limits: .init(remaining: 3, resetsAfter: .seconds(30)), at: at(1))
    let more = send(&pacer, 2, at: 1)
    #expect(more.count == 1)
    tickets = tickets[1...] + more
    // A response that was overtaken raises nothing.
    for ticket in tickets {
      pacer.responded(
        ticket, isThrottled: false, isError: false, limits: .init(remaining: 5, resetsAfter: .seconds(30)), at: at(2))
    }
    let action = pacer.next(at: at(2))
    #expect(action == .wait(until: at(31)))
    #expect(send(&pacer, 1, at: 31).count == 1)
  }

  @Test func `a quota without a reset holds calls back for a moment`() throws {
    var pacer = DestinationPacer(.init(maxInFlight: 8))
    let ticket = try #require(send(&pacer, 1).first)
    pacer.responded(ticket, isThrottled: false, isError: false, limits: .init(remaining: 0), at: at(0))
    let action = pacer.next(at: at(0))
    #expect(action == .wait(until: at(1)))
    #expect(send(&pacer, 1, at: 1).count == 1)
  }
}
