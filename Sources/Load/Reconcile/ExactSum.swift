import Core

/// The exact sum of decimal numbers, however many and in whatever order: 0.1 and 0.2 are 0.3.
///
/// Positive and negative numbers are added apart, digit group by digit group, and carried only when the sum is read: each group of nine
/// digits lies in a word of 64 bits, which has room for more than 18 billion of them.
struct ExactSum: Sendable {
  /// Of digits to either side of the point.
  private static let mostDigits = 405
  private static let group = 9
  private static let groupsBelow = mostDigits / group
  private static let base: UInt64 = 1_000_000_000
  private static let powers: [UInt64] = (0..<group).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  private var positive: [UInt64] = []
  private var negative: [UInt64] = []
  private var isTooLong = false

  mutating func add(_ number: DecimalDigits) {
    guard !number.digits.isEmpty else { return }
    guard number.exponent <= Self.mostDigits, number.digits.count - number.exponent <= Self.mostDigits else {
      isTooLong = true
      return
    }
    if number.isNegative { Self.add(number, to: &negative) } else { Self.add(number, to: &positive) }
  }

  private static func add(_ number: DecimalDigits, to groups: inout [UInt64]) {
    if groups.isEmpty { groups = [UInt64](repeating: 0, count: 2 * groupsBelow + 3) }
    for (index, digit) in number.digits.enumerated() {
      // The place of the digit, from the smallest one that can be held.
      let place = number.exponent - 1 - index + groupsBelow * group
      groups[place / group] += UInt64(digit) * powers[place % group]
    }
  }

  /// Without zeros at the end of the fraction: `-12.5`. Nil if a number was too long to be added.
  var text: String? {
    guard !isTooLong else { return nil }
    let (plus, minus) = (Self.carried(positive), Self.carried(negative))
    if plus == minus { return "0" }
    let isNegative = plus.reversed().lexicographicallyPrecedes(minus.reversed())
    let groups = isNegative ? Self.difference(minus, plus) : Self.difference(plus, minus)
    let digits = groups.reversed().map { group in
      let text = String(group)
      return String(repeating: "0", count: Self.group - text.count) + text
    }.joined()
    let whole = String(digits.dropLast(Self.groupsBelow * Self.group).drop { $0 == "0" })
    var fraction = String(digits.suffix(Self.groupsBelow * Self.group))
    while fraction.last == "0" { fraction.removeLast() }
    return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  /// Each group less than its base.
  private static func carried(_ groups: [UInt64]) -> [UInt64] {
    var carried = groups.isEmpty ? [UInt64](repeating: 0, count: 2 * groupsBelow + 3) : groups
    for index in carried.indices.dropLast() {
      carried[index + 1] += carried[index] / base
      carried[index] %= base
    }
    return carried
  }

  /// - Parameter large: not less than `small`.
  private static func difference(_ large: [UInt64], _ small: [UInt64]) -> [UInt64] {
    var result = large
    var borrow: UInt64 = 0
    for index in result.indices {
      let taken = small[index] + borrow
      borrow = result[index] < taken ? 1 : 0
      result[index] = result[index] + borrow * base - taken
    }
    return result
  }
}
