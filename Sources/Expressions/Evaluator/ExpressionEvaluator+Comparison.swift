import Core
import Values

/// Equality and order (language definition, "Equality and Ordering").
extension ExpressionEvaluator {
  /// Values of different types are unequal; numbers compare across their types; NaN equals nothing.
  /// `comparisonFailure` tells whether the comparison was completed; see `compared`.
  mutating func equal(_ left: ExpressionValue, _ right: ExpressionValue, depth: Int = 0) -> Bool {
    if left.isNumber && right.isNumber { return compareNumbers(left, right) == 0 }
    comparisons &+= 1
    guard comparisons <= stepLimit, work <= workLimit else { return failedComparison(.tooManySteps) }
    if left.isList && right.isList { return equalLists(left, right, depth) }
    if left.isMap && right.isMap { return equalMaps(left, right, depth) }
    guard left.kind == right.kind else {
      // Elements of the input that have no value.
      if let error = left.failure ?? right.failure { return failedComparison(error) }
      return false
    }
    switch left.kind {
    case .error: return failedComparison(left.failure ?? .noOverload)
    case .null: return true
    case .bool, .type: return left.word == right.word
    case .string, .bytes:
      guard left.count == right.count else { return false }
      work &+= left.size
      return Keys.equal(left.text, right.text)
    case .timestamp, .duration: return left.word == right.word && left.count == right.count
    default: return false
    }
  }

  /// The result of a comparison, or why there is none.
  @inline(__always)
  mutating func compared(_ result: Bool) -> ExpressionValue {
    guard let failure = comparisonFailure else { return .bool(result) }
    comparisonFailure = nil
    return .error(failure)
  }

  private mutating func failedComparison(_ error: ExpressionError) -> Bool {
    if comparisonFailure == nil { comparisonFailure = error }
    return false
  }

  /// Levels of lists and maps that are compared and written: macros nest them as deeply as they like, and the stack has an end.
  static let mostLevels = 2_000

  private mutating func equalLists(_ left: ExpressionValue, _ right: ExpressionValue, _ depth: Int) -> Bool {
    guard depth < Self.mostLevels else { return failedComparison(.tooDeep) }
    let left = resolved(left)
    let right = resolved(right)
    if let error = left.failure ?? right.failure { return failedComparison(error) }
    guard left.count == right.count else { return false }
    work &+= left.size * MemoryLayout<ExpressionValue>.stride
    for index in 0..<left.size {
      let one = item(left, index)
      let other = item(right, index)
      guard equal(one, other, depth: depth + 1) else { return false }
    }
    return true
  }

  private mutating func equalMaps(_ left: ExpressionValue, _ right: ExpressionValue, _ depth: Int) -> Bool {
    guard depth < Self.mostLevels else { return failedComparison(.tooDeep) }
    let left = resolved(left)
    let right = resolved(right)
    if let error = left.failure ?? right.failure { return failedComparison(error) }
    guard left.count == right.count else { return false }
    guard let one = left.values, let other = right.values else { return true }
    for index in 0..<left.size {
      // Mostly both have the same order.
      var found: Int? = Keys.equal(one[2 * index], other[2 * index]) ? index : nil
      if found == nil {
        comparisons &+= right.size
        guard comparisons <= stepLimit else { return failedComparison(.tooManySteps) }
        found = (0..<right.size).first { Keys.equal(one[2 * index], other[2 * $0]) }
      }
      guard let found, equal(one[2 * index + 1], other[2 * found + 1], depth: depth + 1) else { return false }
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
      case .string, .bytes:
        guard mayRead(bytes: min(left.size, right.size)) else { return .error(.tooManySteps) }
        order = Keys.compare(left.text, right.text)
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

  /// Across int, uint, double and decimal; nil with NaN. All of it is exact but what compares an int or a uint with a double: there
  /// CEL uses the double that is nearest to the whole number.
  mutating func compareNumbers(_ left: ExpressionValue, _ right: ExpressionValue) -> Int? {
    switch (left.kind, right.kind) {
    case (.int, .int): return left.word < right.word ? -1 : left.word == right.word ? 0 : 1
    case (.uint, .uint): return left.uintValue < right.uintValue ? -1 : left.uintValue == right.uintValue ? 0 : 1
    case (.double, .double):
      let (one, other) = (left.doubleValue, right.doubleValue)
      return one < other ? -1 : one == other ? 0 : one > other ? 1 : nil
    case (.int, .uint):
      return left.word < 0 || UInt64(left.word) < right.uintValue ? -1 : UInt64(left.word) == right.uintValue ? 0 : 1
    case (.int, .double): return Keys.compareRounded(left.word, right.doubleValue)
    case (.uint, .double): return Keys.compareRounded(left.uintValue, right.doubleValue)
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
    madeBytes &+= 32
    bytes.begin()
    switch value.kind {
    case .int: bytes.append(decimal: value.word)
    case .uint: bytes.append(decimal: value.uintValue)
    default: NumberWriting.append(value.doubleValue, isJSON: false, into: &bytes)
    }
    return bytes.finish()
  }
}
