import Core
import Foundation
import Testing

@testable import Files

/// Where a file is written, and who owns it then.
@Suite struct OutputPlaceTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-places-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/real", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func write(_ text: String, to path: String, mode: UInt32 = 0o666) throws -> OutputFile {
    let file = try OutputFile(path: path, mode: mode)
    try file.write(text)
    try file.commit()
    return file
  }

  private func status(_ path: String) -> stat {
    var status = stat()
    lstat(path, &status)
    return status
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test func `a name may begin with a mark that combines with the slash before it`() throws {
    try withFolder { folder in
      let path = folder + "/real/\u{301}x"
      #expect(FilePath.openableFolder(of: path) == folder + "/real")
      _ = try write("new", to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
      #expect(throws: OperationFailure.self) {
        try OutputPlace(folder + "/real/\u{301}" + String(repeating: "x", count: 254))
      }
    }
  }

  @Test(arguments: [mode_t(0o640), 0o604, 0o600, 0o666, 0o755, 0o444])
  func `a file keeps the mode of the one that it replaces`(_ mode: mode_t) throws {
    try withFolder { folder in
      let path = folder + "/x"
      for wanted in [UInt32(0o666), 0o600] {
        try "old".write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, mode)
        #expect(try write("new", to: path, mode: wanted).warnings == [])
        #expect(status(path).st_mode & 0o7777 == mode)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
        unlink(path)
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can change a file's owner"))
  func `a file keeps the owner of the one that it replaces`() throws {
    try withFolder { folder in
      let path = folder + "/x"
      try "old".write(toFile: path, atomically: false, encoding: .utf8)
      chmod(path, 0o640)
      #expect(chown(path, 12_345, 54_321) == 0)
      #expect(try write("new", to: path).warnings == [])
      #expect(status(path).st_uid == 12_345 && status(path).st_gid == 54_321 && status(path).st_mode & 0o777 == 0o640)
    }
  }

  @Test func `the process's umask is read without changing it`() {
    let before = ProcessMask.current
    #expect(before == ProcessMask.current && before <= 0o777)
  }

  @Test(arguments: [["real/x"], ["FOLDER/real/x"], ["second", "real/x"], ["./real/../real/x"], ["second", "third", "real/x"]])
  func `a symbolic link is written through, even if its target does not exist yet`(_ chain: [String]) throws {
    try withFolder { folder in
      let names = ["link", "second", "third"]
      for (name, target) in zip(names, chain) {
        try link("\(folder)/\(name)", to: target.replacingOccurrences(of: "FOLDER", with: folder))
      }
      for text in ["first", "again"] {
        _ = try write(text, to: folder + "/link")
        #expect(status(folder + "/link").st_mode & S_IFMT == S_IFLNK)
        #expect(try String(contentsOfFile: folder + "/real/x", encoding: .utf8) == text)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/real") == ["x"])
    }
  }

  @Test func `a link loop, and a link into a missing folder, are refused before anything is written`() throws {
    try withFolder { folder in
      try link(folder + "/loop", to: "pool")
      try link(folder + "/pool", to: "loop")
      try link(folder + "/self", to: "self")
      try link(folder + "/nowhere", to: "none/x")
      for (name, reason) in [
        ("loop", "its symbolic links form a loop"), ("self", "its symbolic links form a loop"),
        ("nowhere", "it is a symbolic link to \(folder)/none/x, but there is no folder \(folder)/none"),
      ] {
        let failure = #expect(throws: OperationFailure.self) { try OutputFile(path: "\(folder)/\(name)") }
        #expect(failure?.description.hasPrefix("cannot write \(folder)/\(name): \(reason): ") == true)
        #expect(throws: OperationFailure.self) { try OutputFile.check("\(folder)/\(name)") }
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["loop", "nowhere", "pool", "real", "self"])
    }
  }

  @Test func `a link to a folder is not a file`() throws {
    try withFolder { folder in
      try link(folder + "/link", to: "real")
      #expect(throws: OperationFailure.self) { try OutputFile(path: folder + "/link") }
    }
  }

  @Test(arguments: [
    String(repeating: "x", count: 255), String(repeating: "é", count: 127), String(repeating: "日", count: 85),
    String(repeating: "x", count: 230),
  ])
  func `a name can be as long as the file system allows`(_ name: String) throws {
    try withFolder { folder in
      _ = try write("x", to: "\(folder)/\(name)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["real", name].sorted())
    }
  }

  @Test(arguments: [String(repeating: "x", count: 256), String(repeating: "é", count: 128), String(repeating: "x", count: 5_000)])
  func `a longer name is refused before anything is written`(_ name: String) throws {
    try withFolder { folder in
      let failure = #expect(throws: OperationFailure.self) { try OutputFile(path: "\(folder)/new/\(name)") }
      #expect(failure?.description.contains(": its name has \(name.utf8.count) bytes, but only 255 are allowed: ") == true)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == ["real"])
    }
  }

  @Test func `leftovers of a killed process beside the target of a link are removed`() throws {
    try withFolder { folder in
      try link(folder + "/link", to: "real/x")
      _ = FileManager.default.createFile(atPath: folder + "/real/.x.99999999-abc.part", contents: Data())
      #expect(OutputFile.removeLeftovers(beside: folder + "/link") == [".x.99999999-abc.part"])
    }
  }
}
