package import Core
import GRDB

/// What destinations have.
extension SQLiteJournal {
  package func accepted(_ keys: [Name], in scope: JournalScope) throws(OperationFailure) -> [Name: Accepted] {
    // A scope keeps its number, so that one key needs no transaction.
    if keys.count == 1 { return try database.readOnce { try Self.accepted(keys, in: scope, $0) } }
    return try database.read { try Self.accepted(keys, in: scope, $0) }
  }

  private static func accepted(_ keys: [Name], in scope: JournalScope, _ database: Database) throws -> [Name: Accepted] {
    guard let number = try existingNumber(of: scope, database) else { return [:] }
    let statement = try lookup(database)
    var found: [Name: Accepted] = [:]
    found.reserveCapacity(keys.count)
    for key in keys { found[key] = try statement.firstRow([.integer(number), .text(key.text)]) { try known($0) } }
    return found
  }

  package func adopt(_ records: [AdoptedRecord], in scope: JournalScope, under lease: Lease) throws(OperationFailure) {
    try database.write { database in
      try SQLiteStateStore.checkHeld(lease, database)
      if records.isEmpty { return }
      let number = try Self.number(of: scope, database)
      // Intent 0 is older than any. The number of a removed record's intent stays.
      let statement = try SQLStatement(
        """
        INSERT INTO accepted (scope, key, intent, is_present, remote_id, entity_tag, digest, fields, epoch)
        VALUES (?, ?, 0, 1, ?, ?, ?, ?, 0)
        ON CONFLICT (scope, key) DO UPDATE SET is_present = 1, remote_id = excluded.remote_id,
          entity_tag = excluded.entity_tag, digest = excluded.digest, fields = excluded.fields
        WHERE accepted.epoch = 0 OR NOT accepted.is_present
        """, database)
      for record in records {
        try statement.execute([
          .integer(number), .text(record.key.text), .optional(record.remoteID), .optional(record.entityTag),
          .optional(record.digest), .bytes(record.fields),
        ])
      }
    }
  }

  package func merge(
    under lease: Lease, isTrial: Bool,
    _ body: (_ merge: ([JournalRecord], JournalScope) throws -> [JournalMerge]) throws -> Void
  ) throws {
    try database.writing(keeps: !isTrial) { database in
      try SQLiteStateStore.checkHeld(lease, database)
      let last = try Self.lastIntent(database)
      let lookup = try Self.lookup(database)
      let insert = try SQLStatement(
        """
        INSERT INTO accepted (scope, key, intent, is_present, remote_id, entity_tag, digest, fields, epoch)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (scope, key) DO UPDATE SET intent = excluded.intent, is_present = excluded.is_present,
          remote_id = excluded.remote_id, entity_tag = excluded.entity_tag, digest = excluded.digest,
          fields = excluded.fields, epoch = excluded.epoch, refused = NULL, refused_run = NULL
        """, database)
      try body { records, scope in
        let number = try Self.number(of: scope, database)
        return try records.map { record in
          let (key, other) = (SQLValue.text(record.key.text), record.known)
          let merge = JournalMerge(other, into: try lookup.firstRow([.integer(number), key]) { try Self.known($0) })
          if merge.isWritten {
            try insert.execute([
              .integer(number), key, .integer(last), .integer(other.isPresent ? 1 : 0), .optional(other.remoteID),
              .optional(other.entityTag), .optional(other.digest), .bytes(other.fields), .integer(other.epoch),
            ])
          }
          return merge
        }
      }
    }
  }

  package func forEachRecord(in scope: JournalScope, _ body: ([JournalRecord]) throws -> Void) throws {
    try database.reading { database in
      guard let number = try Self.existingNumber(of: scope, database) else { return }
      var records: [JournalRecord] = []
      try SQLStatement("SELECT \(Self.columns), key FROM accepted WHERE scope = ? ORDER BY key", database)
        .forEachRow([.integer(number)]) { row in
          records.append(JournalRecord(Name(try row.text(Self.columnCount)), try Self.known(row)))
          if records.count == 256 {
            try body(records)
            records.removeAll(keepingCapacity: true)
          }
        }
      if !records.isEmpty { try body(records) }
    }
  }

  // MARK: Rows

  private static let columns = "is_present, remote_id, entity_tag, digest, fields, epoch, refused, refused_run"
  private static let columnCount: Int32 = 8

  private static func lookup(_ database: Database) throws -> SQLStatement {
    try SQLStatement("SELECT \(columns) FROM accepted WHERE scope = ? AND key = ?", database)
  }

  /// From the columns of `columns`.
  private static func known(_ row: SQLRow) throws -> Accepted {
    var refusal: Accepted.Refusal?
    if let digest = try row.optionalBytes(6) { refusal = .init(digest: digest, run: Name(try row.text(7))) }
    return try Accepted(
      remoteID: row.optionalName(1), entityTag: row.optionalName(2), digest: row.optionalBytes(3),
      fields: row.optionalBytes(4) ?? [], epoch: Int(row.integer(5)), isPresent: row.integer(0) != 0, refusal: refusal)
  }
}
