package import Core

/// Why a text is not an e-mail address: all are `email-invalid` in the ledger.
package enum EmailRefusal: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case noAt, emptyLocal, localTooLong, badLocal, emptyDomain, badDomain, oneLabel, numericDomain, badLiteral, tooLong

  package var reason: String {
    switch self {
    case .noAt: "no @"
    case .emptyLocal: "nothing before the @"
    case .localTooLong: "more than 64 bytes before the @"
    case .badLocal: "a character or dot before the @ that must be quoted there"
    case .emptyDomain: "nothing after the @"
    case .badDomain: "the domain has an empty label, one over 63 bytes, or a character that is not allowed there"
    case .oneLabel: "the domain has no dot"
    case .numericDomain: "the domain ends in a number"
    case .badLiteral: "the text in brackets is not an IP address"
    case .tooLong: "more than 254 bytes"
    }
  }
}

/// E-mail addresses by the syntax of RFC 5321, section 4.1.2, with the characters beyond ASCII of RFC 6531.
///
/// Taken: dot-atoms and quoted strings before the @, domains of two labels or more, and IP addresses in brackets.
/// Not taken, though RFC 5322 has them in headers: comments, white space around the parts, display names.
package enum Email {
  /// Appends the address with its domain in lower case; the part before the @ is up to the receiving host and is kept.
  package static func normalise(_ text: Span<UInt8>, into arena: inout ByteArena) -> EmailRefusal? {
    if let refusal = check(text) { return refusal }
    let at = lastAt(text)
    arena.append(text.extracting(0..<at + 1))
    let domain = text.extracting(at + 1..<text.count)
    if domain[0] == UInt8(ascii: "[") || !Casing.lower(domain, into: &arena) { arena.append(domain) }
    return nil
  }

  /// Nil: the address is well-formed.
  package static func check(_ text: Span<UInt8>) -> EmailRefusal? {
    let at = lastAt(text)
    guard at >= 0 else { return .noAt }
    guard at > 0 else { return .emptyLocal }
    guard at <= 64 else { return .localTooLong }
    guard text.count <= 254 else { return .tooLong }
    let local = text.extracting(0..<at)
    guard local[0] == UInt8(ascii: "\"") ? isQuoted(local) : isDotAtom(local) else { return .badLocal }
    return checkDomain(text.extracting(at + 1..<text.count))
  }

  /// -1 where there is none. A domain has none, so the last one divides.
  private static func lastAt(_ text: Span<UInt8>) -> Int {
    var index = text.count - 1
    while index >= 0, unsafe text[unchecked: index] != UInt8(ascii: "@") { index -= 1 }
    return index
  }

  private static func isDotAtom(_ local: Span<UInt8>) -> Bool {
    var isAfterDot = true
    var index = 0
    while index < local.count {
      let byte = local[index]
      if byte == UInt8(ascii: ".") {
        if isAfterDot { return false }
        isAfterDot = true
        index += 1
        continue
      }
      isAfterDot = false
      if byte < 0x80 {
        guard isAtomText(byte) else { return false }
        index += 1
      } else {
        let (value, length) = UTF8Scalar.read(local, at: index)
        guard isVisible(value) else { return false }
        index += length
      }
    }
    return !isAfterDot
  }

  private static func isQuoted(_ local: Span<UInt8>) -> Bool {
    guard local.count >= 2, local[local.count - 1] == UInt8(ascii: "\"") else { return false }
    var index = 1
    while index < local.count - 1 {
      let byte = local[index]
      switch byte {
      case UInt8(ascii: "\\"):
        guard index + 1 < local.count - 1, (0x20..<0x7F).contains(local[index + 1]) else { return false }
        index += 2
      case UInt8(ascii: "\""), 0..<0x20, 0x7F: return false
      case 0x80...:
        let (value, length) = UTF8Scalar.read(local, at: index)
        guard isVisible(value) else { return false }
        index += length
      default: index += 1
      }
    }
    return true
  }

  private static func checkDomain(_ domain: Span<UInt8>) -> EmailRefusal? {
    guard !domain.isEmpty else { return .emptyDomain }
    if domain[0] == UInt8(ascii: "[") { return isLiteral(domain) ? nil : .badLiteral }
    var labels = 0
    var start = 0
    var isNumeric = true
    var index = 0
    while index <= domain.count {
      if index == domain.count || domain[index] == UInt8(ascii: ".") {
        let length = index - start
        guard length > 0, length <= 63 else { return .badDomain }
        guard domain[start] != UInt8(ascii: "-"), domain[index - 1] != UInt8(ascii: "-") else { return .badDomain }
        labels += 1
        if index == domain.count { break }
        start = index + 1
        isNumeric = true
        index += 1
        continue
      }
      let byte = domain[index]
      if byte < 0x80 {
        if byte &- UInt8(ascii: "0") >= 10 {
          guard (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "-") else { return .badDomain }
          isNumeric = false
        }
        index += 1
      } else {
        let (value, length) = UTF8Scalar.read(domain, at: index)
        guard isLabelScalar(value) else { return .badDomain }
        isNumeric = false
        index += length
      }
    }
    if isNumeric { return .numericDomain }
    return labels < 2 ? .oneLabel : nil
  }

  private static func isLiteral(_ domain: Span<UInt8>) -> Bool {
    guard domain.count > 2, domain[domain.count - 1] == UInt8(ascii: "]") else { return false }
    let inside = domain.extracting(1..<domain.count - 1)
    if inside.count > 5, Casing.matches(inside.extracting(0..<5), lowered: ipv6Tag.span) {
      return IPAddress.isV6(inside.extracting(5..<inside.count))
    }
    return IPAddress.isV4(inside)
  }

  private static let ipv6Tag = Array("ipv6:".utf8)

  private static func isAtomText(_ byte: UInt8) -> Bool {
    if (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 { return true }
    return switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "?"),
      UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  /// No control, no white space, nothing that has no width.
  private static func isVisible(_ value: UInt32) -> Bool {
    switch Unicode.Scalar(read: value).properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .unassigned, .privateUse: false
    default: value != 0xFFFD
    }
  }

  /// Letters, marks and digits, and the few signs that RFC 5892 allows inside a label.
  private static func isLabelScalar(_ value: UInt32) -> Bool {
    if value == 0xB7 || value == 0x200C || value == 0x200D || value == 0x30FB { return true }
    return switch Unicode.Scalar(read: value).properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
      .decimalNumber:
      true
    default: false
    }
  }
}
