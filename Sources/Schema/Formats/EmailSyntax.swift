import Values

/// `email` (RFC 5321, section 4.1.2: Mailbox) and `idn-email` (RFC 6531, section 3.3).
///
/// Limits of RFC 5321, section 4.5.3.1: 64 bytes before the `@`, 255 after it, 254 altogether (a path is 256 with its
/// angle brackets).
enum EmailSyntax {
  private static let atomCharacters = ASCIISet("!#$%&'*+-/=?^_`{|}~", lettersAndDigits: true)

  static func matches(_ text: Span<UInt8>, international: Bool) -> Bool {
    guard text.count >= 3, text.count <= 254 else { return false }
    guard let at = localPartEnd(text, international: international) else { return false }
    guard at >= 1, at <= 64, at < text.count, text[at] == UInt8(ascii: "@") else { return false }
    let domain = at + 1..<text.count
    guard !domain.isEmpty, domain.count <= 255 else { return false }
    if text[domain.lowerBound] == UInt8(ascii: "[") { return isAddressLiteral(text, in: domain) }
    if HostSyntax.isHostname(text, in: domain) { return true }
    return international && InternationalHostname.matches(text, in: domain)
  }

  /// Where the local part ends; nil if it is invalid.
  private static func localPartEnd(_ text: Span<UInt8>, international: Bool) -> Int? {
    if text[0] == UInt8(ascii: "\"") { return quotedEnd(text, international: international) }
    var index = 0
    var afterDot = true
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        if afterDot { return nil }
        afterDot = true
      } else if atomCharacters.contains(byte) || (international && byte >= 0x80) {
        afterDot = false
      } else {
        break
      }
      index += 1
    }
    return afterDot ? nil : index
  }

  private static func quotedEnd(_ text: Span<UInt8>, international: Bool) -> Int? {
    var index = 1
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "\""): return index + 1
      case UInt8(ascii: "\\"):
        guard index + 1 < text.count, text[index + 1] >= 0x20, text[index + 1] < 0x7F else { return nil }
        index += 2
      case 0x20..<0x7F: index += 1
      case 0x80...: if international { index += 1 } else { return nil }
      default: return nil
      }
    }
    return nil
  }

  /// `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
  private static func isAddressLiteral(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count > 2, text[range.upperBound - 1] == UInt8(ascii: "]") else { return false }
    let inner = range.lowerBound + 1..<range.upperBound - 1
    if IPAddress.isV4(text.extracting(inner)) { return true }
    let tag: StaticString = "ipv6:"
    guard inner.count > 5 else { return false }
    for index in 0..<5 where text[inner.lowerBound + index] | 0x20 != tag.utf8Start[index] | 0x20 { return false }
    return IPAddress.isV6(text.extracting(inner.lowerBound + 5..<inner.upperBound))
  }
}
