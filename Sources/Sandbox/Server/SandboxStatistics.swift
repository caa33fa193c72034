/// What a sandbox has answered so far.
package struct SandboxStatistics: Sendable, Hashable {
  /// Every request that arrived, also the refused ones.
  package var requests = 0
  /// By route as in `facts.md` appendix A: `GET /contacts/{contactId}`.
  package var byRoute: [String: Int] = [:]
  package var byStatus: [Int: Int] = [:]
  /// 429 of the limiter and of the fault together.
  package var tooManyRequests = 0
  package var byFault: [String: Int] = [:]
  /// The most requests that were in work at one time.
  package var maximumConcurrent = 0
}
