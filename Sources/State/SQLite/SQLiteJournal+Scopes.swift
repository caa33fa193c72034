package import Core
import GRDB

/// Scopes, and the numbers that stand for them.
extension SQLiteJournal {
  @discardableResult
  package func describe(_ scope: JournalScope, address: String) throws(OperationFailure) -> [JournalScope] {
    try database.write { database in
      let number = try Self.number(of: scope, database)
      try SQLStatement("UPDATE scopes SET address = ? WHERE id = ? AND address IS NOT ?", database)
        .execute([.text(address), .integer(number), .text(address)])
      var others: [JournalScope] = []
      try SQLStatement(
        """
        SELECT pipeline, destination, mapping, location FROM scopes WHERE address = ? AND id <> ?
        ORDER BY pipeline, destination, mapping, location
        """, database
      ).forEachRow([.text(address), .integer(number)]) { others.append(try Self.scope($0)) }
      return others
    }
  }

  package func scopes() throws(OperationFailure) -> [JournalScopeSummary] {
    try database.read { database in
      var scopes: [JournalScopeSummary] = []
      try SQLStatement(
        """
        SELECT pipeline, destination, mapping, location, address,
          (SELECT count(*) FROM accepted WHERE scope = scopes.id AND is_present),
          (SELECT count(*) FROM intents WHERE scope = scopes.id)
        FROM scopes ORDER BY pipeline, destination, mapping, location
        """, database
      ).forEachRow([]) { row in
        scopes.append(
          JournalScopeSummary(
            scope: try Self.scope(row), address: try row.optionalName(4), records: Int(try row.integer(5)),
            openIntents: Int(try row.integer(6))))
      }
      return scopes
    }
  }

  // MARK: Rows

  private static func scope(_ row: SQLRow) throws -> JournalScope {
    try JournalScope(pipeline: row.text(0), destination: row.text(1), mapping: row.text(2), location: row.text(3))
  }

  private static func values(_ scope: JournalScope) -> [SQLValue] {
    [.text(scope.pipeline), .text(scope.destination), .text(scope.mapping), .text(scope.location)]
  }

  static func existingNumber(of scope: JournalScope, _ database: Database) throws -> Int64? {
    try SQLStatement(
      "SELECT id FROM scopes WHERE pipeline = ? AND destination = ? AND mapping = ? AND location = ?", database
    ).firstRow(values(scope)) { try $0.integer(0) }
  }

  static func number(of scope: JournalScope, _ database: Database) throws -> Int64 {
    if let number = try existingNumber(of: scope, database) { return number }
    try SQLStatement("INSERT INTO scopes (pipeline, destination, mapping, location) VALUES (?, ?, ?, ?)", database)
      .execute(values(scope))
    return database.lastInsertedRowID
  }
}
