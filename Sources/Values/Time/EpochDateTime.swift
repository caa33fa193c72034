/// Reads the digits of a count since 1970-01-01T00:00:00Z: `1625203106704` milliseconds, `1625203106` seconds.
enum EpochDateTime {
  /// `perSecond` is 1 or 1,000. Gives UTC fields; a failure leaves them undefined.
  @inline(__always)
  static func read(_ text: Span<UInt8>, perSecond: Int, into fields: inout DateTimeFields) -> DateFailure? {
    let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    guard text.count > first else { return .notAnInteger }
    var value = 0
    var isTooLarge = false
    for index in first..<text.count {
      let digit = Int(text[index]) - 48
      guard digit >= 0, digit <= 9 else { return .notAnInteger }
      if value > 1_000_000_000_000_000 { isTooLarge = true } else { value = value * 10 + digit }
    }
    if isTooLarge { return .outOfRange }
    if isNegative { value = -value }
    let seconds = value.flooredQuotient(by: perSecond)
    let nanosecond = (value - seconds * perSecond) * (1_000_000_000 / perSecond)
    guard let read = DateTimeFields(localSeconds: Int64(seconds), nanosecond: nanosecond, zone: .zulu) else {
      return .outOfRange
    }
    fields = read
    fields.isEpoch = true
    return nil
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
