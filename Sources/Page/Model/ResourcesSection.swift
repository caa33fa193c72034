/// Quota, time and retries.
package struct ResourcesSection: PageSection {
  package static let title = "Quota, time and retries"
  package static let explanation = "Requests to GHL, and how long each stage took."
  package static let sources = ["summary.json: requests, durations"]

  package struct Run: Encodable, Sendable, Equatable {
    package var run: String
    package var requests: Int?
    package var retried: Int?
    /// Responses with 429.
    package var throttled: Int?
    package var quotaRemaining: Int?
    package var durations: [Duration]
    /// From start to finish.
    package var seconds: Double?
  }

  package struct Duration: Encodable, Sendable, Equatable {
    package var stage: String
    package var seconds: Double
  }

  package var runs: [Run] = []
  package var missing: [NotRecorded] = []
}
