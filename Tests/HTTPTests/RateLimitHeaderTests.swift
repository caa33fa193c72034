import Control
import Testing

@testable import HTTP

@Suite struct RateLimitHeaderTests {
  private static func answer(_ headers: [String: String]) -> HTTPAnswer {
    // 1767225600
    HTTPAnswer(status: 200, headers: headers.merging(["date": "Thu, 01 Jan 2026 00:00:00 GMT"]) { own, _ in own }, body: [])
  }

  @Test(
    "what is left of a limit, in each form in use",
    arguments: [
      (["ratelimit": #""default";r=50;t=30"#], 50, 30), (["ratelimit": #"default;t=30;r=50"#], 50, 30),
      (["ratelimit": #""burst";r=50;t=30, "daily";r=7;t=3600"#], 7, 3_600),
      (["ratelimit": #""a";r=0;t=3, "b";r=0;t=60"#], 0, 60), (["ratelimit": #""a";r=9, "b";r=5;t=60"#], 5, 60),
      (["ratelimit": "limit=100, remaining=50, reset=5"], 50, 5), (["ratelimit": "remaining=50,reset=5"], 50, 5),
      (["ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "3", "ratelimit-reset": "20"], 3, 20),
      (["x-ratelimit-remaining": "3", "x-ratelimit-reset": "20"], 3, 20),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225690"], 0, 90),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225690500"], 0, 90),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225000"], 0, 0),
      (["x-rate-limit-remaining": "8", "x-rate-limit-reset": "12"], 8, 12),
      // The newest form counts.
      (["ratelimit": #""default";r=1;t=2"#, "x-ratelimit-remaining": "9", "x-ratelimit-reset": "9"], 1, 2),
      (["x-ratelimit-remaining": "-3", "x-ratelimit-reset": "20"], 0, 20),
      // Repeated headers, which the transport joins.
      (["ratelimit": #""burst";r=0;t=30, "daily";r=9000;t=3600"#], 0, 30),
      (["x-ratelimit-remaining": "3, 100", "x-ratelimit-reset": "20, 3600"], 3, 20),
      // A limit without a reset has the window of its policy.
      (["ratelimit": #""a";r=5"#, "ratelimit-policy": #""b";q=1;w=2, "a";q=100;w=60"#], 5, 60),
    ] as [([String: String], Int, Int)])
  func left(headers: [String: String], remaining: Int, seconds: Int) {
    let found = Self.answer(headers).remainingCalls
    #expect(found == RemainingCalls(remaining: remaining, resetsAfter: .seconds(seconds)))
  }

  @Test(
    "malformed headers are ignored",
    arguments: [
      ["ratelimit": ""], ["ratelimit": ";;;,,,==="], ["ratelimit": #""default";r=x;t=30"#], ["ratelimit": "r=5"],
      ["ratelimit": #""a";r=3 0;t=5"#],
      ["x-ratelimit-remaining": "3 0", "x-ratelimit-reset": "5"], ["x-ratelimit-remaining": "3", "x-ratelimit-reset": "5 0"],
      ["ratelimit": String(repeating: "a;r=1;t=1,", count: 200)], ["ratelimit-remaining": "5"],
      ["x-ratelimit-remaining": "5", "x-ratelimit-reset": "soon"], ["x-ratelimit-remaining": "", "x-ratelimit-reset": "5"],
      ["x-ratelimit-remaining": "5", "x-ratelimit-reset": "-5"],
      ["x-ratelimit-remaining": "5", "x-ratelimit-reset": "99999999999999999999"], ["retry-after": "later"],
      ["retry-after": ""], ["retry-after": "1.5"],
    ])
  func malformed(headers: [String: String]) {
    #expect(Self.answer(headers).remainingCalls == RemainingCalls())
  }

  @Test func `a limit without a reset and a policy is still a limit`() {
    #expect(Self.answer(["ratelimit": #""a";r=0"#]).remainingCalls == RemainingCalls(remaining: 0))
  }

  @Test func `a header that occurs twice is a list, unless it has one value`() {
    var headers: [String: String] = [:]
    for (name, value) in [("ratelimit", "a;r=0;t=3"), ("date", "x"), ("ratelimit", "b;r=9;t=60"), ("date", "y")] {
      HTTPAnswer.add(name, value, to: &headers)
    }
    #expect(headers == ["ratelimit": "a;r=0;t=3, b;r=9;t=60", "date": "y"])
  }

  @Test(
    "the pause before the next call",
    arguments: [
      ("120", 120), ("0", 0), ("Thu, 01 Jan 2026 00:01:30 GMT", 90), ("Wed, 31 Dec 2025 23:59:00 GMT", 0), (" 7 ", 7),
      ("999999999999999999", 30 * 86_400),
    ])
  func retryAfter(text: String, seconds: Int) {
    #expect(Self.answer(["retry-after": text]).remainingCalls.retryAfter == .seconds(seconds))
  }
}
