/// Readers of ASCII digits at a place, shared by the date formats.
package enum DigitReading {
  /// The value of the two digits at `index`, which must be inside of `text`; negative when they are not digits.
  @inline(__always)
  package static func two(_ text: Span<UInt8>, at index: Int) -> Int {
    let tens = text[index] &- 48
    let ones = text[index + 1] &- 48
    return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : -1
  }

  /// The value of the four digits at `index`, which must be inside of `text`; negative when they are not digits.
  @inline(__always)
  package static func four(_ text: Span<UInt8>, at index: Int) -> Int {
    let high = two(text, at: index)
    let low = two(text, at: index + 2)
    return high | low < 0 ? -1 : high * 100 + low
  }

  /// A fraction of a second in nanoseconds from the digits at `index`, at most nine of them significant, and the place
  /// behind them.
  static func fraction(_ text: Span<UInt8>, from index: Int) -> (nanoseconds: Int, end: Int, isTooLong: Bool) {
    var value = 0
    var scale = 100_000_000
    var isTooLong = false
    var index = index
    while index < text.count {
      let digit = Int(text[index]) - 48
      guard digit >= 0, digit <= 9 else { break }
      value += digit * scale
      if scale == 0, digit != 0 { isTooLong = true }
      scale /= 10
      index += 1
    }
    return (value, index, isTooLong)
  }
}
