package import Core

/// Why a text is not the URL of a web page. All are `url-invalid` in the ledger.
package enum URLRefusal: UInt8, BitwiseCopyable, Sendable, Hashable, CaseIterable {
  case empty, scheme, userInfo, host, bareWord, port, character, percent

  package var reason: String {
    switch self {
    case .empty: "not a URL"
    case .scheme: "not a web page's URL: it must begin with http:// or https://"
    case .userInfo: "a user name before the host: an e-mail address, or a login that must not be passed on"
    case .host: "the host is neither a domain name nor an IP address"
    case .bareWord: "a word without a scheme and without a domain"
    case .port: "the port is not a number up to 65535"
    case .character: "white space or a control character inside"
    case .percent: "a percent sign without two hexadecimal digits"
    }
  }
}

/// The function `url`: absolute http and https URLs (RFC 3986), as little changed as makes them comparable and valid.
///
/// Changed are: white space at the ends (dropped), the case of scheme and host (lower), a missing scheme (`https`, where
/// a domain or `//` begins the text), an empty port (dropped), a host beyond ASCII (encoded as IDNA has it), and characters that
/// no URL can have in its path, query and fragment (percent-encoded as UTF-8, RFC 3987). Nothing else is: paths keep their
/// case, dots and slashes, queries their order.
package enum WebAddress {
  /// Appends the URL; what was appended before a refusal is of no use.
  package static func normalise(_ text: Span<UInt8>, into arena: inout ByteArena) -> URLRefusal? {
    let range = Whitespace.trimmed(text)
    if range.isEmpty { return .empty }
    let text = text.extracting(range)
    let (schemeEnd, isSecure, isBare): (Int, Bool, Bool)
    switch scheme(of: text) {
    case .web(let end, let secure): (schemeEnd, isSecure, isBare) = (end, secure, false)
    case .relative: (schemeEnd, isSecure, isBare) = (2, true, true)
    case .none: (schemeEnd, isSecure, isBare) = (0, true, true)
    case .other: return .scheme
    }
    var authorityEnd = schemeEnd
    while authorityEnd < text.count, !endsAuthority(text[authorityEnd]) { authorityEnd += 1 }
    arena.append(isSecure ? "https://" : "http://")
    let authority = text.extracting(schemeEnd..<authorityEnd)
    if let refusal = append(authority: authority, isBare: isBare, into: &arena) { return refusal }
    return append(rest: text.extracting(authorityEnd..<text.count), into: &arena)
  }

  private enum Scheme {
    /// Ends after `://`.
    case web(end: Int, isSecure: Bool)
    /// `//host`.
    case relative
    case none, other
  }

  private static func scheme(of text: Span<UInt8>) -> Scheme {
    if text.count >= 2, text[0] == UInt8(ascii: "/"), text[1] == UInt8(ascii: "/") { return .relative }
    var colon = 0
    while colon < text.count, text[colon] != UInt8(ascii: ":") {
      if endsAuthority(text[colon]) || text[colon] == UInt8(ascii: "[") { return .none }
      colon += 1
    }
    guard colon < text.count else { return .none }
    if colon + 2 < text.count, text[colon + 1] == UInt8(ascii: "/"), text[colon + 2] == UInt8(ascii: "/") {
      if isWord("http", text, colon) { return .web(end: colon + 3, isSecure: false) }
      if isWord("https", text, colon) { return .web(end: colon + 3, isSecure: true) }
      return .other
    }
    // `example.com:8080/x` is a host with a port, `mailto:ada` is not.
    var index = colon + 1
    while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
    let isPort = index > colon + 1 && (index == text.count || endsAuthority(text[index]))
    return isPort ? .none : .other
  }

  private static func isWord(_ word: StaticString, _ text: Span<UInt8>, _ count: Int) -> Bool {
    guard word.utf8CodeUnitCount == count else { return false }
    for index in 0..<count where unsafe text[index] | 0x20 != word.utf8Start[index] { return false }
    return true
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
  }

  private static func append(authority: Span<UInt8>, isBare: Bool, into arena: inout ByteArena) -> URLRefusal? {
    var hostEnd = authority.count
    for index in 0..<authority.count {
      let byte = authority[index]
      if byte == UInt8(ascii: "@") { return .userInfo }
      if byte <= 0x20 || byte == 0x7F { return isBare ? .bareWord : .character }
    }
    if authority.count > 0, authority[0] == UInt8(ascii: "[") {
      var end = 1
      while end < authority.count, authority[end] != UInt8(ascii: "]") { end += 1 }
      guard end < authority.count, IPAddress.isV6(authority.extracting(1..<end)) else { return .host }
      hostEnd = end + 1
      for index in 0..<hostEnd { arena.append(lowered(authority[index])) }
    } else {
      var index = authority.count
      while index > 0, authority[index - 1] &- UInt8(ascii: "0") < 10 { index -= 1 }
      if index > 0, authority[index - 1] == UInt8(ascii: ":") { hostEnd = index - 1 }
      if let refusal = WebHost.append(authority.extracting(0..<hostEnd), isBare: isBare, into: &arena) { return refusal }
    }
    guard hostEnd < authority.count else { return nil }
    guard authority[hostEnd] == UInt8(ascii: ":") else { return .host }
    let port = authority.extracting(hostEnd + 1..<authority.count)
    if port.isEmpty { return nil }
    var value = 0
    for index in 0..<port.count {
      let digit = port[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return .port }
      value = min(value * 10 + Int(digit), 65_536)
    }
    guard value <= 65_535 else { return .port }
    arena.append(UInt8(ascii: ":"))
    arena.append(port)
    return nil
  }

  static func lowered(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

  /// Path, query and fragment.
  private static func append(rest text: Span<UInt8>, into arena: inout ByteArena) -> URLRefusal? {
    var isFragment = false
    for index in 0..<text.count {
      let byte = text[index]
      switch byte {
      case 0...0x20, 0x7F: return .character
      case UInt8(ascii: "%"):
        guard index + 2 < text.count, isHexadecimal(text[index + 1]), isHexadecimal(text[index + 2]) else { return .percent }
        arena.append(byte)
      case UInt8(ascii: "#") where !isFragment:
        isFragment = true
        arena.append(byte)
      case UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["), UInt8(ascii: "\\"),
        UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), 0x80...:
        // White space beyond ASCII is not part of a URL either.
        if Whitespace.length(in: text, at: index) > 0 { return .character }
        arena.append(UInt8(ascii: "%"))
        arena.append(upperHexadecimal(byte >> 4))
        arena.append(upperHexadecimal(byte & 0x0F))
      default: arena.append(byte)
      }
    }
    return nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }

  private static func upperHexadecimal(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
