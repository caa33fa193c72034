package import Core
import GRDB

/// The journal of sent records in `state.sqlite`. Each call is synced before it returns.
///
/// An intent has a row that changes (`intents`). Its records and its body, which do not change, are in the same row if they are
/// small; otherwise in a separate one (`intent_contents`), so that a change does not write them again. Closing an intent deletes
/// everything, and SQLite reuses the pages.
package struct SQLiteJournal: Journal {
  let database: StateDatabase
  private let now: @Sendable () -> WallTime

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameters:
  ///   - isReadOnly: only what reads may be called. The folder's data is not changed; the database must exist.
  ///   - now: the time of intents.
  /// - Throws: also with the code `configuration` if a database in an older format is opened for reading.
  package init(
    folder: String, isReadOnly: Bool = false, now: @escaping @Sendable () -> WallTime = { .now() }
  ) throws(OperationFailure) {
    database = try StateDatabase(folder: folder, isReadOnly: isReadOnly, durability: .power)
    self.now = now
    guard isReadOnly else {
      try database.expectManyWrites()
      return
    }
    let path = database.path
    try database.read { database in
      guard try StateSchema.hasJournal(database) else {
        throw OperationFailure(
          .configuration, "state \(path): an older version of Waybill wrote it; the next `waybill run` upgrades it")
      }
    }
  }

  package func apply(_ changes: JournalChanges, under lease: Lease) throws(OperationFailure) -> [IntentID] {
    for request in changes.intents { try request.check() }
    return try database.write { database in
      try SQLiteStateStore.checkHeld(lease, database)
      let ids = try insert(changes.intents, database)
      try Self.update(changes.updates, database)
      try Self.record(changes.results, database)
      return ids
    }
  }

  /// The most bytes of records and body in the intent's own row: two pages of the database.
  private static let mostInlineBytes = 8_192

  private func insert(_ requests: [IntentRequest], _ database: Database) throws -> [IntentID] {
    if requests.isEmpty { return [] }
    let written = now()
    let intent = try SQLStatement(
      """
      INSERT INTO intents (scope, run, target, idempotency_key, epoch, context, written, records, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, database)
    let contents = try SQLStatement("INSERT INTO intent_contents (intent, records, body) VALUES (?, ?, ?)", database)
    var scope: (scope: JournalScope, number: Int64)?
    return try requests.map { request in
      let number = scope?.scope == request.scope ? scope?.number : nil
      let current = try number ?? Self.number(of: request.scope, database)
      scope = (request.scope, current)
      let records = StoredRecords.encode(request.records)
      let isInline = records.count + request.body.count <= Self.mostInlineBytes
      try intent.execute([
        .integer(current), .text(request.run), .text(request.target), .text(request.idempotencyKey), .integer(request.epoch),
        .bytes(request.context), .integer(written.millisecondsSince1970), isInline ? .bytes(records) : .null,
        isInline ? .bytes(request.body) : .null,
      ])
      let id = IntentID(database.lastInsertedRowID)
      if !isInline { try contents.execute([.integer(id.number), .bytes(records), .bytes(request.body)]) }
      return id
    }
  }

  private static func update(_ updates: [IntentUpdate], _ database: Database) throws {
    if updates.isEmpty { return }
    let statement = try SQLStatement(
      "UPDATE intents SET epoch = ?, idempotency_key = ?, context = ? WHERE id = ? AND epoch <= ?", database)
    for update in updates {
      guard 0...IntentRequest.greatestEpoch ~= update.epoch else {
        throw OperationFailure.impossibleEpoch(update.epoch, of: update.id)
      }
      let count = try statement.execute([
        .integer(update.epoch), .text(update.idempotencyKey), .bytes(update.context), .integer(update.id.number),
        .integer(update.epoch),
      ])
      if count > 0 { continue }
      if try isOpen(update.id, database) { throw OperationFailure.impossibleEpoch(update.epoch, of: update.id) }
      throw try wasWritten(update.id, database) ? OperationFailure.closedIntent(update.id) : .noIntent(update.id)
    }
  }

  private static func isOpen(_ id: IntentID, _ database: Database) throws -> Bool {
    try SQLStatement("SELECT 1 FROM intents WHERE id = ?", database).firstRow([.integer(id.number)]) { _ in } != nil
  }

  package func openIntents(_ scope: JournalScope) throws(OperationFailure) -> [Intent] {
    try database.read { database in
      guard let number = try Self.existingNumber(of: scope, database) else { return [] }
      var intents: [Intent] = []
      try SQLStatement(
        """
        SELECT id, run, target, idempotency_key, epoch, context, written, results,
          coalesce(intents.records, intent_contents.records), coalesce(intents.body, intent_contents.body)
        FROM intents LEFT JOIN intent_contents ON intent = id WHERE scope = ? ORDER BY id
        """, database
      ).forEachRow([.integer(number)]) { row in
        let records = try StoredRecords(try row.bytes(8)).records()
        let hasResult = try Self.results(try row.optionalBytes(7), count: records.count)
        let request = IntentRequest(
          scope: scope, run: try row.text(1), target: try row.text(2), idempotencyKey: try row.text(3),
          epoch: Int(try row.integer(4)), context: try row.bytes(5), body: try row.bytes(9), records: records)
        intents.append(
          Intent(
            id: IntentID(try row.integer(0)), request: request,
            open: records.indices.filter { !hasResult[$0] }.map { records[$0].ordinal },
            written: WallTime(millisecondsSince1970: try row.integer(6))))
      }
      return intents
    }
  }
}
