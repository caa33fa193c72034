/// `hostname` (RFC 1123, section 2.1).
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
}
