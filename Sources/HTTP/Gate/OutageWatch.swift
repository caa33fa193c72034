package import Control
import Core

/// Tells a source that is down from one that fails here and there: counts what goes without an answer, over all requests
/// of the client, until any answer comes that is not the source's own trouble.
///
/// Down is: 20 requests in a row that were given up, or 20 attempts in a row over two minutes. The time keeps a short
/// break of the network, in which everything under way fails at once, from ending the run; the attempts keep a server
/// that takes connections and never answers from holding it for hours.
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

  /// One attempt ended without an answer. True: the source is down.
  package func unanswered(at now: Moment) -> Bool {
    state.withLock { state in
      if state.attempts == 0 { state.since = now }
      state.attempts += 1
      return state.attempts >= Self.atMost && now - state.since >= Self.span
    }
  }

  /// One request was given up without an answer. True: the source is down.
  package func gaveUp() -> Bool {
    state.withLock { state in
      state.givenUp += 1
      return state.givenUp >= Self.atMost
    }
  }
}
