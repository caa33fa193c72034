/// Calls whose effect is looked up, or polled.
extension CallFlow {
  mutating func find(after pause: Duration) {
    failedReads = 0
    action = .find(after: pause)
  }

  /// Whether the record is not, or not yet, as it was sent. An update that has not taken effect shows the old values.
  private func isOpen(_ finding: Finding) -> Bool { finding == .absent || finding == .different && !traits.isCreate }

  mutating func take(_ found: [Finding], at now: Moment) {
    precondition(found.count == traits.records, "one finding for each record of the call")
    failedReads = 0
    lookups += 1
    // What was seen once is there, even if a slower replica of the destination does not show it the next time.
    findings = findings.isEmpty ? found : zip(findings, found).map { isOpen($0) ? $1 : $0 }
    guard findings.contains(where: isOpen) else { return finish(at: now) }
    let rest = max(runsUntil - now, .zero)
    if lookups >= absencesRequired, rest == .zero { return finish(at: now) }
    let pause = max(rest, policy.cap)
    // The destination asks for nothing: only this call has to wait for a later run.
    if pause > max(policy.longestWait, policy.cap) { return giveUp(.stillRunning) }
    action = .find(after: pause)
  }

  /// Every finding is certain.
  private mutating func finish(at now: Moment) {
    let open = findings.count(where: isOpen)
    if open == 0, findings.allSatisfy({ $0 == .same }) { return action = .end(.adopted) }
    if open == 0, findings.allSatisfy({ $0 == .different }) { return action = .end(.conflict(mayBeOurs: mayBeDone)) }
    if traits.hasIdempotencyKeys, mayBePoisoned, open > 0 { raiseEpoch(at: now) }
    guard open == findings.count else { return action = .end(.divided(findings, because: obstacle)) }
    mayBeDone = false
    (findings, lookups) = ([], 0)
    switch otherwise {
    case .conflict: action = .end(.conflict(mayBeOurs: false))
    case let end?: action = .end(end)
    case nil: pauseThen(.serverError, nil, at: now) { $0.goOn(after: $1, at: now) }
    }
  }

  // MARK: Jobs

  /// - Parameters:
  ///   - besides: whether another attempt may have been carried out.
  ///   - until: when no other attempt is still running.
  mutating func startJob(besides: Bool, until: Moment, _ retryAfter: Duration?, at now: Moment) {
    (mayBeDoneBesidesJob, runsUntilBesidesJob) = (besides, until)
    jobEnds = now + traits.longestJob
    runsUntil = max(runsUntil, jobEnds)
    (polls, failedReads) = (0, 0)
    take(.running(retryAfter: retryAfter), at: now)
  }

  mutating func take(_ job: Job, at now: Moment) {
    failedReads = 0
    switch job {
    case .running(let retryAfter):
      hasRenewed = false
      obstacle = .jobRunning
      if now > jobEnds { return giveUp(.jobRunning) }
      polls += 1
      let pause = max(policy.longestPause(afterAttempt: polls), retryAfter ?? .zero, .milliseconds(100))
      // The pause concerns only this job: other calls continue, and a later run polls the job again.
      if pause > max(policy.longestWait, policy.cap) { return giveUp(.jobRunning) }
      action = .poll(after: pause)
    case .finished(let response):
      (mayBeDone, runsUntil) = (mayBeDoneBesidesJob, runsUntilBesidesJob)
      take(response, nil, at: now)
    case .lost:
      hasRenewed = false
      obstacle = .jobLost
      pauseThen(.broken, nil, at: now) { $0.goOn(after: $1, at: now) }
    }
  }
}
