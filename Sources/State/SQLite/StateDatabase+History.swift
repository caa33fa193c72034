package import Core
import GRDB

/// What a run is compared with, and what earlier runs left in their folders.
extension StateDatabase {
  /// What a mapping let through in the last complete run that published it.
  package struct LastWritten: Sendable, Hashable {
    package var run: String
    package var count: Int
  }

  /// For the same pipeline and location; nil if there is no such run. Narrowed runs, dry runs and runs that did not publish
  /// are skipped.
  ///
  /// - Throws: `OperationFailure`.
  package func lastWritten(_ mapping: String, pipeline: String, location: String) throws -> LastWritten? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT runs.id AS run, max(counts.count) AS count FROM counts JOIN runs ON runs.id = counts.run
          WHERE runs.pipeline = ? AND runs.location = ? AND runs.whole = 1 AND counts.mapping = ? AND counts.outcome = ?
          GROUP BY runs.id ORDER BY runs.sequence DESC LIMIT 1
          """,
        arguments: [pipeline, location, mapping, Outcome.written.rawValue]
      ).map { try LastWritten(run: $0.value("run"), count: $0.value("count")) }
    }
  }

  /// Earlier runs of a pipeline, before `run`, whose staged records are still in their folders.
  ///
  /// - Throws: `OperationFailure`.
  package func stagedRuns(of pipeline: String, before run: String) throws -> [RunRecord] {
    try read { database in
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

  /// The run with the latest start time, whatever its place in the order; nil if there is none.
  ///
  /// - Throws: `OperationFailure`.
  package func latestStart() throws -> (id: String, started: String)? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT id, started FROM runs ORDER BY started DESC LIMIT 1").map {
        (try $0.value("id"), try $0.value("started"))
      }
    }
  }

  /// Records that the staged records of a run have been removed.
  ///
  /// - Throws: `OperationFailure`.
  package func markUnstaged(_ run: String) throws {
    try write { try $0.execute(sql: "UPDATE runs SET staged = 0 WHERE id = ?", arguments: [run]) }
  }
}
