import Testing

@testable import Control

@Suite struct BatchSplitTests {
  /// Sends parts to a destination that refuses each one with a culprit in it.
  private func run(_ records: Range<Int>, culprits: Set<Int>) -> (stored: [Int], culprits: [Int], requests: Int) {
    var split = BatchSplit(records)
    var (stored, requests): ([Int], Int) = ([], 0)
    while let part = split.next() {
      requests += 1
      if part.contains(where: culprits.contains) { split.refused(part) } else { stored += part }
    }
    return (stored, split.culprits, requests)
  }

  /// The logarithm to the base 2, rounded up.
  private func logarithm(_ count: Int) -> Int { count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }

  @Test func `every set of culprits in small batches is found, in few requests, and nothing else is left out`() {
    for count in 0...10 {
      for pattern in 0..<(1 << count) {
        let culprits = Set((0..<count).filter { pattern >> $0 & 1 == 1 })
        let result = run(0..<count, culprits: culprits)
        #expect(result.culprits == culprits.sorted())
        #expect(result.stored == (0..<count).filter { !culprits.contains($0) })
        #expect(result.requests <= 2 * culprits.count * logarithm(count) + (count > 0 ? 1 : 0))
      }
    }
  }

  @Test(arguments: [1, 3, 10], [7, 64, 100])
  func `a thousand records take no more requests than promised`(culprits: Int, size: Int) {
    var random = SplitMix(state: UInt64(culprits * size))
    for _ in 1...200 {
      let chosen = Set((0..<culprits).map { _ in Int.random(in: 0..<1000, using: &random) })
      var (stored, found, requests): ([Int], [Int], Int) = ([], [], 0)
      for start in stride(from: 0, to: 1000, by: size) {
        let result = run(start..<min(start + size, 1000), culprits: chosen)
        stored += result.stored
        found += result.culprits
        requests += result.requests
      }
      #expect(found == chosen.sorted() && stored.count == 1000 - chosen.count)
      #expect(requests <= 2 * chosen.count * logarithm(size) + (1000 + size - 1) / size)
    }
  }

  @Test func `a batch shrinks when it is too large, down to one record`() {
    var size = BatchSize(records: 100, bytes: 1_000)
    #expect(size.takes(5_000, after: 0, 0), "the first record is always taken")
    #expect(size.takes(100, after: 99, 900) && !size.takes(101, after: 99, 900) && !size.takes(1, after: 100, 0))
    var steps = 0
    while size.shrink(records: min(100, size.bytes / 10), bytes: size.bytes) { steps += 1 }
    #expect(steps == 6 && !size.takes(10, after: 1, 10))
    // What was refused counts, if it was smaller than what is allowed. The small records still share a batch.
    size = BatchSize(records: 100)
    let isSmaller = size.shrink(records: 8, bytes: 4_000)
    #expect(isSmaller && size == BatchSize(records: 100, bytes: 2_000))
  }
}
