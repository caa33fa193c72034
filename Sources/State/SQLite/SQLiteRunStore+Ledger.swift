package import Core
import GRDB

/// The ledgers of runs.
extension SQLiteRunStore {
  package func record(_ entries: [LedgerEntry]) throws(OperationFailure) {
    guard !entries.isEmpty else { return }
    try database.write { try Self.insert(entries, $0) }
  }

  package func replaceLedger(of run: String, _ body: (_ record: ([LedgerEntry]) throws -> Void) throws -> Void) throws {
    try database.writing { database in
      try database.execute(sql: "DELETE FROM ledger WHERE run = ?", arguments: [run])
      try body { entries in
        if let other = entries.first(where: { !$0.run.isExactly(run) }) {
          throw OperationFailure(.fault, "an entry of run \(other.run) was recorded in the ledger of run \(run)")
        }
        try Self.insert(entries, database)
      }
    }
  }

  private static func insert(_ entries: [LedgerEntry], _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO ledger (run, mapping, record, stage, severity, code, field, line, text, destination, element)
        VALUES (?, ?, CAST(? AS TEXT), ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?)
        """)
    for entry in entries {
      try statement.execute(arguments: [
        entry.run, entry.mapping, entry.record.map(SQLText.init), entry.stage, entry.severity, entry.code,
        entry.field.map(SQLText.init), entry.line, entry.text, entry.destination, entry.element,
      ])
    }
  }

  package func ledger(_ query: LedgerQuery, _ body: (LedgerEntry) throws -> Void) throws {
    let (sql, values) = Self.selection(query)
    try database.reading { database in
      let rows = try Row.fetchCursor(database, sql: "\(sql) LIMIT \(query.limit ?? -1)", arguments: values)
      while let row = try rows.next() { try body(try Self.entry(row)) }
    }
  }

  /// How SQLite goes about `ledger(_:)`, step by step.
  func ledgerPlan(of query: LedgerQuery) throws -> [String] {
    let (sql, values) = Self.selection(query)
    return try database.read { database in
      try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: values).map { $0["detail"] }
    }
  }

  package func groups(of query: LedgerQuery, by columns: [LedgerColumn]) throws(OperationFailure) -> [LedgerGroup] {
    let (condition, values) = query.condition
    let names = columns.map(\.rawValue)
    // As bytes: a text of SQLite ends at U+0000 when it is read.
    let selected = names.map { "CAST(\($0) AS BLOB) AS \($0)" }.joined(separator: ", ")
    let order = names.joined(separator: ", ")
    return try database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT \(selected), count(*) AS n FROM ledger WHERE \(condition)
          GROUP BY \(order) ORDER BY n DESC, \(order) LIMIT \(query.limit ?? -1)
          """,
        arguments: values
      ).map { row in
        let values = try names.map { name -> Name? in
          let value: SQLText? = try row.optional(name)
          return value.map { Name($0.text) }
        }
        return LedgerGroup(values: values, count: try row.value("n"))
      }
    }
  }

  private static func selection(_ query: LedgerQuery) -> (sql: String, values: StatementArguments) {
    let (condition, values) = query.condition
    let columns = """
      ledger.run, ledger.mapping, CAST(ledger.record AS BLOB) AS record, ledger.stage, ledger.severity, ledger.code,
      CAST(ledger.field AS BLOB) AS field, ledger.line, ledger.text, ledger.destination, ledger.element,
      resolutions.by_run, resolutions.outcome, resolutions.time
      """
    let join = "LEFT JOIN resolutions ON ledger.severity = 'error' AND \(LedgerQuery.resolution)"
    return ("SELECT \(columns) FROM ledger \(join) WHERE \(condition) ORDER BY ledger.id", values)
  }

  private static func entry(_ row: Row) throws -> LedgerEntry {
    let record: SQLText? = try row.optional("record")
    let field: SQLText? = try row.optional("field")
    let resolver: String? = try row.optional("by_run")
    let resolution = try resolver.map { resolver in
      LedgerResolution(run: resolver, outcome: try row.value("outcome"), time: try row.value("time"))
    }
    return try LedgerEntry(
      run: row.value("run"), mapping: row.value("mapping"), record: record?.text, stage: row.value("stage"),
      severity: row.value("severity"), code: row.value("code"), field: field?.text, line: row.optional("line"),
      element: row.optional("element"), destination: row.optional("destination"), text: row.value("text"), resolution: resolution)
  }
}
