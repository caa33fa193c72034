import Core
import Files
import GRDB
import Glibc
import TestSupport
import Testing

@testable import State

@Suite struct StateDatabaseTests {
  let folder = TemporaryFolder()

  var state: String { "\(folder.path)/project/.waybill" }

  func entry(_ run: String, _ code: String, record: String?, stage: String = "transform") -> LedgerEntry {
    LedgerEntry(
      run: run, mapping: "contacts", record: record, stage: stage, severity: "error", code: code, field: "email", line: 3,
      text: #"{"code":"\#(code)"}"#)
  }

  @Test func `a run is remembered with its counts and summary`() throws {
    let database = try StateDatabase(folder: state)
    var run = RunRecord(id: "r1", pipeline: "nightly", started: "2026-01-01T00:00:00Z")
    try database.begin(run)
    #expect(try database.run("r1")?.status == .running)
    run.status = .gateFailed
    run.exitCode = 3
    run.finished = "2026-01-01T00:01:00Z"
    run.snapshot = "s1"
    run.summary = "{}"
    let counts = [OutcomeCount(mapping: "contacts", destination: "files", outcome: .pending, count: 7)]
    try database.end(run, counts: counts)
    #expect(try database.run("r1") == run)
    #expect(try database.counts(of: "r1") == counts)
  }

  @Test func `a run's ledger comes in its order without a sort`() throws {
    let database = try StateDatabase(folder: state)
    try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    #expect(try database.ledgerPlan(of: LedgerQuery(run: "r1")).allSatisfy { !$0.contains("TEMP B-TREE") })
    #expect(try database.ledgerPlan(of: LedgerQuery(run: "r1")).contains { $0.contains("ledger_by_run") })
  }

  @Test func `runs are listed from the newest, and found by the beginning of their id`() throws {
    let database = try StateDatabase(folder: state)
    for id in ["2026a", "2026b", "2027a"] { try database.begin(RunRecord(id: id, pipeline: "p", started: id)) }
    #expect(try database.runs().map(\.id) == ["2027a", "2026b", "2026a"])
    #expect(try database.runs(limit: 1).map(\.id) == ["2027a"])
    #expect(try database.run("2027")?.id == "2027a")
    #expect(try database.run("2026") == nil)
    #expect(try database.run("%") == nil)
  }

  @Test func `runs are listed in the order in which they began, whatever their times`() throws {
    let database = try StateDatabase(folder: state)
    for id in ["2096", "2026", "2001"] { try database.begin(RunRecord(id: id, pipeline: "p", started: id)) }
    // A run's end does not change its place.
    try database.end(RunRecord(id: "2096", pipeline: "p", status: .done, started: "2096"), counts: [])
    #expect(try database.runs().map(\.id) == ["2001", "2026", "2096"])
    #expect(try database.latestStart()?.id == "2096")
  }

  @Test func `runs are compared only with complete runs of the same pipeline and location`() throws {
    let database = try StateDatabase(folder: state)
    func end(_ id: String, _ count: Int, pipeline: String = "p", location: String? = "l", isWhole: Bool? = true) throws {
      let run = RunRecord(id: id, pipeline: pipeline, status: .done, started: id, location: location, isWhole: isWhole)
      try database.begin(run)
      try database.end(
        run, counts: [OutcomeCount(mapping: "m", destination: "a", outcome: .written, count: count)])
    }
    try end("1", 10)
    #expect(try database.lastWritten("m", pipeline: "p", location: "l") == .init(run: "1", count: 10))
    try end("2", 20, pipeline: "q")
    try end("3", 30, location: "k")
    try end("4", 40, isWhole: false)
    try end("5", 50, isWhole: nil)
    try end("6", 60, location: nil)
    #expect(try database.lastWritten("m", pipeline: "p", location: "l") == .init(run: "1", count: 10))
    try end("0", 0)
    #expect(try database.lastWritten("m", pipeline: "p", location: "l") == .init(run: "0", count: 0))
    #expect(try database.lastWritten("n", pipeline: "p", location: "l") == nil)
    #expect(try database.stagedRuns(of: "p", before: "0").map(\.id) == ["1", "3", "4", "5", "6"])
    try database.markUnstaged("4")
    #expect(try database.stagedRuns(of: "p", before: "0").map(\.id) == ["1", "3", "5", "6"])
  }

  @Test func `a database of another program is refused and not written to`() throws {
    try PrivateFolder.make(state)
    // The smallest one: a header, and one table from another program.
    let foreign = "\(checkout)/fixtures/state/foreign.sqlite"
    let bytes = try #require(read(foreign))
    write(bytes, to: "\(state)/state.sqlite")
    let failure = #expect(throws: OperationFailure.self) { try StateDatabase(folder: state) }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is not a Waybill state: move it away") == true)
    #expect(read("\(state)/state.sqlite") == bytes)
  }

  private let checkout = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

  private func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count < 0 ? nil : Array(bytes[..<count])
  }

  private func write(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
  }

