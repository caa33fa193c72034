import Core
import Schema

/// Differences between a target record and a test's expectation: one line per member.
struct RecordDifference: Sendable, Hashable {
  /// `address.city`; empty: the record as a whole.
  var path: String
  /// JSON texts; nil: no such member.
  var expected: String?
  var actual: String?

  /// `isExact`: members that are not expected count, unless they are null. A null that is expected may be missing.
  static func all(_ expected: JSONValue, _ actual: JSONValue?, isExact: Bool, path: String = "") -> [RecordDifference] {
    if expected == .null, actual == nil { return [] }
    guard case .object(let wanted) = expected, case .object(let found)? = actual else {
      if let actual, ExactJSON.equal(expected, actual) { return [] }
      return [RecordDifference(path: path, expected: expected.text, actual: actual?.text)]
    }
    var differences = wanted.flatMap { member in
      all(member.value, actual?[member.name], isExact: isExact, path: join(path, member.name))
    }
    if isExact {
      differences += found.filter { expected[$0.name] == nil && $0.value != .null }.map {
        RecordDifference(path: join(path, $0.name), expected: nil, actual: $0.value.text)
      }
    }
    return differences
  }

  private static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
