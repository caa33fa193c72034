import Core

extension ValueType {
  static let numeric: [ValueType] = [.integer, .decimal, .number]

  /// Everything that a JSON text or CSV cell can contain.
  static let scalars: [ValueType] = [.string, .integer, .decimal, .number, .boolean, .date, .datetime]

  /// Everything that is written as text, except booleans.
  static let written: [ValueType] = [.string, .integer, .decimal, .number, .date, .datetime]

  /// `string, integer or date`, for messages and the reference.
  static func words(_ types: [ValueType]) -> String {
    let names = types.map(\.name)
    guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }

  /// One type for a value that is of any of `types`; `any` for none.
  static func union(of types: some Sequence<ValueType>) -> ValueType {
    var members: Set<ValueType> = []
    for type in types {
      switch type {
      case .any: return .any
      case .oneOf(let more): members.formUnion(more)
      default: members.insert(type)
      }
    }
    guard let only = members.first else { return .any }
    return members.count == 1 ? only : .oneOf(members)
  }

  /// What a JSON value is; nil for null.
  static func of(_ value: JSONValue) -> ValueType? {
    switch value {
    case .null: nil
    case .bool: .boolean
    case .number(let digits): Int64(digits) == nil ? .number : .integer
    case .string: .string
    case .array(let elements): .list(union(of: elements.compactMap(of)))
    case .object: .object(ObjectShape([], others: .any))
    }
  }

  /// Whether a value of this type may be one of `types`: where it is unknown or one of several, some member is enough.
  func mayBe(oneOf types: [ValueType]) -> Bool {
    switch self {
    case .any: true
    // A function of one value works on each element of a list; a plain list has been opened before it is asked.
    case .oneOf(let members): members.contains { $0.mayBe(oneOf: types) || ($0.elements?.mayBe(oneOf: types) ?? false) }
    default: types.contains(self)
    }
  }

  /// The type of a list's elements; nil if the value cannot be a list.
  var elements: ValueType? {
    switch self {
    case .list(let element): element
    case .any: .any
    case .oneOf(let members):
      members.contains { $0.elements != nil } ? .union(of: members.compactMap(\.elements)) : nil
    default: nil
    }
  }
}
