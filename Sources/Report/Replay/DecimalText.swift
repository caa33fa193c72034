/// A decimal number as text, with a point or a comma.
struct DecimalText {
  /// ±0.d₁d₂… × 10^exponent; no zeros at either end of the digits.
  struct Value: Equatable {
    var isNegative: Bool
    var digits: [UInt8]
    var exponent: Int

    init(isNegative: Bool, digits: some Sequence<UInt8>, exponent: Int) {
      var digits = Array(digits)
      while digits.last == 0 { digits.removeLast() }
      let zeros = digits.prefix { $0 == 0 }.count
      digits.removeFirst(zeros)
      self.isNegative = isNegative && !digits.isEmpty
      self.exponent = digits.isEmpty ? 0 : exponent - zeros
      self.digits = digits
    }
  }

  let value: Value
  /// As written, without zeros before them.
  let digits: [UInt8]
  let hasExponent: Bool
  /// As a spreadsheet writes numbers: without a plus sign, and without zeros before them.
  let isPlain: Bool
  /// Digits before the point.
  let wholeDigits: Int
  let hasFraction: Bool
  let hasComma: Bool

  init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    let hasPlus = rest.first == UInt8(ascii: "+")
    let isNegative = rest.first == UInt8(ascii: "-")
    if hasPlus || isNegative { rest = rest.dropFirst() }
    func takeDigits() -> [UInt8] {
      let taken = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(taken.count)
      return taken.map { $0 - 0x30 }
    }
    let whole = takeDigits()
    var fraction: [UInt8] = []
    let mark = rest.first
    if mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
      rest = rest.dropFirst()
      fraction = takeDigits()
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    wholeDigits = whole.count
    hasFraction = !fraction.isEmpty
    hasComma = mark == UInt8(ascii: ",")
    var exponent = 0
    let hasExponent = rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E")
    if hasExponent {
      rest = rest.dropFirst()
      let isDown = rest.first == UInt8(ascii: "-")
      if isDown || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      let digits = takeDigits()
      guard (1...6).contains(digits.count) else { return nil }
      exponent = digits.reduce(0) { $0 * 10 + Int($1) } * (isDown ? -1 : 1)
    }
    guard rest.isEmpty else { return nil }
    value = Value(isNegative: isNegative, digits: whole + fraction, exponent: whole.count + exponent)
    digits = Array((whole + fraction).drop { $0 == 0 })
    self.hasExponent = hasExponent
    isPlain = !hasPlus && !whole.isEmpty && (whole.count == 1 || whole[0] != 0)
  }

  /// To this many digits, half away from zero.
  func rounded(to count: Int) -> Value {
    guard value.digits.count > count, count > 0 else { return value }
    var kept = [0] + value.digits.prefix(count)
    if value.digits[count] >= 5 {
      var place = count
      while kept[place] == 9 {
        kept[place] = 0
        place -= 1
      }
      kept[place] += 1
    }
    return Value(isNegative: value.isNegative, digits: kept, exponent: value.exponent + 1)
  }

  func cut(to count: Int) -> Value {
    Value(isNegative: value.isNegative, digits: value.digits.prefix(count), exponent: value.exponent)
  }
}
