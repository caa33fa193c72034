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
/// The run's outcomes say which record a row is about (`CorrectionMatching`). Cells that are as they were leave the value as it was, with its
/// type, digits and escapes (`CellCorrection`). Rows of one record (several destinations, elements of `each`) are taken together. Nothing is
/// written if anything cannot be used.
package struct CorrectedRows {
  /// The records of a mapping's input, and how a table of rejects shows them.
  package struct Input {
    /// Of the columns; nil: one column with whole records.
    var names: [String]?
    /// The records are rows of a table: all values are text.
    var isTable: Bool
    /// Of today's mapping.
    var keyPath: [RecordWalker.Step]
    /// Keys of the rejects may have the number of an element.
    var hasElements: Bool
    /// Several records may be on one line, where today's keys tell them apart.
    var sharesLines: Bool
    var open: () throws -> any RecordSource

    package init(
      names: [String]?, isTable: Bool, keyPath: [RecordWalker.Step], hasElements: Bool = false, sharesLines: Bool = false,
      open: @escaping () throws -> any RecordSource
    ) {
      self.names = names
      self.isTable = isTable
      self.keyPath = keyPath
      self.hasElements = hasElements
      self.sharesLines = sharesLines
      self.open = open
    }

    /// The column with the key; nil if it is nested.
    fileprivate var keyColumn: Int? {
      guard keyPath.count == 1, case .member(let name)? = keyPath.first else { return nil }
      return names?.firstIndex(exactly: name)
    }
  }

  /// A row of the table.
  package struct Row: Sendable, Hashable {
    /// Of the table's file.
    package var line: Int
    /// What the row is about: several if only its line says so, and the line's record has several elements.
    package var items: ArraySlice<OpenItems.Item>
    /// Indices of `columns` in which it differs.
    package var changed: [Int] = []
    /// Those that a spreadsheet has reformatted: the source's values count.
    package var reformatted: [Int] = []
    /// The key that the record has once it is corrected; nil if that is the one that it had.
    package var newKey: Name?
  }

  /// In the order of the file.
  package private(set) var rows: [Row] = []
  /// What the table calls the source's columns.
  package let columns: [String]
  /// Columns of the source that the file does not have: their values are as they were.
  package let missing: [String]
  /// Source records with corrections.
  package private(set) var corrected = 0

  /// - Parameters:
  ///   - mapping: whose rejects they are.
  ///   - outcomes: the path of the run's `outcomes.ndjson`.
  ///   - confirmed: columns in which every difference is a correction, whatever it looks like.
  ///   - path: of the corrections, which appear only if all of them can be used; nil: they are only checked.
  /// - Throws: `OperationFailure` 65 with the line and the column of what cannot be used, 64 if there is no column of `confirmed`;
  ///   `CancellationError`.
  package init(
    _ file: borrowing CorrectedFile, of mapping: Name, in outcomes: String, over input: Input, confirmed: [String] = [],
    writingTo path: String?
  ) throws {
    let table = try RejectColumns(
      file.header, names: input.names, isTable: input.isTable, keyColumn: input.keyColumn, path: file.path)
    columns = table.titles
    missing = table.missing
    let places = try table.places(of: confirmed)
    let matching = try CorrectionMatching(file, table, of: mapping, in: outcomes, input)
    var tally = CorrectionTally(columns.count)
    for fault in matching.faults { tally.refuse(fault.row, nil, fault.text) }
    rows = file.rows.indices.map { Row(line: file.rows[$0].line, items: matching.rejected.items[matching.items[$0]]) }
    let out = try path.map { try OutputFile(path: $0, mode: 0o600) }
    var counts = try Self.matches(of: matching, input, rows.count)
    /// Rows that are like a record that they may be about, where there are several.
    var alike: Set<Int> = []
    var keys = CorrectedKeys()
    let kinds = ColumnKinds(input)
    var rendering = SourceRendering(input)
    var key = RecordKey(input.keyPath)
    var reader = RecordReader(try input.open())
    while let item = try reader.next() {
      guard matching.hasRows(onLine: item.line) else { continue }
      let bytes = reader.bytes(of: item)
      let old = key.of(bytes)
      let found = matching.rows(onLine: item.line, key: old)
      guard !found.isEmpty else { continue }
      rendering.take(bytes, isReadable: item.fault == nil)
      var correction = RecordCorrection(table, confirmed: places, kinds, rendering)
      for row in found {
        if !input.sharesLines { counts[row] += 1 }
        guard counts[row] == 1 else {
          var (other, scratch) = (RecordCorrection(table, confirmed: places, kinds, rendering), CorrectionTally(columns.count))
          let differences = try other.take(try file.cells(of: row), line: file.rows[row].line, &scratch)
          if differences.changed.isEmpty, scratch.failure(file.path) == nil { alike.insert(row) }
          continue
        }
        let differences = try correction.take(try file.cells(of: row), line: file.rows[row].line, &tally)
        rows[row].changed = differences.changed
        rows[row].reformatted = differences.reformatted
      }
      guard let record = correction.record(bytes, &tally) else { continue }
      let new = key.of(record)
      if new != old {
        if input.sharesLines {
          tally.refuse(
            file.rows[found[0]].line, nil,
            "several records may be on line \(item.line) of the input, where only the key tells them apart: correct this key in the source"
          )
        }
        for row in found { rows[row].newKey = new }
        keys.add(new, ofRecord: reader.ordinal, row: file.rows[found[0]].line, &tally)
      }
      try out.map { try RecordCorrections.write(.init(ordinal: reader.ordinal, line: item.line, record: record), to: $0) }
      corrected += 1
    }
    for (row, count) in counts.enumerated() where count != 1 && !rows[row].items.isEmpty && !alike.contains(row) {
      tally.refuse(file.rows[row].line, nil, count == 0 ? Self.missing(rows[row], input) : Self.indistinct(rows[row]))
    }
    try Self.check(keys, input, &tally)
    if let failure = tally.failure(file.path) { throw failure }
    if let failure = tally.suspicion(columns, confirmed: places, file.path) { throw failure }
    try out?.commit()
  }

  /// How many records each row may be about, where several may be on a line; otherwise zeros.
  private static func matches(of matching: CorrectionMatching, _ input: Input, _ rowCount: Int) throws -> [Int] {
    var counts = [Int](repeating: 0, count: rowCount)
    guard input.sharesLines else { return counts }
    var key = RecordKey(input.keyPath)
    var reader = RecordReader(try input.open())
    while let item = try reader.next() {
      guard matching.hasRows(onLine: item.line) else { continue }
      for row in matching.rows(onLine: item.line, key: key.of(reader.bytes(of: item))) { counts[row] += 1 }
    }
    return counts
  }

  /// A corrected key must not be that of another record, which would be overwritten.
  private static func check(_ keys: CorrectedKeys, _ input: Input, _ tally: inout CorrectionTally) throws {
    if keys.isEmpty { return }
    var key = RecordKey(input.keyPath)
    var reader = RecordReader(try input.open())
    while let item = try reader.next() {
      guard let found = key.of(reader.bytes(of: item)), let row = keys.row(with: found, unless: reader.ordinal) else { continue }
      tally.refuse(
        row, nil,
        "the key '\(found)' is that of the record on line \(item.line) of the input, which would be overwritten: correct the key")
    }
  }

  private static func missing(_ row: Row, _ input: Input) -> String {
    let line = row.items.first?.line ?? 0
    return input.sharesLines
      ? "today's mapping finds no record with this key on line \(line) of the input: correct the source, and run the pipeline"
      : "the input has no record on line \(line): restore the column 'line'"
  }

  private static func indistinct(_ row: Row) -> String {
    "the input has several records on line \(row.items.first?.line ?? 0) that the row may be about: correct the source, and run the pipeline"
  }
}

