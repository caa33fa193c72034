import Foundation
import Testing

@testable import Files

@Suite struct FileBoundaryTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-folders-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["a/mappings/deep", "ab", "c"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try body(folder)
  }

  @Test func `a folder contains its files, however the path is spelled, but not those of folders with a similar name`() throws {
    try withFolder { folder in
      let boundary = FileBoundary([folder + "/a/"])
      for path in ["/a/x", "/a/mappings/../x", "/c/../a/none/x", "/a/./x", "/a", "/a/mappings/deep/../../x"] {
        #expect(boundary.contains(folder + path), "\(path)")
      }
      for path in ["/ab/x", "/x", "/a/../x", "/a/none/../../x", "", "/a/mappings/../../ab"] {
        #expect(!boundary.contains(folder + path), "\(path)")
      }
      #expect(FileBoundary(["/"]).contains("/etc/passwd"))
      #expect(!FileBoundary([]).contains("/etc/passwd"))
    }
  }

  @Test func `a folder whose name has the same letters in another Unicode form is another folder`() throws {
    try withFolder { folder in
      let boundary = FileBoundary([folder + "/caf\u{E9}"])
      #expect(boundary.contains(folder + "/caf\u{E9}/x"))
      #expect(!boundary.contains(folder + "/cafe\u{301}/x"))
      #expect(!boundary.contains(folder + "/cafe\u{301}"))
    }
  }

  @Test func `the project is the nearest folder with a waybill.yaml, or the one that was given`() throws {
    try withFolder { folder in
      let mapping = folder + "/a/mappings/m.yaml"
      let real = FileBoundary([folder]).folders[0]
      #expect(FileBoundary.around(mapping).folders == [real + "/a/mappings"])
      #expect(FileBoundary.around(mapping, project: folder).folders == [real])
      #expect(FileBoundary.around(mapping, project: folder + "/c").folders == [real + "/a/mappings"])
      try "".write(toFile: folder + "/a/waybill.yaml", atomically: true, encoding: .utf8)
      #expect(FileBoundary.around(mapping).folders == [real + "/a"])
      #expect(FileBoundary.around(folder + "/a/waybill.yaml").folders == [real + "/a"])
    }
  }

  @Test func `a link counts as its target; pipes and devices are not files`() throws {
    try withFolder { folder in
      let boundary = FileBoundary([folder + "/a"])
      try FileManager.default.createSymbolicLink(atPath: folder + "/a/out", withDestinationPath: "../c")
      try FileManager.default.createSymbolicLink(atPath: folder + "/a/in", withDestinationPath: "mappings")
      try FileManager.default.createSymbolicLink(atPath: folder + "/a/loop", withDestinationPath: "loop")
      mkfifo(folder + "/a/pipe", 0o600)
      #expect(boundary.refusal(of: folder + "/a/in/x") == nil)
      #expect(boundary.refusal(of: folder + "/a/none") == nil)
      #expect(boundary.refusal(of: folder + "/a/loop") == nil)
      #expect(boundary.refusal(of: folder + "/a/out/x") == .outside)
      #expect(boundary.refusal(of: folder + "/a/pipe") == .notRegular)
      #expect(FileBoundary(["/"]).refusal(of: "/dev/null") == .notRegular)
    }
  }
}
