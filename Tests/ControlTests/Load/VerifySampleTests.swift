import Testing

@testable import Control

@Suite struct VerifySampleTests {
  private static let keys = (0..<20_000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 ^ 0x1234_5678 }

  private static func sample(_ hundredths: Int, _ day: Int) -> Set<UInt64> {
    let sample = VerifySample(hundredths: hundredths, day: day)
    return Set(keys.filter { sample.contains(keyHash: $0) })
  }

  /// The days of a cycle, the first of them at a multiple of their number.
  private static func days(_ hundredths: Int) -> Int { (10_000 + hundredths - 1) / hundredths }

  @Test(arguments: [1, 25, 100, 300, 500, 1_000, 2_500, 3_333, 6_000, 9_999, 10_000], [0, 1, 1_039, -3])
  func `each record is read once in a cycle, and no day reads more than its share`(_ hundredths: Int, _ cycle: Int) {
    let days = Self.days(hundredths)
    // A whole cycle of 0.01 % has 10,000 days.
    let tested = hundredths < 25 ? 0..<3 : 0..<days
    var read: [UInt64: Int] = [:]
    for day in tested {
      let sample = Self.sample(hundredths, cycle * days + day)
      let share = Double(sample.count) / Double(Self.keys.count) * 10_000
      // Six standard deviations.
      let margin = 6 * (Double(hundredths) * Double(10_000 - hundredths) / Double(Self.keys.count)).squareRoot()
      #expect(share <= Double(hundredths) + margin, "day \(day)")
      if day < days - 1 { #expect(share >= Double(hundredths) - margin, "day \(day)") }
      for key in sample { read[key, default: 0] += 1 }
    }
    if tested.count == days { #expect(read.count == Self.keys.count && read.values.allSatisfy { $0 == 1 }) }
  }

  @Test func `100 percent is everything, each day`() {
    for day in [-1, 0, 20_787, 20_788] { #expect(Self.sample(10_000, day).count == Self.keys.count) }
  }

  @Test func `the sample depends on the day and the keys only, and another cycle divides them in another way`() {
    #expect(Self.sample(500, 20_787) == Self.sample(500, 20_787))
    let first = Self.sample(500, 20_780)
    let next = Self.sample(500, 20_800)
    #expect(first.intersection(next).count < first.count / 5)
  }

  @Test(arguments: [2, 4, 5, 7, 10, 20])
  func `a pipeline that runs only every few days sees every record`(_ every: Int) {
    var read: Set<UInt64> = []
    for run in 0..<300 { read.formUnion(Self.sample(500, 20_000 + run * every)) }
    // Each run misses a record with a chance of 95 %.
    #expect(read.count == Self.keys.count)
  }
}
