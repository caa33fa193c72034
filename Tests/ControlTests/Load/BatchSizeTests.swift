import Testing

@testable import Control

@Suite struct BatchSizeTests {
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
