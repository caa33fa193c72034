import Core
import FoundationEssentials
import GRDB

/// Reading again what did not agree.
extension ComparedRecords {
  /// A record that is to be looked up by its key.
  struct Lookup {
    var key: Name
    /// As in `Expected`; of a record that is not expected, nil.
    var lookup: JSONValue?
    /// The values that a reading has shown.
    var shown: [JSONValue?]?
    /// How many readings have shown something else than what is expected.
    var readings: Int
    /// No reading has shown it.
    var isUnseen: Bool
  }

  /// The next records that are compared, in the order of their keys.
  func lookups(after key: Name?, limit: Int) throws -> [Lookup] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT key, lookup, (SELECT count(*) FROM readings r WHERE r.key = e.key), state FROM expected e
            WHERE skipped = 0 AND key > coalesce(?1, x'') ORDER BY key LIMIT ?2
            """), arguments: [Self.blob(key), limit]
      ).map { row in
        Lookup(
          key: Self.name(row[0]) ?? "", lookup: try Self.json(row[1]), shown: nil, readings: row[2],
          isUnseen: (row[3] as Int) == State.unseen.rawValue)
      }
    }
  }

  /// Makes the keys that do not agree the candidates, and returns their number.
  ///
  /// - Parameter onlyExpected: leaves out those of records that are not expected.
  func findCandidates(onlyExpected: Bool = false) throws -> Int {
    let unexpected = "UNION SELECT key FROM readings r WHERE NOT EXISTS (SELECT 1 FROM expected e WHERE e.key = r.key)"
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM candidates;
          INSERT INTO candidates (key)
            SELECT key FROM expected WHERE skipped = 0 AND state <> \(State.equal.rawValue) \(onlyExpected ? "" : unexpected);
          """)
    }
    return try candidateCount()
  }

  /// The candidates that no lookup has settled.
  func candidateCount() throws -> Int {
    try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM candidates WHERE settled = 0") ?? 0 }
  }

  /// Forgets the candidates that have been read again and agree.
  func dropAgreeing() throws {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM candidates WHERE NOT EXISTS (SELECT 1 FROM readings r WHERE r.key = candidates.key)
            AND NOT EXISTS (SELECT 1 FROM expected e
              WHERE e.key = candidates.key AND skipped = 0 AND state <> \(State.equal.rawValue))
          """)
    }
  }

  func isCandidate(_ key: Name, _ database: Database) throws -> Bool {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT 1 FROM candidates WHERE key = ? AND settled = 0"), arguments: [Self.blob(key)]) != nil
  }

  /// The next candidates, in the order of their keys.
  func candidates(after key: Name?, limit: Int) throws -> [Lookup] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT c.key, e.lookup, (SELECT record FROM readings r WHERE r.key = c.key ORDER BY number LIMIT 1),
              (SELECT count(*) FROM readings r WHERE r.key = c.key), e.state
            FROM candidates c LEFT JOIN expected e ON e.key = c.key
            WHERE c.key > coalesce(?1, x'') ORDER BY c.key LIMIT ?2
            """), arguments: [Self.blob(key), limit]
      ).map { row in
        let shown: Data? = row[2]
        let state: Int? = row[4]
        return Lookup(
          key: Self.name(row[0]) ?? "", lookup: try Self.json(row[1]), shown: try shown.map { try RecordValues.read(Array($0)) },
          readings: row[3], isUnseen: state == State.unseen.rawValue)
      }
    }
  }

  /// Forgets what was read of the candidates that no lookup has settled: they are about to be read again.
  func forgetCandidates() throws {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM readings WHERE key IN (SELECT key FROM candidates WHERE settled = 0);
          UPDATE expected SET state = \(State.unseen.rawValue), seen = NULL
            WHERE key IN (SELECT key FROM candidates WHERE settled = 0);
          """)
    }
  }

  /// A lookup has confirmed or refuted what was read of the key.
  func settle(_ key: Name) throws {
    try write { database in
      try database.cachedStatement(sql: "UPDATE candidates SET settled = 1 WHERE key = ?").execute(arguments: [Self.blob(key)])
    }
  }

  /// Of several records with one key that the list has shown, a lookup has found one, with all of its values.
  ///
  /// - Parameter unread: columns that the list does not show; of the other records, nothing is known there.
  func replaceOne(_ found: Reading, unread: [Int]) throws {
    var others = try read { try readings(of: found.key, at: 1, $0) }
    // Without an ID, any of them may be the one.
    let own = found.remoteID == nil ? others.indices.first : others.firstIndex { $0.remoteID == found.remoteID }
    if let own { others.remove(at: own) }
    _ = try replace(found.key, [found] + filled(others, of: found.key, unread))
  }

  /// Of a record that no lookup shows, only what the list shows is known.
  func fill(_ key: Name, unread: [Int]) throws {
    let shown = try read { try readings(of: key, at: 1, $0) }
    if !shown.isEmpty { _ = try replace(key, filled(shown, of: key, unread)) }
  }

  private func filled(_ readings: [Reading], of key: Name, _ unread: [Int]) throws -> [Reading] {
    guard let expected = try values(of: key) else { return readings }
    return readings.map { reading in
      var reading = reading
      for column in unread { reading.values[column] = expected[column] }
      return reading
    }
  }

  /// Replaces what was read of a key with all that the destination has of it now.
  ///
  /// - Returns: whether it agrees now.
  func replace(_ key: Name, _ readings: [Reading]) throws -> Bool {
    try write { database in
      try database.cachedStatement(sql: "DELETE FROM readings WHERE key = ?").execute(arguments: [Self.blob(key)])
      try database.cachedStatement(sql: "UPDATE expected SET state = \(State.unseen.rawValue), seen = NULL WHERE key = ?")
        .execute(arguments: [Self.blob(key)])
    }
    try take(readings)
    return try read { database in
      let state = try Int.fetchOne(
        database.cachedStatement(sql: "SELECT state FROM expected WHERE key = ?"), arguments: [Self.blob(key)])
      return state.map { $0 == State.equal.rawValue } ?? readings.isEmpty
    }
  }

  private static func json(_ bytes: Data?) throws -> JSONValue? { try bytes.map { try JSONReader.read(Array($0)) } }
}
