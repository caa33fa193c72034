import Core
import Files
import FoundationEssentials
import GRDB

/// Records by their keys, on disk, for comparisons with more records than memory should hold: filled first, then read.
///
///     let table = try RecordTable(beside: path)
///     try table.add([.init(key: "c1", record: bytes)])
///     try table.seal()
///     for row in try table.rows(of: "c1") { … }
///
/// The file is an unfinished `OutputFile`: only its owner may read it, and it is removed with the table, or by a later run if this
/// process is killed.
final class RecordTable: Sendable {
  struct Row: Sendable {
    var key: Name
    /// Which of several inputs it comes from; rows of one key are in this order.
    var source = 0
    var remoteID: Name?
    var entityTag: Name?
    /// JSON.
    var record: [UInt8]
  }

  /// Used only at the beginning and at the end.
  private nonisolated(unsafe) let file: OutputFile
  private let queue: DatabaseQueue
  private let path: String

  /// - Parameter path: the table is beside the file at this path.
  /// - Throws: `OperationFailure`.
  init(beside path: String) throws {
    self.path = path
    file = try OutputFile(path: path + ".table")
    do {
      queue = try SQLiteFile.openScratch(file.unfinishedPath)
      try queue.inDatabase { database in
        try database.execute(
          sql: """
            PRAGMA cache_size = -16384;
            CREATE TABLE rows (
              key BLOB NOT NULL, source INTEGER NOT NULL, remote_id BLOB, entity_tag BLOB, record BLOB NOT NULL) STRICT;
            """)
      }
    } catch {
      file.abandon()
      throw SQLiteFailure.error(path, error)
    }
  }

  deinit { close() }

  /// Removes the file; the table must not be used again. Without this call, the file remains until the last thread releases
  /// the table, which may be after everything else has ended.
  func close() {
    try? queue.close()
    file.abandon()
  }

  /// - Throws: `OperationFailure`.
  func add(_ rows: [Row]) throws {
    do {
      try queue.inDatabase { database in
        try database.inTransaction {
          let statement = try database.cachedStatement(sql: "INSERT INTO rows VALUES (?, ?, ?, ?, ?)")
          for row in rows {
            try statement.execute(
              arguments: [
                Data(row.key.text.utf8), row.source, row.remoteID.map { Data($0.text.utf8) },
                row.entityTag.map { Data($0.text.utf8) }, Data(row.record),
              ])
          }
          return .commit
        }
      }
    } catch {
      throw SQLiteFailure.error(path, error)
    }
  }

  /// From now on, rows are found. All of them should have been added, because adding more takes longer.
  ///
  /// - Throws: `OperationFailure`.
  func seal() throws {
    do {
      try queue.inDatabase { try $0.execute(sql: "CREATE INDEX rows_by_key ON rows (key, source)") }
    } catch {
      throw SQLiteFailure.error(path, error)
    }
  }

  /// Each key once, in the order of their bytes, with the number of its rows.
  ///
  /// - Throws: `OperationFailure`; what `body` throws.
  func forEachKey(_ body: (Name, Int) throws -> Void) throws {
    do {
      try queue.inDatabase { database in
        let keys = try GRDB.Row.fetchCursor(database, sql: "SELECT key, count(*) FROM rows GROUP BY key ORDER BY key")
        while let row = try keys.next() {
          let key: Data = row[0]
          try body(Name(String(decoding: key, as: UTF8.self)), row[1])
        }
      }
    } catch {
      throw SQLiteFailure.error(path, error)
    }
  }

  /// The rows with a key, in the order of their sources.
  ///
  /// - Throws: `OperationFailure`.
  func rows(of key: Name) throws -> [Row] { try rows(of: key, atMost: -1, after: 0) }

  /// One of the rows with a key, in the same order; nil if there are not so many.
  ///
  /// - Throws: `OperationFailure`.
  func row(of key: Name, after count: Int) throws -> Row? { try rows(of: key, atMost: 1, after: count).first }

  private func rows(of key: Name, atMost limit: Int, after offset: Int) throws -> [Row] {
    do {
      return try queue.inDatabase { database in
        let statement = try database.cachedStatement(
          sql: """
            SELECT source, remote_id, entity_tag, record FROM rows WHERE key = ? ORDER BY source, rowid LIMIT ? OFFSET ?
            """)
        return try GRDB.Row.fetchAll(statement, arguments: [Data(key.text.utf8), limit, offset]).map { row in
          func name(_ data: Data?) -> Name? { data.map { Name(String(decoding: $0, as: UTF8.self)) } }
          let record: Data = row[3]
          return Row(key: key, source: row[0], remoteID: name(row[1]), entityTag: name(row[2]), record: Array(record))
        }
      }
    } catch {
      throw SQLiteFailure.error(path, error)
    }
  }
}