  @Test func `the ledger is asked by stage, code and record`() throws {
    let database = try StateDatabase(folder: state)
    try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    try database.begin(RunRecord(id: "r2", pipeline: "p", started: "t"))
    try database.record([
      entry("r1", "required", record: "ünï"), entry("r1", "phone-invalid", record: "b"),
      entry("r1", "source-refused", record: nil, stage: "extract"), entry("r2", "required", record: "ünï"),
    ])
    #expect(try database.ledger(LedgerQuery(run: "r1")).map(\.code) == ["required", "phone-invalid", "source-refused"])
    #expect(try database.ledger(LedgerQuery(run: "r1", stage: .extract)).map(\.record) == [nil])
    #expect(try database.ledger(LedgerQuery(run: "r1", code: "phone-invalid")).map(\.record) == ["b"])
    #expect(try database.ledger(LedgerQuery(run: "r1", record: "ünï")) == [entry("r1", "required", record: "ünï")])
    #expect(try database.ledger(LedgerQuery(run: "r1", record: "u\u{308}ni\u{308}")).isEmpty)
    #expect(try database.ledger(LedgerQuery(run: "r1", limit: 2)).count == 2)
    #expect(try database.ledger(LedgerQuery(run: "nothing")).isEmpty)
    #expect(try database.codes(of: LedgerQuery(run: "r1")).map(\.code) == ["phone-invalid", "required", "source-refused"])
  }

  @Test func `state is private and survives being opened again`() throws {
    do {
      let database = try StateDatabase(folder: state)
      try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
      #expect(folder.mode(of: "project/.waybill") == 0o700)
      #expect(folder.mode(of: "project/.waybill/state.sqlite") == 0o600)
      #expect(folder.mode(of: "project/.waybill/state.sqlite-wal") == 0o600)
    }
    #expect(StateDatabase.exists(in: state))
    #expect(try StateDatabase(folder: state).runs().map(\.id) == ["r1"])
  }

  @Test func `a run whose process died is marked as interrupted`() throws {
    let database = try StateDatabase(folder: state)
    try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    #expect(try database.markAbandonedRuns(finished: "u") == ["r1"])
    #expect(try database.run("r1")?.status == .interrupted)
    #expect(try database.run("r1")?.exitCode == 75)
    #expect(try database.markAbandonedRuns(finished: "u").isEmpty)
  }

  @Test func `a file that is not a database is refused with the fix`() throws {
    try PrivateFolder.make(state)
    let descriptor = open("\(state)/state.sqlite", O_WRONLY | O_CREAT, 0o600)
    var bytes = [UInt8](repeating: 0x41, count: 4096)
    #expect(Glibc.write(descriptor, &bytes, bytes.count) == bytes.count)
    close(descriptor)
    let failure = #expect(throws: OperationFailure.self) { try StateDatabase(folder: state) }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("move it away") == true)
  }

  @Test func `a folder that holds other things is neither closed nor taken`() throws {
    let foreign = "\(folder.path)/home"
    mkdir(foreign, 0o755)
    close(open("\(foreign)/letter.txt", O_WRONLY | O_CREAT, 0o600))
    let failure = #expect(throws: OperationFailure.self) { try StateDatabase(folder: foreign) }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("choose a separate --state folder") == true)
    #expect(mode(foreign) == 0o755)
    // Private already, or a state that was opened up: ours to use, and to close.
    chmod(foreign, 0o700)
    _ = try StateDatabase(folder: foreign)
    chmod(foreign, 0o755)
    _ = try StateDatabase(folder: foreign, isReadOnly: true)
    #expect(mode(foreign) == 0o755)
    _ = try StateDatabase(folder: foreign)
    #expect(mode(foreign) == 0o700)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func `a folder that is a file cannot hold the state`() throws {
    let descriptor = open("\(folder.path)/project", O_WRONLY | O_CREAT, 0o600)
    close(descriptor)
    let failure = #expect(throws: OperationFailure.self) { try StateDatabase(folder: "\(folder.path)/project") }
    #expect(failure?.exitCode == .cannotWrite)
  }

  @Test(arguments: [
    "exit_code = 9223372036854775807", "exit_code = 'x'", "exit_code = x'00ff'", "whole = 'x'", "started = x'ff00'", "id = x'ff'",
    "pipeline = NULL",
  ])
  func `a value of the wrong type is damage, not a crash`(_ change: String) throws {
    let database = try StateDatabase(folder: state)
    try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    do {
      try database.write { try $0.execute(sql: "UPDATE runs SET \(change)") }
    } catch {
      // The schema itself refuses it.
      return
    }
    let failure = #expect(throws: OperationFailure.self) { try database.runs() }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is damaged") == true)
  }

  @Test(arguments: ["DROP TABLE runs", "ALTER TABLE runs RENAME COLUMN started TO begun"])
  func `tables that somebody has changed are damage`(_ change: String) throws {
    let database = try StateDatabase(folder: state)
    try database.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    try database.write { try $0.execute(sql: change) }
    let failure = #expect(throws: OperationFailure.self) { try database.runs() }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is damaged") == true)
  }
}
