import Core
import Records

/// Batches and their jobs.
extension YourApp {
  func batch(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow(["atomic"])
    let isAtomic = try call.flag("atomic")
    guard let items = try call.body()["items"], items.kind == .array else {
      throw AppProblem(.malformedRequest, "The body must be an object with a list named items.")
    }
    let slices = items.elements
    guard !slices.isEmpty else { throw AppProblem(.malformedRequest, "The batch is empty.") }
    guard slices.count <= AppBatch.mostItems else {
      var problem = AppProblem(.batchTooLarge, "A batch has at most \(AppBatch.mostItems) records.")
      problem.limit = ("maxItems", AppBatch.mostItems)
      throw problem
    }
    let batch = AppBatch(
      slices, resource, isAtomic: isAtomic, withRecords: call.prefers("return=representation"), hasTags: hasTags, call.faults)
    guard call.prefers("respond-async") || call.faults.has(.job) else {
      return state.withLock { batch.apply(to: &$0.store, now: call.now) }
    }
    let job = state.withLock { $0.jobs.accept(batch, now: call.now) }
    var answer = Self.answer(job, status: 202, now: call.now)
    answer.headers.append(("Location", Self.path(of: job)))
    if call.prefers("respond-async") { answer.headers.append(("Preference-Applied", "respond-async")) }
    return answer
  }

  func job(_ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    guard let job = state.withLock({ $0.jobs.job(call.id) }) else { throw AppProblem(.notFound, "There is no job with this ID.") }
    return Self.answer(job, status: 200, now: call.now)
  }

  private static func path(of job: AppJobs.Job) -> String { basePath + "/jobs/" + job.id }

  private static func answer(_ job: AppJobs.Job, status: Int, now: Int) -> SandboxAnswer {
    let halfTime = job.acceptedAt + AppJobs.duration / 2
    var answer = SandboxAnswer(status: status) { out in
      out.text("id", job.id)
      out.text("status", job.answer != nil ? "finished" : now < halfTime ? "queued" : "running")
      out.text("href", path(of: job))
      out.text("acceptedAt", Instant.iso(job.acceptedAt))
      guard let result = job.answer else { return }
      out.text("finishedAt", Instant.iso(job.dueAt))
      out.object("response") { out in
        out.number("status", result.status)
        out.name("body")
        out.bytes += result.body
      }
    }
    if job.answer == nil { answer.headers.append(("Retry-After", "1")) }
    return answer
  }

  /// The records of a batch; none, if the body is not one.
  static func batchItems(of request: SandboxRequest) -> [JSONSlice] {
    (try? JSONSlicer.slice(request.body))?["items"]?.elements ?? []
  }
}
