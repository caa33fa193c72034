import Core

/// What seems to separate the columns of a text whose lines look like those of a table, although the current delimiter splits none
/// of them.
///
///     id:firstName:note          ':' separates 3 columns
///     c1:Ann:x
///
/// It may still be a file with one column: if a delimiter is stated, it is read as one.
package enum UnsplitTable: Sendable, Hashable {
  case separated(by: String, columns: Int)
  /// Spaces are between the columns.
  case spaced
  /// Each line is one quoted cell that contains this delimiter.
  case quotedLines(String)
  /// Drawn with characters, as in Markdown and on terminals.
  case drawn

  /// Nil if the lines show no columns.
  ///
  /// - Parameters:
  ///   - lines: the first lines that are not empty; the header is the first one.
  ///   - excluded: delimiters that are known not to separate its columns.
  init?(_ lines: [String], excluding excluded: [UInt8] = []) {
    guard let header = lines.first else { return nil }
    let rows = lines.dropFirst()
    if lines.prefix(3).contains(where: Self.isRule) {
      self = .drawn
    } else if let delimiter = Self.quoted(lines) {
      self = .quotedLines(delimiter)
    } else if let found = Self.separator(header, rows, excluded) {
      self = .separated(by: found.separator, columns: found.columns)
    } else if Self.isSpaced(header, rows) {
      self = .spaced
    } else {
      return nil
    }
  }

  /// Why a file is refused.
  func reason(_ place: ReadingPlace, declared: UInt8? = nil) -> String {
    let one = "if it has one column, \(place.setting(.delimiter, declared.map(DelimiterText.text) ?? ","))"
    let begin = declared.map { "the line 'sep=' declares \(CSVDialect.name(of: $0))" } ?? "the header is one column"
    switch self {
    case .separated(let separator, let columns):
      let seems = "\(begin), but \(Self.shown(separator)) seems to separate \(columns) columns"
      guard DelimiterText.byte(separator) != nil else {
        return "\(seems), and a delimiter is one ASCII character: write the file with a comma or a tab between its cells; \(one)"
      }
      return "\(seems): if so, \(place.setting(.delimiter, separator)); \(one)"
    case .spaced:
      return
        "spaces seem to separate the columns, which is not CSV: write the file with a comma or a tab between its cells; \(one)"
    case .quotedLines(let delimiter):
      return "whole lines are quoted, so \(Self.shown(delimiter)) separates nothing: "
        + "remove the quotes around the lines, and unescape the quotes inside them; \(one)"
    case .drawn:
      return "this is a table drawn with characters, as Markdown and terminals show it: export its records as CSV; \(one)"
    }
  }

  /// What a stated delimiter leaves unsplit: the end of a sentence that begins with the delimiter.
  var doubt: String {
    switch self {
    case .separated(let separator, let columns):
      "leaves the header as one column, but \(Self.shown(separator)) seems to separate \(columns): check the delimiter"
    case .spaced: "leaves the header as one column, but spaces seem to separate several"
    case .quotedLines: "leaves each line as one quoted cell, which seems to contain several: remove the quotes around the lines"
    case .drawn: "leaves each line as one column: it is a table drawn with characters"
    }
  }

  /// `'||'`, `tab`, `'\u001f'`
  private static func shown(_ separator: String) -> String {
    DelimiterText.byte(separator) == 0x09 ? "tab" : "'\(VisibleText.escaped(separator))'"
  }

  // MARK: Separators

  /// Characters that are often part of a column's name: they count only if they separate at least three columns.
  private static let weak = Set("/#&!?=*%$<>\\+{}[]".unicodeScalars)

  private static func separator(
    _ header: String, _ rows: ArraySlice<String>, _ excluded: [UInt8]
  ) -> (separator: String, columns: Int)? {
    for separator in separators(in: header) {
      if let byte = separator.utf8.first, separator.utf8.count == 1, excluded.contains(byte) { continue }
      // A column without a name: `id,,name`.
      if separator.utf8.count > 1, separator.utf8.allSatisfy(",;\t".utf8.contains) { continue }
      let names = pieces(header, separator).map(unquoted)
      let isWeak = separator.unicodeScalars.count == 1 && separator.unicodeScalars.allSatisfy(weak.contains)
      guard names.count > (isWeak ? 2 : 1), CSVSample.areNames(names.map(\.trimmedExactly)[...]) else { continue }
      if names.count == 2, names.contains(where: { $0.utf8.first == 0x20 }) { continue }
      let fitting = rows.count { pieces($0, separator).count == names.count }
      let isTable = rows.isEmpty ? names.count > 2 && !isWeak : fitting * 10 >= rows.count * 9
      if isTable { return (separator, names.count) }
    }
    return nil
  }

  /// What may separate the names of a header: first the text between its words if it is the same everywhere, then characters that
  /// no name needs.
  private static func separators(in header: String) -> [String] {
    var runs: [String] = []
    var run = ""
    var isQuoted = false
    for scalar in header.unicodeScalars {
      if scalar == "\"" { isQuoted.toggle() }
      if isQuoted || isOfName(scalar) {
        if !run.isEmpty { runs.append(run) }
        run = ""
      } else {
        run.unicodeScalars.append(scalar)
      }
    }
    if !run.isEmpty { runs.append(run) }
    let whole = runs.first.map { first in runs.allSatisfy { $0.isExactly(first) } ? [first] : [] } ?? []
    return whole
      + runs.flatMap { $0.unicodeScalars.map { String($0) } }.reduce(into: []) { singles, one in
        if !singles.contains(exactly: one), !whole.contains(exactly: one) { singles.append(one) }
      }
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
      .enclosingMark, .decimalNumber, .letterNumber, .otherNumber, .spaceSeparator, .format, .currencySymbol:
      true
    default: "_-.'\"()@".unicodeScalars.contains(scalar)
    }
  }

  /// The parts of a line, split outside its quotes.
  private static func pieces(_ line: String, _ separator: String) -> [String] {
    let (bytes, mark) = (Array(line.utf8), Array(separator.utf8))
    var parts: [String] = []
    var (start, at) = (0, 0)
    var isQuoted = false
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted, bytes[at...].starts(with: mark) else {
        at += 1
        continue
      }
      parts.append(String(decoding: bytes[start..<at], as: UTF8.self))
      at += mark.count
      start = at
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  private static func unquoted(_ text: String) -> String {
    let trimmed = text.trimmedExactly
    let isQuoted = trimmed.utf8.count > 2 && trimmed.utf8.first == UInt8(ascii: "\"") && trimmed.utf8.last == UInt8(ascii: "\"")
    return isQuoted ? String(trimmed.dropFirst().dropLast()) : text
  }

  // MARK: Other forms

  /// A line of dashes between columns: `|---|---|`, `+----+-----+`.
  private static func isRule(_ line: String) -> Bool {
    let text = Array(line.trimmedExactly.utf8)
    guard text.count(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "=") }) >= 3 else { return false }
    return text.contains { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "+") }
      && text.allSatisfy { "|+-=: ".utf8.contains($0) }
  }

  /// The delimiter inside lines that are one quoted cell each. Either the header or the rows may be unquoted.
  static func quoted(_ lines: [String]) -> String? {
    let contents = lines.map(content)
    guard let header = lines.first, contents[0] != nil || contents.count > 1 && !contents.dropFirst().contains(nil) else {
      return nil
    }
    for delimiter in [",", ";", "\t", "|"] {
      let names = pieces(contents[0] ?? header, delimiter).map(unquoted)
      guard names.count > 1, CSVSample.areNames(names[...]) else { continue }
      let rows = lines.indices.dropFirst().map { contents[$0] ?? lines[$0] }
      if rows.allSatisfy({ pieces($0, delimiter).count == names.count }) { return delimiter }
    }
    return nil
  }

  /// The content of a line that is one quoted cell.
  private static func content(_ line: String) -> String? {
    let text = line.trimmedExactly
    guard text.utf8.count > 2, text.utf8.first == UInt8(ascii: "\""), text.utf8.last == UInt8(ascii: "\"") else { return nil }
    let inner = text.dropFirst().dropLast()
    // A quote that is not doubled ends the cell: the line has several.
    let single = inner.replacing("\"\"", with: "")
    return single.utf8.contains(UInt8(ascii: "\"")) ? nil : String(inner.replacing("\"\"", with: "\""))
  }

  /// Columns of the same width, or words with a space between them.
  private static func isSpaced(_ header: String, _ rows: ArraySlice<String>) -> Bool {
    let wide = parts(header, atLeast: 2)
    if wide > 1, !rows.isEmpty, rows.count(where: { parts($0, atLeast: 2) > 1 }) * 5 >= rows.count * 4 { return true }
    let words = parts(header, atLeast: 1)
    // A few names or dates may have the same number of words.
    return words > 2 && rows.count > 4 && rows.allSatisfy { parts($0, atLeast: 1) == words }
  }

  /// How many parts a line has if runs of at least `spaces` spaces separate them.
  private static func parts(_ line: String, atLeast spaces: Int) -> Int {
    var (count, run) = (0, spaces)
    for byte in line.trimmedExactly.utf8 {
      if byte == 0x20 {
        run += 1
        continue
      }
      if run >= spaces { count += 1 }
      run = 0
    }
    return count
  }
}

extension UnsplitTable {
  /// A hint about a header that lacks a column, if all of its names are in one cell: the stated delimiter may be wrong.
  ///
  ///     its only column is 'id,firstName': if ',' separates names in it, correct the delimiter (--delimiter)
  package static func hint(of columns: [String], _ place: ReadingPlace = .file) -> String? {
    guard columns.count == 1, let only = columns.first else { return nil }
    let usual = [",", ";", "\t", "|", ":", "^", "~"]
    let separator = separators(in: only).first { separator in
      let names = pieces(only, separator)
      return names.count > 1 && (names.count > 2 || usual.contains(exactly: separator)) && CSVSample.areNames(names[...])
    }
    guard let separator else { return nil }
    return "its only column is '\(VisibleText.escaped(only))': if \(shown(separator)) separates names in it, "
      + "correct the delimiter (\(place == .lookup ? "{path: FILE, delimiter: …}" : "\(CommandOption.delimiter)"))"
  }
}
