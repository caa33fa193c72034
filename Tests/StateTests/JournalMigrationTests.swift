import Core
import Files
import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

/// Journals in earlier formats of the state: `fixtures/state/v3` (format 4) and `v4` (format 5).
@Suite struct JournalMigrationTests {
  private let folder = TemporaryFolder()

  private var state: String { "\(folder.path)/state" }

  private static func scope(_ mapping: String) -> JournalScope {
    JournalScope(pipeline: "nightly", destination: "app", mapping: mapping, location: "files")
  }

  private func format() throws -> Int? {
    try DatabaseQueue(path: "\(state)/state.sqlite").read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  private func journal(of fixture: String = "v3", format: Int = 4, isReadOnly: Bool = false) throws -> SQLiteJournal {
    let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    try PrivateFolder.make(state)
    try FileManager.default.copyItem(
      atPath: "\(checkout)/fixtures/state/\(fixture)/state.sqlite", toPath: "\(state)/state.sqlite")
    #expect(try self.format() == format)
    return try SQLiteJournal(folder: state, isReadOnly: isReadOnly)
  }

  /// `ok` if there are none.
  private static func problems(_ journal: SQLiteJournal) throws -> [String] {
    try journal.database.read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check")
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map(\.description)
    }
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
    let left = try journal.database.read { database in
      try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE name LIKE '%intent_records%'")
    }
    #expect(try Self.problems(journal) == ["ok"] && left.isEmpty)
    #expect(
      try journal.scopes() == [
        JournalScopeSummary(scope: Self.scope("contacts"), address: nil, records: 3, openIntents: 1),
        JournalScopeSummary(scope: Self.scope("tasks"), address: nil, records: 1, openIntents: 1),
      ])
  }

  // MARK: Version 5

  @Test func `a journal of version 5 keeps its records and its open intents, small and large`() throws {
    let journal = try journal(of: "v4", format: 5)
    let open = try journal.openIntents(Self.scope("contacts"))
    #expect(open.map(\.id.number) == [5, 6, 7, 8, 9, 10, 11, 12])
    #expect(open.map(\.request.body.count) == [34, 34, 9_034, 34, 34, 34, 36, 36])
    #expect(open.allSatisfy { $0.open == [$0.request.records[0].ordinal] && $0.request.context.count == 346 })
    #expect(String(decoding: open[0].request.body, as: UTF8.self) == #"{"contactId":"c4","name":"Name 4"}"#)
    let known = try journal.accepted(["c0", "c1", "c2", "c3", "c4"], in: Self.scope("contacts"))
    #expect(["c0", "c1", "c2", "c3"].map { known[Name($0)]?.remoteID?.text } == ["r1", "r2", "r3", "r4"])
    #expect(known["c4"] == nil)
    for intent in open.prefix(3) {
      try journal.resolve(intent.id, [IntentResult(intent.open[0], .accepted(remoteID: "x"))])
    }
    #expect(try journal.openIntents(Self.scope("contacts")).map(\.id.number) == [8, 9, 10, 11, 12])
    #expect(try journal.accepted(["c6"], in: Self.scope("contacts"))["c6"]?.digest == open[2].request.records[0].digest)
    #expect(try Self.problems(journal) == ["ok"])
  }

  @Test func `a journal of version 5 can be read without changing it`() throws {
    let reader = try journal(of: "v4", format: 5, isReadOnly: true)
    #expect(try reader.openIntents(Self.scope("contacts")).map(\.request.body.count) == [34, 34, 9_034, 34, 34, 34, 36, 36])
    #expect(
      try reader.scopes() == [
        JournalScopeSummary(
          scope: Self.scope("contacts"), address: "http://127.0.0.1:18333/contacts", records: 4, openIntents: 8)
      ])
    #expect(try format() == 5)
  }
}
