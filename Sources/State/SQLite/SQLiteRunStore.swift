package import Core
import GRDB

/// Runs and their ledgers in `state.sqlite`.
package struct SQLiteRunStore: RunStore {
  let database: StateDatabase

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameter isReadOnly: The folder's data is not changed, even if its format is older; the database must exist.
  package init(folder: String, isReadOnly: Bool = false) throws(OperationFailure) {
    database = try StateDatabase(folder: folder, isReadOnly: isReadOnly)
  }

  package func begin(_ run: RunRecord) throws(OperationFailure) {
    try database.writeDurably { database in
      try database.execute(sql: Self.insertion, arguments: Self.arguments(run))
    }
  }

  package func reopen(_ run: String) throws(OperationFailure) -> RunRecord? {
    try database.writeDurably { database in
      try database.execute(
        sql: """
          UPDATE runs SET status = ?, exit_code = NULL, finished = NULL, summary = NULL, whole = NULL, staged = 1 WHERE id = ?
          """,
        arguments: [RunStatus.running.rawValue, run])
      try database.execute(sql: "DELETE FROM counts WHERE run = ?", arguments: [run])
      return try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [run]).map(Self.run)
    }
  }

  package func end(
    _ run: RunRecord, counts: [OutcomeCount], resolving resolutions: [Resolution]
  ) throws(OperationFailure) {
    try database.writeDurably { database in
      try database.execute(
        sql: """
          \(Self.insertion)
          ON CONFLICT (id) DO UPDATE SET pipeline = excluded.pipeline, status = excluded.status, exit_code = excluded.exit_code,
            started = excluded.started, finished = excluded.finished, snapshot = excluded.snapshot, location = excluded.location,
            narrowed = excluded.narrowed, whole = excluded.whole, summary = excluded.summary,
            replay_of = excluded.replay_of
          """,
        arguments: Self.arguments(run))
      try database.execute(sql: "DELETE FROM counts WHERE run = ?", arguments: [run.id])
      for count in counts {
        try database.execute(
          sql: "INSERT INTO counts (run, mapping, destination, outcome, count) VALUES (?, ?, ?, ?, ?)",
          arguments: [run.id, count.mapping, count.destination, count.outcome.rawValue, count.count])
      }
      try Self.insert(resolutions, database)
    }
  }

  package func markAbandonedRuns(finished: String) throws(OperationFailure) -> [String] {
    try database.write { database in
      let ids: [String] = try Row.fetchAll(
        database, sql: "SELECT id FROM runs WHERE status = ? ORDER BY sequence", arguments: [RunStatus.running.rawValue]
      ).map { try $0.value("id") }
      try database.execute(
        sql: "UPDATE runs SET status = ?, exit_code = ?, finished = ? WHERE status = ?",
        arguments: [RunStatus.interrupted.rawValue, ExitCode.tryLater.rawValue, finished, RunStatus.running.rawValue])
      return ids
    }
  }

  package func markUnstaged(_ run: String) throws(OperationFailure) {
    try database.write { try $0.execute(sql: "UPDATE runs SET staged = 0 WHERE id = ?", arguments: [run]) }
  }

  // MARK: Rows

  private static let insertion = """
    INSERT INTO runs (
      id, pipeline, status, exit_code, started, finished, snapshot, location, narrowed, whole, summary, replay_of,
      sequence)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM runs))
    """

  private static func arguments(_ run: RunRecord) -> StatementArguments {
    [
      run.id, run.pipeline, run.status.rawValue, run.exitCode, run.started, run.finished, run.snapshot, run.location,
      run.narrowed, run.isWhole, run.summary, run.replayOf,
    ]
  }

  static func run(_ row: Row) throws -> RunRecord {
    try RunRecord(
      id: row.value("id"), pipeline: row.value("pipeline"), status: RunStatus(rawValue: row.value("status")) ?? .failed,
      exitCode: row.optional("exit_code"), started: row.value("started"), finished: row.optional("finished"),
      snapshot: row.optional("snapshot"), location: row.optional("location"), narrowed: row.optional("narrowed"),
      isWhole: row.optional("whole"), summary: row.optional("summary"), replayOf: row.optional("replay_of"))
  }
}
