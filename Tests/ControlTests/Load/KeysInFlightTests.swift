import Core
import Testing

@testable import Control

@Suite struct KeysInFlightTests {
  @Test func `calls with the same key go in the order in which they came`() {
    var keys = KeysInFlight()
    let (k, x, y) = (Name("k"), Name("x"), Name("y"))
    var entered = [keys.enter(0, for: [x]), keys.enter(1, for: [k])]
    entered += [keys.enter(2, for: [k, x]), keys.enter(3, for: [k]), keys.enter(4, for: [y])]
    #expect(entered == [true, true, false, false, true])
    // The key is free, but an older call waits for it.
    let left = [keys.leave(1), keys.leave(0), keys.leave(2), keys.leave(3), keys.leave(4)]
    #expect(left == [[], [2], [3], [], []])
    #expect(!keys.isInFlight(k) && !keys.isInFlight(x) && !keys.isInFlight(y))
  }

  @Test func `a call that leaves before its turn holds up no other`() {
    var keys = KeysInFlight()
    let (a, b) = (Name("a"), Name("b"))
    _ = (keys.enter(0, for: [a]), keys.enter(1, for: [a, b]), keys.enter(2, for: [b]))
    let left = [keys.leave(1), keys.leave(0), keys.leave(2)]
    #expect(left == [[2], [], []])
  }

  @Test func `random calls each go once, and never two with the same key together`() {
    var random = SplitMix(state: 7)
    for _ in 1...200 {
      var keys = KeysInFlight()
      var wanted: [Int: Set<Int>] = [:]
      var (running, started): ([Int], [Int]) = ([], [])
      for call in 0..<20 {
        let own = Set((0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0..<5, using: &random) })
        wanted[call] = own
        if keys.enter(call, for: own.sorted().map { Name("\($0)") }) { running.append(call) }
        if Bool.random(using: &random), !running.isEmpty {
          let done = running.remove(at: Int.random(in: 0..<running.count, using: &random))
          started.append(done)
          running += keys.leave(done)
        }
        let held = running.flatMap { wanted[$0] ?? [] }
        #expect(Set(held).count == held.count)
      }
      while let done = running.popLast() {
        started.append(done)
        running += keys.leave(done)
      }
      #expect(started.sorted() == Array(0..<20))
    }
  }
}
