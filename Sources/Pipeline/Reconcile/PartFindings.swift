package import Core

/// What a comparison has found of one part: the number of differences, by field too, and the first ones.
package struct PartFindings: Sendable {
  /// Without the remarks.
  package private(set) var count = 0
  /// As in the file, masked.
  package private(set) var first: [JSONValue] = []
  private var fields: [Name: Int] = [:]

  /// As many as a report shows.
  private static let mostKept = 25

  /// - Parameter line: of the file.
  mutating func add(_ difference: StoredDifference, _ line: JSONValue) {
    if difference.kind != .withoutKey { count += 1 }
    if let field = difference.field { fields[Name(field), default: 0] += 1 }
    if first.count < Self.mostKept { first.append(line) }
  }

  /// The number of records with another value, most first.
  package var byField: [(field: String, different: Int)] {
    fields.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key.text, $0.value) }
  }
}
