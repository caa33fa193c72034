package import Core
import Glibc

/// What a terminal shows of records and ledger lines: control characters in the data, and characters that change the
/// direction of text, appear as escapes. In JSON they occur only in strings and names, so the JSON stays valid. A row of
/// CSV stays on one line.
///
/// For terminals only. Files and pipes get the bytes unchanged.
package struct TerminalText {
  private let isCSV: Bool
  /// Inside quotation marks, where a line break belongs to a cell; persists between calls.
  private var isQuoted = false

  package init(isCSV: Bool) { self.isCSV = isCSV }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Lines of JSON.
  package static func lines(_ text: Text) -> String { VisibleText.escapedLines(String(decoding: text.buffer, as: UTF8.self)) }

  /// Call it for all texts of the output, in order.
  package mutating func shown(_ text: Text) -> String {
    guard isCSV else { return Self.lines(text) }
    var out = ""
    // Cells, and what is between them: quotation marks within a cell come in pairs.
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

  /// Line breaks end rows here; everything else is part of a cell.
  private static func betweenQuotes(_ text: String) -> String {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { row in
      let isCRLF = row.last == UInt8(ascii: "\r") && row.endIndex < text.utf8.endIndex
      return VisibleText.escaped(String(decoding: isCRLF ? row.dropLast() : row, as: UTF8.self)) + (isCRLF ? "\r" : "")
    }.joined(separator: "\n")
  }
}
