import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Files

@Suite struct SystemReasonTests {
  static let known: [Int32] = [
    ENOENT, ENOTDIR, EISDIR, EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENAMETOOLONG, ELOOP, EIO, ENOMEM,
    ESTALE,
    ETIMEDOUT, ENOLCK, ENXIO, ENODEV, EBADF, EBUSY, ETXTBSY, EEXIST, EPIPE,
  ]

  @Test func `no text of the system is shown, whatever the number`() {
    for number in Int32(1)...133 {
      let theirs = String(cString: strerror(number))
      for use in [SystemReason.Use.reading, .writing] {
        let reason = SystemReason(number, use)
        #expect(!reason.text.localizedCaseInsensitiveContains(theirs), "\(number)")
        #expect(!reason.text.isEmpty && !reason.remedy.isEmpty)
      }
    }
  }

  @Test(arguments: known) func `what happens to people has words of its own`(number: Int32) {
    #expect(!SystemReason(number, .writing).text.contains("error number"))
  }

  @Test func `an unforeseen number can be looked up`() {
    #expect(SystemReason(ENOTTY, .writing).text == "the system refuses it (error number \(ENOTTY))")
  }

  @Test(arguments: [
    ("missing.csv", "there is no such file: check the path"), ("folder", "it is a folder"),
    ("file/x.csv", "a part of its path is a file, not a folder: check the path"),
    ("loop", "its symbolic links form a loop: remove the link"),
    (String(repeating: "x", count: 300), "its name is too long for the file system: choose a shorter name"),
  ])
  func `a file that cannot be read`(name: String, reason: String) throws {
    let folder = try Self.folder()
    let path = "\(folder.path)/\(name)"
    let failure = #expect(throws: OperationFailure.self) { try FileInput(path: path) }
    #expect(failure?.description == "cannot read \(path): \(reason)")
  }

  @Test(arguments: [
    ("folder", "it is a folder: choose another path"),
    ("file/x.csv", "it is a file, not a folder: choose another path"),
    ("loop", "its symbolic links form a loop: remove the link"),
  ])
  func `a file that cannot be written`(name: String, reason: String) throws {
    let folder = try Self.folder()
    let failure = #expect(throws: OperationFailure.self) { try OutputFile(path: "\(folder.path)/\(name)") }
    #expect(failure?.description.hasSuffix(reason) == true, "\(String(describing: failure))")
  }

  @Test func `a full disk`() throws {
    let file = try OutputFile(path: "/dev/full")
    let failure = #expect(throws: OperationFailure.self) {
      try file.write("x")
      try file.commit()
    }
    #expect(
      failure?.description == "cannot write /dev/full: the disk is full: free some space, or choose a path on another disk")
  }

  private static func folder() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    try folder.write("file", "x")
    mkdir("\(folder.path)/folder", 0o755)
    symlink("loop", "\(folder.path)/loop")
    return folder
  }
}
