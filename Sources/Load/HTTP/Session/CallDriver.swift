import Control
import Core
import HTTP

/// Performs what a call's flow decides: sends, looks up, polls, until the call has an end.
struct CallDriver: Sendable {
  let plan: PartPlan
  let engine: HTTPEngine
  let writer: JournalWriter
  let lookup: RecordLookup

  /// A call with its durable intent.
  struct OpenCall: Sendable {
    var id: IntentID
    /// A process that died left it, so it may have been sent.
    var wasOpen = false
    var context: CallContext
    var body: [UInt8]
    var key: String
    var epoch: Int
    var subjects: [OutgoingRecord]
  }

  enum Ending: Sendable, Hashable {
    case flow(CallFlow.End)
    /// The destination is not in use any more.
    ///
    /// - Parameter isOpen: the call may have been carried out, so its intent stays open.
    case stopped(OperationFailure, isOpen: Bool)
    /// - Parameter isOpen: as of `stopped`.
    case cancelled(isOpen: Bool)
  }

  struct Ended: Sendable {
    var ending: Ending
    /// The last response to the call itself.
    var response: ReadResponse?
    /// What the last lookup showed, by the order of the records.
    var found: [StoredRecord?] = []
    /// If lookups failed for some of the records: what they showed for the others, by the record's index.
    var seen: [Int: RecordLookup.Result] = [:]
    var attempts: Int
    /// An attempt had no response, or none that says whether it was carried out. What comes after it, such as a 412, may be due to it.
    var wasUncertain = false
    /// What went wrong last, for people; empty if nothing did.
    var detail = ""
    /// The call with its last key and context. Nil if it was only looked up.
    var call: OpenCall?

    /// What was seen once is there, even if a slower replica of the destination does not show it the next time.
    fileprivate mutating func add(_ records: [StoredRecord?]) {
      found = found.isEmpty ? records : zip(found, records).map { $1 ?? $0 }
    }
  }

  /// - Throws: what the journal throws.
  func run(_ flow: inout CallFlow, _ call: inout OpenCall) async throws -> Ended {
    var ended = Ended(ending: .cancelled(isOpen: true), attempts: 0, wasUncertain: call.wasOpen)
    var generation = 0
    func end(_ ending: Ending) -> Ended {
      ended.ending = ending
      ended.attempts = max(1, flow.attempts)
      ended.call = call
      return ended
    }
    func fail(_ read: FailedRead) {
      ended.detail = read.why
      generation = read.credentials ?? generation
      flow.take(read.event, at: engine.timekeeper.now())
    }
    while true {
      if flow.mayBeDone { ended.wasUncertain = true }
      switch flow.action {
      case .end(let how): return end(.flow(how))
      case .send(let epoch, let pause):
        guard await sleep(pause) else { return end(.cancelled(isOpen: flow.mayBeDone)) }
        if epoch != call.epoch || call.context.job != nil { try await renew(&call, for: epoch) }
        let before = flow.action
        var request = call.context.call(call.body, key: call.key)
        request.isOld = call.wasOpen
        let outcome = try await engine.call(request) {
          flow.reconsider(at: engine.timekeeper.now())
          return flow.action == before || Self.isSending(flow.action, epoch)
        }
        switch outcome {
        case nil: continue
        case .cancelled(let wasSent): return end(.cancelled(isOpen: wasSent || flow.mayBeDone))
        case .stopped(let failure): return end(.stopped(failure, isOpen: flow.mayBeDone))
        case .notSent(let why):
          ended.detail = why
          flow.take(.notSent, at: engine.timekeeper.now())
        case .noResponse(let why):
          ended.detail = why
          flow.take(.noResponse, at: engine.timekeeper.now())
        case .response(let read, let retryAfter, let used):
          generation = used
          let response: ReadResponse
          switch try await decided(read) {
          case .success(let own): response = own
          case .failure(let trouble):
            if case .stopped(let failure) = trouble.result { return end(.stopped(failure, isOpen: flow.mayBeDone)) }
            return end(.cancelled(isOpen: flow.mayBeDone))
          }
          ended.response = response
          ended.detail = response.detail
          if response.kind == .started, let trouble = try await keepJob(&call, response) { ended.detail = trouble }
          flow.take(.response(response.kind, retryAfter: retryAfter), at: engine.timekeeper.now())
        }
      case .find(let pause):
        guard await sleep(pause) else { return end(.cancelled(isOpen: true)) }
        switch try await find(call.subjects, &ended.seen, call.context.undo) {
        case .found(let findings, let records):
          ended.add(records)
          flow.take(.found(findings), at: engine.timekeeper.now())
        case .failed(let read): fail(read)
        case .cancelled: return end(.cancelled(isOpen: true))
        case .stopped(let failure): return end(.stopped(failure, isOpen: true))
        }
      case .poll(let pause):
        guard await sleep(pause) else { return end(.cancelled(isOpen: true)) }
        switch try await poll(call.context.job) {
        case .job(let job, let response):
          if let response { (ended.response, ended.detail) = (response, response.detail) }
          flow.take(.job(job), at: engine.timekeeper.now())
        case .failed(let read): fail(read)
        case .cancelled: return end(.cancelled(isOpen: true))
        case .stopped(let failure): return end(.stopped(failure, isOpen: true))
        }
      case .authorize: flow.take(.authorized(await engine.renewCredentials(after: generation)), at: engine.timekeeper.now())
      }
    }
  }

