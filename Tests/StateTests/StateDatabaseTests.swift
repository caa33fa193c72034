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

  @Test func `state is private and survives being opened again`() throws {
    do {
      let runs = try SQLiteRunStore(folder: state)
      try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
      #expect(folder.mode(of: "project/.waybill") == 0o700)
      #expect(folder.mode(of: "project/.waybill/state.sqlite") == 0o600)
      #expect(folder.mode(of: "project/.waybill/state.sqlite-wal") == 0o600)
    }
    #expect(StateDatabase.exists(in: state))
    #expect(try SQLiteRunStore(folder: state).runs().map(\.id) == ["r1"])
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
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    do {
      try runs.database.write { try $0.execute(sql: "UPDATE runs SET \(change)") }
    } catch {
      // The schema itself refuses it.
      return
    }
    let failure = #expect(throws: OperationFailure.self) { try runs.runs() }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is damaged") == true)
  }

  @Test(arguments: ["DROP TABLE runs", "ALTER TABLE runs RENAME COLUMN started TO begun"])
  func `tables that somebody has changed are damage`(_ change: String) throws {
    let runs = try SQLiteRunStore(folder: state)
    try runs.begin(RunRecord(id: "r1", pipeline: "p", started: "t"))
    try runs.database.write { try $0.execute(sql: change) }
    let failure = #expect(throws: OperationFailure.self) { try runs.runs() }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("it is damaged") == true)
  }
}
