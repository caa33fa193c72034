import GRDB

/// The tables of `state.sqlite`, as they came to be: each migration runs once, and none is ever changed.
enum StateSchema {
  /// The format that this version writes, as in `PRAGMA user_version`. Files of the first two formats have 0.
  static let version = 7

  /// The migration that makes the tables of `RunStore`.
  static let runs = "1: runs and ledger"
  /// One that changes them.
  static let orderOfRuns = "3: the order of runs, and whether they are whole"
  /// Changes the tables of `Journal`: one in this format can be read.
  static let epochs = "5: intents in one row, epochs, addresses"
  /// The same.
  static let inlineContents = "6: small contents of intents in their own row"
  /// The last migration that changes the tables of `RunStore` and `Journal`.
  static let resolutions = "7: resolutions, destinations of ledger lines, refusals"

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration(runs) { database in
      try database.execute(
        sql: """
          CREATE TABLE runs (
            id TEXT PRIMARY KEY NOT NULL, pipeline TEXT NOT NULL, status TEXT NOT NULL, exit_code INTEGER,
            started TEXT NOT NULL, finished TEXT, snapshot TEXT, summary TEXT
          ) WITHOUT ROWID;

          CREATE TABLE counts (
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            mapping TEXT NOT NULL, destination TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (run, mapping, destination, outcome)
          ) WITHOUT ROWID;

          CREATE TABLE ledger (
            id INTEGER PRIMARY KEY,
            run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            mapping TEXT NOT NULL, record TEXT, stage TEXT NOT NULL, severity TEXT NOT NULL, code TEXT NOT NULL,
            field TEXT, line INTEGER, text TEXT NOT NULL
          );
          CREATE INDEX ledger_by_code ON ledger (run, code);
          CREATE INDEX ledger_by_record ON ledger (record);
          """)
    }
    migrator.registerMigration("2: a run's ledger in its order") { database in
      // With it the rows of a run come by `id`, without a sort.
      try database.execute(sql: "CREATE INDEX ledger_by_run ON ledger (run)")
    }
    migrator.registerMigration(orderOfRuns) { database in
      // Runs of earlier versions do not record whether they were narrowed: `whole` stays null, and they are never compared
      // with.
      try database.execute(
        sql: """
          ALTER TABLE runs ADD COLUMN sequence INTEGER;
          ALTER TABLE runs ADD COLUMN location TEXT;
          ALTER TABLE runs ADD COLUMN narrowed TEXT;
          ALTER TABLE runs ADD COLUMN whole INTEGER;
          ALTER TABLE runs ADD COLUMN staged INTEGER NOT NULL DEFAULT 1;
          UPDATE runs SET sequence = ordered.number
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM runs) AS ordered WHERE ordered.id = runs.id;
          UPDATE runs SET location = json_extract(summary, '$.locations[0].id') WHERE json_valid(summary);
          CREATE INDEX runs_by_sequence ON runs (sequence);
          PRAGMA user_version = 3;
          """)
    }
    migrator.registerMigration("4: the journal, checkpoints, tokens and leases") { database in
      // Names are blobs: they are compared by their bytes, and may contain U+0000.
      try database.execute(
        sql: """
          CREATE TABLE scopes (
            id INTEGER PRIMARY KEY, pipeline BLOB NOT NULL, destination BLOB NOT NULL, mapping BLOB NOT NULL,
            location BLOB NOT NULL, UNIQUE (pipeline, destination, mapping, location)
          );

          -- AUTOINCREMENT: the number of a resolved intent, which is deleted, is never used again.
          CREATE TABLE intents (
            id INTEGER PRIMARY KEY AUTOINCREMENT, scope INTEGER NOT NULL REFERENCES scopes(id), run BLOB NOT NULL,
            target BLOB NOT NULL, idempotency_key BLOB NOT NULL, body BLOB NOT NULL
          );
          CREATE INDEX intents_by_scope ON intents (scope);

          CREATE TABLE intent_records (
            intent INTEGER NOT NULL REFERENCES intents(id) ON DELETE CASCADE, position INTEGER NOT NULL,
            ordinal INTEGER NOT NULL, key BLOB, digest BLOB NOT NULL, has_result INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (intent, position)
          ) WITHOUT ROWID;

          -- Removed records stay, with `is_present` 0: a late result of an older intent must not bring them back.
          CREATE TABLE accepted (
            scope INTEGER NOT NULL REFERENCES scopes(id), key BLOB NOT NULL, intent INTEGER NOT NULL,
            is_present INTEGER NOT NULL, remote_id BLOB, entity_tag BLOB, digest BLOB,
            PRIMARY KEY (scope, key)
          ) WITHOUT ROWID;

          CREATE TABLE checkpoints (name BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;

          -- A removed token stays without a value, and a released lease without an owner: their numbers only increase.
          CREATE TABLE tokens (name BLOB PRIMARY KEY NOT NULL, version INTEGER NOT NULL, value BLOB) WITHOUT ROWID;
          -- `starts` is when the lease was last acquired or renewed. A clock that has been set back is before it.
          CREATE TABLE leases (
            name BLOB PRIMARY KEY NOT NULL, fence INTEGER NOT NULL, owner BLOB, starts INTEGER NOT NULL,
            expires INTEGER NOT NULL
          ) WITHOUT ROWID;
          PRAGMA user_version = 4;
          """)
    }
    migrator.registerMigration(epochs, migrate: addEpochs)
    migrator.registerMigration(inlineContents, migrate: addInlineContents)
    migrator.registerMigration(resolutions, migrate: addResolutions)
    return migrator
  }
}
