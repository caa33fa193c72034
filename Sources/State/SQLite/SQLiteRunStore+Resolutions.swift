package import Core
import GRDB

/// What became of open items of runs.
extension SQLiteRunStore {
  package func resolutions(of run: String) throws(OperationFailure) -> [Resolution] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM resolutions WHERE run = ? ORDER BY mapping, destination, line, record, element",
        arguments: [run]
      ).compactMap { row in
        guard let outcome = Outcome(rawValue: try row.value("outcome")) else { return nil }
        let (destination, record): (String, String) = (try row.value("destination"), try row.text("record"))
        return try Resolution(
          run: row.value("run"), mapping: row.value("mapping"), destination: destination.isEmpty ? nil : Name(destination),
          record: record.isEmpty ? nil : Name(record), line: row.value("line"), element: row.value("element"),
          resolver: row.value("by_run"), outcome: outcome, time: row.value("time"))
      }
    }
  }

  package func reopenItems(
    resolvedBy resolver: String, of mapping: String, at destination: Name
  ) throws(OperationFailure) {
    try database.write { database in
      let own = "mapping = ?1 AND destination = ?2 AND by_run = ?3"
      let arguments: StatementArguments = [mapping, destination.text, resolver]
      try database.execute(
        sql: """
          DELETE FROM resolutions WHERE mapping = ?1 AND destination = ''
            AND (run, line, record, element) IN (SELECT run, line, record, element FROM resolutions WHERE \(own))
          """, arguments: arguments)
      try database.execute(sql: "DELETE FROM resolutions WHERE \(own)", arguments: arguments)
    }
  }

  static func insert(_ resolutions: [Resolution], _ database: Database) throws {
    guard !resolutions.isEmpty else { return }
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO resolutions (run, mapping, destination, line, record, element, by_run, outcome, time)
        SELECT id, ?, ?, ?, CAST(? AS BLOB), ?, ?, ?, ? FROM runs WHERE id = ?
        ON CONFLICT DO NOTHING
        """)
    for resolution in resolutions {
      try statement.execute(arguments: [
        resolution.mapping, resolution.destination?.text ?? "", resolution.line, SQLBytes(resolution.record?.text ?? ""),
        resolution.element, resolution.resolver, resolution.outcome.rawValue, resolution.time, resolution.run,
      ])
    }
  }
}
