package import Core
import GRDB

extension SQLiteStateStore {
  package func acquire(_ name: Name, owner: String, for span: Duration) throws(OperationFailure) -> LeaseClaim {
    try database.write { database in
      // Not earlier: the call may have waited for other processes.
      let time = now()
      let row = try Row.fetchOne(
        database, sql: "SELECT * FROM leases WHERE name = CAST(? AS BLOB)", arguments: [SQLBytes(name)])
      var fence: Int64 = 0
      if let row {
        fence = try row.value("fence")
        let starts = WallTime(millisecondsSince1970: try row.value("starts"))
        let expires = WallTime(millisecondsSince1970: try row.value("expires"))
        if let holder = try row.optionalName("owner"), starts <= time, time < expires {
          return .held(owner: holder, expires: expires)
        }
      }
      let lease = Lease(name: name, owner: owner, expires: time + span, fence: fence + 1)
      try database.execute(
        sql: """
          INSERT INTO leases (name, fence, owner, starts, expires) VALUES (CAST(? AS BLOB), ?, CAST(? AS BLOB), ?, ?)
          ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, owner = excluded.owner, starts = excluded.starts,
            expires = excluded.expires
          """,
        arguments: [
          SQLBytes(name), lease.fence, SQLBytes(owner), time.millisecondsSince1970, lease.expires.millisecondsSince1970,
        ])
      return .acquired(lease)
    }
  }

  package func renew(_ lease: Lease, for span: Duration) throws(OperationFailure) -> Lease? {
    try database.write { database in
      guard try Self.isHeld(lease, database) else { return nil }
      let time = now()
      var renewed = lease
      renewed.expires = time + span
      try database.execute(
        sql: "UPDATE leases SET starts = ?, expires = ? WHERE name = CAST(? AS BLOB)",
        arguments: [time.millisecondsSince1970, renewed.expires.millisecondsSince1970, SQLBytes(lease.name)])
      return renewed
    }
  }

  package func release(_ lease: Lease) throws(OperationFailure) {
    try database.write { database in
      try database.execute(
        sql: "UPDATE leases SET owner = NULL WHERE name = CAST(? AS BLOB) AND fence = ?",
        arguments: [SQLBytes(lease.name), lease.fence])
    }
  }

  /// - Throws: `OperationFailure.leaseLost`.
  static func checkHeld(_ lease: Lease, _ database: Database) throws {
    if try !isHeld(lease, database) { throw OperationFailure.leaseLost(lease) }
  }

  /// It has neither been acquired again nor released.
  private static func isHeld(_ lease: Lease, _ database: Database) throws -> Bool {
    try SQLStatement("SELECT 1 FROM leases WHERE name = ? AND fence = ? AND owner IS NOT NULL", database)
      .firstRow([.text(lease.name.text), .integer(lease.fence)]) { _ in } != nil
  }
}
