package import Core
import GRDB

/// The journal of sent records in `state.sqlite`. Each call is synced before it returns.
package struct SQLiteJournal: Journal {
  let database: StateDatabase

  /// Opens the database in `folder`; creates both if they do not exist.
  package init(folder: String) throws(OperationFailure) {
    database = try StateDatabase(folder: folder, durability: .power)
  }

  package func intend(_ requests: [IntentRequest], under lease: Lease) throws(OperationFailure) -> [IntentID] {
    for request in requests { try request.check() }
    return try database.write { database in
      try SQLiteStateStore.checkHeld(lease, database)
      return try requests.map { request in
        try database.execute(
          sql: """
            INSERT INTO intents (scope, run, target, idempotency_key, body)
            VALUES (?, CAST(? AS BLOB), CAST(? AS BLOB), CAST(? AS BLOB), CAST(? AS BLOB))
            """,
          arguments: [
            try Self.number(of: request.scope, database), SQLBytes(request.run), SQLBytes(request.target),
            SQLBytes(request.idempotencyKey), SQLBytes(request.body),
          ])
        let id = IntentID(database.lastInsertedRowID)
        try Self.insert(request.records, of: id, database)
        return id
      }
    }
  }

  private static func insert(_ records: [IntentRecord], of id: IntentID, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO intent_records (intent, position, ordinal, key, digest)
        VALUES (?, ?, ?, CAST(? AS BLOB), CAST(? AS BLOB))
        """)
    for (position, record) in records.enumerated() {
      try statement.execute(arguments: [
        id.number, position, Int64(bitPattern: record.ordinal), record.key.map { SQLBytes($0) }, SQLBytes(record.digest),
      ])
    }
  }

  package func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] {
    try database.read { database in
      guard let number = try Self.existingNumber(of: scope, database) else { return [] }
      return try Row.fetchAll(database, sql: "SELECT * FROM intents WHERE scope = ? ORDER BY id", arguments: [number]).map {
        row in
        let id = IntentID(try row.value("id"))
        let records = try Self.records(of: id, database)
        let request = IntentRequest(
          scope: scope, run: try row.text("run"), target: try row.text("target"),
          idempotencyKey: try row.text("idempotency_key"), body: try row.bytes("body"), records: records.map(\.record))
        return Intent(id: id, request: request, open: records.filter { !$0.hasResult }.map(\.record.ordinal))
      }
    }
  }

  // MARK: Rows

  struct StoredRecord {
    var position: Int
    var record: IntentRecord
    var hasResult: Bool
  }

  /// In the order of the request.
  static func records(of id: IntentID, _ database: Database) throws -> [StoredRecord] {
    try Row.fetchAll(database, sql: "SELECT * FROM intent_records WHERE intent = ? ORDER BY position", arguments: [id.number])
      .map { row in
        let record = IntentRecord(
          ordinal: UInt64(bitPattern: try row.value("ordinal")), key: try row.optionalName("key"),
          digest: try row.bytes("digest"))
        return StoredRecord(position: try row.value("position"), record: record, hasResult: try row.value("has_result"))
      }
  }

  private static func arguments(_ scope: JournalScope) -> StatementArguments {
    [SQLBytes(scope.pipeline), SQLBytes(scope.destination), SQLBytes(scope.mapping), SQLBytes(scope.location)]
  }

  static func existingNumber(of scope: JournalScope, _ database: Database) throws -> Int64? {
    try Int64.fetchOne(
      database,
      sql: """
        SELECT id FROM scopes WHERE pipeline = CAST(? AS BLOB) AND destination = CAST(? AS BLOB)
        AND mapping = CAST(? AS BLOB) AND location = CAST(? AS BLOB)
        """,
      arguments: arguments(scope))
  }

  private static func number(of scope: JournalScope, _ database: Database) throws -> Int64 {
    if let number = try existingNumber(of: scope, database) { return number }
    try database.execute(
      sql: """
        INSERT INTO scopes (pipeline, destination, mapping, location)
        VALUES (CAST(? AS BLOB), CAST(? AS BLOB), CAST(? AS BLOB), CAST(? AS BLOB))
        """,
      arguments: arguments(scope))
    return database.lastInsertedRowID
  }
}
