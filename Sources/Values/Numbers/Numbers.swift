package import Core

/// Numbers out of text and number tokens; digits are kept as they were given.
package enum Numbers {
  package enum IntegerResult: Sendable, Hashable {
    case value(Int64)
    case refused(NumberRefusal)
  }

  /// A 64-bit integer: `12`, `-3`, `+5`, also `12.0` and `1e3`; not `12.5`, not `012`.
  ///
  /// `allowsExponent` is for texts: a JSON number is the same number in any notation.
  package static func integer(_ text: Span<UInt8>, allowsExponent: Bool = true) -> IntegerResult {
    if let value = plainInteger(text) { return .value(value) }
    switch NumberText.read(text, allowsExponent: allowsExponent) {
    case .refused(let refusal): return .refused(refusal)
    case .number(let number):
      let value = NumberValue(number, in: text)
      if value.isZero { return .value(0) }
      guard value.isWhole else { return .refused(.notWhole) }
      guard value.top <= 19 else { return .refused(.outOfRange) }
      var magnitude: UInt64 = 0
      for place in 0..<value.top {
        let digit = place < value.significant.count ? number.digit(value.significant.lowerBound + place, in: text) : 0
        // 19 digits fit into 64 bits without a sign.
        magnitude = magnitude &* 10 &+ UInt64(digit)
      }
      if value.isNegative {
        guard magnitude <= Int64.min.magnitude else { return .refused(.outOfRange) }
        return .value(Int64(truncatingIfNeeded: 0 &- magnitude))
      }
      guard magnitude <= UInt64(Int64.max) else { return .refused(.outOfRange) }
      return .value(Int64(magnitude))
    }
  }

  /// The fast path: digits that a 64-bit integer surely holds (18 of them), a minus before them, no leading zero.
  /// Nil is inconclusive.
  @inline(__always)
  package static func plainInteger(_ text: Span<UInt8>) -> Int64? {
    let count = text.count
    guard count > 0 else { return nil }
    let isNegative = unsafe text[unchecked: 0] == UInt8(ascii: "-")
    var index = isNegative ? 1 : 0
    guard index < count, count - index <= 18 else { return nil }
    if unsafe text[unchecked: index] == UInt8(ascii: "0"), count - index > 1 { return nil }
    var value: Int64 = 0
    while index < count {
      let digit = unsafe text[unchecked: index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value &* 10 &+ Int64(digit)
      index += 1
    }
    return isNegative ? -value : value
  }

  /// Appends a JSON number with the same digits: `+5` becomes `5`, `.5` becomes `0.5`, `1E5` stays.
  package static func number(
    _ text: Span<UInt8>, allowsExponent: Bool = true, into arena: inout ByteArena
  ) -> NumberRefusal? {
    switch NumberText.read(text, allowsExponent: allowsExponent) {
    case .refused(let refusal): return refusal
    case .number(let number):
      if number.isNegative { arena.append(UInt8(ascii: "-")) }
      if number.whole.isEmpty { arena.append(UInt8(ascii: "0")) }
      let digits = number.isNegative || number.isPlus ? 1 : 0
      arena.append(text.extracting(digits..<text.count))
      return nil
    }
  }

  /// The most digits that an exponent may expand to.
  package static let longestExpansion = 64

  /// Appends an exact decimal with all its digits, without an exponent: `1.50` stays, `1.50e1` becomes `15.0`, `-0.0`
  /// becomes `0.0`.
  package static func decimal(
    _ text: Span<UInt8>, allowsExponent: Bool = true, into arena: inout ByteArena
  ) -> NumberRefusal? {
    let number: NumberText
    switch NumberText.read(text, allowsExponent: allowsExponent) {
    case .refused(let refusal): return refusal
    case .number(let read): number = read
    }
    let isZero = NumberValue(number, in: text).isZero
    if number.exponentStart == text.count {
      if number.isNegative && !isZero { arena.append(UInt8(ascii: "-")) }
      if number.whole.isEmpty { arena.append(UInt8(ascii: "0")) }
      let digits = number.isNegative || number.isPlus ? 1 : 0
      arena.append(text.extracting(digits..<text.count))
      return nil
    }
    // Digits before the point once the exponent has moved it, and the zeros that this takes.
    let count = number.digitCount
    let point = number.whole.count + number.exponent
    let length = point <= 0 ? 1 - point + count : max(point, count)
    guard length <= longestExpansion else { return .tooManyDigits }
    if number.isNegative && !isZero { arena.append(UInt8(ascii: "-")) }
    var place = min(0, point - 1)
    // Leading zeros of the row (`0.05e1`) are dropped before the point, but for the last one.
    var isLeading = true
    while place < max(point, count) {
      if place == point, place > 0 || point <= 0 {
        if isLeading { arena.append(UInt8(ascii: "0")) }
        isLeading = false
        arena.append(UInt8(ascii: "."))
      }
      let digit = place >= 0 && place < count ? number.digit(place, in: text) : 0
      if !(isLeading && digit == 0 && place < point) {
        arena.append(UInt8(ascii: "0") + digit)
        isLeading = false
      }
      place += 1
    }
    if isLeading { arena.append(UInt8(ascii: "0")) }
    return nil
  }

  /// Appends a JSON number whose value is whole as an integer is written: `1.0` gives `1`, `1e2` gives `100`, `-0.0` gives `0`. One of
  /// more than 64 digits (`1E400`) stays as it is. False: the value is not whole, and nothing was appended.
  package static func whole(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    guard case .number(let number) = NumberText.read(text) else { return false }
    let value = NumberValue(number, in: text)
    guard value.isWhole else { return false }
    if value.isZero {
      arena.append(UInt8(ascii: "0"))
      return true
    }
    guard value.top <= longestExpansion else {
      arena.append(text)
      return true
    }
    if value.isNegative { arena.append(UInt8(ascii: "-")) }
    for position in value.significant { arena.append(UInt8(ascii: "0") + number.digit(position, in: text)) }
    for _ in 0..<value.scale { arena.append(UInt8(ascii: "0")) }
    return true
  }

  /// Whether a JSON number's value is whole: `1.0` and `1e2` are. False for anything that is not a number.
  package static func isWhole(_ text: Span<UInt8>) -> Bool {
    if plainInteger(text) != nil { return true }
    guard case .number(let number) = NumberText.read(text) else { return false }
    return NumberValue(number, in: text).isWhole
  }

  /// Compares two numbers exactly, whatever their length: below 0, 0, above 0. Nil if one of them is not a number.
  package static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int? {
    if let left = plainInteger(left), let right = plainInteger(right) { return left < right ? -1 : left == right ? 0 : 1 }
    guard case .number(let leftNumber) = NumberText.read(left), case .number(let rightNumber) = NumberText.read(right) else {
      return nil
    }
    let leftValue = NumberValue(leftNumber, in: left)
    let rightValue = NumberValue(rightNumber, in: right)
    let leftSign = leftValue.isZero ? 0 : leftValue.isNegative ? -1 : 1
    let rightSign = rightValue.isZero ? 0 : rightValue.isNegative ? -1 : 1
    if leftSign != rightSign { return leftSign < rightSign ? -1 : 1 }
    if leftSign == 0 { return 0 }
    if leftValue.top != rightValue.top { return leftValue.top < rightValue.top ? -leftSign : leftSign }
    let longest = max(leftValue.significant.count, rightValue.significant.count)
    for place in 0..<longest {
      let one =
        place < leftValue.significant.count ? leftNumber.digit(leftValue.significant.lowerBound + place, in: left) : 0
      let other =
        place < rightValue.significant.count ? rightNumber.digit(rightValue.significant.lowerBound + place, in: right) : 0
      if one != other { return one < other ? -leftSign : leftSign }
    }
    return 0
  }
}
