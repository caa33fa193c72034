import Control
import Core
import Testing

@testable import GHL
@testable import HTTP

/// Extreme numbers, long pauses and odd texts in headers.
@Suite struct HostileHeaderTests {
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
