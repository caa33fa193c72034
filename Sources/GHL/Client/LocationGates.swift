package import Control
import Core
package import HTTP

/// The gates of a run, one for each location of each API.
///
/// GHL counts all requests to a location together, whoever makes them. Readers and writers of a location therefore share its gate:
/// its pace, what is left of the daily quota, and the budget. Safe to use from many tasks.
package final class LocationGates: Sendable {
  private struct Place: Hashable {
    var address: Name
    var location: Name
  }

  private let gates = Locked<[Place: RequestGate]>([:])

  package init() {}

  /// The gate of a location, created on first use with the options of the first user. Later users change only its budget: the
  /// strictest one applies, limit by limit, and it counts the requests of all users.
  ///
  /// - Parameter onPause: called for each pause, whoever waits. Only the first user's is called.
  package func gate(
    _ address: ServerAddress, _ location: String, _ options: Pacer.Options,
    timekeeper: any Timekeeper = SystemTimekeeper(), onPause: @escaping @Sendable (Duration) -> Void
  ) -> RequestGate {
    gates.withLock { gates in
      let place = Place(address: Name(address.text), location: Name(location))
      if let gate = gates[place] {
        gate.narrow(to: options.budget)
        return gate
      }
      let gate = RequestGate(options: options, timekeeper: timekeeper, onPause: onPause)
      gates[place] = gate
      return gate
    }
  }

  /// The requests to all locations. The remaining quota is the lowest of them.
  package var quota: Quota {
    get async {
      var sum = Quota()
      for gate in gates.withLock({ Array($0.values) }) { sum = sum + (await gate.quota) }
      return sum
    }
  }
}
