import Core

/// Batches that were accepted with 202. A job is carried out when its time has come, whether or not it is polled.
struct AppJobs: Sendable {
  /// The time from its acceptance to its completion, in milliseconds.
  static let duration = 500

  struct Job: Sendable {
    let id: String
    let number: Int
    let batch: AppBatch
    let acceptedAt: Int
    /// Milliseconds since 1970, like all times here.
    let dueAt: Int
    /// The response that the batch would have had without a job.
    var answer: SandboxAnswer?
  }

  private let seed: UInt64
  private var jobs: [Job] = []
  private var numbers: [Name: Int] = [:]
  /// Those before it are finished.
  private var next = 0

  init(seed: UInt64) { self.seed = seed }

  mutating func accept(_ batch: AppBatch, now: Int) -> Job {
    let id = "job_" + Hexadecimal.text(Draw.mix(seed &+ UInt64(jobs.count)), digits: 16)
    let job = Job(id: id, number: jobs.count, batch: batch, acceptedAt: now, dueAt: now + Self.duration)
    numbers[Name(id)] = jobs.count
    jobs.append(job)
    return job
  }

  func job(_ id: String) -> Job? { numbers[Name(id)].map { jobs[$0] } }

  /// The next job to carry out; nil: none is due.
  func nextDue(_ now: Int) -> Job? { next < jobs.count && jobs[next].dueAt <= now ? jobs[next] : nil }

  mutating func finish(_ number: Int, _ answer: SandboxAnswer) {
    jobs[number].answer = answer
    next = number + 1
  }
}
