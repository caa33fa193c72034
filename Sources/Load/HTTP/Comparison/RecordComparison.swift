package import Core

/// Compares a record as sent with the record as stored at the destination, field by field.
///
/// Fields that only the destination has, such as IDs, timestamps and defaults, are ignored. A missing value equals null,
/// numbers are compared by value, digit by digit, and declared normalizations are applied to both sides first.
///
///     RecordComparison([NormalizedField(["email"], [.lower], place: place)])
///       .differences(from: sent, in: stored)     // {"email":"Ada@example.com"}, {"email":"ada@example.com","id":7}: none
package struct RecordComparison: Sendable, Hashable {
  /// The normalizers of a field and of the fields inside it.
  private struct Rules: Sendable, Hashable {
    var own: Set<FieldNormalizer> = []
    var inner: [Name: Rules] = [:]

    mutating func add(_ normalizers: Set<FieldNormalizer>, at path: ArraySlice<Name>) {
      guard let first = path.first else {
        own.formUnion(normalizers)
        return
      }
      inner[first, default: Rules()].add(normalizers, at: path.dropFirst())
    }

    /// The rules of a member, including those it inherits from its parent.
    func member(_ name: String) -> Rules {
      if inner.isEmpty { return self }
      var rules = inner[Name(name)] ?? Rules()
      rules.own.formUnion(own)
      return rules
    }

    var isEmpty: Bool { own.isEmpty && inner.isEmpty }

    /// Those of a field.
    subscript(path: [String]) -> Rules { path.reduce(self) { $0.member($1) } }
  }

  private var rules = Rules()

  package init(_ fields: [NormalizedField] = []) {
    for field in fields { rules.add(field.normalizers, at: field.path[...]) }
  }

  /// Whether a field, or something in it, is normalized.
  package func normalizes(_ path: [String]) -> Bool {
    !path.reduce(rules) { $0.member($1) }.isEmpty
  }

  /// The fields of `sent` that are missing from `stored` or have a different value there.
  package func differences(from sent: JSONValue, in stored: JSONValue) -> [FieldDifference] {
    var found: [ValueDifference] = []
    compare(sent, stored, rules, at: [], &found)
    return found.map { FieldDifference(path: $0.path, isMissing: $0.stored == nil) }
  }

  /// The same for one field, which has no value at the destination if none was sent, unless a `default` is declared.
  ///
  /// - Parameters:
  ///   - sent: nil: the field was left out.
  ///   - stored: nil: the destination has no such field.
  func differences(of path: [String], from sent: JSONValue?, in stored: JSONValue?) -> [ValueDifference] {
    var found: [ValueDifference] = []
    compare(sent ?? .null, stored, rules[path], at: path, &found)
    return found
  }

  /// The value of a field after all normalizations: the same for values that are equal.
  func canonical(_ value: JSONValue?, of path: [String]) -> JSONValue {
    Self.canonical(Self.normalized(value ?? .null, rules[path]))
  }

  private func compare(
    _ sent: JSONValue, _ stored: JSONValue?, _ rules: Rules, at path: [String], _ found: inout [ValueDifference]
  ) {
    let isObject = stored?.objectValue != nil || path.isEmpty || stored ?? .null == .null
    // If the destination has no such object, each of the object's fields is missing.
    if let members = sent.objectValue, !members.isEmpty, isObject {
      for member in members {
        compare(member.value, stored?[member.name], rules.member(member.name), at: path + [member.name], &found)
      }
      return
    }
    let other = stored ?? .null
    guard !Self.isSame(sent, other) else { return }
    if sent == .null, rules.own.contains(.default) { return }
    guard rules.isEmpty || !Self.isSame(Self.normalized(sent, rules), Self.normalized(other, rules)) else { return }
    found.append(ValueDifference(path: path, sent: sent == .null ? nil : sent, stored: stored))
  }

  private static func normalized(_ value: JSONValue, _ rules: Rules) -> JSONValue {
    let isEmptyNull = rules.own.contains(.empty)
    switch value {
    case .string(let text): return rules.own.normalized(text)
    case .array(let elements):
      if elements.isEmpty, isEmptyNull { return .null }
      let normalized = elements.map { Self.normalized($0, rules) }
      return .array(rules.own.contains(.unordered) ? sorted(normalized) : normalized)
    case .object(let members):
      let normalized = members.map { JSONValue.Member($0.name, Self.normalized($0.value, rules.member($0.name))) }
      return isEmptyNull && normalized.allSatisfy { $0.value == .null } ? .null : .object(normalized)
    case .null, .bool, .number: return value
    }
  }

  // MARK: Equality

  /// Numbers are compared by value, because `1` and `1.0` are the same number in JSON. A missing value equals null.
  private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.number(let one), .number(let other)): return one == other || key(of: one) == key(of: other)
    case (.array(let one), .array(let other)): return one.count == other.count && zip(one, other).allSatisfy(isSame)
    case (.object(let one), .object(let other)):
      return one.allSatisfy { isSame($0.value, right[$0.name] ?? .null) }
        && other.allSatisfy { member in left[member.name] != nil || member.value == .null }
    default: return left == right
    }
  }

  /// The same string for equal numbers, which is a number itself.
  private static func key(of digits: String) -> String {
    let number = DecimalDigits(digits)
    // Exponents without bound are all alike there.
    return number.isBounded ? number.text : digits
  }

  /// The elements in an order that depends only on their values.
  private static func sorted(_ elements: [JSONValue]) -> [JSONValue] {
    elements.map { (key: key(of: $0), element: $0) }.sorted { $0.key.precedesExactly($1.key) }.map(\.element)
  }

  /// The same string for equal values.
  private static func key(of value: JSONValue) -> String { canonical(value).text }

  private static func canonical(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let digits): return .number(key(of: digits))
    case .array(let elements): return .array(elements.map(canonical))
    case .object(let members):
      let own = members.filter { $0.value != .null }.sorted { $0.name.precedesExactly($1.name) }
      return .object(own.map { JSONValue.Member($0.name, canonical($0.value)) })
    case .null, .bool, .string: return value
    }
  }
}

/// A field whose stored value differs from the value that was sent, with both values.
struct ValueDifference: Sendable, Hashable {
  var path: [String]
  /// Nil: none was sent, or null.
  var sent: JSONValue?
  /// Nil: the destination has no such field.
  var stored: JSONValue?
}

/// A field whose stored value differs from the value that was sent.
package struct FieldDifference: Sendable, Hashable {
  /// The path to the field.
  package var path: [String]
  /// The destination has no such field.
  package var isMissing: Bool

  package init(path: [String], isMissing: Bool) {
    self.path = path
    self.isMissing = isMissing
  }
}
