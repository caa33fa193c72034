/// Takes one call to a destination from its intent to a known end, and never writes blindly twice. No I/O: the caller performs
/// `action`, and reports what happened.
///
///     var flow = CallFlow(traits)                             // its intent is durable
///     while case .send(let epoch, let pause) = flow.action {  // or .find, .authorize
///       …
///       flow.take(.noResponse)
///     }
///     guard case .end(let end) = flow.action …
///
/// Two things are kept apart: a call of which no byte has left has changed nothing, and may be made again; a call that was sent
/// but has no usable response may have been carried out. What happens then depends on what the destination offers:
///
/// 1. **Idempotency keys**: the same body is sent again under the same key. The destination recognizes it.
/// 2. **A call that can be repeated**, such as a PUT to a known ID: it is sent again.
/// 3. **`find`**: the record is looked up. It is sent again only if it is absent twice, with a pause in between, since the
///    first call may still be running.
/// 4. Otherwise the result stays unknown. The intent remains open, and its records are pending.
///
/// Some destinations store a failed response under the key and replay it for ever. After the same server error three times, the
/// record is looked up, and if it is absent, sent under a new key: a new *epoch*. Without `find`, it is pending.
package struct CallFlow: Sendable, Hashable {
  /// What a call can rely on.
  package struct Traits: Sendable, Hashable {
    /// The destination recognizes a repeated call by its key.
    package var hasIdempotencyKeys: Bool
    /// A record can be looked up by its key.
    package var canFind: Bool
    /// Making the call twice has the effect of making it once, whatever happens in between.
    package var isRepeatable: Bool

    package init(hasIdempotencyKeys: Bool = false, canFind: Bool = false, isRepeatable: Bool = false) {
      self.hasIdempotencyKeys = hasIdempotencyKeys
      self.canFind = canFind
      self.isRepeatable = isRepeatable
    }
  }

  package enum Event: Sendable, Hashable {
    /// No byte of the call has left: the connection was refused, the host was not found.
    case notSent
    /// Sent, in part or whole, and there is no response that can be read.
    case noResponse
    /// - Parameter retryAfter: the pause that the destination asks for.
    case response(Response, retryAfter: Duration? = nil)
    case found(Finding)
    /// The lookup itself has failed.
    case findFailed(retryAfter: Duration? = nil)
    /// The credentials were renewed, or could not be.
    case authorized(Bool)
  }

  /// What a response means, whatever its status.
  package enum Response: Sendable, Hashable {
    case accepted
    /// Not carried out because of a limit: to be sent again later.
    case throttled
    /// A server error, which may come after the write.
    case serverError(status: Int)
    /// The call with this idempotency key is still running.
    case stillRunning
    /// Something is there already, or has changed in the meantime.
    case conflict
    /// The record that was to be changed does not exist.
    case gone
    /// The record, or the whole batch, is refused, and will be refused again.
    case refused
    /// The body is too large.
    case tooLarge
    case unauthorized
    case forbidden
  }

  /// What a lookup by key shows.
  package enum Finding: Sendable, Hashable {
    case absent
    /// As it was sent.
    case same
    /// With other values.
    case different
  }

  package enum Action: Sendable, Hashable {
    /// To be sent after a pause: the same body, under the key of this epoch.
    case send(epoch: Int, after: Duration)
    case find(after: Duration)
    /// The credentials are to be renewed.
    case authorize
    case end(End)
  }

  package enum End: Sendable, Hashable {
    /// The destination has what was sent.
    case accepted
    /// The same, but it had it before: found, not confirmed by a response.
    case adopted
    /// Nothing has changed at the destination.
    case refused, gone, tooLarge, unauthorized, forbidden
    /// Nothing has changed at the destination, because the call never reached it.
    case notSent(Obstacle)
    /// The destination has the record with other values.
    ///
    /// - Parameter mayBeOurs: an earlier attempt of this call may have written it.
    case conflict(mayBeOurs: Bool)
    /// It may have been carried out or not. The intent stays open.
    case unresolved(Obstacle)
  }

  /// What stood in the way last.
  package enum Obstacle: Sendable, Hashable {
    case unreachable, noResponse, throttled, stillRunning, findFailed
    case serverError(status: Int)
    /// The destination asks for a longer pause than a run is willing to make.
    case comeBack(after: Duration)
  }

  /// The same server error under one key, this many times, is taken as stored under the key.
  static let replaysAtMost = 3
  /// How often a record must be absent before it is sent again after a call without a response.
  static let absencesRequired = 2

  package let traits: Traits
  private let policy: RetryPolicy
  package private(set) var action: Action
  /// From 0; a new one has a new idempotency key.
  package private(set) var epoch: Int
  /// How often it was sent, or would have been had there been a connection. Throttled attempts do not count.
  package private(set) var attempts = 0
  /// It was sent, and nothing says that it was not carried out.
  private var mayBeDone: Bool
  private var throttled = 0
  /// Lookups in a row that failed.
  private var failedLookups = 0
  /// Lookups in a row that found nothing.
  private var absences = 0
  /// The lookup decides whether there will be a new epoch.
  private var endsEpoch = false
  /// The last server error, and how often it has come in a row.
  private var replayed: Int?
  private var replays = 0
  private var hasRenewed = false
  /// What has failed last.
  private var obstacle = Obstacle.noResponse
  private var random: SplitMix

  /// - Parameters:
  ///   - epoch: that of the idempotency key in the intent.
  ///   - isOpen: the intent is from a process that died, so its call may have been sent.
  ///   - seed: of the random shares of pauses.
  package init(
    _ traits: Traits, policy: RetryPolicy = .init(), epoch: Int = 0, isOpen: Bool = false,
    seed: UInt64 = .random(in: .min ... .max)
  ) {
    self.traits = traits
    self.policy = policy
    self.epoch = epoch
    mayBeDone = isOpen
    random = SplitMix(state: seed)
    action = .send(epoch: epoch, after: .zero)
    if isOpen { recover(after: .zero) }
  }

  /// Takes what happened when `action` was performed. An event that does not belong to it changes nothing.
  package mutating func take(_ event: Event) {
    switch (action, event) {
    case (.send, .notSent):
      attempts += 1
      obstacle = .unreachable
      pauseThen(.broken, nil) { $0.send(after: $1) }
    case (.send, .noResponse):
      attempts += 1
      (mayBeDone, obstacle, replays) = (true, .noResponse, 0)
      pauseThen(.timedOut, nil) { $0.recover(after: $1) }
    case (.send, .response(let response, let retryAfter)): take(response, retryAfter)
    case (.find, .found(let finding)): take(finding)
    case (.find, .findFailed(let retryAfter)): lookupFailed(retryAfter)
    case (.authorize, .authorized(let isRenewed)):
      if isRenewed { send(after: .zero) } else { stop(.unauthorized) }
    default: break
    }
  }

  // MARK: Sending

  private mutating func take(_ response: Response, _ retryAfter: Duration?) {
    switch response {
    case .accepted: action = .end(.accepted)
    case .throttled:
      throttled += 1
      obstacle = .throttled
      pauseThen(.throttled, retryAfter) { $0.send(after: $1) }
    case .serverError(let status): failed(status, retryAfter)
    case .stillRunning:
      attempts += 1
      (mayBeDone, obstacle) = (true, .stillRunning)
      pauseThen(.serverError, retryAfter) { $0.send(after: $1) }
    case .conflict:
      // What is in the way may be this very call, carried out at an earlier attempt.
      if mayBeDone, traits.canFind { find(after: .zero) } else { action = .end(.conflict(mayBeOurs: mayBeDone)) }
    case .gone: stop(.gone)
    case .refused: stop(.refused)
    case .tooLarge: stop(.tooLarge)
    case .forbidden: stop(.forbidden)
    case .unauthorized:
      if hasRenewed { return stop(.unauthorized) }
      hasRenewed = true
      action = .authorize
    }
  }

  private mutating func failed(_ status: Int, _ retryAfter: Duration?) {
    attempts += 1
    (mayBeDone, obstacle) = (true, .serverError(status: status))
    (replayed, replays) = (status, replayed == status ? replays + 1 : 1)
    guard traits.hasIdempotencyKeys, replays >= Self.replaysAtMost else {
      return pauseThen(.serverError, retryAfter) { $0.recover(after: $1) }
    }
    guard traits.canFind else { return giveUp(obstacle) }
    pauseThen(.serverError, retryAfter) {
      $0.endsEpoch = true
      $0.find(after: $1)
    }
  }

  private mutating func send(after pause: Duration) { action = .send(epoch: epoch, after: pause) }

  /// Does what can be done about a call that may have been carried out.
  private mutating func recover(after pause: Duration) {
    if traits.hasIdempotencyKeys || traits.isRepeatable {
      send(after: pause)
    } else if traits.canFind {
      find(after: pause)
    } else {
      giveUp(obstacle)
    }
  }

  // MARK: Looking up

  private mutating func find(after pause: Duration) {
    (failedLookups, absences) = (0, 0)
    action = .find(after: pause)
  }

  private mutating func take(_ finding: Finding) {
    failedLookups = 0
    switch finding {
    case .same: action = .end(.adopted)
    case .different: action = .end(.conflict(mayBeOurs: mayBeDone))
    case .absent:
      absences += 1
      if endsEpoch {
        // The stored error belongs to a call that has ended, so nothing is still running.
        epoch += 1
        (endsEpoch, replays) = (false, 0)
      } else if absences < Self.absencesRequired {
        return action = .find(after: policy.cap)
      }
      mayBeDone = false
      pauseThen(.serverError, nil) { $0.send(after: $1) }
    }
  }

  private mutating func lookupFailed(_ retryAfter: Duration?) {
    failedLookups += 1
    let verdict = policy.verdict(
      on: .serverError, attempts: failedLookups, throttled: 0, retryAfter: retryAfter, jitter: random.share())
    switch verdict {
    case .retry(let pause): action = .find(after: pause)
    case .comeBack(let pause): giveUp(.comeBack(after: pause))
    case .giveUp: giveUp(.findFailed)
    }
  }

  // MARK: Ends

  /// Continues after a pause, unless there were enough attempts.
  private mutating func pauseThen(
    _ trouble: RetryPolicy.Trouble, _ retryAfter: Duration?, _ goOn: (inout CallFlow, Duration) -> Void
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
    // A lookup may still tell what became of it.
    case .giveUp where mayBeDone && traits.canFind: find(after: .zero)
    case .giveUp: giveUp(obstacle)
    }
  }

  private mutating func giveUp(_ obstacle: Obstacle) {
    action = .end(mayBeDone ? .unresolved(obstacle) : .notSent(obstacle))
  }

  /// The end after a refusal. It says nothing about an earlier attempt that may have been carried out, unless that would have
  /// been refused in the same way: the same body, judged by itself.
  private mutating func stop(_ end: End) {
    let concernsBody = end == .refused || end == .tooLarge || end == .gone
    let isFinal = !mayBeDone || concernsBody && (traits.hasIdempotencyKeys || traits.isRepeatable)
    if isFinal { action = .end(end) } else if traits.canFind { find(after: .zero) } else { giveUp(obstacle) }
  }
}
