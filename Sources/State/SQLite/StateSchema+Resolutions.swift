import GRDB

extension StateSchema {
  /// Replays: which run a run replays, what became of the items of the replayed one, the destination and the element that a ledger line
  /// is about, and what destinations refused.
  static func addResolutions(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE runs ADD COLUMN replay_of TEXT;
        ALTER TABLE ledger ADD COLUMN destination TEXT;
        ALTER TABLE ledger ADD COLUMN element INTEGER;

        -- `destination` '': the item as a whole. `record` x'': it has no key. `element` -1: it is not one of a list, or has a key.
        CREATE TABLE resolutions (
          run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE, mapping TEXT NOT NULL, destination TEXT NOT NULL,
          line INTEGER NOT NULL, record BLOB NOT NULL, element INTEGER NOT NULL, by_run TEXT NOT NULL, outcome TEXT NOT NULL,
          time TEXT NOT NULL, PRIMARY KEY (run, mapping, destination, line, record, element)
        ) WITHOUT ROWID;

        -- Until something is accepted: the digest of what the destination refused last, and the run that sent it.
        ALTER TABLE accepted ADD COLUMN refused BLOB;
        ALTER TABLE accepted ADD COLUMN refused_run BLOB;
        PRAGMA user_version = 7;
        """)
  }

  /// For connections that read a file in an older format: as after the migration.
  static let olderLedger = """
    CREATE TEMP VIEW ledger AS SELECT *, NULL AS destination, NULL AS element FROM main.ledger;
    CREATE TEMP TABLE resolutions (
      run TEXT, mapping TEXT, destination TEXT, line INTEGER, record BLOB, element INTEGER, by_run TEXT,
      outcome TEXT, time TEXT
    );
    """
}
