import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Files

@Suite("Files that people write")
struct SmallFileTests {
  @Test("are read whole, up to the limit")
  func limit() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/f"
    #expect(SmallFile.bytes(of: path) == .failure(.unreadable(ENOENT)))
    #expect(FileManager.default.createFile(atPath: path, contents: Data()))
    #expect(SmallFile.bytes(of: path) == .success([]))
    try Data("abc".utf8).write(to: URL(filePath: path))
    #expect(SmallFile.bytes(of: path) == .success(Array("abc".utf8)))
    #expect(truncate(path, SmallFile.maximumBytes) == 0)
    #expect(try SmallFile.bytes(of: path).get().count == SmallFile.maximumBytes)
    // Nothing of it is read.
    #expect(truncate(path, 1 << 40) == 0)
    #expect(SmallFile.bytes(of: path) == .failure(.tooLarge))
    #expect(SmallFile.bytes(of: folder.path) == .failure(.unreadable(EISDIR)))
  }

  @Test("are not pipes, sockets or devices", .ends(withinMinutes: 5))
  func notRegular() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    #expect(SmallFile.bytes(of: path) == .failure(.notRegular))
    #expect(SmallFile.bytes(of: "/dev/zero") == .failure(.notRegular))
  }
}
