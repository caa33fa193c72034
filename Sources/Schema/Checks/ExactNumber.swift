/// A JSON number's text taken apart, so that two texts of one number are seen to be equal whatever their size.
///
/// The value is `digits × 10^exponent`, where the digits have neither leading nor trailing zeros:
///
///     -012.500e2  ->  digits 125 (bytes "12.5"), exponent 1
///
/// The text itself is kept by the caller and must be a valid JSON number.
struct ExactNumber: Hashable, Sendable {
  var isNegative = false
  /// The bytes from the first to the last significant digit; may hold the decimal point. Empty for zero.
  var digits: Range<Int> = 0..<0
  var digitCount = 0
  /// The power of ten of the last significant digit.
  var exponent = 0

  var isZero: Bool { digitCount == 0 }
  var isInteger: Bool { digitCount == 0 || exponent >= 0 }

  init(_ text: Span<UInt8>) {
    var index = 0
    let end = text.count
    if index < end, text[index] == UInt8(ascii: "-") {
      isNegative = true
      index = 1
    }
    var first = -1
    var last = -1
    var point = -1
    while index < end {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        point = index
      } else if byte | 0x20 == UInt8(ascii: "e") {
        break
      } else if byte != UInt8(ascii: "0") {
        if first < 0 { first = index }
        last = index + 1
      }
      index += 1
    }
    guard first >= 0 else {
      isNegative = false
      return
    }
    let integerEnd = point >= 0 ? point : index
    digits = first..<last
    digitCount = last - first - (first < point && point < last ? 1 : 0)
    exponent = last <= integerEnd ? integerEnd - last : point - last + 1
    if index < end { exponent += Self.exponent(text, from: index + 1) }
  }

  /// Saturates far outside of what any two texts could bring back into reach.
  private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    var value = 0
    while index < text.count {
      value = min(value * 10 + Int(text[index] & 0x0F), 1 << 48)
      index += 1
    }
    return isNegative ? -value : value
  }
}
