import Core
import Values

/// Equality and order (language definition, "Equality and Ordering").
extension ExpressionEvaluator {
  /// Values of different types are unequal; numbers compare across their types; NaN equals nothing.
  mutating func equal(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    if left.isNumber && right.isNumber { return compareNumbers(left, right) == 0 }
    comparisons &+= 1
    guard comparisons <= stepLimit else { return false }
    if left.isList && right.isList { return equalLists(left, right) }
    if left.isMap && right.isMap { return equalMaps(left, right) }
    guard left.kind == right.kind else { return false }
    switch left.kind {
    case .null: return true
    case .bool, .type: return left.word == right.word
    case .string, .bytes: return Keys.equal(left.text, right.text)
    case .timestamp, .duration: return left.word == right.word && left.count == right.count
    default: return false
    }
  }

  private mutating func equalLists(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    let left = resolved(left)
    let right = resolved(right)
    guard left.count == right.count else { return false }
    for index in 0..<left.size {
      let one = item(left, index)
      let other = item(right, index)
      guard equal(one, other) else { return false }
    }
    return true
  }

  private mutating func equalMaps(_ left: ExpressionValue, _ right: ExpressionValue) -> Bool {
    let left = resolved(left)
    let right = resolved(right)
    guard left.count == right.count else { return false }
    guard let one = left.values, let other = right.values else { return true }
    for index in 0..<left.size {
      // Mostly both have the same order.
      var found: Int? = Keys.equal(one[2 * index], other[2 * index]) ? index : nil
      if found == nil {
        comparisons &+= right.size
        guard comparisons <= stepLimit else { return false }
        found = (0..<right.size).first { Keys.equal(one[2 * index], other[2 * $0]) }
      }
      guard let found, equal(one[2 * index + 1], other[2 * found + 1]) else { return false }
    }
    return true
  }

  mutating func ordered(_ code: Instruction.Code, _ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    if left.isError { return left }
    if right.isError { return right }
    let order: Int?
    if left.kind == .int && right.kind == .int {
      order = left.word < right.word ? -1 : left.word == right.word ? 0 : 1
    } else if left.isNumber && right.isNumber {
      order = compareNumbers(left, right)
    } else {
      guard left.kind == right.kind else { return .error(.noOverload) }
      switch left.kind {
      case .bool: order = Int(left.word - right.word)
      case .string, .bytes: order = Keys.compare(left.text, right.text)
      case .timestamp, .duration:
        order =
          left.word != right.word
          ? (left.word < right.word ? -1 : 1) : left.count == right.count ? 0 : left.count < right.count ? -1 : 1
      default: return .error(.noOverload)
      }
    }
    // Nothing is before or after NaN.
    guard let order else { return .bool(false) }
    switch code {
    case .less: return .bool(order < 0)
    case .lessEqual: return .bool(order <= 0)
    case .greater: return .bool(order > 0)
    default: return .bool(order >= 0)
    }
  }

  /// Exactly, across int, uint, double and decimal; nil with NaN.
  mutating func compareNumbers(_ left: ExpressionValue, _ right: ExpressionValue) -> Int? {
    switch (left.kind, right.kind) {
    case (.int, .int): return left.word < right.word ? -1 : left.word == right.word ? 0 : 1
    case (.uint, .uint): return left.uintValue < right.uintValue ? -1 : left.uintValue == right.uintValue ? 0 : 1
    case (.double, .double):
      let (one, other) = (left.doubleValue, right.doubleValue)
      return one < other ? -1 : one == other ? 0 : one > other ? 1 : nil
    case (.int, .uint):
      return left.word < 0 || UInt64(left.word) < right.uintValue ? -1 : UInt64(left.word) == right.uintValue ? 0 : 1
    case (.int, .double): return Keys.compare(left.word, right.doubleValue)
    case (.uint, .double): return Keys.compare(left.uintValue, right.doubleValue)
    case (.decimal, _), (_, .decimal): return compareDecimals(left, right)
    default: return compareNumbers(right, left).map { -$0 }
    }
  }

  /// A double counts as the shortest decimal that stands for it, so that `worth >= 99.9` means what is written.
  private mutating func compareDecimals(_ left: ExpressionValue, _ right: ExpressionValue) -> Int? {
    for (value, sign) in [(left, 1), (right, -1)] where value.kind == ValueKind.double {
      if value.doubleValue.isNaN { return nil }
      if value.doubleValue.isInfinite { return value.doubleValue > 0 ? sign : -sign }
    }
    let one = digits(of: left)
    let other = digits(of: right)
    return Numbers.compare(one.span, other.span)
  }

  private mutating func digits(of value: ExpressionValue) -> Text {
    if value.kind == .decimal { return value.text }
    bytes.begin()
    switch value.kind {
    case .int: bytes.append(decimal: value.word)
    case .uint: bytes.append(decimal: value.uintValue)
    default: NumberWriting.append(value.doubleValue, isJSON: false, into: &bytes)
    }
    return bytes.finish()
  }
}
