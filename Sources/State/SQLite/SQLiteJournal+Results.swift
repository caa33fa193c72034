package import Core
import GRDB

/// Results, and what destinations have.
extension SQLiteJournal {
  package func resolve(_ id: IntentID, _ results: [IntentResult]) throws(OperationFailure) {
    try database.write { database in
      guard let scope = try Int64.fetchOne(database, sql: "SELECT scope FROM intents WHERE id = ?", arguments: [id.number]) else {
        let last = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'intents'") ?? 0
        guard id.number >= 1, id.number <= last else { throw OperationFailure.noIntent(id) }
        return
      }
      var records: [UInt64: StoredRecord] = [:]
      for record in try Self.records(of: id, database) { records[record.record.ordinal] = record }
      for result in results {
        guard let record = records[result.ordinal] else { throw OperationFailure.noRecord(result.ordinal, in: id) }
        guard !record.hasResult else { continue }
        records[result.ordinal]?.hasResult = true
        try database.execute(
          sql: "UPDATE intent_records SET has_result = 1 WHERE intent = ? AND position = ?",
          arguments: [id.number, record.position])
        if let key = record.record.key {
          try Self.remember(result.fate, of: key, digest: record.record.digest, from: id, in: scope, database)
        }
      }
      if records.values.allSatisfy(\.hasResult) {
        try database.execute(sql: "DELETE FROM intents WHERE id = ?", arguments: [id.number])
      }
    }
  }

  private static func remember(
    _ fate: IntentResult.Fate, of key: Name, digest: [UInt8], from id: IntentID, in scope: Int64, _ database: Database
  ) throws {
    let known: Accepted?
    switch fate {
    case .refused: return
    case .accepted(let remoteID, let entityTag): known = Accepted(remoteID: remoteID, entityTag: entityTag, digest: digest)
    case .unknown: known = Accepted()
    case .removed: known = nil
    }
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO accepted (scope, key, intent, is_present, remote_id, entity_tag, digest)
        VALUES (?, CAST(? AS BLOB), ?, ?, CAST(? AS BLOB), CAST(? AS BLOB), CAST(? AS BLOB))
        ON CONFLICT (scope, key) DO UPDATE SET intent = excluded.intent, is_present = excluded.is_present,
          remote_id = CASE WHEN excluded.is_present THEN coalesce(excluded.remote_id, accepted.remote_id) END,
          entity_tag = excluded.entity_tag, digest = excluded.digest
        WHERE excluded.intent > accepted.intent
        """)
    try statement.execute(arguments: [
      scope, SQLBytes(key), id.number, known != nil, known?.remoteID.map { SQLBytes($0) },
      known?.entityTag.map { SQLBytes($0) }, known?.digest.map { SQLBytes($0) },
    ])
  }

  package func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    try database.read { database in
      guard let number = try Self.existingNumber(of: scope, database) else { return [:] }
      let statement = try database.cachedStatement(
        sql: """
          SELECT remote_id, entity_tag, digest FROM accepted WHERE scope = ? AND key = CAST(? AS BLOB) AND is_present = 1
          """)
      var found: [Name: Accepted] = [:]
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [number, SQLBytes(key)]) else { continue }
        found[key] = Accepted(
          remoteID: try row.optionalName("remote_id"), entityTag: try row.optionalName("entity_tag"),
          digest: try row.optionalBytes("digest"))
      }
      return found
    }
  }
}
