import Core
import Files
import FoundationEssentials
import GRDB

/// The records that a destination must have, and what readings have shown of them: in a database of their own, so that their number
/// does not matter.
///
///     expected   key, number, record, remote (the ID that the journal knows), lookup, skipped, state, seen (the ID that a reading
///                has shown)
///     readings   key, number, place (the number of the expected record), remote, record
///     keyless    number, remote
///     candidates key, settled
///
/// An expected record that a reading shows as it must be is only marked (`equal`). Whatever else is shown (other values, another ID, a
/// key for the second time, an unknown key) is kept in `readings`, until it is read again or reported. The keys that do not agree are
/// the candidates: a list that changes while it is read can show each of these things although nothing is wrong.
///
/// The file is an unfinished `OutputFile`: only its owner may read it, and it is removed with the session, or after a kill by a later
/// run.
final class ComparedRecords {
  struct Expected {
    var key: Name
    /// By column, as it was sent.
    var values: [JSONValue?]
    var remoteID: Name?
    /// What a lookup of the record needs besides its key.
    var lookup: JSONValue?
    var skipped = Skipped.none
  }

  /// Why an expected record is not compared.
  enum Skipped: Int {
    case none, loadedSince, uncertain
    /// It could not be looked up.
    case notRead
    /// It is only there beside others with the same key.
    case notSelected
    /// It was there with other values, which `conflict: adopt` leaves as they are.
    case leftAlone
  }

  /// A record that the destination has.
  struct Reading {
    var key: Name
    var values: [JSONValue?]
    var remoteID: Name?
  }

  enum State: Int { case unseen, equal, differs }

  let columns: [LoadColumn]
  let comparison: RecordComparison
  /// The indices of columns that are not compared.
  var ignored: Set<Int> = []
  /// A field that was not sent may have any value: the destination keeps what it had.
  var keepsMissing = false
  /// Columns that the destination need not show: nothing there is no difference, another value is one.
  var lenient: Set<Int> = []
  /// Several expected records may have the same key: they and their readings are matched in their order. Otherwise, a later record
  /// replaces an earlier one.
  private let sharesKeys: Bool
  /// The place of readings that belong to no expected record.
  static let beyond = Int.max
  private let file: OutputFile
  private let queue: DatabaseQueue

  /// - Parameters:
  ///   - folder: a private folder.
  ///   - name: of the file, for people who find it.
  ///   - sharesKeys: several records may have the same key.
  /// - Throws: `OperationFailure`.
  init(_ columns: [LoadColumn], _ comparison: RecordComparison, in folder: String, name: String, sharesKeys: Bool = false) throws
  {
    self.columns = columns
    self.sharesKeys = sharesKeys
    self.comparison = comparison
    file = try OutputFile(path: "\(folder)/\(SortableName.safe(name)).compared")
    do {
      queue = try SQLiteFile.openScratch(file.unfinishedPath)
      try queue.inDatabase { database in
        try database.execute(
          sql: """
            PRAGMA cache_size = -16384;
            CREATE TABLE expected (
              key BLOB NOT NULL, number INTEGER NOT NULL, record BLOB NOT NULL, remote BLOB, lookup BLOB, skipped INTEGER NOT NULL,
              state INTEGER NOT NULL DEFAULT 0, seen BLOB, PRIMARY KEY (key, number)) STRICT;
            CREATE TABLE readings (
              key BLOB NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL, remote BLOB, record BLOB NOT NULL,
              PRIMARY KEY (key, number)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE keyless (number INTEGER PRIMARY KEY, remote BLOB UNIQUE) STRICT;
            CREATE TABLE candidates (key BLOB PRIMARY KEY, settled INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
            """)
      }
    } catch {
      file.abandon()
      throw SQLiteFailure.error(file.path, error)
    }
  }

  /// Removes the file.
  func close() {
    try? queue.close()
    file.abandon()
  }

