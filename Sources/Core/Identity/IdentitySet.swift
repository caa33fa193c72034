/// Identities that were seen: 16 bytes each, whatever the length of the IDs.
package struct IdentitySet: Sendable, Hashable {
  private var marks: Set<IdentityMark> = []

  package init() {}

  package var count: Int { marks.count }

  /// True if it is new.
  package mutating func insert(_ mark: IdentityMark) -> Bool { marks.insert(mark).inserted }

  package func contains(_ mark: IdentityMark) -> Bool { marks.contains(mark) }
}

extension IdentitySet: Codable {
  package init(from decoder: any Decoder) throws {
    marks = Set(try decoder.singleValueContainer().decode([IdentityMark].self))
  }

  /// In ascending order: equal sets are equal bytes.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(marks.sorted())
  }
}
