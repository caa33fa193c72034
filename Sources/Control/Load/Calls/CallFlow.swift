/// Drives one call from a durable intent to a definite outcome without ever repeating a write blindly. No I/O: the caller
/// performs `action`, and reports what happened.
///
///     var flow = CallFlow(traits, at: now)                    // its intent is durable
///     while case .send(let epoch, let pause) = flow.action {  // or .find, .poll, .authorize
///       …
///       flow.take(.noResponse, at: now)
///     }
///     guard case .end(let end) = flow.action …
///
/// Two cases are distinguished: a call of which no byte has left has changed nothing, and may be made again; a call that was sent
/// but has no usable response may have been carried out. What happens then depends on what the destination offers:
///
/// 1. **A call that can be repeated**, such as a PUT to a known ID: it is sent again.
/// 2. **Idempotency keys**: the same body is sent again under the same key, for as long as the destination remembers it.
/// 3. **`find`**: the records are looked up. They are sent again only if they are absent twice, the second time when no call that
///    was sent can still be running (`Traits.longestCall`).
/// 4. Otherwise the result stays unknown. The intent remains open, and its records are pending.
///
/// Some destinations store a failed response under the key and replay it indefinitely. After the same server error three times,
/// the record is looked up as above, and if it is absent, sent under a new key: a new *epoch*. A call that can be repeated needs
/// no lookup. Errors of gateways are not replays: behind them, the call may still be running.
///
/// Some destinations refuse a create but carry it out anyway (`doubtful`): the record is looked up, and the create counts as
/// refused only if the record is absent. It is never sent again.
///
/// **What the journal keeps.** With the intent: `Traits` as of the sending, the epoch, the time at which the key was first used
/// and, where it is known, the last sending, and the address of a job before it is polled. A new epoch is saved before anything
/// is sent under it. The epoch also outlives the intent: the next call for the same record and digest starts from it, because
/// the keys of earlier epochs may have an error stored under them.
package struct CallFlow: Sendable, Hashable {
  /// The same server error under one key, this many times, is taken as stored under the key.
  static let replaysAtMost = 3
  /// How often a record must be absent before a call that may have been carried out counts as not carried out.
  static let absencesOfLost = 2

  package let traits: Traits
  let policy: RetryPolicy
  package internal(set) var action: Action
  /// From 0; a new one has a new idempotency key.
  package internal(set) var epoch: Int
  /// How often it was sent, or would have been had there been a connection. Throttled attempts do not count.
  package private(set) var attempts = 0
  /// Some byte of it has left.
  private var wasSent: Bool
  /// It was sent, and nothing says that it was not carried out.
  package internal(set) var mayBeDone: Bool
  /// No call that was sent is still running after this.
  var runsUntil: Moment
  /// When the present `.send` was decided on: no later than its sending.
  private var issued: Moment
  /// Where `mayBeDone`: no later than the first use of the key. Nil: the key is not trusted.
  private var keyUsed: Moment?
  private var throttled = 0
  /// The last error that may be stored under the key, and its consecutive count.
  private var replayed: Response?
  private var replays = 0
  /// An error may be stored under the key of this epoch.
  var mayBePoisoned = false
  /// The credentials were renewed because the last response or read refused them.
  var hasRenewed = false
  /// What follows when the credentials are renewed.
  private var resumed: Action?
  /// The end, if a lookup shows that the call was not carried out. Nil: it is sent again.
  var otherwise: End?
  /// What lookups have shown of each record, since the last sending.
  var findings: [Finding] = []
  /// Lookups since the last sending.
  var lookups = 0
  /// How many of them must miss a record.
  var absencesRequired = CallFlow.absencesOfLost
  /// Consecutive lookups or polls that failed.
  var failedReads = 0
  var polls = 0
  var jobEnds = Moment()
  /// `mayBeDone` and `runsUntil` without the job.
  var mayBeDoneBesidesJob = false
  var runsUntilBesidesJob = Moment()
  var obstacle = Obstacle.noResponse
  var random: SplitMix

  /// - Parameters:
  ///   - epoch: that of the idempotency key in the intent.
  ///   - sent: the intent is from a process that died, so its call may have been sent. Nil: the intent is new.
  ///   - seed: of the random shares of pauses.
  package init(
    _ traits: Traits, policy: RetryPolicy = .init(), epoch: Int = 0, sent: Sent? = nil, at now: Moment,
    seed: UInt64 = .random(in: .min ... .max)
  ) {
    self.traits = traits
    self.policy = policy
    self.epoch = epoch
    (wasSent, mayBeDone) = (sent != nil, sent != nil)
    issued = now
    keyUsed = sent?.first.flatMap { $0 <= now ? $0 : nil }
    let last = sent?.last.flatMap { $0 <= now ? $0 : nil } ?? now
    runsUntil = sent == nil ? now : last + traits.longestCall
    // The process may have seen an error before it died.
    mayBePoisoned = sent != nil
    random = SplitMix(state: seed)
    action = .send(epoch: epoch, after: .zero)
    guard let sent else { return }
    if sent.hasJob { startJob(besides: false, until: now, nil, at: now) } else { goOn(after: .zero, at: now) }
  }

  /// Takes what happened when `action` was performed. An event that does not belong to it changes nothing.
  package mutating func take(_ event: Event, at now: Moment) {
    switch (action, event) {
    case (.send, .notSent):
      attempts += 1
      replays = 0
      obstacle = .unreachable
      pauseThen(.broken, nil, at: now) { $0.goOn(after: $1, at: now) }
    case (.send, .noResponse):
      attempts += 1
      replays = 0
      obstacle = .noResponse
      becomeUncertain(at: now)
      pauseThen(.timedOut, nil, at: now) { $0.goOn(after: $1, at: now) }
    case (.send, .response(let response, let retryAfter)):
      if response != replayed { replays = 0 }
      take(response, retryAfter, at: now)
    case (.find, .found(let findings)):
      hasRenewed = false
      take(findings, at: now)
    case (.poll, .job(let job)): take(job, at: now)
    case (.find, .readFailed(let failure, let retryAfter, let hasProgressed)),
      (.poll, .readFailed(let failure, let retryAfter, let hasProgressed)):
      if hasProgressed { failedReads = 0 }
      readFailed(failure, retryAfter)
    case (.authorize, .authorized(let isRenewed)): renewed(isRenewed, at: now)
    default: break
    }
  }

  /// To be called before a call that had to wait for other reasons is sent again: its key may have expired meanwhile.
  package mutating func reconsider(at now: Moment) {
    if case .send = action, mayBeDone { goOn(after: .zero, at: now) }
  }

  // MARK: Sending

  mutating func take(_ response: Response, _ retryAfter: Duration?, at now: Moment) {
    wasSent = true
    if response != .unauthorized { hasRenewed = false }
    switch response {
    case .accepted: action = .end(.accepted)
    case .started:
      attempts += 1
      let (besides, until) = (mayBeDone, runsUntil)
      becomeUncertain(at: now)
      startJob(besides: besides, until: until, retryAfter, at: now)
    case .throttled:
      throttled += 1
      obstacle = .throttled
      pauseThen(.throttled, retryAfter, at: now) { $0.goOn(after: $1, at: now) }
    case .retry(let status):
      obstacle = .retry(status: status)
      failed(response, status, retryAfter, at: now)
    case .serverError(let status):
      obstacle = .serverError(status: status)
      failed(response, status, retryAfter, at: now)
    case .redirected:
      attempts += 1
      becomeUncertain(at: now)
      mayBePoisoned = true
      // The write is not repeated, because it would be redirected again: if it was not carried out, it counts as refused.
      stop(.refused, .refused, concernsBody: false, mayBePartial: true)
    case .stillRunning:
      attempts += 1
      obstacle = .stillRunning
      becomeUncertain(at: now)
      pauseThen(.serverError, retryAfter, at: now) { $0.goOn(after: $1, at: now) }
    case .keyReused:
      attempts += 1
      obstacle = .keyReused
      keyWasReused(retryAfter, at: now)
    // What is in the way may be this very call, carried out at an earlier attempt.
    case .conflict: stop(.conflict(mayBeOurs: mayBeDone), .conflict, concernsBody: false, mayBePartial: true)
    case .gone: stop(.gone, .gone, concernsBody: true, mayBePartial: true)
    case .refused: stop(.refused, .refused, concernsBody: true, mayBePartial: true)
    case .doubtful: doubt(at: now)
    case .tooLarge: stop(.tooLarge, .refused, concernsBody: true, mayBePartial: false)
    case .forbidden: stop(.forbidden, .forbidden, concernsBody: false, mayBePartial: false)
    case .unauthorized:
      // A call whose job ends with a 401 was itself accepted, which resets `hasRenewed`, so the attempts must be limited, too.
      guard !hasRenewed, attempts < policy.maxAttempts else {
        return stop(.unauthorized, .unauthorized, concernsBody: false, mayBePartial: false)
      }
      authorize(then: nil)
    }
  }

  private mutating func keyWasReused(_ retryAfter: Duration?, at now: Moment) {
    if traits.isRepeatable {
      raiseEpoch(at: now)
      pauseThen(.serverError, retryAfter, at: now) { $0.goOn(after: $1, at: now) }
    } else if traits.canFind {
      becomeUncertain(at: now)
      mayBePoisoned = true
      find(after: .zero)
    } else {
      // Without an earlier attempt, the destination mistakes it for a different call.
      if mayBeDone { giveUp(.keyReused) } else { action = .end(.refused) }
    }
  }

  private mutating func failed(_ response: Response, _ status: Int, _ retryAfter: Duration?, at now: Moment) {
    attempts += 1
    becomeUncertain(at: now)
    // Gateways respond before the call has ended, and their errors are not stored.
    let isOfGateway = 502...504 ~= status || 520...599 ~= status
    if isOfGateway {
      (replayed, replays) = (nil, 0)
    } else {
      (replayed, replays) = (response, replayed == response ? replays + 1 : 1)
      mayBePoisoned = true
    }
    guard traits.hasIdempotencyKeys, replays >= Self.replaysAtMost else {
      return pauseThen(.serverError, retryAfter, at: now) { $0.goOn(after: $1, at: now) }
    }
    if traits.isRepeatable {
      raiseEpoch(at: now)
      pauseThen(.serverError, retryAfter, at: now) { $0.goOn(after: $1, at: now) }
    } else if traits.canFind {
      pauseThen(.serverError, retryAfter, at: now) { $0.find(after: $1) }
    } else {
      giveUp(obstacle)
    }
  }

  mutating func raiseEpoch(at now: Moment) {
    epoch += 1
    (replayed, replays, mayBePoisoned) = (nil, 0, false)
    keyUsed = now
  }

  /// From now on the call may have been carried out, and may still be running.
  private mutating func becomeUncertain(at now: Moment) {
    if !mayBeDone { keyUsed = issued }
    (wasSent, mayBeDone) = (true, true)
    runsUntil = max(runsUntil, now + traits.longestCall)
    (findings, lookups, absencesRequired) = ([], 0, Self.absencesOfLost)
  }

  /// A create was refused, and may have been carried out. It is not repeated, because it would be refused again.
  private mutating func doubt(at now: Moment) {
    guard traits.isCreate else { return stop(.refused, .refused, concernsBody: true, mayBePartial: true) }
    attempts += 1
    let isOnlyDoubt = !mayBeDone
    let until = runsUntil
    becomeUncertain(at: now)
    // The response came, so the call has ended.
    runsUntil = until
    if isOnlyDoubt { absencesRequired = traits.absencesRequired }
    mayBePoisoned = true
    stop(.refused, .refused, concernsBody: false, mayBePartial: true)
  }

  private mutating func send(after pause: Duration, at now: Moment) {
    issued = now
    action = .send(epoch: epoch, after: pause)
  }

  /// Sends the call, or chooses how to resolve one that may have been carried out.
  mutating func goOn(after pause: Duration, at now: Moment) {
    let isKeyValid = traits.hasIdempotencyKeys && keyUsed.map { now + pause < $0 + traits.keyLifetime } ?? false
    if !mayBeDone || traits.isRepeatable || isKeyValid {
      send(after: pause, at: now)
    } else if traits.canFind {
      find(after: pause)
    } else {
      giveUp(obstacle)
    }
  }

  // MARK: Credentials

  /// - Parameter next: nil: the call is sent.
  private mutating func authorize(then next: Action?) {
    hasRenewed = true
    resumed = next
    action = .authorize
  }

  private mutating func renewed(_ isRenewed: Bool, at now: Moment) {
    switch (isRenewed, resumed) {
    case (true, .some(let next)): action = next
    case (true, .none): goOn(after: .zero, at: now)
    case (false, .some): giveUp(.unauthorized)
    case (false, .none): stop(.unauthorized, .unauthorized, concernsBody: false, mayBePartial: false)
    }
  }

  private mutating func readFailed(_ failure: ReadFailure, _ retryAfter: Duration?) {
    switch failure {
    case .unauthorized: if hasRenewed { giveUp(.unauthorized) } else { authorize(then: action) }
    case .forbidden: giveUp(.forbidden)
    case .other:
      hasRenewed = false
      failedReads += 1
      let verdict = policy.verdict(
        on: .serverError, attempts: failedReads, throttled: 0, retryAfter: retryAfter, jitter: random.share())
      let isPoll = if case .poll = action { true } else { false }
      switch verdict {
      case .retry(let pause): action = isPoll ? .poll(after: pause) : .find(after: pause)
      case .comeBack where isPoll: giveUp(.jobRunning)
      case .comeBack(let pause): giveUp(.comeBack(after: pause))
      // What stops the destination is the better reason.
      case .giveUp: giveUp(obstacle == .forbidden || obstacle == .unauthorized ? obstacle : isPoll ? .jobRunning : .findFailed)
      }
    }
  }

  // MARK: Ends

  /// Continues after a pause, unless there were enough attempts.
  mutating func pauseThen(
    _ trouble: RetryPolicy.Trouble, _ retryAfter: Duration?, at now: Moment, _ goOn: (inout CallFlow, Duration) -> Void
  ) {
    let verdict = policy.verdict(
      on: trouble, attempts: attempts, throttled: throttled, retryAfter: retryAfter, jitter: random.share())
    switch verdict {
    case .retry(let pause):
      let longest = trouble == .throttled ? policy.longestPause(afterAttempt: throttled) : .zero
      let asked = retryAfter ?? .zero
      if trouble == .throttled, asked > policy.longestWait { return giveUp(.comeBack(after: asked)) }
      goOn(&self, max(pause, asked, longest * random.share()))
    case .comeBack(let pause): giveUp(.comeBack(after: pause))
    // A lookup may still tell whether it took effect.
    case .giveUp where mayBeDone && traits.canFind: find(after: .zero)
    case .giveUp: giveUp(obstacle)
    }
  }

  mutating func giveUp(_ obstacle: Obstacle) {
    action = .end(mayBeDone ? .unresolved(obstacle) : wasSent ? .notCarriedOut(obstacle) : .notSent(obstacle))
  }

  /// The end after a refusal. It says nothing about an earlier attempt that may have been carried out, unless that would have
  /// been refused in the same way: the same body, judged by itself. Nor does it say that no record of a batch was stored that is
  /// not atomic.
  private mutating func stop(_ end: End, _ obstacle: Obstacle, concernsBody: Bool, mayBePartial: Bool) {
    self.obstacle = obstacle
    let isPartial = mayBePartial && !traits.isAtomic
    let isFinal = !mayBeDone || concernsBody && (traits.hasIdempotencyKeys || traits.isRepeatable)
    if isFinal, !isPartial { return action = .end(end) }
    mayBeDone = true
    guard traits.canFind else {
      if case .conflict = end, !isPartial { action = .end(end) } else { giveUp(obstacle) }
      return
    }
    otherwise = end
    find(after: .zero)
  }
}
