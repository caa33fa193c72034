package import Core

/// A header of a request, as a pipeline writes it: `If-Match: {etag}`.
package struct HeaderTemplate: Sendable, Hashable {
  package enum Fault: Error, Sendable, Hashable {
    case text(RequestText.Fault)
    /// The name is not a token (RFC 9110, section 5.1).
    case name
    /// The value has a line break, or another control character.
    case control
    /// The value is empty, or has a space at one end, which receivers strip.
    case blank
    /// The HTTP client writes this header itself: `Content-Length`.
    case reserved
  }

  /// Why there is no header for a record.
  package enum Refusal: Error, Sendable, Hashable {
    case missing(RequestPlaceholder)
    /// A value with a line break would add a header.
    case control(RequestPlaceholder)
    /// The value is empty: `If-Match` without a tag can mean an unconditional PUT, and an empty key protects nothing.
    case empty(RequestPlaceholder)
    /// The header would begin or end with a space. Receivers strip it, so that two values become one.
    case blank(RequestPlaceholder)
  }

  private static let reserved: Set<String> = [
    "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
  ]
  private static let punctuation = Set("!#$%&'*+-.^_`|~")

  package let name: String
  package let value: RequestText

  package init(_ name: String, _ value: String) throws(Fault) {
    let isToken = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || Self.punctuation.contains($0)) }
    guard isToken else { throw .name }
    guard !Self.reserved.contains(name.lowercased()) else { throw .reserved }
    guard !Self.hasControls(Name(value)) else { throw .control }
    guard !value.isEmpty, !Self.isBlank(value.utf8.first), !Self.isBlank(value.utf8.last) else { throw .blank }
    self.name = name
    do { self.value = try RequestText(value) } catch { throw .text(error) }
  }

  package func text(_ value: (RequestPlaceholder) -> Name?) throws(Refusal) -> String {
    var bytes: [UInt8] = []
    for part in self.value.parts {
      switch part {
      case .text(let plain): bytes += plain.text.utf8
      case .placeholder(let placeholder):
        guard let value = value(placeholder) else { throw .missing(placeholder) }
        guard !Self.hasControls(value) else { throw .control(placeholder) }
        guard !value.text.utf8.isEmpty else { throw .empty(placeholder) }
        bytes += value.text.utf8
      }
    }
    // The template itself has no blank at its ends.
    if Self.isBlank(bytes.first), let first = self.value.placeholders.first { throw .blank(first) }
    if Self.isBlank(bytes.last), let last = self.value.placeholders.last { throw .blank(last) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func hasControls(_ text: Name) -> Bool { text.text.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }
}
