import Values

/// An address that requests go to, parsed once and strictly: the scheme, host and port that were checked are the ones
/// connected to. An address that two parsers could read differently is refused.
///
///     https://services.leadconnectorhq.com     http://127.0.0.1:8080/api     http://[::1]:8080
package struct ServerAddress: Sendable, Hashable {
  package enum Scheme: String, Sendable, Hashable {
    case http, https

    package var defaultPort: Int { self == .http ? 80 : 443 }
  }

  /// What is wrong with a text. Neither part repeats the text, which may contain a password.
  package struct Failure: Error, Sendable, Hashable {
    /// Follows the name of the setting that holds the address: "has a backslash".
    package var reason: String
    package var hint: String
  }

  package let scheme: Scheme
  /// A lower-case name, an IPv4 address of four decimal numbers, or an IPv6 address without brackets.
  package let host: String
  /// 1 to 65535.
  package let port: Int
  /// The prefix of each request's path; empty, or with a slash before each segment.
  package let path: String
  /// The canonical form of the address; requests are sent to it.
  package let text: String

  package init(_ text: String) throws(Failure) {
    try Self.checkCharacters(text)
    guard let end = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<end.lowerBound].lowercased()) else {
      throw Failure(reason: "is not an http(s) address", hint: "write https://HOST")
    }
    let rest = text[end.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    self.scheme = scheme
    let (host, port) = try Self.split(authority)
    self.host = try Self.host(host)
    self.port = try Self.port(port) ?? scheme.defaultPort
    path = try Self.path(rest.dropFirst(authority.count))
    let name = self.host.contains(":") ? "[\(self.host)]" : self.host
    self.text = "\(scheme.rawValue)://\(name)" + (self.port == scheme.defaultPort ? "" : ":\(self.port)") + path
  }

  /// This machine, by an address or a name that never leaves it.
  package var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    return host.hasPrefix("127.") && IPAddress.isV4(host.utf8Span.span)
  }

  // MARK: Parts

  private static func checkCharacters(_ text: String) throws(Failure) {
    for byte in text.utf8 {
      switch byte {
      case 0...0x20, 0x7F:
        throw Failure(reason: "contains white space or a control character", hint: "remove it, and write https://HOST")
      case 0x80...: throw Failure(reason: "contains a non-ASCII character", hint: "write the host's name in its xn-- form")
      case UInt8(ascii: "\\"): throw Failure(reason: "has a backslash", hint: "write https://HOST")
      case UInt8(ascii: "@"):
        throw Failure(
          reason: "contains a user name or password ('@')", hint: "write https://HOST, and set the token as `auth`")
      case UInt8(ascii: "?"), UInt8(ascii: "#"):
        throw Failure(reason: "has a query or a fragment", hint: "end it with the host, or with a path")
      case UInt8(ascii: "%"): throw Failure(reason: "has a percent escape or a zone", hint: "write the host unescaped")
      default: continue
      }
    }
  }

  /// Host and port. An IPv6 address loses its brackets; the colons in it mark it as one.
  private static func split(_ authority: Substring) throws(Failure) -> (host: Substring, port: Substring?) {
    guard authority.first == "[" else {
      guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
      guard authority.lastIndex(of: ":") == colon else {
        throw Failure(reason: "has more than one ':' in its host", hint: "write an IPv6 address in brackets: http://[::1]:8080")
      }
      return (authority[..<colon], authority[authority.index(after: colon)...])
    }
    guard let close = authority.firstIndex(of: "]") else {
      throw Failure(reason: "has no ']' after its IPv6 address", hint: "write http://[::1]:8080")
    }
    let host = authority[authority.index(after: authority.startIndex)..<close]
    let rest = authority[authority.index(after: close)...]
    guard IPAddress.isV6(String(host).utf8Span.span) else {
      throw Failure(reason: "has brackets around something that is not an IPv6 address", hint: "write http://[::1]:8080")
    }
    guard let first = rest.first else { return (host, nil) }
    guard first == ":" else {
      throw Failure(reason: "has something other than a port after its IPv6 address", hint: "write http://[::1]:8080")
    }
    return (host, rest.dropFirst())
  }

  private static func host(_ text: Substring) throws(Failure) -> String {
    let name = text.lowercased()
    // Of the two kinds of host, only an IPv6 address contains colons here.
    if name.contains(":") { return name }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    let isNamed = labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
        }
    }
    guard isNamed, name.utf8.count <= 253, let last = labels.last, let first = last.utf8.first else {
      throw Failure(reason: "has no host, or an invalid one", hint: "write https://HOST")
    }
    // Resolvers read `127.1`, `0x7f000001` and `2130706433` as IPv4 addresses, each in its own way.
    if first &- UInt8(ascii: "0") < 10, last.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) || last.hasPrefix("0x") {
      guard IPAddress.isV4(name.utf8Span.span) else {
        throw Failure(
          reason: "has a host that could be read as more than one IPv4 address",
          hint: "write it as four decimal numbers: 127.0.0.1")
      }
    }
    return name
  }

  private static func port(_ text: Substring?) throws(Failure) -> Int? {
    guard let text else { return nil }
    let isNumber = (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } && text.first != "0"
    guard isNumber, let port = Int(text), port <= 65_535 else {
      throw Failure(reason: "has an invalid port", hint: "write a number from 1 to 65535 after the ':'")
    }
    return port
  }

  private static func path(_ text: Substring) throws(Failure) -> String {
    var segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if segments.last == "" { segments.removeLast() }
    for segment in segments {
      let isPlain = segment.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte &- UInt8(ascii: "0") < 10
          || "-._~".utf8.contains(byte)
      }
      guard isPlain, !segment.isEmpty, segment != ".", segment != ".." else {
        throw Failure(
          reason: "has a path with unsupported segments",
          hint: "use letters, digits and -._~ in its segments, without '.', '..' or '//'")
      }
    }
    return segments.map { "/" + $0 }.joined()
  }
}
