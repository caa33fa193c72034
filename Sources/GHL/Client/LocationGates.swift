package import Control
import Core
package import HTTP

/// The gates of a run, one for each location of each API.
///
/// GHL counts all requests to a location together, whoever makes them. Readers and writers of a location therefore share its gate:
/// its pace, what is left of the daily quota, and the budget. A limit on the requests of a run applies to all locations together.
/// Safe to use from many tasks.
package final class LocationGates: Sendable {
  private struct Place: Hashable {
    var address: Name
    var location: Name
  }

  private struct Opened: Sendable {
    var gate: RequestGate
    /// The shortest that any user has stated.
    var longestWait: Duration?
  }

  private let gates = Locked<[Place: Opened]>([:])
  private let allowance: RequestAllowance?

  /// - Parameter requests: how many may be made to all locations together; nil: no limit.
  package init(requests: Int? = nil) { allowance = requests.map { RequestAllowance($0) } }

  /// The gate of a location, created on first use with the options of the first user. Later users change only its budget and its
  /// longest wait: the strictest ones apply, limit by limit, and the budget counts the requests of all users.
  ///
  /// - Parameters:
  ///   - longestWait: overrides that of the options; nil: as other users state it.
  ///   - onPause: called for each pause, whoever waits. Only the first user's is called.
  package func gate(
    _ address: ServerAddress, _ location: String, _ options: Pacer.Options, longestWait: Duration? = nil,
    timekeeper: any Timekeeper = SystemTimekeeper(), onPause: @escaping @Sendable (Duration) -> Void
  ) -> RequestGate {
    gates.withLock { gates in
      let place = Place(address: Name(address.text), location: Name(location))
      let known = gates[place]
      let gate =
        known?.gate ?? RequestGate(options: options, allowance: allowance, timekeeper: timekeeper, onPause: onPause)
      if known != nil { gate.narrow(to: options.budget) }
      let shortest = [known?.longestWait, longestWait].compactMap(\.self).min()
      if let shortest { gate.wait(atMost: shortest) }
      gates[place] = Opened(gate: gate, longestWait: shortest)
      return gate
    }
  }

  /// The requests to all locations. The remaining quota is the lowest of them.
  package var quota: Quota {
    get async {
      var sum = Quota()
      for gate in gates.withLock({ $0.values.map(\.gate) }) { sum = sum + (await gate.quota) }
      return sum
    }
  }
}
