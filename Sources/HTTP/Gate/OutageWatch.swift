package import Control
import Core

/// Distinguishes a source that is down from one with occasional failures: counts requests without a response, over all
/// requests of the client, until any response arrives that is not a server error.
///
/// Down means 20 requests in a row that were given up, or 20 attempts in a row over two minutes. The time keeps a short
/// network outage, in which all requests in progress fail at once, from ending the run; the attempts keep a server that
/// accepts connections but never responds from holding it for hours.
package final class OutageWatch: Sendable {
  private struct State {
    var attempts = 0
    var givenUp = 0
    var since = Moment()
  }

  package static let atMost = 20
  package static let span: Duration = .seconds(120)

  private let state = Locked(State())

  package init() {}

  package func answered() { state.withLock { $0 = State() } }

  /// One attempt ended without a response. True: the source is down.
  package func unanswered(at now: Moment) -> Bool {
    state.withLock { state in
      if state.attempts == 0 { state.since = now }
      state.attempts += 1
      return state.attempts >= Self.atMost && now - state.since >= Self.span
    }
  }

  /// One request was given up without a response. True: the source is down.
  package func gaveUp() -> Bool {
    state.withLock { state in
      state.givenUp += 1
      return state.givenUp >= Self.atMost
    }
  }
}
