import Testing

@testable import Control

@Suite struct CircuitBreakerTests {
  private func at(_ seconds: Int) -> Moment { Moment(.seconds(seconds)) }

  private func send(_ circuit: inout CircuitBreaker, at second: Int = 0) -> CircuitBreaker.Ticket? {
    if case .send(let ticket) = circuit.next(at: at(second)) { ticket } else { nil }
  }

  @Test func `ten failures in a row open it, and a success in between does not`() throws {
    var circuit = CircuitBreaker()
    for number in 1...30 {
      let ticket = try #require(send(&circuit))
      if number % 10 == 0 { circuit.succeeded(ticket) } else { circuit.failed(ticket, at: at(0)) }
      if number == 9 { #expect(circuit.isClosed) }
      if number == 19 { break }
    }
    // 18 of 19 have failed, never ten in a row, and the share counts from twenty calls on.
    #expect(circuit.isClosed)
    circuit.failed(try #require(send(&circuit)), at: at(0))
    #expect(!circuit.isClosed)
    circuit = CircuitBreaker()
    for _ in 1...10 { circuit.failed(try #require(send(&circuit)), at: at(0)) }
    let action = circuit.next(at: at(0))
    #expect(action == .wait(until: at(5)))
  }

  @Test func `half of the last fifty calls is too much, a few failures are not`() throws {
    var circuit = CircuitBreaker()
    for number in 0..<1_000 {
      let ticket = try #require(send(&circuit), "opened after \(number) calls with 40 % failures")
      if number % 5 < 2 { circuit.failed(ticket, at: at(0)) } else { circuit.succeeded(ticket) }
    }
    var calls = 0
    while let ticket = send(&circuit) {
      calls += 1
      if calls % 2 == 0 { circuit.failed(ticket, at: at(0)) } else { circuit.succeeded(ticket) }
      try #require(calls < 200)
    }
    #expect(calls <= 50)
  }

  @Test func `one probe goes through after the pause, and its end decides`() throws {
    var circuit = CircuitBreaker()
    for _ in 1...10 { circuit.failed(try #require(send(&circuit)), at: at(0)) }
    let early = send(&circuit, at: 4)
    #expect(early == nil)
    let probe = try #require(send(&circuit, at: 5))
    let during = circuit.next(at: at(6))
    #expect(during == .waitForProbe)
    circuit.failed(probe, at: at(6))
    // Twice as long.
    let after = circuit.next(at: at(7))
    #expect(after == .wait(until: at(16)))
    let second = try #require(send(&circuit, at: 16))
    circuit.withdrew(second, at: at(16))
    let third = try #require(send(&circuit, at: 16))
    circuit.succeeded(third)
    #expect(circuit.isClosed)
    // The first failure after that does not open it.
    circuit.failed(try #require(send(&circuit, at: 17)), at: at(17))
    #expect(circuit.isClosed)
  }

  @Test func `after five failed probes it gives up, with pauses of at most a minute`() throws {
    var circuit = CircuitBreaker()
    var second = 0
    for _ in 1...10 { circuit.failed(try #require(send(&circuit)), at: at(0)) }
    var pauses: [Int] = []
    while case .wait(let until) = circuit.next(at: at(second)) {
      pauses.append(Int(until.sinceStart.seconds) - second)
      second = Int(until.sinceStart.seconds)
      circuit.failed(try #require(send(&circuit, at: second)), at: at(second))
    }
    #expect(pauses == [5, 10, 20, 40, 60])
    let last = circuit.next(at: at(100_000))
    #expect(last == .giveUp)
  }

  @Test func `results of calls that were made before it opened change nothing`() throws {
    var circuit = CircuitBreaker()
    let early = try (1...12).map { _ in try #require(send(&circuit)) }
    for ticket in early[..<10] { circuit.failed(ticket, at: at(0)) }
    let open = circuit
    circuit.succeeded(early[10])
    circuit.failed(early[11], at: at(1))
    #expect(circuit == open)
    // Nor do they count for the probe.
    _ = try #require(send(&circuit, at: 5))
    circuit.succeeded(early[10])
    let action = circuit.next(at: at(5))
    #expect(action == .waitForProbe)
  }

  @Test func `after it has closed, neither failed probes nor earlier results count`() throws {
    var options = CircuitBreaker.Options()
    (options.window, options.leastCalls, options.probes) = (10, 4, 3)
    var circuit = CircuitBreaker(options)
    for _ in 1...4 { circuit.failed(try #require(send(&circuit)), at: at(0)) }
    circuit.failed(try #require(send(&circuit, at: 5)), at: at(5))
    circuit.succeeded(try #require(send(&circuit, at: 15)))
    // Three of the earlier results and this one would be a share of failures.
    circuit.failed(try #require(send(&circuit, at: 15)), at: at(15))
    #expect(circuit.isClosed)
    for _ in 1...3 { circuit.failed(try #require(send(&circuit, at: 15)), at: at(15)) }
    // The first pause again, and as many probes.
    let pause = circuit.next(at: at(15))
    #expect(pause == .wait(until: at(20)))
    circuit.failed(try #require(send(&circuit, at: 20)), at: at(20))
    circuit.failed(try #require(send(&circuit, at: 30)), at: at(30))
    let third = circuit.next(at: at(30))
    #expect(third == .wait(until: at(50)))
  }
}
