/// A decimal number, so that two spellings of one number are equal: ±0.d₁d₂… × 10^exponent.
struct DecimalDigits: Hashable, Sendable {
  private(set) var isNegative = false
  /// Without zeros at either end; empty: 0.
  private(set) var digits: [UInt8] = []
  private(set) var exponent = 0

  /// Exponents beyond this are all alike: no storage has them.
  private static let longestExponent = 1_000_000

  init(_ text: String) {
    var text = text
    self = text.withUTF8 { DecimalDigits($0) }
  }

  /// False: the exponent is larger than is counted here.
  var isBounded: Bool { abs(exponent) < Self.longestExponent / 2 }

  /// The same text for equal numbers, which is a number itself: `125e-1`.
  var text: String {
    if digits.isEmpty { return "0" }
    let integer = (isNegative ? "-" : "") + String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    let power = exponent - digits.count
    return power == 0 ? integer : "\(integer)e\(power)"
  }

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
