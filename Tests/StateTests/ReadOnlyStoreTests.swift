import Core
import Files
import Foundation
import GRDB
import State
import TestSupport
import Testing

/// Stores that are opened for reading. `fixtures/state` has a state of each earlier version.
@Suite struct ReadOnlyStoreTests {
  private let folder = TemporaryFolder()

  private var state: String { "\(folder.path)/state" }

  /// A copy of the state of an earlier version.
  private func copy(_ version: String) throws {
    let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    try PrivateFolder.make(state)
    try FileManager.default.copyItem(
      atPath: "\(checkout)/fixtures/state/\(version)/state.sqlite", toPath: "\(state)/state.sqlite")
  }

  /// The folder's files by name.
  private func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in folder.names(in: "state") { files[name] = try Data(contentsOf: URL(filePath: "\(state)/\(name)")) }
    return files
  }

  /// Everything that a store reports about its runs.
  private struct Content: Equatable {
    var runs: [RunRecord]
    var counts: [[OutcomeCount]]
    var ledgers: [[LedgerEntry]]
    var staged: [[RunRecord]]
    var written: LastWritten?
    var latestStart: String?

    init(_ store: some RunStore) throws {
      runs = try store.runs()
      counts = try runs.map { try store.counts(of: $0.id) }
      ledgers = try runs.map { try store.ledger(LedgerQuery(run: $0.id)) }
      staged = try runs.map { try store.stagedRuns(of: $0.pipeline, before: $0.id) }
      written = try store.lastWritten("contacts", pipeline: "nightly", location: "files")
      latestStart = try store.latestStart()?.id
    }
  }

  @Test(arguments: ["v1", "v2"], ["wal", "delete"])
  func `reading runs of an older format changes nothing in the folder`(_ version: String, _ mode: String) throws {
    try copy(version)
    try DatabaseQueue(path: "\(state)/state.sqlite").inDatabase { try $0.execute(sql: "PRAGMA journal_mode = \(mode)") }
    let before = try files()
    #expect(before.keys.sorted() == ["state.sqlite"])
    #expect(try Content(SQLiteRunStore(folder: state, isReadOnly: true)).runs.isEmpty == false)
    #expect(try files() == before)
  }

  @Test(arguments: ["v1", "v2"])
  func `runs of an older format read the same before and after it is migrated`(_ version: String) throws {
    try copy(version)
    // A run that names its location; the others have none, or no summary.
    try DatabaseQueue(path: "\(state)/state.sqlite").write { database in
      try database.execute(
        sql: "UPDATE runs SET summary = '{\"locations\": [{\"id\": \"l\"}]}' WHERE id = (SELECT max(id) FROM runs)")
    }
    let reader = try SQLiteRunStore(folder: state, isReadOnly: true)
    let before = try Content(reader)
    #expect(before.staged.contains { !$0.isEmpty } && before.runs.contains { $0.location != nil })
    #expect(try Content(SQLiteRunStore(folder: state)) == before)
    #expect(try Content(SQLiteRunStore(folder: state, isReadOnly: true)) == before)
    // It was open during the migration.
    #expect(try Content(reader) == before)
  }

  @Test func `a state without tables is refused with the fix`() throws {
    try PrivateFolder.make(state)
    try PrivateFile.prepareDatabase("\(state)/state.sqlite", createsMissing: true)
    let failure = #expect(throws: OperationFailure.self) { try SQLiteRunStore(folder: state, isReadOnly: true) }
    #expect(failure?.code == .inputMissing)
    #expect(failure?.description.contains("there are no runs yet: run `waybill run` first") == true)
    #expect(try files() == ["state.sqlite": Data()])
  }
}
