/// The parts of a number's text, any number of digits long, without a value being computed.
///
/// Read strictly: an optional sign, digits, an optional fraction, an optional exponent. JSON's numbers, and besides
/// them `+5` and `.5`. Not read: white space, `5.`, thousands separators (`1,234.50` means different numbers in
/// different countries), and leading zeros (`02139` is a code).
struct NumberText {
  var isNegative: Bool
  var isPlus: Bool
  /// Digits before the point; empty for `.5`.
  var whole: Range<Int>
  /// Digits after the point; empty if there is none.
  var fraction: Range<Int>
  /// The index of `e`; `count` of the text if there is none.
  var exponentStart: Int
  /// Held at one in magnitude of 10^15, beyond any text's length.
  var exponent: Int

  /// Digits as one row: those of `whole`, then those of `fraction`.
  var digitCount: Int { whole.count + fraction.count }

  @inline(__always)
  func digit(_ position: Int, in text: Span<UInt8>) -> UInt8 {
    let index = position < whole.count ? whole.lowerBound + position : fraction.lowerBound + position - whole.count
    return text[index] &- UInt8(ascii: "0")
  }

  enum Outcome {
    case number(NumberText)
    case refused(NumberRefusal)
  }

  /// `allowsExponent` false: a number with an exponent is refused as such.
  static func read(_ text: Span<UInt8>, allowsExponent: Bool = true) -> Outcome {
    let count = text.count
    var index = 0
    var isNegative = false
    var isPlus = false
    if count > 0 {
      isNegative = text[0] == UInt8(ascii: "-")
      isPlus = text[0] == UInt8(ascii: "+")
      if isNegative || isPlus { index = 1 }
    }
    let whole = digits(in: text, from: index)
    index = whole.upperBound
    var fraction = index..<index
    if index < count, text[index] == UInt8(ascii: ".") {
      fraction = digits(in: text, from: index + 1)
      if fraction.isEmpty { return .refused(.notANumber) }
      index = fraction.upperBound
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return .refused(.notANumber) }
    let exponentStart = index
    var exponent = 0
    if index < count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      var isSmall = false
      if index < count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
        isSmall = text[index] == UInt8(ascii: "-")
        index += 1
      }
      let digits = digits(in: text, from: index)
      if digits.isEmpty { return .refused(.notANumber) }
      for position in digits where exponent < 1_000_000_000_000_000 {
        exponent = min(exponent * 10 + Int(text[position] &- UInt8(ascii: "0")), 1_000_000_000_000_000)
      }
      if isSmall { exponent = -exponent }
      index = digits.upperBound
    }
    guard index == count else { return .refused(.notANumber) }
    if exponentStart < count, !allowsExponent { return .refused(.exponent) }
    if whole.count > 1, text[whole.lowerBound] == UInt8(ascii: "0") { return .refused(.leadingZero) }
    return .number(
      NumberText(
        isNegative: isNegative, isPlus: isPlus, whole: whole, fraction: fraction, exponentStart: exponentStart,
        exponent: exponent))
  }

  private static func digits(in text: Span<UInt8>, from start: Int) -> Range<Int> {
    var index = start
    while index < text.count, unsafe text[unchecked: index] &- UInt8(ascii: "0") < 10 { index += 1 }
    return start..<index
  }
}

/// What a number's text amounts to: its digits from the first to the last that is not zero, and how far the point is.
struct NumberValue {
  var isNegative: Bool
  /// Positions in the row of digits; empty for zero.
  var significant: Range<Int>
  /// The number is `0.d1 d2 d3 …` times ten to the power of this.
  var top: Int

  init(_ number: NumberText, in text: Span<UInt8>) {
    var first = 0
    var last = number.digitCount
    while first < last, number.digit(first, in: text) == 0 { first += 1 }
    while last > first, number.digit(last - 1, in: text) == 0 { last -= 1 }
    significant = first..<last
    isNegative = number.isNegative && first < last
    top = number.exponent + number.whole.count - first
  }

  var isZero: Bool { significant.isEmpty }
  /// The power of ten of the last significant digit.
  var scale: Int { top - significant.count }
  var isWhole: Bool { isZero || scale >= 0 }
}
