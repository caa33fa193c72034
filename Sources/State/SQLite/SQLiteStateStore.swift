package import Core
import GRDB

/// Checkpoints, tokens and leases in `state.sqlite`. Each call is synced before it returns.
package struct SQLiteStateStore: StateStore {
  let database: StateDatabase
  let now: @Sendable () -> WallTime

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameters:
  ///   - isReadOnly: only checkpoints and tokens may be read. The folder's data is not changed; the database must exist.
  ///   - now: the time for leases.
  package init(
    folder: String, isReadOnly: Bool = false, now: @escaping @Sendable () -> WallTime = { .now() }
  ) throws(OperationFailure) {
    database = try StateDatabase(folder: folder, isReadOnly: isReadOnly, durability: .power)
    self.now = now
  }

  // MARK: Checkpoints

  package func checkpoint(_ name: Name) throws(OperationFailure) -> [UInt8]? {
    try database.read { database in
      try Row.fetchOne(
        database, sql: "SELECT value FROM checkpoints WHERE name = CAST(? AS BLOB)", arguments: [SQLBytes(name)]
      ).map { try $0.bytes("value") }
    }
  }

  package func save(_ checkpoints: [Checkpoint], under lease: Lease?) throws(OperationFailure) {
    try database.write { database in
      if let lease { try Self.checkHeld(lease, database) }
      for checkpoint in checkpoints {
        if let value = checkpoint.value {
          try database.execute(
            sql: """
              INSERT INTO checkpoints (name, value) VALUES (CAST(? AS BLOB), CAST(? AS BLOB))
              ON CONFLICT (name) DO UPDATE SET value = excluded.value
              """,
            arguments: [SQLBytes(checkpoint.name), SQLBytes(value)])
        } else {
          try database.execute(
            sql: "DELETE FROM checkpoints WHERE name = CAST(? AS BLOB)", arguments: [SQLBytes(checkpoint.name)])
        }
      }
    }
  }

  // MARK: Tokens

  package func token(_ name: Name) throws(OperationFailure) -> StoredToken? {
    try database.read { try Self.storedToken(name, $0).token }
  }

  package func replaceToken(
    _ name: Name, with value: [UInt8]?, readAt version: TokenVersion?
  ) throws(OperationFailure) -> TokenReplacement {
    try database.write { database in
      let (current, last) = try Self.storedToken(name, database)
      guard current?.version == version else { return .stale(current) }
      try database.execute(
        sql: """
          INSERT INTO tokens (name, version, value) VALUES (CAST(? AS BLOB), ?, CAST(? AS BLOB))
          ON CONFLICT (name) DO UPDATE SET version = excluded.version, value = excluded.value
          """,
        arguments: [SQLBytes(name), last + 1, value.map { SQLBytes($0) }])
      return .replaced(TokenVersion(last + 1))
    }
  }

  /// The token, and the last version that was used for the name.
  private static func storedToken(_ name: Name, _ database: Database) throws -> (token: StoredToken?, last: Int64) {
    let row = try Row.fetchOne(
      database, sql: "SELECT version, value FROM tokens WHERE name = CAST(? AS BLOB)", arguments: [SQLBytes(name)])
    guard let row else { return (nil, 0) }
    let version: Int64 = try row.value("version")
    return (try row.optionalBytes("value").map { StoredToken($0, version: TokenVersion(version)) }, version)
  }
}
