import Core
import Files
import Foundation
import State
import TestSupport
import Testing
import Values

@testable import Pipeline

@Suite struct StateFolderTests {
  @Test func `concurrent processes get the same key`() async throws {
    let folder = TemporaryFolder()
    for empty in [false, true] {
      let state = StateFolder(path: "\(folder.path)/\(empty)")
      if empty {
        try PrivateFolder.make(state.path)
        try folder.write("\(empty)/digest.key", "")
      }
      let digests = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<32 {
          group.addTask {
            _ = try state.digestKey()
            return Array(try Data(contentsOf: URL(filePath: "\(state.path)/digest.key")))
          }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(digests.count == 1 && digests.first?.count == 32)
      #expect(folder.names(in: "\(empty)") == ["digest.key"])
      #expect(folder.mode(of: "\(empty)/digest.key") == 0o600)
    }
  }

  @Test func `an invalid key is refused with the fix`() throws {
    let folder = TemporaryFolder()
    try folder.write("digest.key", "short")
    let failure = #expect(throws: OperationFailure.self) { try StateFolder(path: folder.path).digestKey() }
    #expect(failure?.exitCode == .configuration)
    #expect(failure?.description.contains("move it away") == true)
  }

  @Test func `the key of a project is read without touching its folder`() throws {
    let folder = TemporaryFolder()
    let state = StateFolder(path: "\(folder.path)/state")
    _ = try state.digestKey()
    try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: state.path)
    _ = try state.digestKey()
    #expect(folder.mode(of: "state") == 0o750)
  }

  @Test func `a key that others may read is made private again`() throws {
    let folder = TemporaryFolder()
    let state = StateFolder(path: "\(folder.path)/.waybill")
    _ = try state.digestKey()
    chmod("\(folder.path)/.waybill/digest.key", 0o644)
    _ = try state.digestKey()
    #expect(folder.mode(of: ".waybill/digest.key") == 0o600)
  }
}
