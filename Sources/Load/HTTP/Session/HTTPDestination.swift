import Control
package import Core

/// A web API that takes records through its own requests. Incremental: each record arrives on its own, and its outcome is known
/// when the response to its request is.
///
/// Exactly once: an intent is durable in the journal before a byte of a request leaves, and a call whose result is not known is
/// resolved before anything else is sent for its records (`CallFlow`).
package struct HTTPDestination: Destination {
  package let name: String
  package let traits = DestinationTraits(delivery: .incremental)
  private let engine: HTTPEngine
  private let journal: any Journal
  private let states: any StateStore
  /// For people: who loads.
  private let owner: String
  private let isFirstLoad: Bool

  /// - Parameter isFirstLoad: the destination has none of the records yet, although it offers no way to find out.
  package init(
    _ engine: HTTPEngine, journal: any Journal, states: any StateStore, owner: String, isFirstLoad: Bool = false
  ) {
    name = engine.name
    self.engine = engine
    self.journal = journal
    self.states = states
    self.owner = owner
    self.isFirstLoad = isFirstLoad
  }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    let plan = try PartPlan(part, destination: name, engine.document)
    let lease = try await LeaseHolder(
      Name("load \(plan.address) \(part.location)"), owner: owner, target: "'\(name) \(part.mapping)'", states: states)
    do {
      let opening = PartOpening(
        plan: plan, engine: engine, journal: journal, states: states, sink: sink, isFirstLoad: isFirstLoad)
      return try await opening.open(part, lease)
    } catch {
      await lease.release()
      throw error
    }
  }
}
