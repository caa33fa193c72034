import Control
package import GHL
package import HTTP

/// The quota of the location to write to.
extension GHLDestinationDocument {
  /// The gate that all requests to the location go through, whoever makes them.
  ///
  /// - Parameter onPause: called for each pause.
  package func gate(in gates: LocationGates, onPause: @escaping @Sendable (Duration) -> Void) -> RequestGate {
    var options = Pacer.Options()
    options.budget = RequestBudget(dailyPercent: dailyPercent)
    return gates.gate(address, location, options, onPause: onPause)
  }
}
