import Core
import Testing

@testable import Sandbox

@Suite("Your App: request limit")
struct AppLimitTests {
  @Test func `the window has a limit, and says when it ends`() {
    var window = AppWindow(limit: 2)
    #expect(window.take(now: 500).headers.map(\.value) == ["\"burst\";q=2;w=10", "\"burst\";r=1;t=10"])
    #expect(window.take(now: 5_501).headers[1].value == "\"burst\";r=0;t=5")
    let refused = window.take(now: 10_499)
    #expect(!refused.isAllowed && refused.seconds == 1)
    #expect(window.take(now: 10_500).isAllowed)
  }

  @Test func `a request over the limit is refused until the window ends`() throws {
    let asking = try AppAsking(limitScale: 0.005)
    for remaining in (0..<5).reversed() {
      #expect(asking.send("GET", "/contacts").header("RateLimit") == "\"burst\";r=\(remaining);t=10")
    }
    asking.advance(3_200)
    let refused = asking.send("POST", "/contacts", AppSamples.contact("c1"))
    #expect(refused.status == 429 && refused.problemCode == "too-many-requests")
    #expect(refused.header("Retry-After") == "7" && refused.header("RateLimit-Policy") == "\"burst\";q=5;w=10")
    asking.advance(6_800)
    #expect(asking.send("POST", "/contacts", AppSamples.contact("c1")).status == 201)
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (1_709_164_800_000, "Thu, 29 Feb 2024 00:00:00 GMT"), (4_102_444_799_999, "Thu, 31 Dec 2099 23:59:59 GMT"),
  ])
  func `dates are written as HTTP requires`(milliseconds: Int, text: String) {
    #expect(Instant.httpDate(milliseconds) == text)
  }
}
