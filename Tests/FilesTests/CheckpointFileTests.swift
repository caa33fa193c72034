import Core
import Foundation
import TestSupport
import Testing

@testable import Files

/// Files that another process continues.
@Suite struct CheckpointFileTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/ledger" }

  @Test func `it appears only when it is committed`() throws {
    let file = try CheckpointFile(path: path)
    try file.write("one\n")
    #expect(try file.checkpoint() == 4)
    #expect(folder.read("ledger") == nil && folder.read("ledger.part") == "one\n")
    #expect(folder.mode(of: "ledger.part") == 0o600)
    try file.commit()
    try file.commit()
    #expect(folder.read("ledger") == "one\n" && folder.names(in: ".") == ["ledger"])
  }

  @Test(arguments: [true, false]) func `what was written after the checkpoint is removed`(_ isCommitted: Bool) throws {
    let first = try CheckpointFile(path: path)
    try first.write("one\n")
    let end = try first.checkpoint()
    try first.write("two\nhalf")
    if isCommitted { try first.commit() }
    let second = try CheckpointFile(path: path, continuingAt: end)
    #expect(second.byteCount == end)
    #expect(folder.read("ledger") == nil)
    try second.write("three\n")
    try second.commit()
    #expect(folder.read("ledger") == "one\nthree\n")
  }

  @Test func `a file that lost bytes is refused, and stays as it is`() throws {
    try folder.write("ledger", "one")
    for position in [4, Int.max] {
      let failure = #expect(throws: OperationFailure.self) { _ = try CheckpointFile(path: path, continuingAt: position) }
      #expect(failure?.code == .damaged)
    }
    #expect(folder.read("ledger") == "one" && folder.names(in: ".") == ["ledger"])
    #expect(throws: OperationFailure.self) { _ = try CheckpointFile(path: "\(folder.path)/none", continuingAt: 1) }
  }

  @Test func `nothing at all can be continued at the beginning`() throws {
    let file = try CheckpointFile(path: path, continuingAt: 0)
    try file.write("one")
    try file.commit()
    #expect(folder.read("ledger") == "one")
  }

  @Test func `it can be cut`() throws {
    let file = try CheckpointFile(path: path)
    try file.write("one\ntwo\n")
    file.truncate(to: 4)
    file.truncate(to: 6)
    try file.write("é\n")
    #expect(file.byteCount == 7)
    try file.commit()
    #expect(folder.read("ledger") == "one\né\n")
  }

  @Test func `a full disk leaves what was there`() throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path).part", withDestinationPath: "/dev/full")
    let file = try CheckpointFile(path: path)
    let failure = #expect(throws: OperationFailure.self) { try file.write("one\n") }
    #expect(failure?.code == .cannotWrite && file.byteCount == 0)
  }
}
