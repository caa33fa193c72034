import Core

/// A JSON number as SQLite can hold it, if that is possible without changing its value.
enum ExactNumber: Equatable {
  case integer(Int64)
  case real(Double)

  /// Nil: more digits than the storage has.
  ///
  /// A number is held exactly as a floating-point number if the latter, written with the fewest digits that distinguish it from
  /// its neighbors, is the same number again: 0.1 is, 0.12345678901234567890 is not.
  init?(_ cell: Cell, as storage: SQLiteColumn.Storage) {
    if cell.kind == .integer {
      guard storage == .real else {
        self = .integer(cell.number)
        return
      }
      guard let real = Double(exactly: cell.number) else { return nil }
      self = .real(real)
      return
    }
    let decimal = DecimalDigits(cell.text.buffer)
    if storage == .integer {
      guard let integer = decimal.integer else { return nil }
      self = .integer(integer)
      return
    }
    var text = cell.text.string
    guard let real = Double(text), real.isFinite else { return nil }
    // Any 15 digits survive, unless the exponent is extreme.
    if decimal.digits.count > 15 || abs(decimal.exponent) > 290 {
      text = real.description
      guard text.withUTF8({ DecimalDigits($0) }) == decimal else { return nil }
    }
    self = .real(real)
  }
}

/// A decimal number, so that two spellings of one number are equal: ±0.d₁d₂… × 10^exponent.
struct DecimalDigits: Equatable {
  private(set) var isNegative = false
  /// Without zeros at either end; empty: 0.
  private(set) var digits: [UInt8] = []
  private(set) var exponent = 0

  /// Exponents beyond this are all alike: no storage has them.
  private static let longestExponent = 1_000_000

  /// - Parameter text: a number as JSON, or as Swift prints it.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    var index = 0
    if text.first == UInt8(ascii: "-") { (isNegative, index) = (true, 1) }
    var hasPoint = false
    while index < text.count {
      let byte = text[index]
      guard byte == UInt8(ascii: ".") || (0x30...0x39).contains(byte) else { break }
      index += 1
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else if byte == 0x30, digits.isEmpty {
        if hasPoint { exponent -= 1 }
      } else {
        digits.append(byte - 0x30)
        if !hasPoint { exponent += 1 }
      }
    }
    exponent += Self.exponent(text[index...])
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { (isNegative, exponent) = (false, 0) }
  }

  /// `e-5`
  private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    var value = 0
    var isNegative = false
    for byte in text.dropFirst() {
      if byte == UInt8(ascii: "-") { isNegative = true }
      if (0x30...0x39).contains(byte) { value = min(value * 10 + Int(byte - 0x30), longestExponent) }
    }
    return isNegative ? -value : value
  }

  /// Nil if it is not an integer of 64 bits.
  var integer: Int64? {
    guard exponent >= digits.count, exponent <= 19 else { return digits.isEmpty ? 0 : nil }
    var value: Int64 = 0
    for index in 0..<exponent {
      let digit = Int64(index < digits.count ? digits[index] : 0)
      // Downward, because the smallest integer has no positive counterpart.
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.subtractingReportingOverflow(digit)
      guard !isLarge, !isLarger else { return nil }
      value = sum
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }
}
