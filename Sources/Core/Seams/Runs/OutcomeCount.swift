/// How many items of a mapping ended in one state at one destination.
package struct OutcomeCount: Sendable, Hashable {
  package var mapping: String
  package var destination: String
  package var outcome: Outcome
  package var count: Int

  package init(mapping: String, destination: String, outcome: Outcome, count: Int) {
    self.mapping = mapping
    self.destination = destination
    self.outcome = outcome
    self.count = count
  }
}
