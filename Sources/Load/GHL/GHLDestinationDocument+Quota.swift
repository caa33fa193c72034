import Control
package import GHL
package import HTTP

/// The quota of the location to write to.
extension GHLDestinationDocument {
  /// The gate that all requests to the location go through, whoever makes them.
  ///
  /// - Parameters:
  ///   - requests: how many a run may make; nil: without a limit of its own.
  ///   - onPause: called for each pause.
  package func gate(
    in gates: LocationGates, requests: Int?, onPause: @escaping @Sendable (Duration) -> Void
  ) -> RequestGate {
    var options = Pacer.Options()
    options.budget = RequestBudget(requests: requests, dailyPercent: dailyPercent)
    return gates.gate(address, location, options, onPause: onPause)
  }
}
