/// The one terminal state of an item for a destination.
///
/// `read` equals the sum of all of these, for each entity and each destination.
package enum Outcome: String, Sendable, CaseIterable, Hashable {
  case written, created, updated, unchanged, removed, filtered, merged, rejected, failed, pending
}

/// How many items ended in each state.
package struct OutcomeCounts: Sendable, Equatable {
  private var counts = [Int](repeating: 0, count: Outcome.allCases.count)

  package init() {}

  package subscript(outcome: Outcome) -> Int {
    get { counts[Self.index[outcome]!] }
    set { counts[Self.index[outcome]!] = newValue }
  }

  package var total: Int { counts.reduce(0, +) }

  private static let index = Dictionary(uniqueKeysWithValues: Outcome.allCases.enumerated().map { ($1, $0) })
}
