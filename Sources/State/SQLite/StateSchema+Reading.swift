import GRDB

extension StateSchema {
  /// Lets a connection read the runs of a file in an older format as if the file had been migrated. The file stays as it is: a
  /// temporary view of the connection takes the place of its table.
  ///
  /// - Returns: false if the file has no table of runs yet: the process that created it has not made one.
  static func makeRunsReadable(_ database: Database, _ migrator: DatabaseMigrator) throws -> Bool {
    let applied = try migrator.appliedIdentifiers(database)
    guard applied.contains(runs) else { return false }
    guard !applied.contains(resolutions) else { return true }
    try database.execute(sql: olderLedger)
    guard !applied.contains(orderOfRuns) else {
      try database.execute(sql: "CREATE TEMP VIEW runs AS SELECT *, NULL AS replay_of FROM main.runs")
      return true
    }
    // What the migrations would write.
    try database.execute(
      sql: """
        CREATE TEMP VIEW runs AS SELECT
          id, pipeline, status, exit_code, started, finished, snapshot, summary, row_number() OVER (ORDER BY id) AS sequence,
          CASE WHEN json_valid(summary) THEN json_extract(summary, '$.locations[0].id') END AS location,
          NULL AS narrowed, NULL AS whole, 1 AS staged, NULL AS replay_of
        FROM main.runs
        """)
    return true
  }

  /// The tables of `Journal` are in a format that can be read.
  static func hasJournal(_ database: Database) throws -> Bool { try migrator.appliedIdentifiers(database).contains(epochs) }
}