/// The records of a source, one after the other.
private struct RecordReader {
  private var source: any RecordSource
  private let batch = RecordBatch()
  private var position = 0
  /// Of the last record: the number of those before it.
  private(set) var ordinal = -1

  init(_ source: any RecordSource) { self.source = source }

  mutating func next() throws -> RecordBatch.Item? {
    while position == batch.items.count {
      try Task.checkCancellation()
      position = 0
      guard try source.fill(batch) else { return nil }
    }
    position += 1
    ordinal += 1
    return batch.items[position - 1]
  }

  func bytes(of item: RecordBatch.Item) -> [UInt8] { Array(batch.bytes[item.start..<item.end]) }
}

/// Keys that people have corrected.
private struct CorrectedKeys {
  private var found: [Name: (record: Int, row: Int)] = [:]
  private var records: Set<Int> = []

  var isEmpty: Bool { found.isEmpty }

  mutating func add(_ key: Name?, ofRecord record: Int, row: Int, _ tally: inout CorrectionTally) {
    records.insert(record)
    guard let key else { return }
    if let other = found[key] {
      tally.refuse(row, nil, "line \(other.row) has the same corrected key '\(key)' for another record: correct one of them")
    } else {
      found[key] = (record, row)
    }
  }

  /// The row with this key.
  ///
  /// - Parameter record: one whose own key was corrected has it no more.
  func row(with key: Name, unless record: Int) -> Int? { records.contains(record) ? nil : found[key]?.row }
}
