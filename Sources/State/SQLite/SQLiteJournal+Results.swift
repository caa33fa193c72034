package import Core
import GRDB

/// Results of calls, and what follows from them.
extension SQLiteJournal {
  package func resolve(_ results: [IntentResults]) throws(OperationFailure) {
    try database.write { try Self.record(results, $0) }
  }

  static func record(_ results: [IntentResults], _ database: Database) throws {
    if results.isEmpty { return }
    let open = try SQLStatement("SELECT scope, epoch, results, records, run FROM intents WHERE id = ?", database)
    let contents = try SQLStatement("SELECT records FROM intent_contents WHERE intent = ?", database)
    let deleteContents = try SQLStatement("DELETE FROM intent_contents WHERE intent = ?", database)
    let delete = try SQLStatement("DELETE FROM intents WHERE id = ?", database)
    let keep = try SQLStatement("UPDATE intents SET results = ? WHERE id = ?", database)
    let writer = try ResultWriter(database)
    for results in results {
      let number = SQLValue.integer(results.id.number)
      var isInline = true
      let found = try open.firstRow([number]) { row in
        let inline = try row.optionalBytes(3)
        isInline = inline != nil
        return try OpenIntent(
          id: results.id, scope: row.integer(0), epoch: row.integer(1), hasResult: row.optionalBytes(2),
          records: inline ?? contents.firstRow([number]) { try $0.bytes(0) } ?? [], run: row.bytes(4))
      }
      guard var intent = found else {
        guard try wasWritten(results.id, database) else { throw OperationFailure.noIntent(results.id) }
        continue
      }
      for result in results.results {
        guard let entry = try intent.take(result.ordinal), let key = entry.key else { continue }
        try writer.write(result.fate, of: intent, entry, key: intent.records.bytes[key])
      }
      if intent.hasResult.allSatisfy({ $0 }) {
        if !isInline { try deleteContents.execute([number]) }
        try delete.execute([number])
      } else {
        try keep.execute([.bytes(intent.hasResult.map { $0 ? 1 : 0 }), number])
      }
    }
  }

  /// Which records have a result: a byte for each.
  ///
  /// - Parameter stored: nil: none.
  /// - Throws: `DatabaseError` with the code `SQLITE_CORRUPT`.
  static func results(_ stored: [UInt8]?, count: Int) throws -> [Bool] {
    guard let stored else { return [Bool](repeating: false, count: count) }
    guard stored.count == count else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the results of an intent do not match its records")
    }
    return stored.map { $0 != 0 }
  }

  /// An intent with this number was written at some time.
  static func wasWritten(_ id: IntentID, _ database: Database) throws -> Bool {
    try id.number >= 1 && id.number <= lastIntent(database)
  }

  /// The greatest number of an intent so far; 0: there was none.
  static func lastIntent(_ database: Database) throws -> Int64 {
    try SQLStatement("SELECT seq FROM sqlite_sequence WHERE name = 'intents'", database).firstRow([]) { try $0.integer(0) } ?? 0
  }
}

/// An intent to which results are added.
private struct OpenIntent {
  let id: IntentID
  let scope: Int64
  let epoch: Int64
  let records: StoredRecords
  /// The ID of the run that sent it.
  let run: [UInt8]
  private(set) var hasResult: [Bool]
  /// Results mostly come in the order of the records.
  private var next = 0
  private var positions: [UInt64: Int] = [:]

  init(id: IntentID, scope: Int64, epoch: Int64, hasResult: [UInt8]?, records: [UInt8], run: [UInt8]) throws {
    (self.id, self.scope, self.epoch, self.run) = (id, scope, epoch, run)
    self.records = try StoredRecords(records)
    self.hasResult = try SQLiteJournal.results(hasResult, count: self.records.entries.count)
  }

