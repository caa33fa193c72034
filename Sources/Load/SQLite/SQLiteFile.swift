import Core
import GRDB

/// Database files.
enum SQLiteFile {
  /// Opens the target, in its own journal mode.
  ///
  /// - Parameter patienceSeconds: how long a transaction waits for another program that is writing.
  static func open(_ path: String, patienceSeconds: Double) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(patienceSeconds)
    configuration.label = "waybill.load"
    return try DatabaseQueue(path: plain(path), configuration: configuration)
  }

  /// Opens the target for reading only.
  ///
  /// - Parameter patienceSeconds: as for `open`.
  static func openReadOnly(_ path: String, patienceSeconds: Double) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(patienceSeconds)
    configuration.label = "waybill.forecast"
    return try DatabaseQueue(path: plain(path), configuration: configuration)
  }

  /// Opens a file that is discarded if anything fails: without a journal, and without syncing.
  static func openScratch(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "waybill.load.scratch"
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
    }
    return try DatabaseQueue(path: plain(path), configuration: configuration)
  }

  /// A path that SQLite cannot mistake for one of its own words (`:memory:`, `file:…`).
  static func plain(_ path: String) -> String { path.hasPrefix(exactly: "/") ? path : "./\(path)" }
}
