import CLibYAML
import Core

/// Turns libyaml's marks (code points) into places (characters as people count them).
struct YAMLPlaces {
  private let file: String
  private let lines: [Substring]

  init(_ source: SourceFile) {
    file = source.name
    lines = source.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  var start: SourcePlace { SourcePlace(file: file, line: 1, column: 1) }

  func place(_ mark: yaml_mark_t) -> SourcePlace {
    SourcePlace(file: file, line: mark.line + 1, column: column(mark))
  }

  /// From `start` to `end`, or to the end of the first line.
  func place(_ start: yaml_mark_t, _ end: yaml_mark_t) -> SourcePlace {
    var place = place(start)
    let last = start.line == end.line ? column(end) : (line(start.line)?.count ?? 0) + 1
    place.length = max(1, last - place.column)
    return place
  }

  /// Whether nothing follows.
  func isAtEnd(_ mark: yaml_mark_t) -> Bool {
    mark.line >= lines.count || (mark.line == lines.count - 1 && place(mark).column > lines[mark.line].count)
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

  func character(at place: SourcePlace) -> Character? { line(place.line - 1)?.dropFirst(place.column - 1).first }

  /// Whether what stands at `place` is the text itself decides if places within it can be named.
  func scalar(_ text: String, _ style: YAMLScalar.Style, at place: SourcePlace) -> YAMLScalar {
    let quotes = style == .quoted ? 1 : 0
    let shown = line(place.line - 1)?.dropFirst(place.column - 1 + quotes).prefix(max(0, place.length - 2 * quotes))
    return YAMLScalar(text, style, hasEscapes: shown.map { $0 != text } ?? true)
  }

  private func line(_ index: Int) -> Substring? { lines.indices.contains(index) ? lines[index] : nil }

  private func column(_ mark: yaml_mark_t) -> Int {
    guard let line = line(mark.line) else { return 1 }
    if line.utf8.allSatisfy({ $0 < 0x80 }) { return mark.column + 1 }
    let scalars = line.unicodeScalars
    let end = scalars.index(scalars.startIndex, offsetBy: mark.column, limitedBy: scalars.endIndex) ?? scalars.endIndex
    return line[..<end].count + 1
  }
}