  /// Marks a record as having a result; nil if it already has one.
  mutating func take(_ ordinal: UInt64) throws -> StoredRecords.Entry? {
    let position = try position(of: ordinal)
    next = position + 1
    guard !hasResult[position] else { return nil }
    hasResult[position] = true
    return records.entries[position]
  }

  private mutating func position(of ordinal: UInt64) throws -> Int {
    let entries = records.entries
    if next < entries.count, entries[next].ordinal == ordinal { return next }
    if positions.isEmpty {
      for (position, entry) in entries.enumerated() { positions[entry.ordinal] = position }
    }
    guard let position = positions[ordinal] else { throw OperationFailure.noRecord(ordinal, in: id) }
    return position
  }
}

/// Writes what a result means for its key.
private struct ResultWriter {
  private let remember: SQLStatement
  private let raise: SQLStatement
  private let decline: SQLStatement

  init(_ database: Database) throws {
    remember = try SQLStatement(
      """
      INSERT INTO accepted (scope, key, intent, is_present, remote_id, entity_tag, digest, fields, epoch)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (scope, key) DO UPDATE SET intent = excluded.intent, is_present = excluded.is_present,
        remote_id = CASE WHEN excluded.is_present THEN coalesce(excluded.remote_id, accepted.remote_id) END,
        entity_tag = excluded.entity_tag, digest = excluded.digest, fields = excluded.fields,
        epoch = accepted.epoch + excluded.epoch, refused = NULL, refused_run = NULL
      WHERE excluded.intent > accepted.intent
      """, database)
    // Intent 0 is older than any.
    raise = try SQLStatement(
      """
      INSERT INTO accepted (scope, key, intent, is_present, epoch) VALUES (?, ?, 0, 0, ?)
      ON CONFLICT (scope, key) DO UPDATE SET epoch = accepted.epoch + excluded.epoch
      """, database)
    // ?4 is the number of the intent: what is known from a newer one stays.
    decline = try SQLStatement(
      """
      INSERT INTO accepted (scope, key, intent, is_present, epoch, refused, refused_run) VALUES (?1, ?2, 0, 0, ?3, ?5, ?6)
      ON CONFLICT (scope, key) DO UPDATE SET epoch = accepted.epoch + excluded.epoch,
        refused = CASE WHEN ?4 > accepted.intent THEN excluded.refused ELSE accepted.refused END,
        refused_run = CASE WHEN ?4 > accepted.intent THEN excluded.refused_run ELSE accepted.refused_run END
      """, database)
  }

  func write(_ fate: IntentResult.Fate, of intent: OpenIntent, _ entry: StoredRecords.Entry, key: ArraySlice<UInt8>) throws {
    let (scope, key) = (SQLValue.integer(intent.scope), SQLValue.bytes(key))
    let epochs = SQLValue.integer(1 + intent.epoch)
    /// What is known, in the order of the columns.
    let known: [SQLValue]?
    switch fate {
    case .refused: known = nil
    case .declined(let digest):
      try decline.execute([scope, key, epochs, .integer(intent.id.number), .bytes(digest), .bytes(intent.run)])
      return
    case .accepted(let remoteID, let entityTag, let fields):
      let bytes = intent.records.bytes
      known = [
        .integer(1 as Int64), .optional(remoteID), .optional(entityTag), .bytes(bytes[entry.digest]),
        fields.map { .bytes($0) } ?? .bytes(bytes[entry.fields]),
      ]
    case .present(let remoteID, let entityTag, let fields):
      known = [
        .integer(1 as Int64), .optional(remoteID), .optional(entityTag), .null, fields.map { .bytes($0) } ?? .null,
      ]
    case .unknown: known = [.integer(1 as Int64), .null, .null, .null, .null]
    case .removed: known = [.integer(0 as Int64), .null, .null, .null, .null]
    }
    if let known, try remember.execute([scope, key, .integer(intent.id.number)] + known + [epochs]) > 0 { return }
    try raise.execute([scope, key, epochs])
  }
}
