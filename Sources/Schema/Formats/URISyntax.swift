import Values

/// `uri` and `uri-reference` (RFC 3986), `iri` and `iri-reference` (RFC 3987, section 2.2).
enum URISyntax {
  private static let userCharacters = ASCIISet("-._~!$&'()*+,;=:", lettersAndDigits: true)
  private static let nameCharacters = ASCIISet("-._~!$&'()*+,;=", lettersAndDigits: true)
  private static let pathCharacters = ASCIISet("-._~!$&'()*+,;=:@/", lettersAndDigits: true)
  private static let queryCharacters = ASCIISet("-._~!$&'()*+,;=:@/?", lettersAndDigits: true)

  /// With `relative`, relative references are valid as well, including the empty one.
  static func matches(_ text: Span<UInt8>, relative: Bool, international: Bool) -> Bool {
    let end = text.count
    let slash = UInt8(ascii: "/")
    var start = 0
    if let colon = schemeEnd(text) {
      start = colon + 1
    } else if !relative {
      return false
    } else if firstSegmentHasColon(text) {
      return false
    }
    if start + 1 < end, text[start] == slash, text[start + 1] == slash {
      start += 2
      var authorityEnd = start
      while authorityEnd < end, text[authorityEnd] != slash, text[authorityEnd] != UInt8(ascii: "?"),
        text[authorityEnd] != UInt8(ascii: "#")
      { authorityEnd += 1 }
      guard isAuthority(text, in: start..<authorityEnd, international: international) else { return false }
      start = authorityEnd
    }
    let pathEnd = find(UInt8(ascii: "?"), or: UInt8(ascii: "#"), in: text, from: start)
    guard consists(text, start..<pathEnd, of: pathCharacters, international) else { return false }
    start = pathEnd
    if start < end, text[start] == UInt8(ascii: "?") {
      let queryEnd = find(UInt8(ascii: "#"), or: UInt8(ascii: "#"), in: text, from: start)
      guard consists(text, start + 1..<queryEnd, of: queryCharacters, international, isQuery: true) else { return false }
      start = queryEnd
    }
    guard start < end else { return true }
    return consists(text, start + 1..<end, of: queryCharacters, international)
  }

  private static func schemeEnd(_ text: Span<UInt8>) -> Int? {
    guard text.count > 1, ASCII.isLetter(text[0]) else { return nil }
    for index in 1..<text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ":") { return index }
      guard ASCII.isLetterOrDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      else { return nil }
    }
    return nil
  }

  private static func firstSegmentHasColon(_ text: Span<UInt8>) -> Bool {
    for index in 0..<text.count {
      switch text[index] {
      case UInt8(ascii: ":"): return true
      case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
      default: continue
      }
    }
    return false
  }

  private static func find(_ one: UInt8, or other: UInt8, in text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < text.count, text[index] != one, text[index] != other { index += 1 }
    return index
  }

  private static func isAuthority(_ text: Span<UInt8>, in range: Range<Int>, international: Bool) -> Bool {
    var hostStart = range.lowerBound
    for index in range where text[index] == UInt8(ascii: "@") {
      guard consists(text, range.lowerBound..<index, of: userCharacters, international) else { return false }
      hostStart = index + 1
      break
    }
    var hostEnd = range.upperBound
    if hostStart < range.upperBound, text[hostStart] == UInt8(ascii: "[") {
      var close = hostStart
      while close < range.upperBound, text[close] != UInt8(ascii: "]") { close += 1 }
      guard close < range.upperBound, isLiteral(text, in: hostStart + 1..<close) else { return false }
      hostEnd = close + 1
      guard hostEnd == range.upperBound || text[hostEnd] == UInt8(ascii: ":") else { return false }
    } else {
      hostEnd = hostStart
      while hostEnd < range.upperBound, text[hostEnd] != UInt8(ascii: ":") { hostEnd += 1 }
      guard consists(text, hostStart..<hostEnd, of: nameCharacters, international) else { return false }
    }
    guard hostEnd < range.upperBound else { return true }
    for index in hostEnd + 1..<range.upperBound where !ASCII.isDigit(text[index]) { return false }
    return true
  }

  /// The content of brackets: an IPv6 address or `v1.text`.
  private static func isLiteral(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard !range.isEmpty, text[range.lowerBound] | 0x20 == UInt8(ascii: "v") else {
      return IPAddress.isV6(text.extracting(range))
    }
    var index = range.lowerBound + 1
    while index < range.upperBound, ASCII.isHexDigit(text[index]) { index += 1 }
    guard index > range.lowerBound + 1, index + 1 < range.upperBound, text[index] == UInt8(ascii: ".") else { return false }
    for position in index + 1..<range.upperBound where !userCharacters.contains(text[position]) { return false }
    return true
  }

  private static func consists(
    _ text: Span<UInt8>, _ range: Range<Int>, of set: ASCIISet, _ international: Bool, isQuery: Bool = false
  ) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = text[index]
      if set.contains(byte) {
        index += 1
      } else if byte == UInt8(ascii: "%") {
        guard ASCII.isPercentEscape(text, at: index, end: range.upperBound) else { return false }
        index += 3
      } else if byte >= 0x80, international {
        let (value, length) = UTF8Scalar.read(text, at: index)
        guard isInternational(value) || (isQuery && isPrivate(value)) else { return false }
        index += length
      } else {
        return false
      }
    }
    return true
  }

  /// `ucschar` of RFC 3987.
  static func isInternational(_ value: UInt32) -> Bool {
    switch value {
    case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
    case 0x10000...0xDFFFF, 0xE1000...0xEFFFD: value & 0xFFFF <= 0xFFFD
    default: false
    }
  }

  /// `iprivate` of RFC 3987.
  static func isPrivate(_ value: UInt32) -> Bool {
    switch value {
    case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: true
    default: false
    }
  }
}
