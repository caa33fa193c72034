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
  }

  /// The next records that are compared, in the order of their keys.
  func lookups(after key: Name?, limit: Int) throws -> [Lookup] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT key, lookup, (SELECT count(*) FROM readings r WHERE r.key = e.key) FROM expected e
            WHERE skipped = 0 AND (?1 IS NULL OR key > ?1) ORDER BY key LIMIT ?2
            """), arguments: [Self.blob(key), limit]
      ).map { row in
        Lookup(key: Self.name(row[0]) ?? "", lookup: try Self.json(row[1]), shown: nil, readings: row[2])
      }
    }
  }

  /// Makes the keys that do not agree the candidates, and returns their number.
  func findCandidates() throws -> Int {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM candidates;
          INSERT INTO candidates
            SELECT key FROM expected WHERE skipped = 0 AND state <> \(State.equal.rawValue) UNION SELECT key FROM readings;
          """)
      return try Int.fetchOne(database, sql: "SELECT count(*) FROM candidates") ?? 0
    }
  }

  func isCandidate(_ key: Name, _ database: Database) throws -> Bool {
    try Int.fetchOne(
      database.cachedStatement(sql: "SELECT 1 FROM candidates WHERE key = ?"), arguments: [Self.blob(key)]) != nil
  }

  /// The next candidates, in the order of their keys.
  func candidates(after key: Name?, limit: Int) throws -> [Lookup] {
    try read { database in
      try Row.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT c.key, e.lookup, (SELECT record FROM readings r WHERE r.key = c.key ORDER BY number LIMIT 1),
              (SELECT count(*) FROM readings r WHERE r.key = c.key)
            FROM candidates c LEFT JOIN expected e ON e.key = c.key
            WHERE ?1 IS NULL OR c.key > ?1 ORDER BY c.key LIMIT ?2
            """), arguments: [Self.blob(key), limit]
      ).map { row in
        let shown: Data? = row[2]
        return Lookup(
          key: Self.name(row[0]) ?? "", lookup: try Self.json(row[1]), shown: try shown.map { try RecordValues.read(Array($0)) },
          readings: row[3])
      }
    }
  }

  /// Forgets what was read of the candidates: they are about to be read again.
  func forgetCandidates() throws {
    try write { database in
      try database.execute(
        sql: """
          DELETE FROM readings WHERE key IN (SELECT key FROM candidates);
          UPDATE expected SET state = \(State.unseen.rawValue), seen = NULL WHERE key IN (SELECT key FROM candidates);
          """)
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
