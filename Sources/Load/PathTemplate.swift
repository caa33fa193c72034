import Core

/// A path, or the name of a table, with placeholders: `out/{date}/{mapping}.csv`.
package struct PathTemplate: Sendable, Hashable {
  package enum Placeholder: String, Sendable, Hashable, CaseIterable { case location, mapping, run, date }

  package enum Part: Sendable, Hashable {
    case text(String)
    case placeholder(Placeholder)

    package static func == (left: Part, right: Part) -> Bool {
      switch (left, right) {
      case (.text(let left), .text(let right)): left.isExactly(right)
      case (.placeholder(let left), .placeholder(let right)): left == right
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .text(let text): hasher.combine(Name(text))
      case .placeholder(let placeholder): hasher.combine(placeholder)
      }
    }
  }

  /// A `{word}` that is not a placeholder, with its place in the text, in characters.
  package struct Failure: Error, Sendable, Hashable {
    package var word: String
    package var offset: Int
  }

  /// As written in the pipeline file.
  package let text: String
  package let parts: [Part]

  /// `{mapping}`
  package static let ofMappings = PathTemplate(.mapping)

  private init(_ placeholder: Placeholder) {
    text = "{\(placeholder.rawValue)}"
    parts = [.placeholder(placeholder)]
  }

  package init(_ text: String) throws(Failure) {
    self.text = text
    var parts: [Part] = []
    var plain = ""
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == "{", let end = text[index...].firstIndex(of: "}") else {
        plain.append(text[index])
        index = text.index(after: index)
        continue
      }
      let word = String(text[text.index(after: index)..<end])
      guard let placeholder = Placeholder(rawValue: word) else {
        throw Failure(word: word, offset: text.distance(from: text.startIndex, to: index))
      }
      if !plain.isEmpty { parts.append(.text(plain)) }
      plain = ""
      parts.append(.placeholder(placeholder))
      index = text.index(after: end)
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    self.parts = parts
  }

  package func contains(_ placeholder: Placeholder) -> Bool { parts.contains(.placeholder(placeholder)) }

  /// The path with its placeholders filled in. Values that come from outside stay one folder or file name: a `/` in
  /// them becomes `_`.
  package func path(_ values: [Placeholder: String]) -> String { text(values.mapValues(Self.asName)) }

  /// The text with its placeholders filled in as they are.
  package func text(_ values: [Placeholder: String]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .placeholder(let placeholder): values[placeholder] ?? ""
      }
    }.joined()
  }

  private static func asName(_ value: String) -> String {
    // By bytes: a slash followed by a combining mark is one character, but still a slash.
    let name = String(decoding: value.utf8.map { $0 == UInt8(ascii: "/") || $0 == 0 ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    return name == "." || name == ".." ? "_" : name
  }
}
