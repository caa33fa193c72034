import Core
import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

/// What is particular to the journal in SQLite: the file's size, and damage.
@Suite struct SQLiteJournalTests {
  private let folder = TemporaryFolder()

  private static let scope = JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")

  private static func request(_ body: [UInt8], keys: [Name] = ["a"]) -> IntentRequest {
    IntentRequest(
      scope: scope, run: "r", target: "POST /", idempotencyKey: "i", body: body,
      records: keys.enumerated().map { IntentRecord(ordinal: UInt64($0), key: $1, digest: [1]) })
  }

  private func lease() throws -> Lease {
    guard case .acquired(let lease) = try SQLiteStateStore(folder: folder.path).acquire("l", owner: "a", for: .seconds(60)) else {
      throw OperationFailure(.stateHeld, "the lease is held")
    }
    return lease
  }

  @Test func `the space of closed intents is used again`() throws {
    let journal = try SQLiteJournal(folder: folder.path)
    let lease = try lease()
    func pages() throws -> Int { try journal.database.read { try Int.fetchOne($0, sql: "PRAGMA page_count") } ?? 0 }
    func round() throws {
      let id = try journal.intend(Self.request([UInt8](repeating: 7, count: 1 << 20)), under: lease)
      try journal.resolve(id, [IntentResult(0, .accepted())])
    }
    try round()
    let before = try pages()
    #expect(before > 256)
    for _ in 0..<20 { try round() }
    #expect(try pages() <= before + 8)
  }

  /// Large contents have a row of their own.
  @Test(arguments: [(2, 0), (100_000, 1)]) func `closing an intent leaves nothing of it`(bytes: Int, contents: Int) throws {
    let journal = try SQLiteJournal(folder: folder.path)
    let request = Self.request([UInt8](repeating: 1, count: bytes), keys: ["a", "b"])
    let id = try journal.intend(request, under: try lease())
    try journal.resolve(id, [IntentResult(0, .accepted())])
    func rows() throws -> [Int] {
      try journal.database.read { database in
        try ["intents", "intent_contents"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1 }
      }
    }
    #expect(try rows() == [1, contents])
    #expect(try journal.openIntents(Self.scope).map(\.request) == [request])
    #expect(try journal.openIntents(Self.scope).map(\.open) == [[1]])
    try journal.resolve(id, [IntentResult(1, .unknown)])
    #expect(try rows() == [0, 0])
  }

  @Test(arguments: [
    "intents SET records = x''", "intents SET records = x'02'", "intents SET records = x'0105'",
    "intents SET records = x'0100ff01'", "intents SET records = x'01ffffffffffffffffff7f'",
    "intents SET records = x'0100ffffffffffffffffff01'", "intents SET records = x'010002ff0000'",
    "intents SET records = 'text'", "intents SET results = x'0000'", "intents SET written = 'x'", "intents SET run = x'ff'",
    "intents SET context = 1", "intents SET body = 7", "intents SET records = NULL", "intents SET body = NULL",
  ])
  func `damage is reported, and is not a crash`(_ change: String) throws {
    try expectDamage(after: "UPDATE \(change)", to: Self.request([1]))
  }

  @Test(arguments: [
    "UPDATE intent_contents SET records = x'02'", "UPDATE intent_contents SET body = 7", "DELETE FROM intent_contents",
  ])
  func `damage to large contents is reported`(_ change: String) throws {
    try expectDamage(after: change, to: Self.request([UInt8](repeating: 1, count: 100_000)))
  }

  private func expectDamage(after change: String, to request: IntentRequest) throws {
    let journal = try SQLiteJournal(folder: folder.path)
    _ = try journal.intend(request, under: try lease())
    try journal.database.write { try $0.execute(sql: change) }
    let failure = #expect(throws: OperationFailure.self) { try journal.openIntents(Self.scope) }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is damaged") == true)
  }

  @Test(arguments: ["remote_id = 7", "entity_tag = x'ff'", "digest = 'x'", "fields = 1.5", "epoch = 'x'", "is_present = 'x'"])
  func `a damaged record is reported, and is not a crash`(_ change: String) throws {
    let journal = try SQLiteJournal(folder: folder.path)
    try journal.adopt([AdoptedRecord(key: "a")], in: Self.scope, under: try lease())
    try journal.database.write { try $0.execute(sql: "UPDATE accepted SET \(change)") }
    let failure = #expect(throws: OperationFailure.self) { try journal.accepted("a", in: Self.scope) }
    #expect(failure?.exitCode == .configuration)
  }
}
