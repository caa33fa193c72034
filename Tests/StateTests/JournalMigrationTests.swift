import Core
import Files
import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

/// A journal that version 4 of the state wrote: `fixtures/state/v3`.
@Suite struct JournalMigrationTests {
  private let folder = TemporaryFolder()

  private var state: String { "\(folder.path)/state" }

  private static func scope(_ mapping: String) -> JournalScope {
    JournalScope(pipeline: "nightly", destination: "app", mapping: mapping, location: "files")
  }

  private func journal() throws -> SQLiteJournal {
    let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    try PrivateFolder.make(state)
    try FileManager.default.copyItem(atPath: "\(checkout)/fixtures/state/v3/state.sqlite", toPath: "\(state)/state.sqlite")
    #expect(try DatabaseQueue(path: "\(state)/state.sqlite").read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 4)
    return try SQLiteJournal(folder: state)
  }

  @Test func `open intents keep everything, and have the epoch 0, no context and no time`() throws {
    let run = "20261129T190000000Z-000001"
    let part = IntentRequest(
      scope: Self.scope("contacts"), run: run, target: "POST /contacts", idempotencyKey: "k2", body: [0, 255, 34],
      records: [
        IntentRecord(ordinal: UInt64.max, key: "ada", digest: [6]), IntentRecord(ordinal: 0, key: nil, digest: []),
        IntentRecord(ordinal: 7, key: "", digest: [9, 9]),
      ])
    let task = IntentRequest(
      scope: Self.scope("tasks"), run: run, target: "POST /tasks", idempotencyKey: "k3", body: [],
      records: [IntentRecord(ordinal: 0, key: "t1", digest: [7])])
    let journal = try journal()
    let never = WallTime(millisecondsSince1970: 0)
    #expect(
      try journal.openIntents(Self.scope("contacts")) == [
        Intent(id: IntentID(2), request: part, open: [UInt64.max, 7], written: never)
      ])
    #expect(
      try journal.openIntents(Self.scope("tasks")) == [Intent(id: IntentID(3), request: task, open: [0], written: never)])
  }

  @Test func `known records keep everything, and have had one result`() throws {
    #expect(
      try journal().accepted(["ada", "e\u{301}\u{0}", "gone", "refused", "unsure"], in: Self.scope("contacts")) == [
        "ada": Accepted(remoteID: "17", entityTag: "\"x\"", digest: [1, 1], epoch: 1),
        "e\u{301}\u{0}": Accepted(digest: [2], epoch: 1), "gone": .absent(epoch: 1), "unsure": Accepted(epoch: 1),
      ])
  }

  @Test func `a migrated journal goes on`() throws {
    let journal = try journal()
    guard case .acquired(let lease) = try SQLiteStateStore(folder: state).acquire("load", owner: "a", for: .seconds(60)) else {
      Issue.record("the lease is held")
      return
    }
    _ = try journal.apply(
      JournalChanges(updates: [IntentUpdate(id: IntentID(2), epoch: 1, idempotencyKey: "k", context: [1])]), under: lease)
    try journal.resolve(IntentID(2), [IntentResult(0, .removed), IntentResult(7, .refused)])
    #expect(try journal.openIntents(Self.scope("contacts")).map(\.open) == [[UInt64.max]])
    try journal.resolve(IntentID(2), [IntentResult(UInt64.max, .accepted(entityTag: "y"))])
    #expect(try journal.openIntents(Self.scope("contacts")).isEmpty)
    #expect(
      try journal.accepted(["ada", ""], in: Self.scope("contacts")) == [
        "ada": Accepted(remoteID: "17", entityTag: "y", digest: [6], epoch: 3), "": .absent(epoch: 2),
      ])
    // Four were written, of which two are closed.
    let next = try journal.intend(
      IntentRequest(
        scope: Self.scope("tasks"), run: "r", target: "t", idempotencyKey: "k", body: [],
        records: [IntentRecord(ordinal: 0, key: "x", digest: [])]), under: lease)
    #expect(next == IntentID(5))
  }

  @Test func `the tables of version 4 leave no trace but their content`() throws {
    let journal = try journal()
    let problems = try journal.database.read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check")
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map(\.description)
        + String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE name LIKE '%intent_records%'")
    }
    #expect(problems == ["ok"])
    #expect(
      try journal.scopes() == [
        JournalScopeSummary(scope: Self.scope("contacts"), address: nil, records: 3, openIntents: 1),
        JournalScopeSummary(scope: Self.scope("tasks"), address: nil, records: 1, openIntents: 1),
      ])
  }

  @Test func `intents of version 5, which were in two tables, keep everything`() throws {
    try PrivateFolder.make(state)
    let queue = try DatabaseQueue(path: "\(state)/state.sqlite")
    try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try StateSchema.migrator.migrate(queue, upTo: "5: intents in one row, epochs, addresses")
    let record = IntentRecord(ordinal: 7, key: "ada", digest: [1], fields: [2])
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO scopes (id, pipeline, destination, mapping, location) VALUES (4, ?, ?, ?, ?);
          INSERT INTO intents (id, scope, run, target, idempotency_key, epoch, context, written, results)
            VALUES (3, 4, ?, ?, ?, 2, x'09', 5, x'0001');
          INSERT INTO intent_contents (intent, records, body) VALUES (3, ?, x'00ff22');
          """,
        arguments: [
          Data("nightly".utf8), Data("app".utf8), Data("contacts".utf8), Data("files".utf8), Data("r".utf8), Data("t".utf8),
          Data("k".utf8), Data(StoredRecords.encode([record, IntentRecord(ordinal: 8, key: "bob", digest: [3])])),
        ])
    }
    try queue.close()
    let journal = try SQLiteJournal(folder: state)
    let request = IntentRequest(
      scope: Self.scope("contacts"), run: "r", target: "t", idempotencyKey: "k", epoch: 2, context: [9], body: [0, 255, 34],
      records: [record, IntentRecord(ordinal: 8, key: "bob", digest: [3])])
    #expect(
      try journal.openIntents(Self.scope("contacts")) == [
        Intent(id: IntentID(3), request: request, open: [7], written: WallTime(millisecondsSince1970: 5))
      ])
    try journal.resolve(IntentID(3), [IntentResult(7, .accepted(remoteID: "17"))])
    #expect(
      try journal.accepted(["ada"], in: Self.scope("contacts")) == [
        "ada": Accepted(remoteID: "17", digest: [1], fields: [2], epoch: 3)
      ])
    #expect(try journal.openIntents(Self.scope("contacts")).isEmpty)
  }
}
