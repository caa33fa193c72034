/// Reads the digits of a count since 1970-01-01T00:00:00Z: `1625203106704` milliseconds, `1625203106` or `1625203106.704` seconds.
enum EpochDateTime {
  /// `perSecond` is 1 or 1,000. Gives UTC fields; a failure leaves them undefined.
  @inline(__always)
  static func read(_ text: Span<UInt8>, perSecond: Int, into fields: inout DateTimeFields) -> DateFailure? {
    let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    guard text.count > first else { return .notACount }
    var value = 0
    var fraction = 0
    var isTooLarge = false
    for index in first..<text.count {
      let digit = Int(text[index]) - 48
      guard digit >= 0, digit <= 9 else {
        guard index > first, let read = self.fraction(text, at: index, perSecond: perSecond) else { return .notACount }
        if read.isTooLong { return .fraction }
        fraction = read.nanoseconds
        break
      }
      if value > 1_000_000_000_000_000 { isTooLarge = true } else { value = value * 10 + digit }
    }
    if isTooLarge { return .outOfRange }
    if isNegative {
      value = -value
      if fraction > 0 {
        value -= 1
        fraction = 1_000_000_000 / perSecond - fraction
      }
    }
    let seconds = value.flooredQuotient(by: perSecond)
    let nanosecond = (value - seconds * perSecond) * (1_000_000_000 / perSecond) + fraction
    guard let read = DateTimeFields(localSeconds: Int64(seconds), nanosecond: nanosecond, zone: .zulu) else {
      return .outOfRange
    }
    fields = read
    fields.isEpoch = true
    return nil
  }

  /// Milliseconds of 11 digits or more: from 26 April 1970 on, and until 7 September 1969.
  static func readDeclared(_ text: Span<UInt8>, into fields: inout DateTimeFields) -> DateFailure? {
    var digits = 0
    for index in 0..<text.count {
      if text[index] == UInt8(ascii: ".") { break }
      if text[index] != UInt8(ascii: "-") { digits += 1 }
    }
    return digits > 10 ? read(text, perSecond: 1_000, into: &fields) : .bareNumber
  }

  /// What follows the whole units, in nanoseconds; nil if it is not a fraction.
  private static func fraction(
    _ text: Span<UInt8>, at point: Int, perSecond: Int
  ) -> (nanoseconds: Int, isTooLong: Bool)? {
    guard text[point] == UInt8(ascii: "."), point + 1 < text.count else { return nil }
    let read = DigitReading.fraction(text, from: point + 1)
    guard read.end == text.count else { return nil }
    return (read.nanoseconds / perSecond, read.isTooLong || read.nanoseconds % perSecond != 0)
  }
}

extension Int {
  /// The greatest integer whose product with `divisor` (1 or more) is not above `self`.
  @inline(__always)
  func flooredQuotient(by divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
