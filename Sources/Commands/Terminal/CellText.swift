import Core

/// Text without line breaks or control characters, fitted into terminal cells.
enum CellText {
  static func padded(_ text: String, to width: Int, isNumber: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - CellWidth.of(text)))
    return isNumber ? padding + text : text + padding
  }

  /// Shortened at its end if it does not fit: `a long sent…`.
  static func cut(_ text: String, to width: Int) -> String {
    guard CellWidth.of(text) > width else { return text }
    return width < 1 ? "" : prefix(text, of: width - 1) + "…"
  }

  /// Shortened in its middle if it does not fit: `/var/lib/wa…/contacts.csv`. The ends of IDs and paths tell them apart.
  static func shortened(_ text: String, to width: Int) -> String {
    guard CellWidth.of(text) > width else { return text }
    guard width > 2 else { return cut(text, to: width) }
    let end = (width - 1) / 2
    let start = prefix(text, of: width - 1 - end)
    return start + "…" + String(prefix(String(text.reversed()), of: end).reversed())
  }

  /// Lines of at most this width, broken between words, and between the characters of East Asian text. A longer word is
  /// shortened in its middle.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    guard CellWidth.of(text) > width else { return [text] }
    let pieces = pieces(text).map { piece in
      let word = piece.trimmingEnd
      return shortened(word, to: width) + piece.dropFirst(word.count)
    }
    return filled(pieces, to: width)
  }

  /// Pieces in lines of at most this width, as far as they fit; lines after the first are indented.
  private static func filled(_ pieces: [String], to width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var (line, used) = ("", 0)
    for piece in pieces {
      if used > 0, used + CellWidth.of(piece.trimmingEnd) > width {
        lines.append(line.trimmingEnd)
        (line, used) = (indent, indent.count)
      }
      line += piece
      used += CellWidth.of(piece)
    }
    return lines + [line.trimmingEnd]
  }

  /// A message in lines of at most this width, broken between words; lines after the first are indented. A longer word, such as
  /// a path, stays whole, so that it can be copied.
  ///
  /// - Parameter width: nil: one line.
  static func message(_ text: String, to width: Int?) -> String {
    guard let width, CellWidth.of(text) > width else { return text }
    return filled(pieces(text), to: width, indent: String(repeating: " ", count: 4)).joined(separator: "\n")
  }

  /// Lines that are too long are wrapped, the rest of each below the beginning of its sentence: behind white space, and a title
  /// that two or more spaces separate from it.
  static func prose(_ text: String, to width: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard CellWidth.of(line) > width else { return String(line) }
      let head = line[..<sentenceStart(of: line)]
      let indent = CellWidth.of(head)
      guard indent < width / 2 else { return folded(String(line), to: width).joined(separator: "\n") }
      let rest = folded(String(line[head.endIndex...]), to: width - indent)
      return head + rest.joined(separator: "\n" + String(repeating: " ", count: indent))
    }.joined(separator: "\n")
  }

  private static func sentenceStart(of line: Substring) -> Substring.Index {
    let content = line.firstIndex { $0 != " " } ?? line.endIndex
    guard content > line.startIndex, let gap = line[content...].firstRange(of: "  ") else { return content }
    return line[gap.upperBound...].firstIndex { $0 != " " } ?? content
  }

  /// Lines of at most this width, broken between words where there are any, and inside a word that is longer: for values, of which
  /// nothing may be lost.
  static func folded(_ text: String, to width: Int) -> [String] {
    guard width > 0, CellWidth.of(text) > width else { return [text] }
    let pieces = pieces(text).flatMap { piece in
      let word = piece.trimmingEnd
      guard CellWidth.of(word) > width else { return [piece] }
      var parts = parts(word, of: width)
      parts[parts.count - 1] += piece.dropFirst(word.count)
      return parts
    }
    return filled(pieces, to: width)
  }

  /// A word, cut into parts of at most this width.
  private static func parts(_ word: String, of width: Int) -> [String] {
    var parts = [""]
    var used = 0
    for character in word {
      let cells = CellWidth.of(character)
      if used + cells > width, used > 0 {
        parts.append("")
        used = 0
      }
      parts[parts.count - 1].append(character)
      used += cells
    }
    return parts
  }

  /// Characters that do not begin a line: they belong to what is before them.
  private static let closing = Set("'\"\u{2019}\u{201D})]}>,.;:!?、。，．」』）】")

  /// What stays together on a line: words with the spaces after them; wide characters one by one, with the punctuation that closes
  /// them.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var isOpen = false
    for character in text {
      if !isOpen, closing.contains(character), let last = pieces.last?.last, last != " " {
        pieces[pieces.count - 1].append(character)
        continue
      }
      let isSpace = character == " "
      let isWide = !isSpace && CellWidth.of(character) > 1
      if pieces.isEmpty || isWide || (!isOpen && !isSpace) { pieces.append("") }
      pieces[pieces.count - 1].append(character)
      isOpen = !isSpace && !isWide
    }
    return pieces
  }

  private static func prefix(_ text: String, of width: Int) -> String {
    var (out, used) = ("", 0)
    for character in text {
      used += CellWidth.of(character)
      guard used <= width else { break }
      out.append(character)
    }
    return out
  }
}

extension String {
  /// Without trailing spaces.
  var trimmingEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
