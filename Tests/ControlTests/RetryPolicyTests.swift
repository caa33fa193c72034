import Testing

@testable import Control

@Suite struct RetryPolicyTests {
  /// Random in the program; any value works here.
  private let jitter = 0.5

  @Test(
    "the longest pause doubles up to the cap",
    arguments: zip([1, 2, 3, 4, 7, 8, 60], [0.25, 0.5, 1, 2, 16, 20, 20]))
  func longestPause(attempt: Int, seconds: Double) {
    #expect(RetryPolicy().longestPause(afterAttempt: attempt).seconds == seconds)
  }

  @Test(
    "trouble is retried until its attempts are used up",
    arguments: [RetryPolicy.Trouble.serverError, .broken, .timedOut], [1, 5, 6, 7])
  func attempts(trouble: RetryPolicy.Trouble, attempt: Int) {
    let policy = RetryPolicy()
    switch policy.verdict(on: trouble, attempts: attempt, throttled: 0, jitter: jitter) {
    case .giveUp: #expect(attempt >= 6)
    case .comeBack: Issue.record("nobody asked for a pause")
    case .retry(let pause):
      #expect(attempt < 6)
      #expect(pause >= .zero && pause <= policy.longestPause(afterAttempt: attempt))
    }
  }

  @Test("jitter is the share of the longest pause", arguments: [0, 0.25, 0.999])
  func jitterShare(jitter: Double) {
    let policy = RetryPolicy()
    let verdict = policy.verdict(on: .broken, attempts: 3, throttled: 0, jitter: jitter)
    #expect(verdict == .retry(after: policy.longestPause(afterAttempt: 3) * jitter))
  }

  @Test("a 429 is not the request's fault and a refusal is final")
  func others() {
    let policy = RetryPolicy()
    #expect(policy.verdict(on: .throttled, attempts: 99, throttled: 20, jitter: jitter) == .retry(after: .zero))
    #expect(policy.verdict(on: .throttled, attempts: 0, throttled: 21, jitter: jitter) == .giveUp)
    #expect(policy.verdict(on: .refused, attempts: 1, throttled: 0, jitter: jitter) == .giveUp)
  }

  @Test("concurrency halves on errors and recovers one by one")
  func concurrency() {
    var limit = ConcurrencyLimit(maximum: 8)
    #expect(limit.current == 8)
    limit.troubled()
    #expect(limit.current == 4)
    for _ in 0..<4 { limit.succeeded() }
    #expect(limit.current == 5)
    for _ in 0..<100 { limit.succeeded() }
    #expect(limit.current == 8)
    for _ in 0..<10 { limit.troubled() }
    #expect(limit.current == 1)
  }

  @Test("a pause that the server asks for is observed", arguments: [(0, 0), (7, 7), (300, 300)])
  func retryAfter(asked: Int, least: Int) {
    let verdict = RetryPolicy().verdict(
      on: .serverError, attempts: 1, throttled: 0, retryAfter: .seconds(asked), jitter: jitter)
    guard case .retry(let pause) = verdict else {
      Issue.record("it gives up")
      return
    }
    #expect(pause >= .seconds(least) && pause <= .seconds(least) + .milliseconds(250))
  }

  @Test("a pause longer than the limit ends the run", arguments: [301, 86_400, Int.max])
  func comeBack(asked: Int) {
    let verdict = RetryPolicy().verdict(
      on: .serverError, attempts: 6, throttled: 0, retryAfter: .seconds(asked), jitter: jitter)
    #expect(verdict == .comeBack(after: .seconds(asked)))
  }

  @Test("quotas of several locations add up, and the least remainder counts")
  func quotas() {
    var left = Quota()
    left.made = 3
    left.remaining = 50
    var right = Quota()
    right.made = 4
    right.throttled = 1
    #expect((left + right).made == 7)
    #expect((left + right).throttled == 1)
    #expect((left + right).remaining == 50)
  }
}
