import Core
import GRDB

extension StateSchema {
  /// An intent becomes one row with its records in a blob; its epoch, context and time; epochs and hashes of records; addresses.
  ///
  /// Intents of version 4 get the epoch 0 and the time 0, since nothing records when they were written. Its records have had at
  /// least one result each, hence the epoch 1.
  static func addEpochs(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE scopes ADD COLUMN address BLOB;

        ALTER TABLE accepted ADD COLUMN fields BLOB;
        ALTER TABLE accepted ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;

        -- `results`: a byte for each record, 1 where it has a result; null: none has. `written`: milliseconds since 1970.
        ALTER TABLE intents ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE intents ADD COLUMN context BLOB NOT NULL DEFAULT x'';
        ALTER TABLE intents ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE intents ADD COLUMN results BLOB;

        -- What never changes. Records come first: they are read without the body.
        CREATE TABLE intent_contents (
          intent INTEGER PRIMARY KEY NOT NULL REFERENCES intents(id) ON DELETE CASCADE, records BLOB NOT NULL,
          body BLOB NOT NULL
        );
        """)
    for id in try Int64.fetchAll(database, sql: "SELECT id FROM intents ORDER BY id") {
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM intent_records WHERE intent = ? ORDER BY position", arguments: [id])
      let records = try rows.map { row in
        IntentRecord(
          ordinal: UInt64(bitPattern: try row.value("ordinal")), key: try row.optionalName("key"),
          digest: try row.bytes("digest"))
      }
      let results = try rows.map { row -> UInt8 in try row.value("has_result") ? 1 : 0 }
      try SQLStatement("INSERT INTO intent_contents SELECT id, ?, body FROM intents WHERE id = ?", database)
        .execute([.bytes(StoredRecords.encode(records)), .integer(id)])
      try SQLStatement("UPDATE intents SET results = ? WHERE id = ?", database).execute([.bytes(results), .integer(id)])
    }
    try database.execute(
      sql: """
        DROP TABLE intent_records;
        ALTER TABLE intents DROP COLUMN body;
        PRAGMA user_version = 5;
        """)
  }

  /// Lets intents keep small contents in their own row: most calls have one record, and a second row costs as much as the first.
  /// If the new columns are null, the contents are in `intent_contents`, as before. Removes the index, because every call paid for
  /// it and few intents are open at a time.
  static func addInlineContents(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE intents ADD COLUMN records BLOB;
        ALTER TABLE intents ADD COLUMN body BLOB;
        DROP INDEX intents_by_scope;
        PRAGMA user_version = 6;
        """)
  }

  /// Lets a connection read the journal of a file in format 5 or 6 as if it had been migrated.
  static func makeJournalReadable(_ database: Database, _ migrator: DatabaseMigrator) throws {
    let applied = try migrator.appliedIdentifiers(database)
    guard applied.contains(epochs), !applied.contains(resolutions) else { return }
    try database.execute(
      sql: "CREATE TEMP VIEW accepted AS SELECT *, NULL AS refused, NULL AS refused_run FROM main.accepted")
    guard !applied.contains(inlineContents) else { return }
    try database.execute(
      sql: "CREATE TEMP VIEW intents AS SELECT *, NULL AS records, NULL AS body FROM main.intents")
  }
}
