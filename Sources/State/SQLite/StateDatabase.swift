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

  /// The file's name in the state folder.
  package static let fileName = "state.sqlite"

  /// What a failure of power may undo. The death of a process undoes nothing in either case.
  enum Durability: String {
    /// The last transactions.
    case process = "NORMAL"
    /// Nothing: each transaction is synced before it returns.
    case power = "FULL"
  }

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameter isReadOnly: Nothing about the folder is changed; the database must exist.
  init(folder: String, isReadOnly: Bool = false, durability: Durability = .process) throws(OperationFailure) {
    do {
      if !isReadOnly { try PrivateFolder.make(folder) }
      path = "\(folder)/\(Self.fileName)"
      // Made by us, so that it is private from its first byte; SQLite gives its log the same permissions.
      try PrivateFile.open(path, createsMissing: !isReadOnly)
    } catch {
      throw OperationFailure(error)
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.label = "waybill.state"
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = StateSchema.migrator
      // Before anything is changed: a file that is not ours, or that a newer version wrote, is kept unchanged.
      if let reason = try queue.read({ try StateSchema.refusal(of: $0, migrator) }) {
        throw OperationFailure(.configuration, "state \(path): \(reason)")
      }
      try queue.inDatabase {
        try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = \(durability.rawValue)")
      }
      try migrator.migrate(queue)
    } catch {
      throw OperationFailure.state(path, error)
    }
  }

  /// True where a state has been made in `folder`.
  package static func exists(in folder: String) -> Bool { FilePath.exists("\(folder)/\(fileName)") }

  func read<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do { return try queue.read(body) } catch { throw OperationFailure.state(path, error) }
  }

  /// One transaction.
  func write<Value>(_ body: (Database) throws -> Value) throws(OperationFailure) -> Value {
    do { return try queue.write(body) } catch { throw OperationFailure.state(path, error) }
  }

  /// `read` with a closure of the caller in between: what that throws stays as it is.
  func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch let error as DatabaseError { throw OperationFailure.state(path, error) }
  }

  /// The same for `write`. If the closure throws, nothing has changed.
  func writing<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.write(body) } catch let error as DatabaseError { throw OperationFailure.state(path, error) }
  }
}
