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

  @Test func `requests of a later process add up, and what it reported about the quota counts`() {
    let first = Self.quota(10, 2, 1, remaining: 0)
    #expect(first.followed(by: Self.quota(5, 1, 0, remaining: 700)) == Self.quota(15, 3, 1, remaining: 700))
    #expect(first.followed(by: Self.quota(5, 1, 0, remaining: nil)) == Self.quota(15, 3, 1, remaining: 0))
    #expect(Quota().followed(by: first) == first)
    #expect(first.followed(by: Quota()) == first)
  }
}