  // MARK: Access

  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.write(body) } catch let error as DatabaseError { throw SQLiteFailure.error(file.path, error) }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch let error as DatabaseError { throw SQLiteFailure.error(file.path, error) }
  }

  /// Texts as blobs: they may have U+0000, and are compared by their bytes. The first byte keeps an empty text from becoming null.
  static func blob(_ name: Name?) -> Data? { name.map { Data([UInt8(ascii: "=")] + $0.text.utf8) } }

  static func name(_ blob: Data?) -> Name? { blob.map { Name(String(decoding: $0.dropFirst(), as: UTF8.self)) } }

  // MARK: Expecting

  func expect(_ records: [Expected]) throws {
    let number = sharesKeys ? "(SELECT coalesce(max(number), 0) + 1 FROM expected WHERE key = ?1)" : "1"
    try write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO expected (key, number, record, remote, lookup, skipped) VALUES (?1, \(number), ?2, ?3, ?4, ?5)
          ON CONFLICT (key, number) DO UPDATE SET record = excluded.record, remote = excluded.remote, lookup = excluded.lookup,
            skipped = excluded.skipped
          """)
      for record in records {
        try statement.execute(arguments: [
          Self.blob(record.key), Data(RecordValues.bytes(record.values)), Self.blob(record.remoteID),
          record.lookup.map { Data($0.bytes) }, record.skipped.rawValue,
        ])
      }
    }
  }

  /// Of a record whose lookup has no answer, it is not known whether it agrees, unless it is known not to be there.
  func markNotRead(_ key: Name) throws {
    try write { database in
      try database.cachedStatement(sql: "UPDATE expected SET skipped = ? WHERE key = ? AND skipped = 0")
        .execute(arguments: [Skipped.notRead.rawValue, Self.blob(key)])
    }
  }

  /// How many records are compared.
  func count() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM expected WHERE skipped = 0") ?? 0 }
  }

  /// The keys that are not expected, not even as records that are not compared.
  func unknown(among keys: [Name]) throws -> Set<Name> {
    try read { database in
      let statement = try database.cachedStatement(sql: "SELECT 1 FROM expected WHERE key = ?")
      return try Set(keys.filter { try Int.fetchOne(statement, arguments: [Self.blob($0)]) == nil })
    }
  }

  /// The values of a record that is compared; nil: there is none with this key.
  func values(of key: Name) throws -> [JSONValue?]? {
    try read { database in
      let bytes = try Data.fetchOne(
        database.cachedStatement(sql: "SELECT record FROM expected WHERE key = ? AND skipped = 0"), arguments: [Self.blob(key)])
      return try bytes.map { try RecordValues.read(Array($0)) }
    }
  }

  /// Forgets records that are not expected.
  func forgetOthers() throws {
    try write { try $0.execute(sql: "DELETE FROM readings WHERE place = \(Self.beyond)") }
  }

  // MARK: Readings

  /// Records that the destination has. All of them if `onlyCandidates` is false, otherwise those that are read again.
  func take(_ readings: [Reading], onlyCandidates: Bool = false) throws {
    try write { database in
      for reading in readings {
        if onlyCandidates, try !isCandidate(reading.key, database) { continue }
        try take(reading, database)
      }
    }
  }

  /// Records without a key. A record that was shown before has the same ID.
  func takeKeyless(_ remoteIDs: [Name?]) throws {
    guard !remoteIDs.isEmpty else { return }
    try write { database in
      let statement = try database.cachedStatement(sql: "INSERT INTO keyless (remote) VALUES (?) ON CONFLICT DO NOTHING")
      for id in remoteIDs { try statement.execute(arguments: [Self.blob(id)]) }
    }
  }

  private func take(_ reading: Reading, _ database: Database) throws {
    if sharesKeys { return try takeNext(reading, database) }
    let key = Self.blob(reading.key)
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT record, remote, skipped, state, seen FROM expected WHERE key = ?"), arguments: [key])
    guard let row else { return try keep(reading, at: Self.beyond, database) }
    guard (row[2] as Int) == 0 else { return }
    let seen = Self.name(row[4])
    let expected = try RecordValues.read(Array(row[0] as Data))
    switch State(rawValue: row[3]) {
    case .equal:
      // Shown twice: the pages have moved.
      if let id = reading.remoteID, id == seen { return }
      try keep(Reading(key: reading.key, values: expected, remoteID: seen), database)
      try keep(reading, database)
      try mark(key, .differs, nil, database)
    case .differs: try keep(reading, database)
    case .unseen, nil:
      let known = Self.name(row[1])
      let isSameRecord = known == nil || reading.remoteID == nil || known == reading.remoteID
      if isSameRecord, isEqual(expected, reading.values) { return try mark(key, .equal, reading.remoteID, database) }
      try keep(reading, database)
      try mark(key, .differs, nil, database)
    }
  }

  /// The next one with its key.
  private func takeNext(_ reading: Reading, _ database: Database) throws {
    let key = Self.blob(reading.key)
    let statement = try database.cachedStatement(
      sql: "SELECT number, record, skipped FROM expected WHERE key = ? AND state = 0 ORDER BY number LIMIT 1")
    guard let row = try Row.fetchOne(statement, arguments: [key]) else {
      return try keep(reading, at: Self.beyond, database)
    }
    let number: Int = row[0]
    let isEqual =
      try (row[2] as Int) != 0 || isEqual(RecordValues.read(Array(row[1] as Data)), reading.values)
    if !isEqual { try keep(reading, at: number, database) }
    try mark(key, at: number, isEqual ? .equal : .differs, nil, database)
  }

  private func mark(_ key: Data?, at number: Int = 1, _ state: State, _ seen: Name?, _ database: Database) throws {
    try database.cachedStatement(sql: "UPDATE expected SET state = ?, seen = ? WHERE key = ? AND number = ?")
      .execute(arguments: [state.rawValue, Self.blob(seen), key, number])
  }

  /// Unless the same record is there: one with the same ID.
  ///
  /// - Parameter place: the number of the expected record.
  private func keep(_ reading: Reading, at place: Int = 1, _ database: Database) throws {
    let (key, remote) = (Self.blob(reading.key), Self.blob(reading.remoteID))
    let same = try database.cachedStatement(sql: "SELECT 1 FROM readings WHERE key = ? AND remote = ?")
    if remote != nil, try Int.fetchOne(same, arguments: [key, remote]) != nil { return }
    try database.cachedStatement(
      sql: """
        INSERT INTO readings (key, number, place, remote, record)
          VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM readings WHERE key = ?1), ?2, ?3, ?4)
        """
    ).execute(arguments: [key, place, remote, Data(RecordValues.bytes(reading.values))])
  }

  private func isEqual(_ expected: [JSONValue?], _ stored: [JSONValue?]) -> Bool {
    columns.indices.allSatisfy { differences(at: $0, expected, stored).isEmpty }
  }

  /// What differs in one column.
  func differences(at column: Int, _ expected: [JSONValue?], _ stored: [JSONValue?]) -> [ValueDifference] {
    if ignored.contains(column) || expected[column] == stored[column] { return [] }
    if keepsMissing, expected[column] == nil { return [] }
    if lenient.contains(column), stored[column] ?? .null == .null { return [] }
    return comparison.differences(of: columns[column].path, from: expected[column], in: stored[column])
  }
}
