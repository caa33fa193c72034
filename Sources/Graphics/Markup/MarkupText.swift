import Core

/// Text for HTML and SVG: the characters of the syntax become references, and what cannot be seen becomes visible.
package enum MarkupText {
  /// Adds `text` to `bytes`. Control characters, overrides of the direction of writing and zero-width characters are shown as
  /// `VisibleText` shows them; so are code points that no document may contain.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    let visible = VisibleText.escaped(text)
    for scalar in visible.unicodeScalars {
      switch scalar {
      case "&": bytes += "&amp;".utf8
      case "<": bytes += "&lt;".utf8
      case ">": bytes += "&gt;".utf8
      case "\"": bytes += "&quot;".utf8
      case "'": bytes += "&#39;".utf8
      case _ where scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value):
        bytes += "\\u{\(String(scalar.value, radix: 16))}".utf8
      default: bytes += UTF8.encode(scalar)!
      }
    }
  }

  /// At most `limit` characters, with `…` for the rest.
  package static func clipped(_ text: String, to limit: Int) -> String {
    guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex else {
      return text
    }
    return text.prefix(max(0, limit - 1)) + "…"
  }
}
