/// `json-pointer` (RFC 6901), `relative-json-pointer` (its draft), `uuid` (RFC 4122, section 3).
enum PointerSyntax {
  static func isPointer(_ text: Span<UInt8>, from start: Int = 0) -> Bool {
    guard start < text.count else { return true }
    guard text[start] == UInt8(ascii: "/") else { return false }
    var index = start
    while index < text.count {
      if text[index] == UInt8(ascii: "~") {
        guard index + 1 < text.count, text[index + 1] == UInt8(ascii: "0") || text[index + 1] == UInt8(ascii: "1") else {
          return false
        }
      }
      index += 1
    }
    return true
  }

  /// How many levels up, perhaps a step to a neighbor (`0-1`), then `#` or a pointer.
  static func isRelativePointer(_ text: Span<UInt8>) -> Bool {
    var index = 0
    guard count(text, &index) else { return false }
    if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
      index += 1
      guard count(text, &index) else { return false }
    }
    if index + 1 == text.count, text[index] == UInt8(ascii: "#") { return true }
    return isPointer(text, from: index)
  }

  /// Digits without a leading zero.
  private static func count(_ text: Span<UInt8>, _ index: inout Int) -> Bool {
    let start = index
    while index < text.count, ASCII.isDigit(text[index]) { index += 1 }
    return index == start + 1 || (index > start && text[start] != UInt8(ascii: "0"))
  }

  static func isUUID(_ text: Span<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    for index in 0..<36 {
      switch index {
      case 8, 13, 18, 23: guard text[index] == UInt8(ascii: "-") else { return false }
      default: guard ASCII.isHexDigit(text[index]) else { return false }
      }
    }
    return true
  }
}
