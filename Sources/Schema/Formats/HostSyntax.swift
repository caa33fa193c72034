/// `hostname` (RFC 1123, section 2.1), `ipv4` (RFC 2673, section 3.2) and `ipv6` (RFC 4291, section 2.2).
enum HostSyntax {
  /// Labels of letters, digits and inner hyphens, 63 characters each and 253 altogether; one that begins with `xn--` is the
  /// encoding of an international label (RFC 5890, section 2.3.2.1).
  static func isHostname(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    hasHostForm(text, in: range) && InternationalHostname.encodedLabelsAreValid(text, in: range)
  }

  /// The same, whatever `xn--` stands for.
  static func hasHostForm(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard !range.isEmpty, range.count <= 253 else { return false }
    var labelStart = range.lowerBound
    var index = range.lowerBound
    while index <= range.upperBound {
      if index == range.upperBound || text[index] == UInt8(ascii: ".") {
        guard index > labelStart, index - labelStart <= 63, text[labelStart] != UInt8(ascii: "-"),
          text[index - 1] != UInt8(ascii: "-")
        else { return false }
        labelStart = index + 1
      } else if !ASCII.isLetterOrDigit(text[index]), text[index] != UInt8(ascii: "-") {
        return false
      }
      index += 1
    }
    return true
  }

  /// Four decimal numbers up to 255, without leading zeros.
  static func isIPv4(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count >= 7, range.count <= 15 else { return false }
    var parts = 0
    var index = range.lowerBound
    while true {
      let start = index
      var value = 0
      while index < range.upperBound, ASCII.isDigit(text[index]), index - start < 3 {
        value = value * 10 + Int(text[index] & 0x0F)
        index += 1
      }
      guard index > start, value <= 255, index - start == 1 || text[start] != UInt8(ascii: "0") else { return false }
      parts += 1
      if index == range.upperBound { return parts == 4 }
      guard text[index] == UInt8(ascii: "."), parts < 4 else { return false }
      index += 1
    }
  }

  /// Eight groups of up to four hexadecimal digits, once `::` for one or more of zeros, the last two perhaps as IPv4.
  /// No zone.
  static func isIPv6(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    let end = range.upperBound
    guard range.count >= 2, range.count <= 45 else { return false }
    let colon = UInt8(ascii: ":")
    var index = range.lowerBound
    var groups = 0
    var isShortened = false
    if text[index] == colon {
      guard text[index + 1] == colon else { return false }
      isShortened = true
      index += 2
      if index == end { return true }
    }
    while true {
      let start = index
      while index < end, index - start < 4, ASCII.isHexDigit(text[index]) { index += 1 }
      if index < end, text[index] == UInt8(ascii: ".") {
        guard isIPv4(text, in: start..<end) else { return false }
        groups += 2
        break
      }
      guard index > start else { return false }
      groups += 1
      if index == end { break }
      guard text[index] == colon, index + 1 < end else { return false }
      index += 1
      if text[index] == colon {
        guard !isShortened else { return false }
        isShortened = true
        index += 1
        if index == end { break }
      }
    }
    return isShortened ? groups <= 7 : groups == 8
  }
}
