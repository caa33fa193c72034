import Core
import Files
import GRDB

/// Predicts what publishing a part would do to a table, with the statement that publishing uses. The database is opened for reading
/// only, and the records are staged beside the run's own.
final class SQLiteForecast: LoadSession {
  private let prediction: SQLitePrediction
  private let staging: SQLiteStaging
  private var count = 0

  /// - Throws: `OperationFailure`.
  init(
    _ part: LoadPart, of destination: SQLiteDestination, table: SQLiteTable, path: String, _ request: ForecastRequest,
    to sink: any ForecastSink
  ) throws {
    prediction = SQLitePrediction(part: part, destination: destination, table: table, path: path, sink: sink)
    staging = try SQLiteStaging(
      table, of: part.mapping, for: path, beside: request.staged, keepsMissing: destination.mode == .upsert)
  }

  func submit(_ batch: StagedBatch) async throws {
    try await staging.insert(batch)
    count += batch.count
  }

  func finish() async throws {
    try prediction.part.check(count: count, for: prediction.destination.name)
    try await staging.finish()
    do { try await prediction.run(staging.path) } catch { throw SQLiteFailure.error(prediction.path, error) }
  }

  func close() async { staging.abandon() }
}

/// Compares staged rows with those of a table.
struct SQLitePrediction: Sendable {
  let part: LoadPart
  let destination: SQLiteDestination
  let table: SQLiteTable
  let path: String
  let sink: any ForecastSink

  /// - Parameter staging: the database with the rows.
  /// - Throws: `DatabaseError`, `OperationFailure`, `CancellationError`.
  func run(_ staging: String) async throws {
    guard !FilePath.exists(path) else { return try await compare(staging) }
    // There is no database yet.
    let queue = try SQLiteFile.openScratch(staging)
    defer { try? queue.close() }
    try await queue.read { try reportCreated($0, "rows") }
  }

  private func compare(_ staging: String) async throws {
    let queue = try SQLiteFile.openReadOnly(path, patienceSeconds: destination.patienceSeconds)
    defer { try? queue.close() }
    try await queue.writeWithoutTransaction { database in
      try database.execute(sql: "ATTACH ? AS part", arguments: [SQLiteFile.plain(staging)])
      try compare(database)
    }
  }

  /// - Parameter database: the target, with the staging database attached as `part`.
  /// - Throws: as `run`.
  func compare(_ database: Database) throws {
    let publication = SQLitePublication(table: table, mode: destination.mode, mapping: part.mapping, path: path)
    let comparison = SQLiteComparison(table: table, mode: destination.mode)
    guard try publication.fittingTable(database) != nil else { return try reportCreated(database, "part.rows") }
    let columns = table.columns.indices
    let selection = comparison.selection(
      of: columns.map { "t.\(table.quoted($0))" } + columns.map { comparison.newValue($0) })
    let rows = try Row.fetchCursor(database, sql: selection)
    while let row = try rows.next() {
      try Task.checkCancellation()
      report(row, columns.map { row[2 + $0] }, columns.map { row[2 + columns.count + $0] })
    }
    guard destination.mode == .replace else { return }
    let deleted = try Row.fetchCursor(database, sql: comparison.deletedKeys)
    while let row = try deleted.next() {
      sink.removal(key(table.key.indices.map { value(row[$0], table.key[$0]) }))
    }
  }

  private func reportCreated(_ database: Database, _ name: String) throws {
    let columns = table.columns.indices
    let rows = try Row.fetchCursor(
      database,
      sql:
        "SELECT ordinal, \(SQLiteFate.created.rawValue), \(columns.map { "c\($0)" }.joined(separator: ", ")) FROM \(name) ORDER BY ordinal"
    )
    while let row = try rows.next() { report(row, columns.map { _ in .null }, columns.map { row[2 + $0] }) }
  }

  // MARK: Rows

  /// - Parameters:
  ///   - row: the ordinal and the fate come first.
  ///   - old: by column.
  private func report(_ row: Row, _ old: [DatabaseValue], _ new: [DatabaseValue]) {
    guard let ordinal = Int64.fromDatabaseValue(row[0]), let code = Int.fromDatabaseValue(row[1]),
      let fate = SQLiteFate(rawValue: code)
    else { return }
    let key = key(table.key.map { value(new[$0], $0) })
    var forecast = Forecast(key, fate.outcome)
    switch fate {
    case .unchanged: break
    case .created:
      forecast.fields = table.columns.indices.filter { !new[$0].isNull }.map { column in
        .init(column: column, path: part.columns[column].path, old: .absent, new: value(new[column], column))
      }
    case .updated:
      forecast.fields = table.values.filter { !Self.isSame(old[$0], new[$0]) }.map { column in
        .init(
          column: column, path: part.columns[column].path, old: .value(value(old[column], column)),
          new: value(new[column], column))
      }
    }
    sink.forecast(UInt64(ordinal), forecast)
  }

  private static func isSame(_ old: DatabaseValue, _ new: DatabaseValue) -> Bool {
    if case .string(let one) = old.storage, case .string(let other) = new.storage { return one.isExactly(other) }
    if old == new { return true }
    if let one = Double.fromDatabaseValue(old), let other = Double.fromDatabaseValue(new),
      case .double = old.storage, case .int64 = new.storage
    {
      return one == other
    }
    return false
  }

  /// As it was in the record, as far as the type of the column says so.
  private func value(_ value: DatabaseValue, _ column: Int) -> JSONValue {
    let types = part.columns[column].types.subtracting(.null)
    switch value.storage {
    case .null: return .null
    case .int64(let number): return types == .boolean ? .bool(number != 0) : .number(String(number))
    case .double(let number): return .number(number)
    case .string(let text):
      guard !types.isDisjoint(with: [.array, .object]), let json = try? JSONReader.read(text),
        json.arrayValue != nil || json.objectValue != nil
      else { return .string(text) }
      return json
    case .blob(let data): return .string("\(data.count) bytes")
    }
  }

  /// As an `http` destination has it: the value, or a list of values.
  private func key(_ values: [JSONValue]) -> Name {
    func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }
    return values.count == 1 ? Name(text(values[0])) : Name(JSONValue.array(values.map { .string(text($0)) }).text)
  }
}
