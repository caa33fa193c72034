import Core
import Testing

@Suite struct WallTimeTests {
  @Test(
    arguments: [
      (1000, Duration.seconds(2), 3000), (0, .milliseconds(1), 1), (0, .nanoseconds(1), 1), (0, .zero, 0),
      (5, .milliseconds(-7), -2), (0, .seconds(Int.max), .max), (.max, .nanoseconds(1), .max), (.min, .seconds(-1), .min),
      (-1, .seconds(Int64.min), .min),
    ] as [(Int64, Duration, Int64)])
  func `a span is added in whole milliseconds, rounded up and clamped to 64 bits`(_ start: Int64, _ span: Duration, _ end: Int64)
  {
    #expect(WallTime(millisecondsSince1970: start) + span == WallTime(millisecondsSince1970: end))
  }

  @Test func `the machine's clock is past the year 2020, and does not go back within a test`() {
    let first = WallTime.now()
    #expect(first > WallTime(millisecondsSince1970: 1_577_836_800_000))
    #expect(WallTime.now() >= first)
  }
}
