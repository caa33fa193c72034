import Core

/// The state of Your App, which one request at a time changes.
struct AppState: Sendable {
  var store: AppStore
  var keys = IdempotencyKeys()
  var jobs: AppJobs
  var window: AppWindow
  var statistics = AppStatistics()
  private var inWork = 0
  /// How often each request was made, by its hash.
  private var attempts: [UInt64: Int] = [:]

  init(_ options: SandboxOptions) {
    store = AppStore(seed: options.seed, hasUniqueKeys: !options.faults.app.switches.contains(.withoutUniqueKeys))
    jobs = AppJobs(seed: options.seed)
    window = AppWindow(limit: options.appLimit)
  }

  mutating func countAttempt(_ hash: UInt64) -> Int {
    attempts[hash, default: 0] += 1
    return attempts[hash, default: 1]
  }

  mutating func begin() {
    inWork += 1
    statistics.maximumConcurrent = max(statistics.maximumConcurrent, inWork)
  }

  mutating func end() { inWork -= 1 }

  /// Carries out the jobs whose time has come, in the order in which they were accepted.
  mutating func runDueJobs(_ now: Int) {
    while let job = jobs.nextDue(now) { jobs.finish(job.number, job.batch.apply(to: &store, now: job.dueAt)) }
  }
}

/// What Your App has answered so far.
package struct AppStatistics: Sendable, Hashable {
  /// Every request that arrived, including the refused ones.
  package var requests = 0
  /// `POST /contacts/batch`.
  package var byRoute: [String: Int] = [:]
  /// 0: the connection was closed without a response.
  package var byStatus: [Int: Int] = [:]
  /// How often each fault was drawn, by its name.
  package var byFault: [String: Int] = [:]
  /// Responses that were stored under an idempotency key and sent again.
  package var replays = 0
  /// Requests that followed a redirect to another origin, and how many of them carried credentials.
  package var outside = 0
  package var outsideWithCredentials = 0
  /// The largest number of requests in progress at one time.
  package var maximumConcurrent = 0

  mutating func countOutside(_ request: SandboxRequest) {
    outside += 1
    if request.authorization != nil { outsideWithCredentials += 1 }
  }
}
