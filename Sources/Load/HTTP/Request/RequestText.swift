package import Core

/// A text with placeholders, in a path, a query or a header: `/contacts/{remote_id}`, `"{etag}"`. Double a brace to write
/// it literally.
package struct RequestText: Sendable, Hashable {
  package enum Part: Sendable, Hashable {
    case text(Name)
    case placeholder(RequestPlaceholder)
  }

  /// What is wrong with a text, with its place in it, in characters.
  package struct Fault: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
      /// `{word}` is not a placeholder.
      case unknown(String)
      /// A brace that is never closed, or never opened.
      case brace
    }

    package var reason: Reason
    package var offset: Int
  }

  package let parts: [Part]

  init(_ parts: [Part]) { self.parts = parts }

  package init(_ text: String) throws(Fault) {
    var parts: [Part] = []
    var plain = ""
    var rest = Substring(text)
    func offset() -> Int { text.distance(from: text.startIndex, to: rest.startIndex) }
    while let character = rest.first {
      let isBrace = character == "{" || character == "}"
      if !isBrace || rest.dropFirst().first == character {
        plain.append(character)
        rest = rest.dropFirst(isBrace ? 2 : 1)
        continue
      }
      guard character == "{", let end = rest.firstIndex(of: "}") else { throw Fault(reason: .brace, offset: offset()) }
      let word = String(rest[rest.index(after: rest.startIndex)..<end])
      guard let placeholder = RequestPlaceholder(word) else { throw Fault(reason: .unknown(word), offset: offset()) }
      if !plain.isEmpty { parts.append(.text(Name(plain))) }
      plain = ""
      parts.append(.placeholder(placeholder))
      rest = rest[rest.index(after: end)...]
    }
    if !plain.isEmpty { parts.append(.text(Name(plain))) }
    self.parts = parts
  }

  package var placeholders: [RequestPlaceholder] {
    parts.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
  }

  /// As it is written, except that braces are not doubled.
  package var text: String {
    parts.map { part in
      switch part {
      case .text(let plain): plain.text
      case .placeholder(let placeholder): placeholder.text
      }
    }.joined()
  }
}
