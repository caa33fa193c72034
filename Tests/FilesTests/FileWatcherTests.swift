import Core
import Foundation
import TestSupport
import Testing

@testable import Files

/// Saves are heard, however an editor makes them. Nothing here waits for a time: a watch that hears nothing would hang.
@Suite(.ends(withinMinutes: 5)) struct FileWatcherTests {
  static func write(_ text: String, to path: String, atomically: Bool = false) throws {
    try text.write(toFile: path, atomically: atomically, encoding: .utf8)
  }

  private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = TemporaryFolder()
    try withExtendedLifetime(folder) { try body(folder.path) }
  }

  @Test func `a file written in place, and one renamed over, are noticed`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.yaml"
      try Self.write("1", to: path)
      let watcher = try FileWatcher()
      try watcher.watch([path])
      for isRenamed in [false, true, true, false] {
        try Self.write("2", to: path, atomically: isRenamed)
        #expect(watcher.wait() == .changed)
      }
      try FileManager.default.removeItem(atPath: path)
      #expect(watcher.wait() == .changed)
      try Self.write("3", to: path)
      #expect(watcher.wait() == .changed)
    }
  }

  @Test func `a watcher without files uses no system watch, and waits for descriptors`() throws {
    let wake = try WakePipe()
    let watcher = try FileWatcher(watchesFiles: false)
    #expect(watcher.descriptor == -1)
    wake.signal()
    #expect(watcher.wait(for: [wake.descriptor]) == .readable(wake.descriptor))
  }

  @Test func `other files in the folder are ignored`() throws {
    try withTemporaryFolder { folder in
      let wake = try WakePipe()
      let watcher = try FileWatcher()
      try watcher.watch([folder + "/a.yaml"])
      try Self.write("1", to: folder + "/b.yaml")
      wake.signal()
      #expect(watcher.wait(for: [wake.descriptor]) == .readable(wake.descriptor))
      wake.drain()
      try Self.write("1", to: folder + "/a.yaml")
      #expect(watcher.wait(for: [wake.descriptor]) == .changed)
    }
  }

  @Test func `a file in a missing folder is noticed once the folder is created`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/lookups/deep/owners.csv"
      let watcher = try FileWatcher()
      try watcher.watch([path])
      try FileManager.default.createDirectory(atPath: folder + "/lookups/deep", withIntermediateDirectories: true)
      #expect(watcher.wait() == .changed)
      try watcher.watch([path])
      try Self.write("a,b", to: path)
      #expect(watcher.wait() == .changed)
    }
  }

  @Test func `the target of a link is watched as well`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/there", withIntermediateDirectories: true)
      try Self.write("1", to: folder + "/there/a.yaml")
      try FileManager.default.createSymbolicLink(atPath: folder + "/a.yaml", withDestinationPath: folder + "/there/a.yaml")
      let watcher = try FileWatcher()
      try watcher.watch([folder + "/a.yaml"])
      try Self.write("2", to: folder + "/there/a.yaml")
      #expect(watcher.wait() == .changed)
    }
  }
}
