package import Core

/// How a CSV file is written: its delimiter, and what is above its header.
package struct CSVDialect: Sendable, Hashable {
  /// How the delimiter is known.
  package enum Origin: Sendable, Hashable {
    /// It is the usual one, or stated next to the path.
    case given
    case separatorLine
    case detected
    /// These would fit as well.
    case assumed(over: [UInt8])
    /// It is stated, and leaves the header whole.
    case doubtful(UnsplitTable)
  }

  package var delimiter: UInt8
  package var origin = Origin.given
  /// Lines that were stated to be above the header.
  package var skippedLines = 0
  /// All lines above the header, with that of `sep=`.
  package var linesAbove = 0

  /// Options of a reader of the file.
  package func options(_ reading: RecordReading) -> CSVReader.Options {
    var options = CSVReader.Options(delimiter: delimiter, maximumRowBytes: reading.maximumRecordBytes)
    options.linesAbove = linesAbove
    options.quotes = reading.file.quotes
    options.keepsEmptyRows = reading.file.keepsEmptyRows
    return options
  }

  /// `';'`, `tab`
  static func name(of delimiter: UInt8) -> String {
    delimiter == 0x09 ? DelimiterText.text(delimiter) : "'\(DelimiterText.text(delimiter))'"
  }

  package var notes: [InputNote] {
    let name = Self.name(of: delimiter)
    var notes: [InputNote] = []
    switch origin {
    case .given: break
    case .separatorLine: notes.append(InputNote(.delimiter, "delimiter \(name) declared by the line 'sep='"))
    case .detected: notes.append(InputNote(.delimiter, "delimiter \(name) detected"))
    case .assumed(let others):
      let others = others.map(Self.name(of:)).joined(separator: " or ")
      notes.append(InputNote(.delimiter, "delimiter \(name) assumed, but \(others) fits as well: specify the delimiter"))
    case .doubtful(let table): notes.append(InputNote(.delimiter, "delimiter \(name) \(table.doubt)"))
    }
    if skippedLines > 0 {
      notes.append(InputNote(.skippedLines, count: skippedLines, "\(Count.of(skippedLines, "line")) above the header skipped"))
    }
    return notes
  }
}

extension CSVTally {
  package var notes: [InputNote] {
    var notes: [InputNote] = []
    if emptyRows > 0 { notes.append(InputNote(.emptyRows, count: emptyRows, "\(Count.of(emptyRows, "empty row")) skipped")) }
    if longRows > 0 {
      notes.append(
        InputNote(
          .trailingCells, count: longRows,
          longRows == 1
            ? "1 row has empty cells after the last column" : "\(longRows) rows have empty cells after the last column"))
    }
    if namelessColumns > 0 {
      notes.append(
        InputNote(
          .namelessColumns, count: namelessColumns, "the header ends with \(Count.of(namelessColumns, "column")) without a name"))
    }
    return notes + [InputNote.byteOrderMarks(innerMarks)].compactMap(\.self)
  }
}

private enum Count {
  /// `1 row`, `2 rows`
  static func of(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
