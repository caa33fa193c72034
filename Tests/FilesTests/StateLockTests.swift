import Core
import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct StateLockTests {
  let folder = TemporaryFolder()

  @Test func `a second process learns who holds the lock`() throws {
    let lock = try StateLock(folder: folder.path)
    let held = #expect(throws: OperationFailure.self) { try StateLock(folder: folder.path) }
    #expect(held?.code == .stateHeld && held?.exitCode == .tryLater)
    #expect(held?.description.contains("process \(getpid())") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func `it is free again when its holder has gone`() throws {
    do { withExtendedLifetime(try StateLock(folder: folder.path)) {} }
    _ = try StateLock(folder: folder.path)
  }

  @Test func `a file left by a dead process is not a lock`() throws {
    try Data("999999\n".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/lock"))
    _ = try StateLock(folder: folder.path)
    #expect(try String(contentsOfFile: "\(folder.path)/lock", encoding: .utf8) == "\(getpid())\n")
  }

  @Test func `another process that holds it is named`() throws {
    try Data("4711\n".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/lock"))
    let process = try SpawnedProcess(["flock", "\(folder.path)/lock", "sh", "-c", "echo held; cat"])
    #expect(process.readOutput() == "held\n")
    let held = #expect(throws: OperationFailure.self) { try StateLock(folder: folder.path) }
    #expect(held?.description.contains("process 4711") == true)
    process.closeInput()
    #expect(process.wait() == .exit(0))
    _ = try StateLock(folder: folder.path)
  }
}
