import Control
import Core
import Testing

@testable import GHL
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

  static let extremes = [
    "9223372036854775807", "-9223372036854775808", "18446744073709551616", "-1", "0", "1e400", "", "NaN", "\u{FFFD}",
  ]

  @Test(arguments: extremes, extremes)
  func `no header ends the program, and every call ends`(_ first: String, _ second: String) async throws {
    let names = [
      "x-ratelimit-max", "x-ratelimit-remaining", "x-ratelimit-interval-milliseconds", "x-ratelimit-limit-daily",
      "x-ratelimit-daily-remaining", "retry-after", "content-length",
    ]
    let transport = ScriptedTransport { number, _ in
      let headers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, ($0 + number) % 2 == 0 ? first : second) })
      let status = number % 3 == 0 ? 429 : number % 5 == 0 ? 503 : 200
      return .success(.json(status, #"{"contact":{"id":"a"}}"#, headers: headers))
    }
    let client = try GHLClient.scripted(transport)
    for _ in 0..<8 {
      do throws(GHLFailure) { _ = try await client.contact("a") } catch {
        // A run that ends because of limits says that it may be tried again later.
        #expect(error.operationFailure.exitCode == .tryLater)
        if error.kind == .comeBackLater { #expect((1...2_592_000).contains(error.retryAfter?.wholeSeconds ?? 0)) }
      }
    }
  }

  @Test(arguments: [(429, "3600", 3_600), (503, "86400", 86_400), (500, "99999999999", 2_592_000)])
  func `a pause longer than the limit ends the run`(_ status: Int, _ asked: String, _ seconds: Int) async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(status, "{}", headers: ["retry-after": asked])) }
    let client = try GHLClient.scripted(transport)
    let failure = await #expect(throws: GHLFailure.self) { try await client.contact("a") }
    #expect(failure?.kind == .comeBackLater && failure?.operationFailure.exitCode == .tryLater && failure?.endsRun == true)
    #expect(failure?.retryAfter?.wholeSeconds == seconds)
    #expect(failure?.description.contains("\(seconds) s") == true)
    #expect(transport.exchanges.count == 1)
  }

  @Test(
    arguments: [
      ("t-1", "t-1"), ("a\nb\u{1B}[31m", "ab[31m"), ("", nil), ("\u{202E}", nil),
      (String(repeating: "x", count: 5_000), String(repeating: "x", count: 64) + "…"),
    ] as [(String, String?)])
  func `a server's id is shown truncated and without control characters`(_ text: String, _ shown: String?) {
    #expect(ShownText.identifier(text) == shown)
    #expect(HTTPAnswer(status: 200, headers: ["traceid": text], body: []).traceId == shown)
  }
}
