import Core

/// Why the first row of a file that a delimiter splits is not the header of the rows below it.
///
/// If the delimiter is stated, the header is taken as it is.
enum CSVHeaderDefect: Hashable {
  /// The cells are in quotes other than CSV's: `'id','name'`, `“id”,“name”`.
  case otherQuotes(String, delimiter: UInt8)
  /// A cell is an e-mail address: the first row is a record. Column from 1.
  case record(column: Int, delimiter: UInt8)
  /// The rows have as many cells as the header, with another delimiter.
  case otherDelimiter(header: UInt8, rows: UInt8)

  private static let quotes: [(open: Character, close: Character)] = [
    ("'", "'"), ("`", "`"), ("\u{201C}", "\u{201D}"), ("\u{201E}", "\u{201C}"), ("\u{AB}", "\u{BB}"), ("\u{2018}", "\u{2019}"),
  ]

  /// - Parameters:
  ///   - samples: by delimiter.
  ///   - isTable: the rows fit the header of one of them.
  static func find(_ samples: [CSVSample], isTable: Bool) -> CSVHeaderDefect? {
    let split = samples.filter { $0.header?.isClean == true && ($0.header?.cells.count ?? 0) > 1 }
    for sample in isTable ? split.filter(\.isTable) : split {
      guard let cells = sample.header?.cells else { continue }
      let rows = sample.rows.dropFirst()
      for pair in quotes
      where !rows.isEmpty && cells.allSatisfy({ $0.count > 2 && $0.first == pair.open && $0.last == pair.close }) {
        if rows.allSatisfy({ $0.cells.first?.first == pair.open }) {
          return .otherQuotes("\(pair.open)…\(pair.close)", delimiter: sample.delimiter)
        }
      }
      if let column = cells.firstIndex(where: isAddress) { return .record(column: column + 1, delimiter: sample.delimiter) }
    }
    guard !isTable else { return nil }
    for header in split where header.fitting == 0 {
      let count = header.header?.cells.count ?? 0
      let other = samples.first { sample in
        let rows = sample.rows.dropFirst()
        return sample.delimiter != header.delimiter && !rows.isEmpty && sample.header?.cells.count == 1
          && rows.allSatisfy { $0.isClean && $0.cells.count == count }
      }
      if let other, CSVSample.areNames(header.header?.cells[...] ?? []) {
        return .otherDelimiter(header: header.delimiter, rows: other.delimiter)
      }
    }
    return nil
  }

  /// `ann@example.com`
  private static func isAddress(_ cell: String) -> Bool {
    let parts = cell.trimmedExactly.split(exactly: "@")
    return parts.count == 2 && !parts[0].isEmpty && !cell.trimmedExactly.utf8.contains(0x20)
      && parts[1].split(exactly: ".").filter { !$0.isEmpty }.count > 1
  }

  /// Why a file is refused.
  func reason(_ place: ReadingPlace) -> String {
    switch self {
    case .otherQuotes(let quotes, let delimiter):
      "the cells are quoted with \(quotes), which CSV takes as text: write the file with double quotes; "
        + "to keep them, \(place.setting(.delimiter, DelimiterText.text(delimiter)))"
    case .record(let column, let delimiter):
      "the first row has an e-mail address in column \(column), so it seems to be a record: put a header above it; "
        + "if it is the header, \(place.setting(.delimiter, DelimiterText.text(delimiter)))"
    case .otherDelimiter(let header, let rows):
      "the header is separated by \(CSVDialect.name(of: header)), but the rows are separated by \(CSVDialect.name(of: rows)): "
        + "use one delimiter for both"
    }
  }
}
