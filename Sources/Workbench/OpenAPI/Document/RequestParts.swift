import Core

/// Decides which parts of a document are valid in a request. `check` would reject the rest.
enum RequestParts {
  private static let punctuation = Set("!#$%&'*+-.^_`|~")

  /// Headers that the HTTP client sets itself.
  static let ownHeaders: Set<String> = [
    "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
  ]

  /// A token (RFC 9110, section 5.1).
  static func isHeaderName(_ name: String) -> Bool {
    !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || punctuation.contains($0)) }
  }

  /// No control characters, and no leading or trailing spaces, which receivers strip. `${` would start a pipeline variable.
  static func isHeaderValue(_ value: String) -> Bool {
    guard let first = value.utf8.first, let last = value.utf8.last, !value.contains("${") else { return false }
    return first != 0x20 && last != 0x20 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// A query parameter name that needs no encoding.
  static func isParameterName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !name.contains { "&=?#/%{}".contains($0) }
  }

  /// Whether it has the segment `.` or `..`, plain or percent-encoded, which leads servers outside the base path.
  static func leadsAway(_ path: String) -> Bool {
    path.split(separator: "/").contains { [".", ".."].contains($0.lowercased().replacing("%2e", with: ".")) }
  }
}
