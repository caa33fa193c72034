import Core
import Files
import Foundation
import GRDB
import TestSupport
import Testing

@testable import State

/// A state in format 6, from before replays: `fixtures/state/v6`.
@Suite struct StateMigrationTests {
  private let folder = TemporaryFolder()
  private var state: String { "\(folder.path)/state" }
  private static let runs = ["20261130T095002737Z-007hg6", "20261130T095003091Z-00ksqw"]
  private static let scope = JournalScope(pipeline: "nightly", destination: "app", mapping: "contacts", location: "files")

  private func format() throws -> Int? {
    try DatabaseQueue(path: "\(state)/state.sqlite").read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
  }

  private func copy() throws {
    let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    try PrivateFolder.make(state)
    try FileManager.default.copyItem(atPath: "\(checkout)/fixtures/state/v6/state.sqlite", toPath: "\(state)/state.sqlite")
    #expect(try format() == 6)
  }

  private func checkRuns(_ store: SQLiteRunStore) throws {
    #expect(try store.runs().map(\.id) == Self.runs.reversed())
    #expect(try store.runs().allSatisfy { $0.replayOf == nil })
    let run = try #require(try store.run(Self.runs[0]))
    #expect(run.status == .partial && run.snapshot == "20261130T095002789Z-0079ey" && run.isWhole == true)
    let lines = try store.ledger(LedgerQuery(run: run.id))
    #expect(
      lines.map { "\($0.code) \($0.record ?? "-") \($0.line ?? 0)" } == [
        "email-invalid c90 7", "destination-refused c5 6", "destination-refused c4 5",
      ])
    #expect(lines.allSatisfy { $0.destination == nil && $0.resolution == nil })
    #expect(try store.ledger(LedgerQuery(run: run.id, isOpen: true)).count == 3)
    #expect(try store.groups(of: LedgerQuery(run: run.id, isOpen: true), by: [.code]).map(\.count) == [2, 1])
    #expect(try store.resolutions(of: run.id).isEmpty)
  }

  private func checkJournal(_ journal: SQLiteJournal) throws {
    let known = try journal.accepted(["c0", "c3", "c4", "c6"], in: Self.scope)
    #expect(known["c0"]?.remoteID == "r0" && known["c3"]?.remoteID == "r3")
    // What was refused before is sent once more.
    #expect(known["c4"]?.isPresent == false && known["c4"]?.refusal == nil && known["c6"] == nil)
    #expect(try journal.openIntents(Self.scope).map(\.id.number) == [9, 10, 11])
  }

  @Test func `a state of version 6 is read as it is, and not changed`() throws {
    try copy()
    let before = try Data(contentsOf: URL(filePath: "\(state)/state.sqlite"))
    try checkRuns(SQLiteRunStore(folder: state, isReadOnly: true))
    try checkJournal(SQLiteJournal(folder: state, isReadOnly: true))
    #expect(try Data(contentsOf: URL(filePath: "\(state)/state.sqlite")) == before)
    #expect(try format() == 6)
  }

  @Test func `a state of version 6 is migrated, and its run can be resolved`() throws {
    try copy()
    let store = try SQLiteRunStore(folder: state)
    #expect(try format() == 7)
    try checkRuns(store)
    let journal = try SQLiteJournal(folder: state)
    try checkJournal(journal)
    let problems = try journal.database.read { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check")
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map(\.description)
    }
    #expect(problems == ["ok"])
    // Its lines name no destination: they are resolved with the item as a whole.
    let replay = RunRecord(id: "replay", pipeline: "nightly", started: "t", replayOf: Self.runs[0])
    func resolution(_ destination: Name?, _ line: Int, _ record: Name) -> Resolution {
      Resolution(
        run: Self.runs[0], mapping: "contacts", destination: destination, record: record, line: line, resolver: "replay",
        outcome: .created, time: "t")
    }
    try store.begin(replay)
    try store.end(
      replay, counts: [], resolving: [resolution("app", 5, "c4"), resolution(nil, 5, "c4"), resolution("app", 6, "c5")])
    #expect(try store.ledger(LedgerQuery(run: Self.runs[0], isOpen: true)).map(\.record) == ["c90", "c5"])
    // An open intent gets its result, also that it was refused.
    let run = try #require(try journal.openIntents(Self.scope).first?.request.run)
    try journal.resolve(
      IntentID(9), [IntentResult(try #require(try journal.openIntents(Self.scope).first?.open.first), .declined(digest: [1]))])
    let refused = try ["c6", "c7", "c8"].compactMap { try journal.accepted(Name($0), in: Self.scope)?.refusal }
    #expect(refused.map(\.run.text) == [run])
  }
}
