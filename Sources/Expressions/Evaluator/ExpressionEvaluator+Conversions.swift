import Core
import Values

/// `int()`, `string()` and the like (language definition, "List of Standard Definitions").
extension ExpressionEvaluator {
  func toBool(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .bool: return value
    case .string:
      for word in Self.trueWords where value.text.equals(word) { return .bool(true) }
      for word in Self.falseWords where value.text.equals(word) { return .bool(false) }
      return .error(.notABool)
    default: return .error(.noOverload)
    }
  }

  private static let trueWords: [StaticString] = ["1", "t", "true", "TRUE", "True", "T"]
  private static let falseWords: [StaticString] = ["0", "f", "false", "FALSE", "False", "F"]

  func toBytes(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .bytes: value
    case .string: ExpressionValue(.bytes, pointer: value.pointer, count: value.size)
    default: .error(.noOverload)
    }
  }

  func toInt(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .int: return value
    case .uint: return value.word < 0 ? .error(.intRange) : .int(value.word)
    case .double:
      // The two limits are not doubles themselves: the nearest doubles may be beyond them.
      let double = value.doubleValue
      guard double > -0x1p63, double < 0x1p63 else { return .error(.intRange) }
      return .int(Int64(double))
    case .decimal:
      guard let number = Self.digits(ofDecimal: value.text) else { return .error(.intRange) }
      let (magnitude, isNegative) = number
      guard magnitude <= (isNegative ? Int64.min.magnitude : Int64.max.magnitude) else { return .error(.intRange) }
      return .int(isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude))
    case .string:
      guard let (magnitude, isNegative) = Self.whole(value.text, allowsSign: true),
        magnitude <= (isNegative ? Int64.min.magnitude : Int64.max.magnitude)
      else { return .error(.notAnInt) }
      return .int(isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude))
    case .timestamp: return .int(value.word)
    default: return .error(.noOverload)
    }
  }

  func toUint(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .uint: return value
    case .int: return value.word < 0 ? .error(.uintRange) : .uint(UInt64(value.word))
    case .double:
      let double = value.doubleValue
      guard double >= 0, double < 0x1p64 else { return .error(.uintRange) }
      return .uint(UInt64(double))
    case .decimal:
      guard let (magnitude, isNegative) = Self.digits(ofDecimal: value.text), !isNegative || magnitude == 0 else {
        return .error(.uintRange)
      }
      return .uint(magnitude)
    case .string:
      guard let (magnitude, _) = Self.whole(value.text, allowsSign: false) else { return .error(.notAUint) }
      return .uint(magnitude)
    default: return .error(.noOverload)
    }
  }

  func toDouble(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .double: return value
    case .int: return .double(Double(value.word))
    case .uint: return .double(Double(value.uintValue))
    case .decimal: return Self.double(value.text).map { .double($0) } ?? .error(.doubleRange)
    case .string:
      let text = value.text
      if let word = Self.doubleWord(text) { return .double(word) }
      guard Self.isDouble(text), let double = Self.double(text) else { return .error(.notADouble) }
      return double.isInfinite ? .error(.doubleRange) : .double(double)
    default: return .error(.noOverload)
    }
  }

  mutating func toString(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .string: return value
    case .decimal: return .string(value.text)
    case .bytes:
      guard (try? UTF8Span(validating: value.text.span)) != nil else { return .error(.invalidUTF8) }
      return .string(value.text)
    case .bool, .int, .uint, .double, .timestamp, .duration:
      madeBytes &+= 32
      bytes.begin()
      switch value.kind {
      case .bool: bytes.append(value.word != 0 ? "true" : "false")
      case .int: bytes.append(decimal: value.word)
      case .uint: bytes.append(decimal: value.uintValue)
      case .double: NumberWriting.append(value.doubleValue, isJSON: false, into: &bytes)
      case .timestamp: TimeText.append(timestamp: value, into: &bytes)
      default: TimeText.append(duration: value, into: &bytes)
      }
      return .string(bytes.finish())
    default: return .error(.noOverload)
    }
  }

  func toTimestamp(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .timestamp: value
    case .int: TimeText.timestamp(value.word, 0)
    case .string: TimeText.readTimestamp(value.text.span)
    default: .error(.noOverload)
    }
  }

  func toDuration(_ value: ExpressionValue) -> ExpressionValue {
    switch value.kind {
    case .duration: value
    case .string: TimeText.readDuration(value.text.span)
    default: .error(.noOverload)
    }
  }

  // MARK: Texts

  /// Digits of the whole text, with an optional sign; nil also beyond 64 bits.
  private static func whole(_ text: Text, allowsSign: Bool) -> (UInt64, isNegative: Bool)? {
    var index = 0
    var isNegative = false
    if allowsSign, text.count > 0, text.start[0] == UInt8(ascii: "-") || text.start[0] == UInt8(ascii: "+") {
      isNegative = text.start[0] == UInt8(ascii: "-")
      index = 1
    }
    guard index < text.count else { return nil }
    var value: UInt64 = 0
    while index < text.count {
      let digit = text.start[index] &- 0x30
      guard digit < 10 else { return nil }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLargeNow) = product.addingReportingOverflow(UInt64(digit))
      guard !isTooLarge, !isTooLargeNow else { return nil }
      value = sum
      index += 1
    }
    return (value, isNegative)
  }

  /// Of a canonical decimal, what is before the point.
  private static func digits(ofDecimal text: Text) -> (UInt64, isNegative: Bool)? {
    let point = text.buffer.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    return whole(text[0..<point], allowsSign: true)
  }

  private static func doubleWord(_ text: Text) -> Double? {
    guard text.count >= 3, text.count <= 9 else { return nil }
    switch text.string.lowercased() {
    case "nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// A sign, digits with a point among or beside them, an exponent.
  private static func isDouble(_ text: Text) -> Bool {
    var index = 0
    func digits() -> Int {
      let start = index
      while index < text.count, text.start[index] &- 0x30 < 10 { index += 1 }
      return index - start
    }
    func sign() {
      if index < text.count, text.start[index] == UInt8(ascii: "-") || text.start[index] == UInt8(ascii: "+") { index += 1 }
    }
    sign()
    var count = digits()
    if index < text.count, text.start[index] == UInt8(ascii: ".") {
      index += 1
      count += digits()
    }
    guard count > 0 else { return false }
    if index < text.count, text.start[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      sign()
      guard digits() > 0 else { return false }
    }
    return index == text.count
  }
}

extension Text {
  func equals(_ other: StaticString) -> Bool {
    Keys.equal(self, Text(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }
}
