import Core

/// The column names of a CSV file: its first row, without empty cells at its end.
package struct CSVHeader: Sendable, Hashable {
  package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// No row at all.
    case missing
    /// No row after the lines that are skipped.
    case skipped(lines: Int)
    /// The row itself cannot be read.
    case unreadable(line: Int, reason: String)
    /// Column from 1.
    case emptyName(line: Int, column: Int)
    case duplicateName(line: Int, name: String)

    package var line: Int {
      switch self {
      case .missing, .skipped: 1
      case .unreadable(let line, _), .emptyName(let line, _), .duplicateName(let line, _): line
      }
    }

    package var description: String {
      switch self {
      case .missing: "the file is empty; its first row names the columns"
      case .skipped(let lines): "no header follows the \(lines == 1 ? "line that is" : "\(lines) lines that are") skipped"
      case .unreadable(_, let reason): "the header cannot be read: \(reason)"
      case .emptyName(_, let column): "column \(column) of the header has no name"
      case .duplicateName(_, let name): "the header has two columns named '\(name)'"
      }
    }
  }

  /// As written, without spaces at their ends.
  package let names: [String]
  package let line: Int

  package func index(of name: String) -> Int? { names.firstIndex(exactly: name) }

  static func read(_ row: CSVRow) -> Result<CSVHeader, Failure> {
    if let reason = row.problemText { return .failure(.unreadable(line: row.line, reason: reason)) }
    var names: [String] = []
    var seen: Set<Name> = []
    for column in 0..<row.count {
      let name = row[column].string.trimmedExactly
      if name.isEmpty { return .failure(.emptyName(line: row.line, column: column + 1)) }
      if !seen.insert(Name(name)).inserted { return .failure(.duplicateName(line: row.line, name: name)) }
      names.append(name)
    }
    return .success(CSVHeader(names: names, line: row.line))
  }
}
