import Core
import Foundation
import State
import TestSupport
import Testing

/// What a process that is killed at some point leaves: the files as they are at that point, without any closing. A copy of them
/// is opened as by the next process.
@Suite struct KilledProcessTests {
  private let folder = TemporaryFolder()

  private var state: String { "\(folder.path)/state" }

  private static let scope = JournalScope(pipeline: "p", destination: "d", mapping: "m", location: "l")

  private static func request(_ key: Name) -> IntentRequest {
    IntentRequest(
      scope: scope, run: "r", target: "POST /", idempotencyKey: "i", body: [1],
      records: [IntentRecord(ordinal: 0, key: key, digest: [1])])
  }

  private func lease() throws -> Lease {
    guard case .acquired(let lease) = try SQLiteStateStore(folder: state).acquire("l", owner: "a", for: .seconds(60)) else {
      throw OperationFailure(.stateHeld, "the lease is held")
    }
    return lease
  }

  private static func entry(_ code: String) -> LedgerEntry {
    LedgerEntry(run: "r", mapping: "m", stage: "transform", severity: "error", code: code, text: "{}")
  }

  /// The database and its log, without the shared memory, which is recreated.
  private func kill(_ copy: String) throws -> String {
    let target = "\(folder.path)/\(copy)"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
    for name in ["state.sqlite", "state.sqlite-wal"] where FileManager.default.fileExists(atPath: "\(state)/\(name)") {
      try FileManager.default.copyItem(atPath: "\(state)/\(name)", toPath: "\(target)/\(name)")
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: target)
    return target
  }

  @Test func `a call that was recorded before it was sent is open`() throws {
    let journal = try SQLiteJournal(folder: state)
    _ = try journal.intend(Self.request("a"), under: try lease())
    let left = try SQLiteJournal(folder: try kill("intended")).openIntents(Self.scope)
    #expect(left.map(\.request) == [Self.request("a")])
  }

  @Test func `a result that was recorded is known`() throws {
    let journal = try SQLiteJournal(folder: state)
    let id = try journal.intend(Self.request("a"), under: try lease())
    try journal.resolve(id, [IntentResult(0, .accepted(remoteID: "17"))])
    let left = try SQLiteJournal(folder: try kill("resolved"))
    #expect(try left.openIntents(Self.scope).isEmpty)
    #expect(try left.accepted("a", in: Self.scope) == Accepted(remoteID: "17", digest: [1], epoch: 1))
  }

  @Test func `changes of several kinds are there together, and updates too`() throws {
    let journal = try SQLiteJournal(folder: state)
    let lease = try lease()
    let id = try journal.intend(Self.request("a"), under: lease)
    let update = IntentUpdate(id: id, epoch: 1, idempotencyKey: "j", context: [7])
    _ = try journal.apply(JournalChanges(updates: [update]), under: lease)
    let first = try SQLiteJournal(folder: try kill("updated")).openIntents(Self.scope).map(\.request)
    #expect(first.map(\.idempotencyKey) == ["j"] && first.map(\.context) == [[7]] && first.map(\.epoch) == [1])
    _ = try journal.apply(
      JournalChanges(intents: [Self.request("b")], results: [IntentResults(id, [IntentResult(0, .refused)])]), under: lease)
    let left = try SQLiteJournal(folder: try kill("applied"))
    #expect(try left.openIntents(Self.scope).map(\.request) == [Self.request("b")])
    #expect(try left.accepted(["a", "b"], in: Self.scope) == ["a": .absent(epoch: 2)])
  }

  @Test func `what was adopted or merged, and an address, are there for the next process`() throws {
    let journal = try SQLiteJournal(folder: state)
    let lease = try lease()
    try journal.adopt([AdoptedRecord(key: "a", remoteID: "1")], in: Self.scope, under: lease)
    var killed = ""
    try journal.merge(under: lease, isTrial: false) { merge in
      _ = try merge([JournalRecord("b", Accepted(remoteID: "2", epoch: 4))], Self.scope)
      killed = try kill("merging")
    }
    try journal.describe(Self.scope, address: "https://a")
    #expect(try SQLiteJournal(folder: killed).accepted(["a", "b"], in: Self.scope) == ["a": Accepted(remoteID: "1")])
    let left = try SQLiteJournal(folder: try kill("merged"))
    #expect(try left.accepted("b", in: Self.scope) == Accepted(remoteID: "2", epoch: 4))
    #expect(try left.scopes().map(\.address) == ["https://a"])
  }

  @Test func `a ledger whose replacement was under way is the old one`() throws {
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r", pipeline: "p", started: "t"))
    try runs.record([Self.entry("old")])
    var killed = ""
    try runs.replaceLedger(of: "r") { record in
      // Enough to be written to the log before the end.
      for batch in 0..<100 { try record((0..<500).map { Self.entry("new \(batch) \($0)") }) }
      killed = try kill("replacing")
    }
    #expect(try SQLiteRunStore(folder: killed).ledger(LedgerQuery(run: "r")).map(\.code) == ["old"])
    #expect(try SQLiteRunStore(folder: try kill("replaced")).ledger(LedgerQuery(run: "r")).count == 50_000)
  }

  @Test func `a token and a lease are there for the next process`() throws {
    let store = try SQLiteStateStore(folder: state, now: { WallTime(millisecondsSince1970: 0) })
    _ = try store.replaceToken("t", with: [1], readAt: nil)
    guard case .acquired(let lease) = try store.acquire("l", owner: "a", for: .seconds(1)) else {
      Issue.record("the lease is held")
      return
    }
    let copy = try kill("stored")
    let early = try SQLiteStateStore(folder: copy, now: { WallTime(millisecondsSince1970: 999) })
    #expect(try early.token("t")?.value == [1])
    #expect(try early.acquire("l", owner: "b", for: .seconds(1)) == .held(owner: "a", expires: lease.expires))
    let late = try SQLiteStateStore(folder: copy, now: { WallTime(millisecondsSince1970: 1000) })
    guard case .acquired(let next) = try late.acquire("l", owner: "b", for: .seconds(1)) else {
      Issue.record("the lease is held")
      return
    }
    #expect(next.fence > lease.fence)
  }
}
