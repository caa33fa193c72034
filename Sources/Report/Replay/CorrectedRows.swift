package import Core
import Files
package import Records

/// Finds what a person has corrected in a table of rejects: compares each row with the source record that it came from, as the table
/// showed it, and writes the records that differ to a file of `RecordCorrections`.
///
///     rejects.csv    record,line,…,id,email,age     c7,9,…,c7,anexample.org,40
///     fixed.csv      the same with                  c7,9,…,c7,ann@example.org,40
///     source, line 9 {"id":"c7","email":"anexample.org","age":40}
///     corrections    {"ordinal":6,"line":9,"record":{"id":"c7","email":"ann@example.org","age":40}}
///
/// Cells that are as they were leave the value as it was, with its type, digits and escapes (`CellCorrection`). Rows of one record
/// (several destinations, elements of `each`) are taken together.
package struct CorrectedRows {
  /// The records of a mapping's input, and how a table of rejects shows them.
  package struct Input {
    /// Of the columns; nil: one column with whole records.
    var names: [String]?
    /// The records are rows of a table: all values are text.
    var isTable: Bool
    var keyPath: [RecordWalker.Step]
    /// Keys of the rejects may have the number of an element.
    var hasElements: Bool
    var open: () throws -> any RecordSource

    package init(
      names: [String]?, isTable: Bool, keyPath: [RecordWalker.Step], hasElements: Bool = false,
      open: @escaping () throws -> any RecordSource
    ) {
      self.names = names
      self.isTable = isTable
      self.keyPath = keyPath
      self.hasElements = hasElements
      self.open = open
    }

    /// The column with the key; nil if it is nested.
    fileprivate var keyColumn: Int? {
      guard keyPath.count == 1, case .member(let name)? = keyPath.first else { return nil }
      return names?.firstIndex(exactly: name)
    }
  }

  /// A row, and the item that it is about.
  package struct Record: Sendable, Hashable {
    /// Of the source record.
    package var line: Int
    /// The item's key as the outcomes have it, also with the number of an element; nil if it has none.
    package var key: Name?
    /// Of the row.
    package var row: Int
  }

  /// In the order of the file.
  package private(set) var records: [Record] = []
  /// Source records with corrections.
  package private(set) var corrected = 0
  /// Columns with cells that a spreadsheet has reformatted, and how many: their values are as they were.
  package private(set) var reformatted: [(column: String, cells: Int)] = []
  /// Columns of the source that the file does not have: their values are as they were.
  package private(set) var missing: [String] = []

  /// In a column with at least this many rows, corrections of more than half of them are taken for damage.
  private static let fewestSuspectRows = 10

  /// Writes the corrections to a file, which appears only if all of them can be used.
  ///
  /// - Parameters:
  ///   - confirmed: columns in which most of the values may be different.
  ///   - path: of the corrections.
  /// - Throws: `OperationFailure` 65 with the line and the column of what cannot be used.
  package init(_ file: borrowing CorrectedFile, over input: Input, confirmed: [String] = [], writingTo path: String) throws {
    let columns = try RejectColumns(
      file.header, names: input.names, isTable: input.isTable, keyColumn: input.keyColumn, path: file.path)
    var matching = try CorrectionMatching(file, columns, hasElements: input.hasElements)
    var tally = CorrectionTally(columns.titles.count)
    var rendering = SourceRendering(input)
    let out = try OutputFile(path: path, mode: 0o600)
    var source = try input.open()
    let batch = RecordBatch()
    var ordinal = -1
    while try source.fill(batch) {
      try Task.checkCancellation()
      for item in batch.items {
        ordinal += 1
        guard matching.needsKey || matching.hasRows(onLine: item.line) else { continue }
        let bytes = Array(batch.bytes[item.start..<item.end])
        rendering.take(bytes, isReadable: item.fault == nil)
        let rows = matching.take(line: item.line, key: rendering.key)
        guard !rows.isEmpty else { continue }
        var correction = RecordCorrection(columns, rendering, file.path)
        for row in rows { correction.take(try file.cells(of: row), line: file.rows[row].line, &tally) }
        guard let record = correction.record(bytes, &tally) else { continue }
        try RecordCorrections.write(.init(ordinal: ordinal, line: item.line, record: record), to: out)
        corrected += 1
      }
    }
    for fault in matching.faults() { tally.refuse(fault.row, nil, fault.text) }
    if let failure = tally.failure(file.path) { throw failure }
    for (place, title) in columns.titles.enumerated() where !confirmed.contains(exactly: title) {
      let count = tally.columns[place]
      guard count.rows >= Self.fewestSuspectRows, count.replaced > count.rows / 2 else { continue }
      throw OperationFailure(
        .wrongFile,
        "\(file.path): the column '\(title)' differs in \(count.replaced) of \(count.rows) rows, as if a spreadsheet had reformatted it: "
          + "restore it, or confirm it with --changed \(title)")
    }
    try out.commit()
    records = matching.records
    missing = columns.missing
    reformatted = zip(columns.titles, tally.columns).filter { $1.reformatted > 0 }.map { ($0, $1.reformatted) }
  }
}
