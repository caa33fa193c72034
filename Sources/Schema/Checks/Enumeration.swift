import Core
import Values

/// The members of an `enum` or a `const`, prepared for cells: texts in a table of bytes, numbers by value.
struct Enumeration: Sendable {
  private let texts: ByteSet
  private let numbers: [NumericLimit]
  private let kinds: CellKinds

  init(_ values: [JSONValue]) {
    var texts: [[UInt8]] = []
    var numbers: [NumericLimit] = []
    var kinds: CellKinds = []
    for value in values {
      switch value {
      case .null: kinds.insert(CellKinds(.null))
      case .bool(let value): kinds.insert(CellKinds(value ? .true : .false))
      case .number(let digits): numbers.append(NumericLimit(digits))
      case .string(let text): texts.append(Array(text.utf8))
      case .array: kinds.insert(.list)
      case .object: kinds.insert(.object)
      }
    }
    self.texts = ByteSet(texts)
    self.numbers = numbers
    self.kinds = kinds
  }

  /// Lists and objects are admitted if there is any of their kind: their members are `SchemaValidator`'s to compare.
  func admits(_ cell: Cell, _ text: Span<UInt8>) -> Bool {
    switch cell.kind {
    case .missing: return true
    case .string, .date, .datetime: return texts.contains(text)
    case .integer, .decimal, .number:
      for index in numbers.indices where numbers[index].compare(cell, text) == 0 { return true }
      return false
    // An object cell may hold the text of an array.
    case .list, .object: return !kinds.isDisjoint(with: [.list, .object])
    case .null, .true, .false, .blocked: return kinds.contains(cell.kind)
    }
  }
}

/// A number of the schema that cells are compared with.
struct NumericLimit: Sendable {
  private let digits: [UInt8]
  /// Its value, if that is a 64-bit integer without point and exponent.
  private let integer: Int64?

  init(_ digits: String) {
    self.digits = Array(digits.utf8)
    integer = Int64(digits)
  }

  /// Negative, zero or positive, as the number in `cell` is below, at or above the limit.
  @inline(__always)
  func compare(_ cell: Cell, _ text: Span<UInt8>) -> Int {
    if cell.kind == .integer, let integer { return cell.number == integer ? 0 : cell.number < integer ? -1 : 1 }
    return Numbers.compare(text, digits.span) ?? 0
  }
}
