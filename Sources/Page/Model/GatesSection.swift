/// The gates with limit, actual and margin.
package struct GatesSection: PageSection {
  package static let title = "Gates"
  package static let explanation =
    "What the pipeline requires of a run. The margin is how far the actual value is from the limit; below zero, the gate failed."
  package static let sources = ["summary.json: gates"]

  package enum Outcome: String, Encodable, Sendable {
    case passed, failed
    /// It failed, and the person who started the run accepted that.
    case accepted
    /// It was only reported, because the run was narrowed or is a replay.
    case notJudged = "not-judged"
    case unknown
  }

  package struct Gate: Encodable, Sendable, Equatable {
    package var run: String
    /// `rejected`, `coverage`, ...
    package var gate: String
    package var mapping: String?
    package var destination: String?
    package var field: String?
    package var stage: String?
    /// `error` or `warning`.
    package var severity: String
    package var unit: String
    /// Whether the limit is the largest allowed value, not the smallest.
    package var isMaximum: Bool
    package var limit: Double?
    /// Nil: unknown.
    package var actual: Double?
    /// Positive: the gate has that much room left.
    package var margin: Double?
    package var outcome: Outcome
    /// What the pipeline file says about it.
    package var message: String?
    /// Why it was not judged.
    package var reason: String?
    /// The figures behind a percentage: `count` of `of` records.
    package var count: Int?
    package var of: Int?
    /// The earlier run with which it was compared.
    package var comparedWith: String?
    /// That run's count.
    package var comparedCount: Int?
  }

  package var gates: [Gate] = []
  package var missing: [NotRecorded] = []
}
