import Core

/// `+ - * / %` and the sign: checked in 64 bits, IEEE 754 for doubles.
extension ExpressionEvaluator {
  @inline(__always)
  mutating func arithmetic(_ code: Instruction.Code, _ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    if left.kind == .int && right.kind == .int { return Self.integers(code, left.word, right.word) }
    return mixed(code, left, right)
  }

  /// JSON numbers: where one is a double, and for a division, the other becomes one.
  static func promote(_ code: Instruction.Code, _ top: UnsafeMutablePointer<ExpressionValue>) {
    let isDouble = top[-1].kind == .double || top[0].kind == .double || code == .divide
    guard isDouble else { return }
    if top[-1].kind == .int { top[-1] = .double(Double(top[-1].word)) }
    if top[0].kind == .int { top[0] = .double(Double(top[0].word)) }
  }

  private mutating func mixed(_ code: Instruction.Code, _ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    if left.isError { return left }
    if right.isError { return right }
    switch (left.kind, right.kind) {
    case (.uint, .uint): return Self.unsigned(code, left.uintValue, right.uintValue)
    case (.double, .double): return Self.doubles(code, left.doubleValue, right.doubleValue)
    case (.string, .string), (.bytes, .bytes):
      guard code == .add else { return .error(.noOverload) }
      return joined(left, right)
    case (.timestamp, _), (.duration, _): return Self.times(code, left, right)
    default:
      guard code == .add, left.isList, right.isList else { return .error(.noOverload) }
      return joinedLists(left, right)
    }
  }

  private static func integers(_ code: Instruction.Code, _ left: Int64, _ right: Int64) -> ExpressionValue {
    let result: (partialValue: Int64, overflow: Bool)
    switch code {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide:
      if right == 0 { return .error(.divisionByZero) }
      result = left.dividedReportingOverflow(by: right)
    case .modulo:
      if right == 0 { return .error(.modulusByZero) }
      result = left.remainderReportingOverflow(dividingBy: right)
    default: return .error(.noOverload)
    }
    return result.overflow ? .error(.overflow) : .int(result.partialValue)
  }

  private static func unsigned(_ code: Instruction.Code, _ left: UInt64, _ right: UInt64) -> ExpressionValue {
    let result: (partialValue: UInt64, overflow: Bool)
    switch code {
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide: return right == 0 ? .error(.divisionByZero) : .uint(left / right)
    case .modulo: return right == 0 ? .error(.modulusByZero) : .uint(left % right)
    default: return .error(.noOverload)
    }
    return result.overflow ? .error(.overflow) : .uint(result.partialValue)
  }

  private static func doubles(_ code: Instruction.Code, _ left: Double, _ right: Double) -> ExpressionValue {
    switch code {
    case .add: .double(left + right)
    case .subtract: .double(left - right)
    case .multiply: .double(left * right)
    case .divide: .double(left / right)
    default: .error(.noOverload)
    }
  }

  func negated(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .int: value.word == .min ? .error(.overflow) : .int(-value.word)
    case .double: .double(-value.doubleValue)
    case .error: value
    default: .error(.noOverload)
    }
  }

  private mutating func joined(_ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    if right.count == 0 { return left }
    if left.count == 0 { return right }
    guard mayMake(bytes: left.size + right.size) else { return .error(.tooLarge) }
    bytes.begin()
    bytes.append(left.text)
    bytes.append(right.text)
    let text = bytes.finish()
    return ExpressionValue(left.kind, pointer: UnsafeRawPointer(text.start), count: text.count)
  }

  private mutating func joinedLists(_ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    let left = resolved(left)
    let right = resolved(right)
    if left.isError { return left }
    if right.isError { return right }
    guard mayMake(bytes: (left.size + right.size) * MemoryLayout<ExpressionValue>.stride) else { return .error(.tooLarge) }
    let values = lists.take(left.size + right.size)
    for index in 0..<left.size { values[index] = item(left, index) }
    for index in 0..<right.size { values[left.size + index] = item(right, index) }
    return ExpressionValue(.list, pointer: UnsafeRawPointer(values), count: left.size + right.size)
  }

  // MARK: Time

  private static func nanoseconds(_ value: ExpressionValue) -> Int128 {
    Int128(value.word) * 1_000_000_000 + Int128(value.count)
  }

  private static func times(_ code: Instruction.Code, _ left: ExpressionValue, _ right: ExpressionValue) -> ExpressionValue {
    let (one, other) = (nanoseconds(left), nanoseconds(right))
    switch (left.kind, code, right.kind) {
    case (.timestamp, .add, .duration), (.duration, .add, .timestamp): return timestamp(one + other)
    case (.timestamp, .subtract, .duration): return timestamp(one - other)
    case (.timestamp, .subtract, .timestamp):
      // The specification's own cases hold the difference to 64 bits of nanoseconds, some 292 years.
      guard Int64(exactly: one - other) != nil else { return .error(.durationRange) }
      return TimeText.duration(nanoseconds: one - other)
    case (.duration, .add, .duration): return TimeText.duration(nanoseconds: one + other)
    case (.duration, .subtract, .duration): return TimeText.duration(nanoseconds: one - other)
    default: return .error(.noOverload)
    }
  }

  private static func timestamp(_ nanoseconds: Int128) -> ExpressionValue {
    var (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    return TimeText.timestamp(Int64(seconds), Int(rest))
  }
}
