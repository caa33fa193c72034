package import Core
import Files
import GRDB

/// Tables of SQLite databases, one per part: rows are identified by the mapping's target key, and change in one transaction.
///
/// The records wait in a database beside the target until `publish`. A table that does not exist is created, as STRICT:
///
/// | the target schema allows | column | values |
/// |---|---|---|
/// | integers | INTEGER | |
/// | numbers | REAL | a number that changes as a REAL is refused |
/// | booleans | INTEGER | 0 and 1 |
/// | strings (also dates) | TEXT | |
/// | arrays, objects | TEXT | JSON |
/// | several of these, or no schema | ANY | each as its own type |
///
/// Nested fields are columns such as `address.city`. An existing table must have these columns, and the target key as its primary
/// key.
package struct SQLiteDestination: Destination {
  package let name: String
  package let path: PathTemplate
  package let table: PathTemplate
  package let mode: SQLiteMode
  /// How long `publish` waits for another program that has locked the database.
  package var patienceSeconds = 10.0

  package var traits: DestinationTraits { DestinationTraits(delivery: .atomic, takesParts: mode == .upsert) }

  package init(name: String, path: PathTemplate, table: PathTemplate, mode: SQLiteMode) {
    self.name = name
    self.path = path
    self.table = table
    self.mode = mode
  }

  package func target(of part: LoadPart) -> LoadTarget? {
    LoadTarget(path: path(of: part), table: SQLiteName.folded(table.name(of: part)).text)
  }

  /// Another program that is writing right now does not matter: it will be done by the time of `publish`.
  package func check(_ part: LoadPart) throws(OperationFailure) {
    let path = path(of: part)
    // Before the mappings are bound to a source, a part has no columns.
    let table = part.columns.isEmpty ? nil : try SQLiteTable(part, name: table.name(of: part), path: path)
    try Self.checkIsFile(path)
    if let failure = OutputProbe.failure(of: path) { throw failure }
    guard part.keptIn == nil, FilePath.exists(path) else { return }
    do {
      let queue = try SQLiteFile.open(path, patienceSeconds: min(1, patienceSeconds))
      defer { try? queue.close() }
      try queue.writeWithoutTransaction { database in
        // A transaction that changes nothing: it fails where one that does would.
        try database.inTransaction(.immediate) {
          try Self.checkEncoding(database, path)
          if let table { try SQLitePublication(table: table, mode: mode, mapping: part.mapping, path: path).check(database) }
          return .rollback
        }
      }
    } catch {
      let failure = OperationFailure(SQLiteFailure.error(path, error))
      if failure.code != .destinationBusy { throw failure }
    }
  }

  package func removeLeftovers(of part: LoadPart) -> [String] { OutputFile.removeLeftovers(beside: path(of: part)) }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    let path = path(of: part)
    try Self.checkIsFile(path)
    let table = try SQLiteTable(part, name: table.name(of: part), path: path)
    return try SQLiteSession(part, to: self, table: table, path: path, sink: sink)
  }

  package func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    let path = path(of: part)
    try Self.checkIsFile(path)
    let table = try SQLiteTable(part, name: table.name(of: part), path: path)
    return try SQLiteForecast(part, of: self, table: table, path: path, request, to: sink)
  }

  package func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    let path = path(of: part)
    try Self.checkIsFile(path)
    let table = try SQLiteTable(part, name: table.name(of: part), path: path)
    return try SQLiteTableComparison(part, to: self, table: table, path: path, options)
  }

  package func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)? {
    SQLiteTotals(part, table: try SQLiteTable(part, name: table.name(of: part), path: path(of: part)), options)
  }

  private func path(of part: LoadPart) -> String { part.keptPath(.sqlite) ?? path.path(of: part) }

  /// SQLite attaches only databases with the same encoding.
  private static func checkEncoding(_ database: Database, _ path: String) throws {
    let encoding = try String.fetchOne(database, sql: "PRAGMA encoding") ?? ""
    guard encoding == "UTF-8" else {
      throw OperationFailure.writing(
        path, "its encoding is \(encoding), not UTF-8",
        remedy: "copy it into a new database (sqlite3 OLD .dump | sqlite3 NEW), or choose another path")
    }
  }

  private static func checkIsFile(_ path: String) throws(OperationFailure) {
    guard path != "-", !StreamPath.isStream(path) else {
      throw OperationFailure.writing(path, "a SQLite database must be a file", remedy: "choose another path")
    }
  }
}
