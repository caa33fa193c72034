/// The divisor of `multipleOf`, prepared once: whether a number is a whole multiple of it is answered exactly, also
/// for decimals (`0.3` is a multiple of `0.1`).
package struct Divisor: Sendable {
  /// The divisor's significant digits as a number, where 64 bits hold them with room for one more digit.
  private let small: UInt64?
  /// The significant digits.
  private let digits: [UInt8]
  private let scale: Int

  /// Nil if `text` is not a number, or not above zero.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard case .number(let number) = NumberText.read(bytes.span) else { return nil }
    let value = NumberValue(number, in: bytes.span)
    guard !value.isZero, !value.isNegative else { return nil }
    digits = value.significant.map { number.digit($0, in: bytes.span) }
    scale = value.scale
    small = digits.count <= 17 ? digits.reduce(0) { $0 * 10 + UInt64($1) } : nil
  }

  /// Nil if `text` is not a number.
  package func divides(_ text: Span<UInt8>) -> Bool? {
    guard case .number(let number) = NumberText.read(text) else { return nil }
    let value = NumberValue(number, in: text)
    if value.isZero { return true }
    let power = value.scale - scale
    // Neither row of digits ends in a zero, so nothing is left to make up for missing powers of ten.
    if power < 0 { return false }
    // Powers of two and five that a divisor of n digits can hold are fewer than 4 n: more zeros change nothing.
    let zeros = min(power, 4 * digits.count)
    if let small {
      var rest: UInt64 = 0
      for position in value.significant { rest = (rest * 10 + UInt64(number.digit(position, in: text))) % small }
      for _ in 0..<zeros { rest = rest * 10 % small }
      return rest == 0
    }
    var rest = LongRemainder(divisor: digits)
    for position in value.significant { rest.append(number.digit(position, in: text)) }
    for _ in 0..<zeros { rest.append(0) }
    return rest.isZero
  }
}

/// Long division by hand for divisors beyond 17 digits, which only a schema's author can ask for.
private struct LongRemainder {
  /// One digit more than the divisor, the highest first.
  private var rest: [UInt8]
  private let divisor: [UInt8]

  init(divisor: [UInt8]) {
    self.divisor = [0] + divisor
    rest = Array(repeating: 0, count: divisor.count + 1)
  }

  var isZero: Bool { rest.allSatisfy { $0 == 0 } }

  /// The remainder of ten times the number, plus `digit`.
  mutating func append(_ digit: UInt8) {
    for index in 0..<rest.count - 1 { rest[index] = rest[index + 1] }
    rest[rest.count - 1] = digit
    while !rest.lexicographicallyPrecedes(divisor) {
      var borrow: Int8 = 0
      for index in stride(from: rest.count - 1, through: 0, by: -1) {
        var difference = Int8(rest[index]) - Int8(divisor[index]) - borrow
        borrow = difference < 0 ? 1 : 0
        if difference < 0 { difference += 10 }
        rest[index] = UInt8(difference)
      }
    }
  }
}
