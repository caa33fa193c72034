import Core
import GRDB

extension StateSchema {
  /// Why this version must not open a database; nil if it may.
  static func refusal(of database: Database, _ migrator: DatabaseMigrator) throws -> String? {
    let written = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if try written > version || migrator.hasBeenSuperseded(database) {
      let format = written > version ? " (format \(written); this version reads up to \(version))" : ""
      return "a newer version of Waybill wrote it\(format): use that version, or choose another \(CommandOption.state) folder"
    }
    // Not `tableExists`: GRDB remembers what this connection saw before another process made the tables.
    let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
    if !tables.isEmpty, !tables.contains("grdb_migrations") {
      return "it is not a Waybill state: move it away, and the next run creates a new one"
    }
    return nil
  }
}
