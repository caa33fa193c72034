package import Core
import Glibc
import Values

extension Cell {
  static let undeclaredFlag: UInt8 = 2
  static let unreachableFlag: UInt8 = 3

  /// Stands in for a value that does not match its field's declaration: reading it is an error, `has` is true.
  package static var undeclared: Cell { Cell(kind: .missing, flags: undeclaredFlag) }
  /// Stands in for a value whose path is blocked: reading it is an error, and so is `has`.
  package static var unreachable: Cell { Cell(kind: .missing, flags: unreachableFlag) }
}

/// From the record's cells to values.
extension ExpressionEvaluator {
  @inline(__always)
  mutating func value(of cell: Cell) -> ExpressionValue {
    switch cell.kind {
    case .missing: cell.flags < Cell.undeclaredFlag ? .null : .error(.wrongType)
    case .null: .null
    case .false: .bool(false)
    case .true: .bool(true)
    case .integer: .int(cell.number)
    case .string: ExpressionValue(.string, pointer: cell.pointer, count: cell.count)
    case .list: ExpressionValue(.cells, pointer: cell.pointer, count: cell.count)
    case .decimal: ExpressionValue(.decimal, pointer: cell.pointer, count: cell.count)
    case .number, .date, .datetime, .object: uncommonValue(of: cell)
    case .blocked: .error(.wrongType)
    }
  }

  /// Whether there is a value.
  @inline(__always)
  static func has(_ cell: Cell) -> ExpressionValue {
    guard cell.isAbsent else { return .bool(true) }
    return cell.flags == Cell.unreachableFlag ? .error(.wrongType) : .bool(cell.flags == Cell.undeclaredFlag)
  }

  private mutating func uncommonValue(of cell: Cell) -> ExpressionValue {
    switch cell.kind {
    case .number: return Self.number(cell.text)
    case .date: return ExpressionValue(.timestamp, word: cell.number * 86_400)
    case .datetime:
      // The fraction is in the text only: the digits after the point.
      let text = cell.text
      var nanoseconds = 0
      if text.count > 20, text.start[19] == UInt8(ascii: ".") {
        var width = 0
        while width < 9, 20 + width < text.count, text.start[20 + width] &- 0x30 < 10 {
          nanoseconds = nanoseconds * 10 + Int(text.start[20 + width] - 0x30)
          width += 1
        }
        for _ in width..<9 { nanoseconds *= 10 }
      }
      return ExpressionValue(.timestamp, word: cell.number, count: nanoseconds)
    default:
      let text = cell.text
      let isArray = text.count > 0 && text.start[0] == UInt8(ascii: "[")
      return ExpressionValue(isArray ? .array : .object, pointer: cell.pointer, count: cell.count)
    }
  }

  /// A field that is declared a date or a moment and comes as text: its first midnight, or the moment.
  mutating func time(of cell: Cell) -> ExpressionValue {
    guard cell.kind == .string else { return value(of: cell) }
    let text = cell.text
    if text.count == 10 {
      return withExtendedText(text, "T00:00:00Z") { TimeText.readTimestamp($0.span) }
    }
    let value = TimeText.readTimestamp(text.span)
    if value.failure == .notATimestamp, text.count >= 19, text.start[10] | 0x20 == UInt8(ascii: "t") || text.start[10] == 0x20 {
      let last = text.start[text.count - 1]
      let isLocal =
        last &- 0x30 < 10 && !text.buffer.dropFirst(19).contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      if isLocal { return .error(.localTime) }
    }
    return value
  }

  private mutating func withExtendedText(_ text: Text, _ end: StaticString, _ body: (Text) -> ExpressionValue) -> ExpressionValue
  {
    madeBytes &+= 32
    bytes.begin()
    bytes.append(text)
    bytes.append(end)
    return body(bytes.finish())
  }

  /// A JSON number: an int where it is a whole number of 64 bits without point and exponent, or one that a double does not hold
  /// exactly; else a double; an error where it is beyond a double.
  static func number(_ text: Text) -> ExpressionValue {
    if let value = Numbers.plainInteger(text.span) { return .int(value) }
    if !text.buffer.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }),
      case .value(let value) = Numbers.integer(text.span)
    {
      return .int(value)
    }
    guard let number = double(text), number.isFinite else { return .error(.doubleRange) }
    if abs(number) >= 0x1p53, case .value(let value) = Numbers.integer(text.span), Double(exactly: value) == nil {
      return .int(value)
    }
    return .double(number)
  }

  /// The nearest double of a text that is a number (checked by the caller); infinity where it is too large. The text is copied to
  /// have an end that the C library sees.
  static func double(_ text: Text) -> Double? {
    guard text.count > 0 else { return nil }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { buffer in
      for index in 0..<text.count { buffer[index] = CChar(bitPattern: text.start[index]) }
      buffer[text.count] = 0
      guard let base = buffer.baseAddress else { return nil }
      return strtod(base, nil)
    }
  }
}
