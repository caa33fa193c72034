package import Core
import Glibc

/// What a terminal shows of records and ledger lines: control characters of the data, and what turns the direction of text, appear as
/// escapes. In JSON they stand in texts and names only, so that it stays valid. A row of CSV is one line.
///
/// For terminals only. Files and pipes get the bytes as they are.
package struct TerminalText {
  private let isCSV: Bool
  /// Between quotation marks, where a line break belongs to a cell; also from one call to the next.
  private var isQuoted = false

  package init(isCSV: Bool) { self.isCSV = isCSV }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Lines of JSON.
  package static func lines(_ text: Text) -> String { VisibleText.escapedLines(String(decoding: text.buffer, as: UTF8.self)) }

  /// Call it for all texts of the output, in their order.
  package mutating func shown(_ text: Text) -> String {
    guard isCSV else { return Self.lines(text) }
    var out = ""
    // Cells and what stands between them: marks within a cell come in twos.
    for (number, part) in text.buffer.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).enumerated() {
      if number > 0 {
        out += "\""
        isQuoted.toggle()
      }
      let part = String(decoding: part, as: UTF8.self)
      out += isQuoted ? VisibleText.escaped(part) : Self.betweenQuotes(part)
    }
    return out
  }

  /// Line breaks end rows here; all else is of cells.
  private static func betweenQuotes(_ text: String) -> String {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { row in
      let isCRLF = row.last == UInt8(ascii: "\r") && row.endIndex < text.utf8.endIndex
      return VisibleText.escaped(String(decoding: isCRLF ? row.dropLast() : row, as: UTF8.self)) + (isCRLF ? "\r" : "")
    }.joined(separator: "\n")
  }
}
