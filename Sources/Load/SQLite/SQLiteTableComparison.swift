import Core
import Files
import FoundationEssentials
import GRDB
import Records

/// Compares a table with the records that were loaded into it, value by value, in the form in which SQLite stores them.
final class SQLiteTableComparison: ComparisonSession {
  private let table: SQLiteTable
  private let path: String
  private let destination: SQLiteDestination
  private let options: ComparisonOptions
  private let records: ComparedRecords

  /// The number of rows that are compared in one transaction.
  private static let page = 1_000

  /// - Throws: `OperationFailure`.
  init(
    _ part: LoadPart, to destination: SQLiteDestination, table: SQLiteTable, path: String, _ options: ComparisonOptions
  ) throws {
    guard FileKind.of(path) == .regular else {
      throw OperationFailure(
        .inputMissing, "\(path), which has the records of '\(part.mapping)', no longer exists: run the pipeline again")
    }
    self.table = table
    self.path = path
    self.destination = destination
    self.options = options
    records = try ComparedRecords(
      part.columns, RecordComparison(), in: options.scratch, name: "\(destination.name)-\(part.mapping)")
    records.keepsMissing = destination.mode == .upsert
  }

  func close() async { records.close() }

  func expect(_ batch: StagedBatch, as role: ComparisonRole) async throws {
    try Task.checkCancellation()
    guard role == .loaded else { return }
    try records.expect(
      (0..<batch.count).map { index in
        let values = table.storedValues(of: batch.record(index))
        return .init(key: table.recordKey(of: values), values: values)
      })
  }

  func compare(reporting sink: (StoredDifference) throws -> Void) async throws -> StoredCounts {
    var counts = StoredCounts(readBy: "table")
    // Other rows of a table that records are added to belong to others.
    counts.judgesExtras = options.isWhole && destination.mode == .replace
    do { try read(judgesExtras: counts.judgesExtras) } catch let error as DatabaseError { throw failure(error) }
    try records.report(&counts, digestKey: options.digestKey, to: sink)
    return counts
  }

  private func read(judgesExtras: Bool) throws {
    let queue = try SQLiteFile.openReadOnly(path, patienceSeconds: destination.patienceSeconds)
    defer { try? queue.close() }
    try queue.read { database in
      let names = try String.fetchSet(
        database, sql: "SELECT lower(name) FROM pragma_table_info(?, 'main')", arguments: [table.name])
      guard !names.isEmpty else {
        throw OperationFailure(.inputMissing, "\(path) no longer has a table '\(table.name)': run the pipeline again")
      }
      let columns = table.columns.indices.map { index in
        let name = table.quoted(index)
        // A text is read as its bytes: it may have U+0000.
        return names.contains(SQLiteName.folded(table.columns[index].name).text)
          ? "CASE typeof(\(name)) WHEN 'text' THEN CAST(\(name) AS BLOB) WHEN 'blob' THEN 'x' || quote(\(name)) ELSE \(name) END"
          : "NULL"
      }
      let rows = try Row.fetchCursor(
        database, sql: "SELECT \(columns.joined(separator: ", ")) FROM main.\(table.quotedName)")
      var page: [ComparedRecords.Reading] = []
      var done = 0
      while let row = try rows.next() {
        let values = table.columns.indices.map { StoredValue.of(row[$0] as DatabaseValue) }
        page.append(.init(key: table.recordKey(of: values), values: values))
        if page.count == Self.page {
          try take(&page, judgesExtras)
          done += Self.page
          options.advanced(done)
          try Task.checkCancellation()
        }
      }
      try take(&page, judgesExtras)
    }
  }

  private func take(_ page: inout [ComparedRecords.Reading], _ judgesExtras: Bool) throws {
    if !judgesExtras {
      let unknown = try records.unknown(among: page.map(\.key))
      page.removeAll { unknown.contains($0.key) }
    }
    try records.take(page)
    page = []
  }

  private func failure(_ error: DatabaseError) -> OperationFailure {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      OperationFailure(
        .destinationBusy, "cannot read \(path): another program has locked the database; try again later", underlying: error)
    case .SQLITE_NOTADB:
      OperationFailure(.inputMissing, "cannot read \(path): it is no longer a SQLite database", underlying: error)
    case .SQLITE_CORRUPT:
      OperationFailure(
        .damaged, "cannot read \(path): the database is damaged: restore it from a backup, or run the pipeline again",
        underlying: error)
    default:
      OperationFailure(
        .inputMissing, "cannot read the table '\(table.name)' in \(path): \(error.message ?? "SQLite reports an error")",
        underlying: error)
    }
  }
}
