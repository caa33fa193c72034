import Core
import Files
import GRDB
import GRDBSQLite

/// The records of a part in a database of their own, beside the target: what `publish` takes them from.
///
///     rows   ordinal, line, record (its key in the source), missing ("01…" or null), c0, c1, …
///     fates  ordinal, outcome (of `Fate`)
///
/// The file is an unfinished `OutputFile`: only its owner may read it, it is removed when the session is closed, and by a later
/// run if this process is killed. It needs no journal, because it is never used after a failure.
final class SQLiteStaging {
  /// The columns of `rows` that are not columns of the part.
  static let ownColumns = 4

  private let table: SQLiteTable
  private let mapping: String
  /// For messages.
  private let target: String
  private let keepsMissing: Bool
  private let file: OutputFile
  private let queue: DatabaseQueue

  /// - Parameters:
  ///   - target: the database that the records are for.
  ///   - place: the file is beside this path; nil: beside the target.
  ///   - keepsMissing: `rows.missing` tells missing fields from null ones.
  /// - Throws: `OperationFailure`.
  init(_ table: SQLiteTable, of mapping: String, for target: String, beside place: String? = nil, keepsMissing: Bool) throws {
    self.table = table
    self.mapping = mapping
    self.target = target
    self.keepsMissing = keepsMissing
    file = try OutputFile(path: place.map { "\($0).table" } ?? target)
    let columns = table.columns.enumerated().map { ", c\($0) \($1.storage.rawValue)" }.joined()
    do {
      queue = try SQLiteFile.openScratch(file.unfinishedPath)
      try queue.inDatabase { database in
        // Enough for the pages between the root and the leaves of a table of ten million rows.
        try database.execute(
          sql: """
            PRAGMA cache_size = -16384;
            CREATE TABLE rows (
              ordinal INTEGER PRIMARY KEY, line INTEGER NOT NULL, record TEXT NOT NULL, missing TEXT\(columns)) STRICT;
            CREATE TABLE fates (ordinal INTEGER PRIMARY KEY, outcome INTEGER NOT NULL) STRICT;
            """)
      }
    } catch {
      file.abandon()
      throw SQLiteFailure.error(target, error)
    }
  }

  /// Its file.
  var path: String { file.unfinishedPath }

  /// - Throws: `OperationFailure`, `CancellationError`.
  func insert(_ batch: StagedBatch) async throws {
    // The batch is read only until the access has ended.
    nonisolated(unsafe) let batch = batch
    let writer = RowWriter(table: table, mapping: mapping, target: target, keepsMissing: keepsMissing)
    do {
      try await queue.write { try writer.write(batch, to: $0) }
    } catch {
      throw SQLiteFailure.error(target, error)
    }
  }

  /// Indexes the rows by their key, and syncs the file.
  ///
  /// - Throws: `OperationFailure`, including if two records have the same key; `CancellationError`.
  func finish() async throws {
    let index = DuplicateKeys(table: table, mapping: mapping, target: target)
    do {
      try await queue.write { try index.check($0) }
      try queue.close()
    } catch {
      throw SQLiteFailure.error(target, error)
    }
    try file.seal()
  }

  /// What the transaction found out about each record; false if that cannot be read. Call it after the transaction.
  func forEachFate(_ body: (_ ordinal: UInt64, _ fate: SQLiteFate) -> Void) -> Bool {
    do {
      let queue = try SQLiteFile.openScratch(path)
      try queue.inDatabase { database in
        let rows = try Row.fetchCursor(database, sql: "SELECT ordinal, outcome FROM fates ORDER BY ordinal")
        while let row = try rows.next() {
          guard let ordinal = Int64.fromDatabaseValue(row[0]), let code = Int.fromDatabaseValue(row[1]),
            let fate = SQLiteFate(rawValue: code)
          else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
          body(UInt64(ordinal), fate)
        }
      }
      try queue.close()
      return true
    } catch {
      return false
    }
  }

  /// Removes the file.
  func abandon() {
    try? queue.close()
    file.abandon()
  }
}