  /// Only looks up what became of a call that has ended, and sends nothing. `notCarriedOut`: none of its records is there as it was
  /// sent.
  ///
  /// - Parameter undo: the call is one of `waybill undo`.
  func lookUp(_ flow: inout CallFlow, _ subjects: [OutgoingRecord], _ undo: CallContext.Undo? = nil) async throws -> Ended {
    var ended = Ended(ending: .cancelled(isOpen: true), attempts: 1, wasUncertain: true)
    var generation = 0
    while true {
      switch flow.action {
      case .end(let how):
        ended.ending = .flow(how)
        return ended
      case .send:
        ended.ending = .flow(.notCarriedOut(.noResponse))
        return ended
      case .find(let pause):
        guard await sleep(pause) else { return ended }
        switch try await find(subjects, &ended.seen, undo) {
        case .found(let findings, let records):
          ended.add(records)
          flow.take(.found(findings), at: engine.timekeeper.now())
        case .failed(let read):
          ended.detail = read.why
          generation = read.credentials ?? generation
          flow.take(read.event, at: engine.timekeeper.now())
        case .cancelled: return ended
        case .stopped(let failure):
          ended.ending = .stopped(failure, isOpen: true)
          return ended
        }
      case .authorize: flow.take(.authorized(await engine.renewCredentials(after: generation)), at: engine.timekeeper.now())
      case .poll: return ended
      }
    }
  }

  private static func isSending(_ action: CallFlow.Action, _ epoch: Int) -> Bool {
    if case .send(epoch, _) = action { true } else { false }
  }

  /// False: cancelled.
  private func sleep(_ pause: Duration) async -> Bool {
    guard pause > .zero else { return !Task.isCancelled }
    do { try await engine.timekeeper.sleep(until: engine.timekeeper.now() + pause) } catch { return false }
    return true
  }

  /// A response that says whether its record is gone or refused, if necessary after a read of the record. If the read fails, the
  /// call is repeated.
  ///
  /// - Returns: a trouble only if the destination is no longer in use, or the load is cancelled.
  private func decided(_ response: ReadResponse) async throws -> Result<ReadResponse, RecordLookup.Trouble> {
    guard let target = response.decidedBy else { return .success(response) }
    var own = response
    switch try await lookup.read("GET", target) {
    case .success(let body): own.kind = body == nil ? .gone : .refused
    case .failure(let trouble):
      switch trouble.result {
      case .cancelled, .stopped: return .failure(trouble)
      default: own.kind = .retry(status: response.status)
      }
    }
    return .success(own)
  }

  // MARK: The journal

  /// Prepares the next attempt. Before it is sent, the journal has its key and has forgotten the job of the previous attempt: a
  /// later process would mistake the end of that job for the end of this attempt.
  private func renew(_ call: inout OpenCall, for epoch: Int) async throws {
    if epoch != call.epoch {
      call.key = PartPlan.idempotencyKey(after: call.key, epoch: epoch)
      call.epoch = epoch
    }
    call.context.job = nil
    try await save(call)
  }

  func save(_ call: OpenCall) async throws {
    try await writer.update(
      IntentUpdate(id: call.id, epoch: call.epoch, idempotencyKey: call.key, context: call.context.bytes))
  }

  /// The job's address, durable before it is polled.
  ///
  /// - Returns: why the job cannot be polled; nil if it can.
  private func keepJob(_ call: inout OpenCall, _ response: ReadResponse) async throws -> String? {
    guard let job = plan.resource.job else { return "the response is a 202, but the pipeline has no `job`" }
    guard let location = job.location.text(headers: response.headers, body: response.body) else {
      return "the response is a 202 without the job's address in \(job.location.text)"
    }
    let address = engine.document.address
    guard let target = address.target(of: location, from: address.text + call.context.target) else {
      // Without the query, which may contain a signature.
      let shown = ResponseDetail.shown(String(location.prefix { $0 != "?" && $0 != "#" }))
      return "the job's address has a different origin than base_url, so the job is not polled: \(shown)"
    }
    call.context.job = address.origin + target
    try await save(call)
    return nil
  }

  // MARK: Reading

