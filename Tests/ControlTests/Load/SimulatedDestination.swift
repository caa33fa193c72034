@testable import Control

/// A destination for one call: everything that may happen to it. It never notices by itself that a record exists already.
struct SimulatedDestination: Hashable {
  /// What the destination does with a call that is sent, or with a lookup.
  enum Turn: CaseIterable {
    /// Nothing reaches it.
    case unreachable
    case accepts
    /// Carries it out; the response is lost.
    case acceptsUnheard
    /// The request is lost on its way.
    case losesRequest
    /// The connection is lost, and the call runs as long as a call can.
    case commitsLater
    /// The same, and a gateway responds.
    case commitsLaterBehindGateway
    case failsAtGateway
    /// Carries it out, and responds with an error that it keeps under the key.
    case failsAfterWrite
    /// The same, with an error that `retry` recognizes.
    case retriesAfterWrite
    /// Redirects to a page, after carrying out the write or without doing so.
    case redirectsAfterWrite, redirects
    /// Refuses a create, after carrying it out or without doing so.
    case refusesAfterWrite, refusesDoubtfully
    /// Does not carry it out, and responds with an error that it keeps under the key.
    case failsBeforeWrite
    case throttles, refuses, conflicts, gone, unauthorized, forbidden
    /// The call is made after its key has expired.
    case sleeps
  }

  let traits: CallFlow.Traits
  /// It refuses a second use of a key instead of repeating the response.
  var refusesReplays = false
  var now = Moment()
  /// How often the record was created, or changed.
  var writes = 0
  /// A record of somebody else has the key.
  var hasStranger = false
  var wasReached = false
  /// Calls that are still running: when they commit, and their epochs.
  var running: [Running] = []
  /// The response under each key.
  var stored: [Int: CallFlow.Response] = [:]
  /// The first use of each key.
  var used: [Int: Moment] = [:]

  struct Running: Hashable {
    var end: Moment
    var epoch: Int
  }

  mutating func pass(_ time: Duration) {
    now = now + time
    for call in running where call.end <= now {
      writes += 1
      stored[call.epoch] = .accepted
    }
    running.removeAll { $0.end <= now }
  }

  mutating func respond(_ turn: Turn, epoch: Int) -> CallFlow.Event {
    if turn == .unreachable { return .notSent }
    if used[epoch] == nil { used[epoch] = now }
    wasReached = true
    switch turn {
    case .losesRequest: return .noResponse
    case .throttles: return .response(.throttled)
    case .unauthorized: return .response(.unauthorized)
    case .forbidden: return .response(.forbidden)
    case .failsAtGateway: return .response(.serverError(status: 504))
    default: break
    }
    let isUnheard = turn == .acceptsUnheard || turn == .commitsLater
    if traits.hasIdempotencyKeys {
      if running.contains(where: { $0.epoch == epoch }) { return isUnheard ? .noResponse : .response(.stillRunning) }
      if let earlier = stored[epoch] { return isUnheard ? .noResponse : .response(refusesReplays ? .keyReused : earlier) }
    }
    let response: CallFlow.Response
    switch turn {
    // A body that was accepted once is not refused later.
    case .refuses where writes == 0 && running.isEmpty: response = .refused
    case .gone where !traits.isCreate: response = .gone
    case .conflicts:
      hasStranger = true
      response = .conflict
    case .failsBeforeWrite: response = .serverError(status: 500)
    case .redirects: response = .redirected(status: 303)
    case .refusesDoubtfully where writes == 0 && running.isEmpty: response = .doubtful
    case .commitsLater, .commitsLaterBehindGateway:
      running.append(Running(end: now + traits.longestCall, epoch: epoch))
      return turn == .commitsLater ? .noResponse : .response(.serverError(status: 504))
    default:
      writes += 1
      response =
        switch turn {
        case .failsAfterWrite: .serverError(status: 500)
        case .retriesAfterWrite: .retry(status: 502)
        case .redirectsAfterWrite: .redirected(status: 303)
        case .refusesAfterWrite: .doubtful
        default: .accepted
        }
    }
    stored[epoch] = response
    return isUnheard ? .noResponse : .response(response)
  }

  func look(_ turn: Turn) -> CallFlow.Event {
    switch turn {
    case .unreachable, .losesRequest, .throttles, .failsAtGateway: return .readFailed()
    case .unauthorized: return .readFailed(.unauthorized)
    case .forbidden: return .readFailed(.forbidden)
    default: return .found([writes > 0 ? .same : !traits.isCreate || hasStranger ? .different : .absent])
    }
  }
}
