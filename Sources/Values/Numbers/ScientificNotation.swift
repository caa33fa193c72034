/// How Excel writes a long number when it opens and saves a CSV file: `4.41E+11` for a phone number or an id of twelve digits. Most of
/// its digits are gone.
package enum ScientificNotation {
  /// One digit, a fraction behind a point or a comma, and an exponent.
  package static func isWritten(_ text: Span<UInt8>) -> Bool {
    let trimmed = Whitespace.trimmed(text)
    var index = trimmed.lowerBound
    let end = trimmed.upperBound
    guard end - index >= 3, isDigit(text[end - 1]) else { return false }
    if text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
    guard isDigit(text[index]) else { return false }
    index += 1
    if index < end, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",") {
      index += 1
      while index < end, isDigit(text[index]) { index += 1 }
    }
    guard index < end, text[index] | 0x20 == UInt8(ascii: "e") else { return false }
    index += 1
    if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") { index += 1 }
    guard 1...3 ~= end - index else { return false }
    while index < end, isDigit(text[index]) { index += 1 }
    return index == end
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
