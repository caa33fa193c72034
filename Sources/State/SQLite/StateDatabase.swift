package import Core
import Files
import GRDB

/// `.waybill/state.sqlite`: the runs of a project and their ledgers. Private to its owner (0600 in a folder of 0700).
///
/// Write-ahead logging: `waybill ledger` and `waybill runs` read while a run writes. Safe to use from several tasks.
package final class StateDatabase: RunLedger {
  package let path: String
  private let queue: DatabaseQueue

  /// The file's name in the state folder.
  package static let fileName = "state.sqlite"

  /// Opens the database in `folder`; creates both if they do not exist.
  ///
  /// - Parameter isReadOnly: Nothing about the folder is changed; the database must exist.
  /// - Throws: `OperationFailure`.
  package init(folder: String, isReadOnly: Bool = false) throws {
    if !isReadOnly { try PrivateFolder.make(folder) }
    path = "\(folder)/\(Self.fileName)"
    // Made by us, so that it is private from its first byte; SQLite gives its log the same permissions.
    try PrivateFile.open(path, createsMissing: !isReadOnly)
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.label = "waybill.state"
    do {
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let migrator = StateSchema.migrator
      // Before anything is changed: a file that is not ours, or that a newer version wrote, is kept unchanged.
      if let reason = try queue.read({ try StateSchema.refusal(of: $0, migrator) }) {
        throw OperationFailure(.configuration, "state \(path): \(reason)")
      }
      try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL") }
      try migrator.migrate(queue)
    } catch {
      throw OperationFailure.state(path, error)
    }
  }

  /// True where a state has been made in `folder`.
  package static func exists(in folder: String) -> Bool { FilePath.exists("\(folder)/\(fileName)") }

  // MARK: Runs

  package func begin(_ run: RunRecord) throws { try write { try Self.save(run, $0) } }

  package func end(_ run: RunRecord, counts: [OutcomeCount]) throws {
    try write { database in
      try Self.save(run, database)
      try database.execute(sql: "DELETE FROM counts WHERE run = ?", arguments: [run.id])
      for count in counts {
        try database.execute(
          sql: "INSERT INTO counts (run, mapping, destination, outcome, count) VALUES (?, ?, ?, ?, ?)",
          arguments: [run.id, count.mapping, count.destination, count.outcome.rawValue, count.count])
      }
    }
  }

  /// Runs that are recorded as running although the state was not locked: their process died. Call with the lock held.
  ///
  /// Returns their ids.
  package func markAbandonedRuns(finished: String) throws -> [String] {
    try write { database in
      let ids: [String] = try Row.fetchAll(
        database, sql: "SELECT id FROM runs WHERE status = ? ORDER BY sequence", arguments: [RunStatus.running.rawValue]
      ).map { try $0.value("id") }
      try database.execute(
        sql: "UPDATE runs SET status = ?, exit_code = ?, finished = ? WHERE status = ?",
        arguments: [RunStatus.interrupted.rawValue, ExitCode.tryLater.rawValue, finished, RunStatus.running.rawValue])
      return ids
    }
  }

  /// Newest first, in the order in which they were started, whatever the clock said.
  package func runs(limit: Int? = nil) throws -> [RunRecord] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM runs ORDER BY sequence DESC LIMIT ?", arguments: [limit ?? -1]).map(Self.run)
    }
  }

  /// The run with this ID, or the only one whose ID begins with it.
  package func run(_ id: String) throws -> RunRecord? {
    try read { database in
      if let row = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) {
        return try Self.run(row)
      }
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM runs WHERE substr(id, 1, length(?)) = ? LIMIT 2", arguments: [id, id])
      return rows.count == 1 ? try Self.run(rows[0]) : nil
    }
  }

  package func counts(of run: String) throws -> [OutcomeCount] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM counts WHERE run = ? ORDER BY mapping, destination, outcome", arguments: [run]
      ).compactMap { row in
        guard let outcome = Outcome(rawValue: try row.value("outcome")) else { return nil }
        return try OutcomeCount(
          mapping: row.value("mapping"), destination: row.value("destination"), outcome: outcome, count: row.value("count"))
      }
    }
  }

  // MARK: Ledger

  package func record(_ entries: [LedgerEntry]) throws {
    guard !entries.isEmpty else { return }
    try write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT INTO ledger (run, mapping, record, stage, severity, code, field, line, text)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for entry in entries {
        try statement.execute(arguments: [
          entry.run, entry.mapping, entry.record, entry.stage, entry.severity, entry.code, entry.field, entry.line, entry.text,
        ])
      }
    }
  }

  /// Returns a run's ledger in the order in which it was written, without holding it in memory.
  package func ledger(_ query: LedgerQuery, _ body: (LedgerEntry) throws -> Void) throws {
    let (condition, values) = query.condition
    try read { database in
      let rows = try Row.fetchCursor(
        database, sql: "SELECT * FROM ledger WHERE \(condition) ORDER BY id LIMIT \(query.limit ?? -1)",
        arguments: StatementArguments(values))
      while let row = try rows.next() { try body(try Self.entry(row)) }
    }
  }

  /// How SQLite goes about `ledger(_:)`, step by step.
  func ledgerPlan(of query: LedgerQuery) throws -> [String] {
    let (condition, values) = query.condition
    return try read { database in
      try Row.fetchAll(
        database, sql: "EXPLAIN QUERY PLAN SELECT * FROM ledger WHERE \(condition) ORDER BY id",
        arguments: StatementArguments(values)
      ).map { $0["detail"] }
    }
  }

  package func ledger(_ query: LedgerQuery) throws -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    try ledger(query) { entries.append($0) }
    return entries
  }

  /// How often each code occurs in a run's ledger, the most frequent first.
  package func codes(of query: LedgerQuery) throws -> [(code: String, count: Int)] {
    let (condition, values) = query.condition
    return try read { database in
      try Row.fetchAll(
        database, sql: "SELECT code, count(*) AS n FROM ledger WHERE \(condition) GROUP BY code ORDER BY n DESC, code",
        arguments: StatementArguments(values)
      ).map { (try $0.value("code"), try $0.value("n")) }
    }
  }

  // MARK: Rows

  private static func save(_ run: RunRecord, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO runs (
          id, pipeline, status, exit_code, started, finished, snapshot, location, narrowed, whole, summary, sequence)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(sequence), 0) + 1 FROM runs))
        ON CONFLICT (id) DO UPDATE SET pipeline = excluded.pipeline, status = excluded.status, exit_code = excluded.exit_code,
          started = excluded.started, finished = excluded.finished, snapshot = excluded.snapshot, location = excluded.location,
          narrowed = excluded.narrowed, whole = excluded.whole, summary = excluded.summary
        """,
      arguments: [
        run.id, run.pipeline, run.status.rawValue, run.exitCode, run.started, run.finished, run.snapshot, run.location,
        run.narrowed, run.isWhole, run.summary,
      ])
  }

  static func run(_ row: Row) throws -> RunRecord {
    try RunRecord(
      id: row.value("id"), pipeline: row.value("pipeline"), status: RunStatus(rawValue: row.value("status")) ?? .failed,
      exitCode: row.optional("exit_code"), started: row.value("started"), finished: row.optional("finished"),
      snapshot: row.optional("snapshot"), location: row.optional("location"), narrowed: row.optional("narrowed"),
      isWhole: row.optional("whole"), summary: row.optional("summary"))
  }

  private static func entry(_ row: Row) throws -> LedgerEntry {
    try LedgerEntry(
      run: row.value("run"), mapping: row.value("mapping"), record: row.optional("record"), stage: row.value("stage"),
      severity: row.value("severity"), code: row.value("code"), field: row.optional("field"), line: row.optional("line"),
      text: row.value("text"))
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch { throw failure(error) }
  }

  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.write(body) } catch { throw failure(error) }
  }

  /// What the caller's own closure threw stays as it is.
  private func failure(_ error: any Error) -> any Error { error is DatabaseError ? OperationFailure.state(path, error) : error }
}
