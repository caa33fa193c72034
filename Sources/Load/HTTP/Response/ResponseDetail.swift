import Core
import HTTP
import Values

/// What a destination says about a call, for messages and ledger lines: in at most 200 characters, without secrets, and with
/// what looks like personal data masked.
enum ResponseDetail {
  static let limit = 200
  /// How much of a text is read before it is masked and cut: much more than is shown.
  private static let read = 64 << 10
  /// At most this many texts of a list are read.
  private static let texts = 20
  private static let deepest = 4

  static func text(of body: JSONValue?, _ content: [UInt8]) -> String {
    guard let body else { return text(ofForeign: content) }
    return words(of: body).map(shown) ?? ""
  }

  /// Of a body that is not JSON, such as the error page of a proxy.
  static func text(ofForeign content: [UInt8]) -> String {
    guard let first = content.first(where: { $0 > 0x20 }) else { return "" }
    // It may be the record that was sent.
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return "JSON that is cut off or damaged" }
    let text = String(decoding: content.prefix(read), as: UTF8.self)
    guard first == UInt8(ascii: "<") else { return shown("not JSON: \(text)") }
    var arena = ByteArena(capacity: 4 * 1024)
    arena.begin()
    let isChanged = HTMLText.strip(text.utf8Span.span, into: &arena)
    let plain = isChanged ? arena.finish().string : text
    return shown(plain.contains { !$0.isWhitespace } ? "an HTML page: \(plain)" : "an HTML page")
  }

  static func keyReused(_ detail: String) -> String {
    shown("the idempotency key was used before\(detail.isEmpty ? "" : ": \(detail)")")
  }

  /// Secrets first: half a secret is not recognized.
  static func shown(_ text: String) -> String {
    let safe = ShownText.masked(Redactor.process.redacted(text))
    let words = safe.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
    let line = VisibleText.escaped(words)
    return line.count > limit ? line.prefix(limit - 1) + "…" : line
  }

  /// The message of an error, wherever common shapes have it. Only what is meant for people is read: the rest may be the record
  /// that was sent.
  static func words(of value: JSONValue?, depth: Int = 0) -> String? {
    switch value {
    case .string(let text)?: return text.contains { !$0.isWhitespace } ? String(text.prefix(read)) : nil
    case .array(let elements)?:
      guard depth < deepest else { return nil }
      let found = elements.prefix(texts).compactMap { words(of: $0, depth: depth + 1) }
      return found.isEmpty ? nil : found.joined(separator: "; ")
    case .object?:
      guard depth < deepest else { return nil }
      for name in ["detail", "message", "error", "error_description", "msg", "reason", "title", "errors"] {
        // The description says more than OAuth's code.
        if name == "error", value?["error"]?.stringValue != nil, let text = words(of: value?["error_description"]) { return text }
        if let text = words(of: value?[name], depth: depth + 1) { return text }
      }
      return nil
    default: return nil
    }
  }
}
