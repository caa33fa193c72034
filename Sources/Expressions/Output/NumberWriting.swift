import Core

/// Doubles as texts, with the fewest digits that read back as the same double.
enum NumberWriting {
  /// Appends `123.456`, `-0.0045`, `6.02214e+23`; NaN and infinities as their names. As JSON a whole number keeps its `.0`.
  static func append(_ value: Double, isJSON: Bool, into arena: inout ByteArena) {
    if value.isNaN { return arena.append("NaN") }
    if value.isInfinite { return arena.append(value > 0 ? "Infinity" : "-Infinity") }
    if value.sign == .minus { arena.append(UInt8(ascii: "-")) }
    if value == 0 { return arena.append(isJSON ? "0.0" : "0") }
    // Significant digits d1d2…dn and the power of ten in front of them: 0.d1d2… * 10^point.
    var digits: [UInt8] = []
    var point = 0
    var exponent = 0
    var seenPoint = false
    var index = 0
    let text = Array(value.magnitude.description.utf8)
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        seenPoint = true
      } else if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        break
      } else {
        if !seenPoint { point += 1 }
        digits.append(byte)
      }
      index += 1
    }
    point += exponent
    while digits.first == UInt8(ascii: "0") {
      digits.removeFirst()
      point -= 1
    }
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    write(digits, point, isJSON: isJSON, into: &arena)
  }

  private static func write(_ digits: [UInt8], _ point: Int, isJSON: Bool, into arena: inout ByteArena) {
    if point > 21 || point <= -6 {
      arena.append(digits[0])
      if digits.count > 1 {
        arena.append(UInt8(ascii: "."))
        for digit in digits.dropFirst() { arena.append(digit) }
      }
      arena.append(UInt8(ascii: "e"))
      if point - 1 >= 0 { arena.append(UInt8(ascii: "+")) }
      return arena.append(decimal: Int64(point - 1))
    }
    if point <= 0 {
      arena.append("0.")
      for _ in 0..<(-point) { arena.append(UInt8(ascii: "0")) }
      for digit in digits { arena.append(digit) }
      return
    }
    for place in 0..<max(point, digits.count) {
      if place == point { arena.append(UInt8(ascii: ".")) }
      arena.append(place < digits.count ? digits[place] : UInt8(ascii: "0"))
    }
    if digits.count <= point, isJSON { arena.append(".0") }
  }
}
