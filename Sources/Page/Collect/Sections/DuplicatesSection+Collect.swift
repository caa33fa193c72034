import Core
import Report

extension DuplicatesSection {
  /// Problems of records that are the same as another one, or take its place.
  static let codes = [
    ProblemCode.notUnique, .merged, .duplicateRecord, .repeatedKey, .alreadyExists, .conflictNotOurs, .remoteIDShared,
    .identitySplit,
  ].map(\.slug)

  mutating func add(_ run: RunMaterial) throws {
    for group in run.ledger.groups where Self.codes.contains(exactly: group.code) {
      let examples = try run.ledger.examples(of: group, limit: 5).map { example in
        Example(record: example.record, survivor: Self.survivor(in: example.message), message: example.message)
      }
      rows.append(
        Row(
          run: run.id, mapping: group.mapping, code: group.code, severity: group.severity, field: group.field,
          count: group.count, examples: examples))
    }
    for mapping in run.summary?.mappings ?? [] {
      let counts = mapping.destinations.first?.counts
      guard let counts, counts[.merged] > 0 else { continue }
      merged.append(Merged(run: run.id, mapping: mapping.name, merged: counts[.merged], of: mapping.read))
    }
  }

  /// The record that a message of `merged` or `not-unique` names: `the record 'c1'`, `line 12`.
  static func survivor(in message: String) -> String? {
    let start = "merged into the record '"
    if message.hasPrefix(exactly: start) {
      let rest = message.dropFirst(start.count)
      // The key may contain quotes: the sentence continues after the last one that does not belong to a field's name.
      for end in ["' on line ", "', which has the same "] {
        if let range = rest.firstRange(of: end) { return String(rest[..<range.lowerBound]) }
      }
      return nil
    }
    guard let range = message.firstRange(of: "by the record on line ") else { return nil }
    let digits = message[range.upperBound...].prefix { $0.isNumber }
    return digits.isEmpty ? nil : "line \(digits)"
  }
}
