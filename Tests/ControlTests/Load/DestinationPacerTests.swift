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
    var running: [(Moment, Int)] = []
    while made.count < count {
      while let first = running.first, first.0 <= now {
        running.removeFirst()
        let response = respond(first.1)
        pacer.responded(isThrottled: response.isThrottled, isError: false, limits: response.limits, at: now)
      }
      switch pacer.next(at: now) {
      case .send:
        running.append((now + .seconds(latency), made.count))
        made.append(now.sinceStart.seconds)
      case .wait(let until): now = min(until, running.first.map(\.0) ?? until)
      case .waitForResponse:
        guard let first = running.first else {
          Issue.record("waits for a response, and no call is under way")
          return made
        }
        now = first.0
      case .giveUp: return made
      }
    }
    return made
  }

  @Test(arguments: [1.0, 7, 50, 1_000])
  func `the stated rate is used, and not exceeded`(rate: Double) {
    var pacer = DestinationPacer(.init(perSecond: rate, maxInFlight: 1_000))
    let moments = calls(&pacer, count: 500)
    // Over any stretch: the rate, and what a tenth of a second makes up for.
    let room = max(1, rate / 10) + 1.000001
    for first in stride(from: 0, to: 500, by: 7) {
      for last in stride(from: first + 1, to: 500, by: 13) {
        #expect(Double(last - first) <= (moments[last] - moments[first]) * rate + room)
      }
    }
    #expect(moments[499] <= 500 / rate)
  }

  @Test func `no more calls at once than allowed, and fewer after trouble`() {
    var pacer = DestinationPacer(.init(maxInFlight: 4))
    var actions = (1...5).map { _ in pacer.next(at: at(0)) }
    pacer.failed()
    actions.append(pacer.next(at: at(0)))
    #expect(actions == [.send, .send, .send, .send, .waitForResponse, .waitForResponse])
    #expect(pacer.concurrency.current == 2)
    for _ in 1...3 { pacer.responded(isThrottled: false, isError: false, limits: .init(), at: at(0)) }
    #expect(pacer.concurrency.current == 3 && pacer.inFlight == 0)
  }

  @Test(arguments: [0.5, 30, 299])
  func `a pause that the destination asks for is a floor for all, with at most a quarter added`(seconds: Double) throws {
    for isThrottled in [true, false] {
      var pacer = DestinationPacer(.init(maxInFlight: 4))
      _ = (pacer.next(at: at(0)), pacer.next(at: at(0)))
      pacer.responded(
        isThrottled: isThrottled, isError: !isThrottled, limits: .init(retryAfter: .seconds(seconds)), at: at(1))
      guard case .wait(let until) = pacer.next(at: at(1)) else {
        Issue.record("does not wait")
        return
      }
      let pause = until.sinceStart.seconds - 1
      #expect(pause >= seconds && pause <= min(seconds * 1.25, 300))
      // A shorter one, told later, does not end it.
      pacer.responded(isThrottled: true, isError: false, limits: .init(retryAfter: .zero), at: at(1))
      let again = pacer.next(at: at(1))
      #expect(again == .wait(until: until))
    }
  }

  @Test func `a pause of more than five minutes ends the load`() {
    var pacer = DestinationPacer(.init(maxInFlight: 1))
    _ = pacer.next(at: at(0))
    pacer.responded(isThrottled: true, isError: false, limits: .init(retryAfter: .seconds(3_600)), at: at(0))
    guard case .giveUp(let until) = pacer.next(at: at(0)) else {
      Issue.record("goes on")
      return
    }
    #expect(until >= at(3_600))
  }

  @Test func `throttling without a pause leads to longer and longer ones, until a call succeeds`() {
    var options = DestinationPacer.Options(maxInFlight: 1)
    options.jitter = 0
    var pacer = DestinationPacer(options)
    let moments = calls(&pacer, count: 10, latency: 0) { ($0 < 8, .init()) }
    let pauses = zip(moments.dropFirst(), moments).map { Int(($0 - $1).rounded()) }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 0])
  }

  @Test func `what the destination has left is not exceeded, calls under way included`() {
    var pacer = DestinationPacer(.init(maxInFlight: 8))
    for _ in 1...3 { _ = pacer.next(at: at(0)) }
    // Two are still under way, and are not among those that it has counted.
    pacer.responded(isThrottled: false, isError: false, limits: .init(remaining: 3, resetsAfter: .seconds(30)), at: at(1))
    var actions = [pacer.next(at: at(1)), pacer.next(at: at(1))]
    for _ in 1...3 { pacer.responded(isThrottled: false, isError: false, limits: .init(), at: at(2)) }
    actions += [pacer.next(at: at(2)), pacer.next(at: at(31))]
    #expect(actions == [.send, .waitForResponse, .wait(until: at(31)), .send])
  }
}
