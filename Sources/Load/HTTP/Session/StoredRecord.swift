import Core

/// A record as the destination has it: found by its key, or echoed by the response to a write.
struct StoredRecord: Sendable, Hashable {
  var remoteID: Name?
  var entityTag: Name?
  /// Nil: the destination gives only its ID.
  var record: JSONValue?

  /// The fields of `sent` that it has with another value, or not at all, by their paths. Fields that only the destination has
  /// do not count: its IDs, its times, its defaults.
  func differences(from sent: JSONValue) -> [FieldDifference] {
    guard let record else { return [] }
    var found: [FieldDifference] = []
    Self.compare(sent, record, at: [], &found)
    return found
  }

  private static func compare(_ sent: JSONValue, _ stored: JSONValue?, at path: [String], _ found: inout [FieldDifference]) {
    if let members = sent.objectValue, let stored, stored.objectValue != nil || path.isEmpty {
      for member in members { compare(member.value, stored[member.name], at: path + [member.name], &found) }
      return
    }
    guard !isSame(sent, stored ?? .null) else { return }
    found.append(FieldDifference(path: path, isMissing: stored == nil))
  }

  /// Numbers are compared by their value, as `1` and `1.0` are one number in JSON; a missing value is null.
  private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.number(let one), .number(let other)):
      if one == other { return true }
      guard let one = Double(one), let other = Double(other) else { return false }
      // Beyond this, different integers may have the same Double.
      return one == other && abs(one) < 9_007_199_254_740_992
    case (.array(let one), .array(let other)): return one.count == other.count && zip(one, other).allSatisfy(isSame)
    case (.object(let one), .object(let other)):
      return one.allSatisfy { isSame($0.value, right[$0.name] ?? .null) }
        && other.allSatisfy { member in left[member.name] != nil || member.value == .null }
    default: return left == right
    }
  }
}

/// A field that a destination does not have as it was sent.
struct FieldDifference: Sendable, Hashable {
  /// The names down to the field.
  var path: [String]
  /// The destination has no such field.
  var isMissing: Bool
}
