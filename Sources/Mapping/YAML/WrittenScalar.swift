package import Core

/// A scalar as written, if that differs from its text: quoted with escapes, folded over lines, a block. Finds the place of a
/// part of the text.
///
/// White space is what YAML changes (indentation, folding, line ends), so text and file are laid beside each other by
/// the characters that are none: the third of the text is the third that the file writes, an escape counting as one.
package struct WrittenScalar: Sendable, Hashable {
  /// From the first character, which is the quote or the block's `|` or `>`, to the last.
  private let source: Substring
  private let start: SourcePlace
  private let style: YAMLScalar.Style

  init(_ source: Substring, _ style: YAMLScalar.Style, at start: SourcePlace) {
    self.source = source
    self.style = style
    self.start = start
  }

  /// One character of the text, in the file.
  private struct Written {
    /// Nil: an escape that is not decoded.
    var character: Character?
    var isSpace: Bool
    var line: Int
    var column: Int
    var width: Int
  }

  /// The first line of the part; nil if text and file do not match, or the part is white space.
  package func place(of text: String, at offset: Int, count: Int) -> SourcePlace? {
    var before = 0
    var wanted: [Character] = []
    for (index, character) in text.enumerated() where !character.isWhitespace {
      if index >= offset + max(1, count) { break }
      if index < offset { before += 1 } else { wanted.append(character) }
    }
    guard !wanted.isEmpty else { return nil }
    var reader = Reader(source, style, line: start.line, column: start.column)
    var seen = 0
    var found: SourcePlace?
    while let written = reader.next() {
      guard !written.isSpace else { continue }
      defer { seen += 1 }
      guard seen >= before else { continue }
      guard seen - before < wanted.count else { break }
      if let character = written.character, character != wanted[seen - before] { return nil }
      if var place = found {
        guard place.line == written.line else { break }
        place.length = written.column + written.width - place.column
        found = place
      } else {
        found = SourcePlace(file: start.file, line: written.line, column: written.column, length: written.width)
      }
    }
    return found
  }

  /// Characters of the text, one after another, as the file writes them.
  private struct Reader {
    private var rest: Substring
    private var line: Int
    private var column: Int
    private let quote: Character?

    init(_ source: Substring, _ style: YAMLScalar.Style, line: Int, column: Int) {
      rest = source
      self.line = line
      self.column = column
      quote = style == .quoted ? source.first : nil
      switch style {
      case .plain: break
      case .quoted: _ = take()
      // The header: the rest of the line after `|`.
      case .block: while let character = take(), !character.isNewline {}
      }
    }

    private mutating func take() -> Character? {
      guard let character = rest.popFirst() else { return nil }
      if character.isNewline { (line, column) = (line + 1, 1) } else { column += 1 }
      return character
    }

    mutating func next() -> Written? {
      let (line, column) = (line, column)
      guard let character = take() else { return nil }
      if character == quote {
        // A doubled single quote is one; any other ends the text.
        guard quote == "'", rest.first == "'" else { return nil }
        _ = take()
        return Written(character: "'", isSpace: false, line: line, column: column, width: 2)
      }
      guard character == "\\", quote == "\"" else {
        return Written(character: character, isSpace: character.isWhitespace, line: line, column: column, width: 1)
      }
      return escape(line, column)
    }

    private mutating func escape(_ line: Int, _ column: Int) -> Written? {
      guard let letter = take() else { return nil }
      func written(_ isSpace: Bool, _ width: Int, _ character: Character? = nil) -> Written {
        Written(character: character, isSpace: isSpace, line: line, column: column, width: width)
      }
      switch letter {
      case "x", "u", "U":
        let count = letter == "x" ? 2 : letter == "u" ? 4 : 8
        let digits = rest.prefix(count)
        for _ in 0..<digits.count { _ = take() }
        let scalar = UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) }
        return written(scalar?.properties.isWhitespace == true, 2 + digits.count)
      case "t", "n", "v", "f", "r", "N", "_", "L", "P", " ", "\t": return written(true, 2)
      case _ where letter.isNewline: return written(true, 1)
      case "0", "a", "b", "e": return written(false, 2)
      default: return written(false, 2, letter)
      }
    }
  }
}
