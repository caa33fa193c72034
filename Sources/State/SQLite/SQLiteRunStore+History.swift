package import Core
import GRDB

/// Reading runs back.
extension SQLiteRunStore {
  package func runs(limit: Int?) throws(OperationFailure) -> [RunRecord] {
    try database.read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY sequence DESC LIMIT ?", arguments: [limit ?? -1]).map(Self.run)
    }
  }

  package func run(_ id: String) throws(OperationFailure) -> RunRecord? {
    try database.read { database in
      if let row = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) {
        return try Self.run(row)
      }
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM runs WHERE substr(id, 1, length(?)) = ? LIMIT 2", arguments: [id, id])
      return rows.count == 1 ? try Self.run(rows[0]) : nil
    }
  }

  package func counts(of run: String) throws(OperationFailure) -> [OutcomeCount] {
    try database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM counts WHERE run = ? ORDER BY mapping, destination, outcome", arguments: [run]
      ).compactMap { row in
        guard let outcome = Outcome(rawValue: try row.value("outcome")) else { return nil }
        return try OutcomeCount(
          mapping: row.value("mapping"), destination: row.value("destination"), outcome: outcome, count: row.value("count"))
      }
    }
  }

  package func lastWritten(
    _ mapping: String, pipeline: String, location: String
  ) throws(OperationFailure) -> LastWritten? {
    try database.read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT run, max(count) AS count FROM (
            SELECT runs.id AS run, runs.sequence AS sequence, sum(counts.count) AS count
            FROM counts JOIN runs ON runs.id = counts.run
            WHERE runs.pipeline = ? AND runs.location = ? AND runs.whole = 1 AND counts.mapping = ?
              AND counts.outcome IN (?, ?, ?, ?, ?, ?)
            GROUP BY runs.id, counts.destination
          ) GROUP BY run ORDER BY sequence DESC LIMIT 1
          """,
        arguments: [pipeline, location, mapping] + StatementArguments(Outcome.letThrough.map(\.rawValue))
      ).map { try LastWritten(run: $0.value("run"), count: $0.value("count")) }
    }
  }

  package func stagedRuns(of pipeline: String, before run: String) throws(OperationFailure) -> [RunRecord] {
    try database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM runs WHERE pipeline = ? AND staged = 1
          AND sequence < (SELECT sequence FROM runs WHERE id = ?) ORDER BY sequence
          """,
        arguments: [pipeline, run]
      ).map(Self.run)
    }
  }

  package func latestStart() throws(OperationFailure) -> (id: String, started: String)? {
    try database.read { database in
      try Row.fetchOne(database, sql: "SELECT id, started FROM runs ORDER BY started DESC LIMIT 1").map {
        (try $0.value("id"), try $0.value("started"))
      }
    }
  }
}
