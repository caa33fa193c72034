import CLibYAML
import Core

/// Turns libyaml's marks (code points) into places (characters as people count them).
///
/// A class because it caches: a file may be one line of megabytes, and places must not each be counted from the beginning of
/// that line.
final class YAMLPlaces {
  private let file: String
  private let text: String
  private let lines: [Substring]
  /// Lines of one byte per character.
  private let isPlain: [Bool]
  private var last = Position(line: -1, scalars: 0, index: "".startIndex, characters: 0)

  /// A place within a line, in three counts.
  private struct Position {
    var line: Int
    var scalars: Int
    var index: String.Index
    var characters: Int
  }

  init(_ source: SourceFile) {
    file = source.name
    text = source.text
    lines = source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    isPlain = lines.map { $0.utf8.allSatisfy { $0 < 0x80 } }
  }

  var start: SourcePlace { SourcePlace(file: file, line: 1, column: 1) }

  func place(_ mark: yaml_mark_t) -> SourcePlace {
    SourcePlace(file: file, line: mark.line + 1, column: position(mark).characters + 1)
  }

  /// From `start` to `end`, or to the end of the first line.
  func place(_ start: yaml_mark_t, _ end: yaml_mark_t) -> SourcePlace {
    let first = position(start)
    let count: Int
    if start.line == end.line {
      count = position(end).characters - first.characters
    } else {
      count = line(start.line).map { $0[first.index...].count } ?? 1
    }
    return SourcePlace(file: file, line: start.line + 1, column: first.characters + 1, length: max(1, count))
  }

  /// Whether nothing follows.
  func isAtEnd(_ mark: yaml_mark_t) -> Bool {
    mark.line >= lines.count || (mark.line == lines.count - 1 && position(mark).index >= lines[mark.line].endIndex)
  }

  func place(byteOffset: Int) -> SourcePlace {
    var rest = byteOffset
    for (index, line) in lines.enumerated() {
      // The break itself: one byte, two for CRLF (then the next line starts one later).
      let count = line.utf8.count
      if rest <= count {
        let column = line.utf8.prefix(rest).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        return SourcePlace(file: file, line: index + 1, column: column + 1)
      }
      rest -= count
      rest -= line.endIndex < line.base.endIndex ? line.base[line.endIndex].utf8.count : 1
    }
    return start
  }

  /// A line by its number, counted from 1; empty if there is none.
  func lineText(_ number: Int) -> Substring { line(number - 1) ?? "" }

  func character(at place: SourcePlace) -> Character? { line(place.line - 1)?.dropFirst(place.column - 1).first }

  /// A scalar with its text, and with its written form if the two differ.
  func scalar(
    _ text: String, _ style: YAMLScalar.Style, _ start: yaml_mark_t, _ end: yaml_mark_t, at place: SourcePlace
  ) -> YAMLScalar {
    guard line(start.line) != nil else { return YAMLScalar(text, style) }
    let first = position(start).index
    let behind = end.line < lines.count ? position(end).index : self.text.endIndex
    let source = self.text[first..<max(first, behind)]
    let quotes = style == .quoted ? 1 : 0
    if style != .block, start.line == end.line, source.utf8.count == text.utf8.count + 2 * quotes,
      source.dropFirst(quotes).dropLast(quotes) == text
    {
      return YAMLScalar(text, style)
    }
    return YAMLScalar(text, style, written: WrittenScalar(source, style, at: place))
  }

  private func line(_ index: Int) -> Substring? { lines.indices.contains(index) ? lines[index] : nil }

  private func position(_ mark: yaml_mark_t) -> Position {
    guard let line = line(mark.line) else { return Position(line: mark.line, scalars: 0, index: text.endIndex, characters: 0) }
    if isPlain[mark.line] {
      let index = line.utf8.index(line.startIndex, offsetBy: mark.column, limitedBy: line.endIndex) ?? line.endIndex
      return Position(line: mark.line, scalars: mark.column, index: index, characters: mark.column)
    }
    var from = Position(line: mark.line, scalars: 0, index: line.startIndex, characters: 0)
    if last.line == mark.line, last.scalars <= mark.column { from = last }
    let scalars = line.unicodeScalars
    let index = scalars.index(from.index, offsetBy: mark.column - from.scalars, limitedBy: scalars.endIndex) ?? scalars.endIndex
    let count = line[from.index..<index].count
    last = Position(line: mark.line, scalars: mark.column, index: index, characters: from.characters + count)
    return last
  }
}
