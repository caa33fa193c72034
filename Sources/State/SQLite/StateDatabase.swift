import Core
import Files
import GRDB

/// `.waybill/state.sqlite`, which holds the tables of all stores. Private to its owner (0600 in a folder of 0700).
///
/// Each store has a connection of its own. Write-ahead logging: any number of connections and processes read while one writes.
/// Safe to use from several tasks.
package final class StateDatabase: Sendable {
  package let path: String
  private let queue: DatabaseQueue
  private let durability: Durability

  /// The file's name in the state folder.
  package static let fileName = "state.sqlite"

  /// What a power failure may undo. The death of a process undoes nothing in either case.
  enum Durability: String {
    /// The last transactions.
    case process = "NORMAL"
    /// Nothing: each transaction is synced before it returns.
    case power = "FULL"

    /// Outside transactions only.
    func apply(to database: Database) throws { try database.execute(sql: "PRAGMA synchronous = \(rawValue)") }
  }

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameter isReadOnly: for reading runs, in any format so far. The folder's data is not changed, but SQLite keeps files
  ///   of its own beside the database while it is open. The database must exist.
  init(folder: String, isReadOnly: Bool = false, durability: Durability = .process) throws(OperationFailure) {
    do {
      if !isReadOnly { try PrivateFolder.make(folder) }
      path = "\(folder)/\(Self.fileName)"
      // Made by us, so that it is private from its first byte; SQLite gives its log the same permissions.
      try PrivateFile.prepareDatabase(path, createsMissing: !isReadOnly)
    } catch {
      throw OperationFailure(error)
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.label = "waybill.state"
    self.durability = durability
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      if isReadOnly {
        try Self.prepareReading(queue, path: path)
      } else {
        try Self.setUp(queue, path: path, folder: folder)
      }
      try queue.inDatabase { try durability.apply(to: $0) }
    } catch {
      throw OperationFailure.state(path, error)
    }
  }

  /// Brings the file to this version's format.
  private static func setUp(_ queue: DatabaseQueue, path: String, folder: String) throws {
    let migrator = StateSchema.migrator
    func isUpToDate() throws -> Bool {
      try queue.read { database in
        try checkOurs(database, migrator, path: path)
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        return try mode == "wal" && migrator.hasCompletedMigrations(database)
      }
    }
    if try isUpToDate() { return }
    // One at a time: a second process would repeat a migration that the first has just finished.
    try FolderLock.hold(folder) {
      if try isUpToDate() { return }
      try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      try migrator.migrate(queue)
    }
  }

  private static func prepareReading(_ queue: DatabaseQueue, path: String) throws {
    let migrator = StateSchema.migrator
    try queue.inDatabase { database in
      try checkOurs(database, migrator, path: path)
      guard try StateSchema.makeRunsReadable(database, migrator) else {
        throw OperationFailure(.inputMissing, "state \(path): there are no runs yet: run `waybill run` first")
      }
      try StateSchema.makeJournalReadable(database, migrator)
    }
  }

  /// Before anything is changed: a file that is not ours, or that a newer version wrote, is kept unchanged.
  private static func checkOurs(_ database: Database, _ migrator: DatabaseMigrator, path: String) throws {
    if let reason = try StateSchema.refusal(of: database, migrator) {
      throw OperationFailure(.configuration, "state \(path): \(reason)")
    }
  }

  /// True where a state has been made in `folder`.
  package static func exists(in folder: String) -> Bool { FilePath.exists("\(folder)/\(fileName)") }

  /// For many small transactions that change pages all over the file: fewer checkpoints, each of which writes a page once
  /// however often it has changed, and a cache that holds the upper levels of large tables. The log grows to 32 MB. Foreign
  /// keys are not checked for each row either: the caller itself deletes what refers to a row.
  func expectManyWrites() throws(OperationFailure) {
    do {
      try queue.inDatabase {
        try $0.execute(
          sql: "PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -16384; PRAGMA foreign_keys = OFF")
      }
    } catch {
      throw OperationFailure.state(path, error)
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do { return try queue.read(body) } catch { throw OperationFailure.state(path, error) }
  }

  /// The same without a transaction, for one small query: the transaction would cost more. Each statement reads what has been
  /// written by then.
  func readOnce<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do { return try queue.inDatabase(body) } catch { throw OperationFailure.state(path, error) }
  }

  /// One transaction.
  func write<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do { return try queue.write(body) } catch { throw OperationFailure.state(path, error) }
  }

  /// One transaction. It and all earlier ones are synced before this returns.
  func writeDurably<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do {
      return try queue.inDatabase { database in
        try Durability.power.apply(to: database)
        // If this fails, the next transactions are only slower.
        defer { try? durability.apply(to: database) }
        var value: Value?
        try database.inTransaction(.immediate) {
          value = try body(database)
          return .commit
        }
        return value!
      }
    } catch {
      throw OperationFailure.state(path, error)
    }
  }

  /// `read` with a closure of the caller in between: what that throws stays as it is.
  func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch let error as DatabaseError { throw OperationFailure.state(path, error) }
  }

  /// The same for `write`. If the closure throws, nothing has changed.
  ///
  /// - Parameter keeps: false: nothing has changed in any case.
  func writing(keeps: Bool = true, _ body: (Database) throws -> Void) throws {
    do {
      try queue.inTransaction(.immediate) { database in
        try body(database)
        return keeps ? .commit : .rollback
      }
    } catch let error as DatabaseError {
      throw OperationFailure.state(path, error)
    }
  }
}
