/// What goes with what. `dyn` goes with everything: then the evaluator looks at the values.
enum TypeRelations {
  /// Whether a value of `type` may be given where `wanted` is declared; binds the declaration's type variables.
  static func accepts(_ wanted: ExpressionType, _ type: ExpressionType, _ bound: inout [Int: ExpressionType]) -> Bool {
    if case .parameter(let number) = wanted {
      guard let known = bound[number] else {
        bound[number] = type
        return true
      }
      guard let joined = agreed(known, type) else { return false }
      bound[number] = joined
      return true
    }
    if wanted.isOpen || type.isOpen { return true }
    switch (wanted, type) {
    case (.int, .number), (.double, .number): return true
    case (.list(let one), .list(let other)): return accepts(one, other, &bound)
    case (.map(let key, let value), .map(let otherKey, let otherValue)):
      return accepts(key, otherKey, &bound) && accepts(value, otherValue, &bound)
    case (.map(let key, let value), .object):
      return accepts(key, .string, &bound) && accepts(value, .dyn, &bound)
    default: return wanted == type
    }
  }

  /// The type of what is either; nil where the two have nothing in common.
  static func agreed(_ one: ExpressionType, _ other: ExpressionType) -> ExpressionType? {
    if one == other { return one }
    if one == .failed || other == .failed { return .failed }
    if one == .free { return other }
    if other == .free { return one }
    if one == .dyn || other == .dyn { return .dyn }
    switch (one, other) {
    case (.number, .int), (.number, .double), (.int, .number), (.double, .number): return .number
    case (.list(let one), .list(let other)): return agreed(one, other).map { .list($0) }
    case (.map(let key, let value), .map(let otherKey, let otherValue)):
      guard let key = agreed(key, otherKey), let value = agreed(value, otherValue) else { return nil }
      return .map(key, value)
    case (.object, .object): return .map(.string, .dyn)
    case (.object, .map(let key, let value)), (.map(let key, let value), .object):
      guard let key = agreed(.string, key) else { return nil }
      return .map(key, value == .dyn ? value : .dyn)
    default: return nil
    }
  }

  /// As `agreed`, and `dyn` where they do not: of the elements of a list.
  static func joined(_ types: [ExpressionType]) -> ExpressionType {
    guard var joined = types.first else { return .free }
    for type in types.dropFirst() { joined = agreed(joined, type) ?? .dyn }
    return joined
  }

  /// Whether the two can ever be equal. Numbers compare across their types, null with everything.
  static func comparable(_ one: ExpressionType, _ other: ExpressionType) -> Bool {
    if one.isOpen || other.isOpen || one == .null || other == .null { return true }
    if one.isNumeric && other.isNumeric { return true }
    switch (one, other) {
    case (.list(let one), .list(let other)): return comparable(one, other)
    case (.map(let key, let value), .map(let otherKey, let otherValue)):
      return comparable(key, otherKey) && comparable(value, otherValue)
    case (.object, .object): return true
    case (.object, .map(let key, _)), (.map(let key, _), .object): return comparable(.string, key)
    default: return one == other
    }
  }
}
