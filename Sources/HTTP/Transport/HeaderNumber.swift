/// Whole numbers in headers.
package enum HeaderNumber {
  /// Further digits change nothing: the value is clamped here.
  package static let most = 1_000_000_000_000

  /// Decimal digits with an optional sign and spaces around them, clamped to ±10^12; nil for anything else.
  package static func whole(_ text: String) -> Int? {
    var bytes = Substring(text).utf8
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    let sign = bytes.first
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { bytes.removeFirst() }
    guard !bytes.isEmpty else { return nil }
    var value = 0
    for byte in bytes {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = min(value * 10 + Int(digit), most)
    }
    return sign == UInt8(ascii: "-") ? -value : value
  }

  /// A count or a remainder. Slightly below zero is zero; no real value is far below zero, so such a number is ignored.
  package static func count(_ text: String) -> Int? {
    whole(text).flatMap { $0 < -1_000_000 ? nil : max($0, 0) }
  }
}