  /// A lookup or a poll that failed.
  private struct FailedRead {
    var failure = CallFlow.ReadFailure.other
    var retryAfter: Duration?
    var hasProgressed = false
    var why: String
    /// The generation of the credentials that it was sent with; nil if there was no response.
    var credentials: Int?

    var event: CallFlow.Event { .readFailed(failure, retryAfter: retryAfter, hasProgressed: hasProgressed) }
  }

  private enum Found {
    case found([CallFlow.Finding], [StoredRecord?])
    case failed(FailedRead)
    case cancelled
    case stopped(OperationFailure)
  }

  /// Lookups at the same time.
  private static let lookupsAtOnce = 8

  /// - Parameters:
  ///   - seen: what earlier attempts have shown, by the order of the records; a lookup that failed does not undo the others.
  ///   - undo: the call is one of `waybill undo`. If it removes its record, an absent one is as it should be.
  private func find(
    _ subjects: [OutgoingRecord], _ seen: inout [Int: RecordLookup.Result], _ undo: CallContext.Undo?
  ) async throws -> Found {
    let before = seen.count
    var rest = subjects.indices.filter { seen[$0] == nil }[...]
    let lookup = lookup
    var failed: Found?
    try await withThrowingTaskGroup(of: (Int, RecordLookup.Result).self) { group in
      func next() {
        guard failed == nil, let index = rest.popFirst() else { return }
        let subject = subjects[index]
        group.addTask { (index, try await lookup.find(subject)) }
      }
      for _ in 0..<Self.lookupsAtOnce { next() }
      while let (index, result) = try await group.next() {
        switch result {
        case .absent, .found: seen[index] = result
        case .failed(let failure, let retryAfter, let why):
          failed = .failed(FailedRead(failure: failure, retryAfter: retryAfter, why: why))
        case .unauthorized(let why, let credentials):
          failed = .failed(FailedRead(failure: .unauthorized, why: why, credentials: credentials))
        case .cancelled: failed = .cancelled
        case .stopped(let failure): failed = .stopped(failure)
        case .undecided(let reason): failed = .failed(FailedRead(why: reason.detail))
        }
        next()
      }
    }
    if case .failed(var read)? = failed {
      read.hasProgressed = seen.count > before
      return .failed(read)
    }
    if let failed { return failed }
    defer { seen = [:] }
    var findings: [CallFlow.Finding] = []
    var records: [StoredRecord?] = []
    for (index, subject) in subjects.enumerated() {
      guard case .found(let stored)? = seen[index] else {
        findings.append(undo?.isDelete == true ? .same : .absent)
        records.append(nil)
        continue
      }
      // Without the record as it was sent, whatever is there counts as different.
      let sent = try? JSONReader.read(subject.json)
      let isSame = undo.map { $0.isShown(sent, in: stored) } ?? stored.matches(sent, plan.comparison)
      findings.append(isSame ? .same : .different)
      records.append(stored)
    }
    return .found(findings, records)
  }

  private enum Polled {
    case job(CallFlow.Job, ReadResponse?)
    case failed(FailedRead)
    case cancelled
    case stopped(OperationFailure)
  }

  /// - Parameter address: the job's address, as stored in the call's context.
  private func poll(_ address: String?) async throws -> Polled {
    let base = engine.document.address
    guard let address, let job = plan.resource.job,
      let target = base.target(of: address.hasPrefix("/") ? base.text + address : address, from: base.text)
    else { return .job(.lost, nil) }
    let call: HTTPCall
    do { call = try plan.poll(target) } catch { return .failed(FailedRead(why: error.text)) }
    switch try await engine.call(call) {
    case nil, .cancelled: return .cancelled
    case .stopped(let failure): return .stopped(failure)
    case .notSent(let why), .noResponse(let why): return .failed(FailedRead(why: why))
    case .response(let response, let retryAfter, let credentials):
      func failed(_ failure: CallFlow.ReadFailure = .other) -> Polled {
        .failed(FailedRead(failure: failure, retryAfter: retryAfter, why: response.detail, credentials: credentials))
      }
      switch response.kind {
      case .unauthorized: return failed(.unauthorized)
      case .forbidden: return failed(.forbidden)
      case .gone: return .job(.lost, nil)
      case .accepted, .started: break
      default: return failed()
      }
      guard let body = response.body, case .string(let state)? = job.state.value(in: body) else {
        return .failed(FailedRead(retryAfter: retryAfter, why: "the job has no state at '\(job.state.text)'"))
      }
      if job.running.contains(where: { $0.isExactly(state) }) { return .job(.running(retryAfter: retryAfter), nil) }
      let status = job.status.flatMap { $0.value(in: body)?.intValue } ?? 200
      let own = job.response.map { $0.value(in: body) } ?? body
      let result = engine.document.responses.read(status: status, headers: [:], body: own)
      // A job that is over is not started again.
      return .job(.finished(result.kind == .started ? .accepted : result.kind), result)
    }
  }
}
