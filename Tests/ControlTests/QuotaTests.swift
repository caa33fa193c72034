import Testing

@testable import Control

@Suite struct QuotaTests {
  private static func quota(_ made: Int, _ retried: Int, _ throttled: Int, remaining: Int?) -> Quota {
    var quota = Quota()
    (quota.made, quota.retried, quota.throttled, quota.remaining) = (made, retried, throttled, remaining)
    return quota
  }

  @Test func `requests since an earlier time are the difference, and what remains is the last report`() {
    let early = Self.quota(10, 2, 1, remaining: 900)
    let late = Self.quota(25, 2, 4, remaining: 850)
    #expect(late.since(early) == Self.quota(15, 0, 3, remaining: 850))
    #expect(late.since(Quota()) == late)
    #expect(early.since(late) == Self.quota(0, 0, 0, remaining: 900))
    #expect(early + late.since(early) == late)
  }
}
