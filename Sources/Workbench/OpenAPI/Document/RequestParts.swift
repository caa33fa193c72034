import Core

/// What a request can have of what a document says. `check` would refuse the rest.
enum RequestParts {
  private static let punctuation = Set("!#$%&'*+-.^_`|~")

  /// The HTTP client writes these itself.
  static let ownHeaders: Set<String> = [
    "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
  ]

  /// A token (RFC 9110, section 5.1).
  static func isHeaderName(_ name: String) -> Bool {
    !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || punctuation.contains($0)) }
  }

  /// Without control characters, and without a space at an end, which receivers strip. A `${` would be a variable of the pipeline.
  static func isHeaderValue(_ value: String) -> Bool {
    guard let first = value.utf8.first, let last = value.utf8.last, !value.contains("${") else { return false }
    return first != 0x20 && last != 0x20 && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// A name in the query that needs no encoding.
  static func isParameterName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !name.contains { "&=?#/%{}".contains($0) }
  }

  /// It has `.` or `..` as a segment, written plainly or percent-encoded: servers leave the path that the address names.
  static func leadsAway(_ path: String) -> Bool {
    path.split(separator: "/").contains { [".", ".."].contains($0.lowercased().replacing("%2e", with: ".")) }
  }
}
