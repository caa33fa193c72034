/// The one terminal state of an item for a destination.
///
/// `read` equals the sum of all of these, for each entity and each destination.
package enum Outcome: String, Sendable, CaseIterable, Hashable, Codable {
  case written, created, updated, unchanged, removed, filtered, merged, rejected, failed, pending

  /// The destination has the record as the mapping made it.
  package static let loaded: [Outcome] = [.written, .created, .updated, .unchanged]

  /// The mapping let the record through, whatever the destination made of it.
  package static let letThrough: [Outcome] = loaded + [.failed, .pending]
}

/// How many items ended in each state.
package struct OutcomeCounts: Sendable, Hashable {
  private var counts = [Int](repeating: 0, count: Outcome.allCases.count)

  package init() {}

  package subscript(outcome: Outcome) -> Int {
    get { counts[Self.index[outcome]!] }
    set { counts[Self.index[outcome]!] = newValue }
  }

  package var total: Int { counts.reduce(0, +) }

  private static let index = Dictionary(uniqueKeysWithValues: Outcome.allCases.enumerated().map { ($1, $0) })
}

/// By outcome: `{"rejected": 3, "written": 471}`. Outcomes without items are left out.
extension OutcomeCounts: Codable {
  package init(from decoder: any Decoder) throws {
    self.init()
    for (name, count) in try decoder.singleValueContainer().decode([String: Int].self) {
      guard let outcome = Outcome(rawValue: name) else {
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown outcome '\(name)'"))
      }
      self[outcome] = count
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let used = Outcome.allCases.filter { self[$0] > 0 }
    try container.encode(Dictionary(uniqueKeysWithValues: used.map { ($0.rawValue, self[$0]) }))
  }
}
