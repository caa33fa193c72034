package import Core

/// A JSON pointer (RFC 6901) to the list of records in a JSON document: `/contacts`, `/data/items`.
package struct RecordsPointer: Sendable, Hashable, CustomStringConvertible {
  /// The names from the document inwards, without their escapes; at least one.
  package let steps: [Name]

  /// Nil if it is not a pointer, or points to the document itself.
  package init?(_ text: String) {
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    var steps: [Name] = []
    for step in text.split(exactly: "/").dropFirst() {
      guard let name = Self.name(step) else { return nil }
      steps.append(name)
    }
    self.steps = steps
  }

  /// As it is written.
  package var description: String { Self.text(steps.map(\.text)) }

  /// The pointer that these names make, which may be empty.
  package static func text(_ steps: [String]) -> String {
    steps.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }

  /// What `text`, which is not a pointer, was probably meant to be: `contacts` and `#/contacts` are `/contacts`, and
  /// `$.data.items` and `data.items` are `/data/items`.
  package static func suggestion(for text: String) -> String {
    var rest = Substring(text)
    if rest.hasPrefix("#") || rest.hasPrefix("$") { rest = rest.dropFirst() }
    let steps = rest.split { $0 == "." || $0 == "/" }
    return "/" + (steps.isEmpty ? "contacts" : steps.joined(separator: "/"))
  }

  /// `~1` is a slash and `~0` a tilde; any other `~` is an error.
  private static func name(_ step: String) -> Name? {
    var bytes: [UInt8] = []
    var isEscape = false
    for byte in step.utf8 {
      if isEscape {
        guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else { return nil }
        bytes.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        isEscape = false
      } else if byte == UInt8(ascii: "~") {
        isEscape = true
      } else {
        bytes.append(byte)
      }
    }
    return isEscape ? nil : Name(String(decoding: bytes, as: UTF8.self))
  }
}
