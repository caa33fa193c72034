import Testing

@testable import Fuzzing

/// The checks that `scripts/soak fuzz` runs millions of times, a few thousand times.
@Suite struct FuzzingTests {
  @Test(arguments: FuzzTarget.allCases, [UInt64(1), 2])
  func `generated inputs find nothing`(_ target: FuzzTarget, _ seed: UInt64) throws {
    var generator = FuzzGenerator(seed: seed)
    for _ in 0..<1_500 { try target.check(generator.next()) }
  }

  @Test(arguments: FuzzTarget.allCases)
  func `empty and one-byte inputs find nothing`(_ target: FuzzTarget) throws {
    try target.check([])
    for byte in UInt8.min ... .max { try target.check([UInt8](repeating: byte, count: 200)) }
  }

  @Test func `the same seed gives the same inputs`() {
    var (first, second, other) = (FuzzGenerator(seed: 7), FuzzGenerator(seed: 7), FuzzGenerator(seed: 8))
    let inputs = (0..<50).map { _ in first.next() }
    #expect(inputs == (0..<50).map { _ in second.next() } && inputs != (0..<50).map { _ in other.next() })
  }
}
