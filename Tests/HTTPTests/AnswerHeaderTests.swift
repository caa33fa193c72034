import Control
import Testing

@testable import HTTP

/// Numbers and dates in headers, whatever a server writes there.
@Suite struct AnswerHeaderTests {
  @Test(
    arguments: [
      ("0", 0), ("7", 7), (" 7\t", 7), ("+7", 7), ("007", 7), ("-1", -1), ("9223372036854775807", HeaderNumber.most),
      ("-9223372036854775808", -HeaderNumber.most), ("99999999999999999999999999", HeaderNumber.most), ("", nil), (" ", nil),
      ("-", nil),
      ("1.5", nil), ("1e3", nil), ("0x10", nil), ("NaN", nil), ("1 2", nil), ("5, 5", nil), ("٣", nil), ("--1", nil),
      ("1_000", nil),
    ] as [(String, Int?)])
  func `a whole number is read and clamped to its range`(_ text: String, _ number: Int?) {
    #expect(HeaderNumber.whole(text) == number)
  }

  @Test(
    arguments: [("5", 5), ("-5", 0), ("-9223372036854775808", nil), ("9223372036854775807", HeaderNumber.most)]
      as [(String, Int?)])
  func `a count slightly below zero is zero, and one far below is ignored`(_ text: String, _ number: Int?) {
    #expect(HeaderNumber.count(text) == number)
  }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
      ("Sun, 06 Nov 1994 08:49:37 EST", nil), ("Sun, 31 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:49:37 GMT", nil),
      ("Sun, 06 Nov 99999999999999999999 08:49:37 GMT", nil), ("Sun, 06 Xxx 1994 08:49:37 GMT", nil),
      ("1994-11-06T08:49:37Z", nil),
      ("Sun, 06 Nov 199 08:49:37 GMT", nil), ("Sun, ٠٦ Nov 1994 08:49:37 GMT", nil), ("", nil), ("- - - - - GMT", nil),
    ] as [(String, Int?)])
  func `dates are read in all three forms`(_ text: String, _ seconds: Int?) { #expect(HTTPDate.seconds(text) == seconds) }

  /// `Retry-After`, `Date`, the pause.
  @Test(
    arguments: [
      ("120", nil, .seconds(120)), ("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", .seconds(60)),
      ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:37 GMT", .zero), ("Sun, 06 Nov 1994 08:49:37 GMT", nil, .zero),
      ("9223372036854775807", nil, RateLimits.longestRetryAfter),
      ("Fri, 31 Dec 9999 23:59:59 GMT", nil, RateLimits.longestRetryAfter),
      ("-5", nil, .zero), ("soon", nil, nil), ("", nil, nil),
    ] as [(String, String?, Duration?)])
  func `a pause is seconds or a date, measured by the server's clock`(_ text: String, _ date: String?, _ pause: Duration?) {
    var headers = ["retry-after": text]
    headers["date"] = date
    #expect(HTTPAnswer(status: 429, headers: headers, body: []).limits.retryAfter == pause)
  }

  @Test func `the headers of both quotas are read, each on its own`() {
    let headers = [
      "x-ratelimit-max": "100", "x-ratelimit-remaining": "7", "x-ratelimit-interval-milliseconds": "10000",
      "x-ratelimit-limit-daily": "200000", "x-ratelimit-daily-remaining": "1500",
    ]
    let limits = HTTPAnswer(status: 200, headers: headers, body: []).limits
    #expect(
      limits
        == RateLimits(
          max: 100, remaining: 7, interval: .seconds(10), dailyLimit: 200_000, dailyRemaining: 1_500, retryAfter: nil))
    var few = headers
    (few["x-ratelimit-max"], few["x-ratelimit-remaining"]) = ("many", nil)
    let rest = HTTPAnswer(status: 200, headers: few, body: []).limits
    #expect(rest.max == nil && rest.remaining == nil && rest.interval == .seconds(10) && rest.dailyRemaining == 1_500)
  }
}
