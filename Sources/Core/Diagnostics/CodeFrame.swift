/// The line that a diagnostic is about, with carets under the place. Of a long line, as in minified files, only the part
/// around the place is shown:
///
///     …}, {from: fristName, do: [trim]}, {from: city}, …
///                ^^^^^^^^^
///
/// The carets are where a terminal shows the place: tabs stay tabs, a wide character takes two columns, and characters that
/// would move the cursor are shown as spaces.
package struct CodeFrame {
  /// Lines up to this many characters are shown whole.
  private static let longestLine = 160
  /// Characters that a longer line shows before the place.
  private static let before = 60
  /// Cells that a line has even on a narrower terminal.
  private static let leastRoom = 20

  /// Cells that the line number and the bar take before the line.
  package static let margin = 8

  /// What is shown of the line.
  package let line: String
  /// The line below: white space, then carets.
  package let carets: String

  /// `column` (from 1) and `length` are in characters of `line`. Nothing in `hidden` (ranges of `line`, in order) is shown,
  /// even if the excerpt begins or ends inside one.
  ///
  /// - Parameters:
  ///   - isASCII: each character is one byte, so the column is found in constant time; thousands of frames may show the same
  ///     line of many megabytes.
  ///   - room: the cells that a terminal has for the line; nil: no limit.
  package init(
    _ line: Substring, column: Int, length: Int, hidden: [Range<String.Index>] = [], isASCII: Bool = false, room: Int? = nil
  ) {
    var shown = line[...]
    let start = Self.index(in: line, max(0, column - 1), isASCII: isASCII)
    let end = line.index(start, offsetBy: max(1, length), limitedBy: line.endIndex) ?? line.endIndex
    if line.utf8.count > Self.longestLine,
      line.index(line.startIndex, offsetBy: Self.longestLine + 1, limitedBy: line.endIndex) != nil
    {
      let from = line.index(start, offsetBy: -Self.before, limitedBy: line.startIndex) ?? line.startIndex
      let to = line.index(from, offsetBy: Self.longestLine, limitedBy: line.endIndex) ?? line.endIndex
      shown = line[from..<to]
    }
    if let room { shown = Self.excerpt(of: line, shown, around: start, cells: max(Self.leastRoom, room)) }
    var (text, space, width) = ("", "", 0)
    var ranges = hidden.filter { $0.lowerBound < shown.endIndex && $0.upperBound > shown.startIndex }[...]
    var index = shown.startIndex
    while index < shown.endIndex {
      var piece = String(shown[index])
      var after = shown.index(after: index)
      // A secret's first or last letter may form one character with an adjacent combining accent; that is hidden as well.
      if let range = ranges.first, range.lowerBound < after {
        while let next = ranges.first, next.lowerBound < after {
          after = max(after, min(next.upperBound, shown.endIndex))
          ranges.removeFirst()
        }
        piece = SecretShapes.replacement
      } else {
        piece = Self.withoutControls(piece)
      }
      text += piece
      let columns = CellWidth.of(piece)
      if after <= start {
        space += piece == "\t" ? "\t" : String(repeating: " ", count: columns)
      } else if index < end {
        width += columns
      }
      index = after
    }
    let head = shown.startIndex > line.startIndex ? "…" : ""
    self.line = head + text + (shown.endIndex < line.endIndex ? "…" : "")
    carets = (head.isEmpty ? "" : " ") + space + String(repeating: "^", count: max(1, width))
  }

  /// `shown` itself if it fits together with the dots that stand for the rest of `line`; otherwise as much of it as fits, with the
  /// place no further right than the middle.
  private static func excerpt(
    of line: Substring, _ shown: Substring, around place: Substring.Index, cells: Int
  ) -> Substring {
    func end(from start: Substring.Index, _ room: Int) -> Substring.Index {
      var (index, left) = (start, room)
      while index < shown.endIndex {
        left -= CellWidth.of(line[index])
        guard left >= 0 else { break }
        index = line.index(after: index)
      }
      return index
    }
    let dots = (shown.startIndex > line.startIndex ? 1 : 0) + (shown.endIndex < line.endIndex ? 1 : 0)
    if end(from: shown.startIndex, cells - dots) == shown.endIndex { return shown }
    var (start, left) = (place, cells / 2 - 1)
    while start > shown.startIndex {
      let before = line.index(before: start)
      left -= CellWidth.of(line[before])
      guard left >= 0 else { break }
      start = before
    }
    return line[start..<end(from: start, cells - 2)]
  }

  /// Control characters become spaces; zero-width characters and those that change the direction of text are removed.
  private static func withoutControls(_ character: String) -> String {
    guard character != "\t", character.unicodeScalars.contains(where: VisibleText.isUnsafe) else { return character }
    var out = String.UnicodeScalarView()
    let scalars = character.unicodeScalars
    for index in scalars.indices {
      let scalar = scalars[index]
      if !VisibleText.isUnsafe(scalar) || VisibleText.joinsEmoji(index, in: scalars) {
        out.append(scalar)
      } else if scalar.properties.generalCategory == .control {
        out.append(" ")
      }
    }
    return String(out)
  }

  /// The character at this offset; in plain ASCII a byte.
  private static func index(in line: Substring, _ offset: Int, isASCII: Bool) -> Substring.Index {
    if isASCII || line.utf8.allSatisfy({ $0 < 0x80 }) {
      return line.utf8.index(line.startIndex, offsetBy: offset, limitedBy: line.endIndex) ?? line.endIndex
    }
    return line.index(line.startIndex, offsetBy: offset, limitedBy: line.endIndex) ?? line.endIndex
  }
}
