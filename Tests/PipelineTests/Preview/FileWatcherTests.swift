import Core
import Files
import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// Saves are heard, however an editor makes them. Nothing here waits for a time: a watch that hears nothing would hang.
@Suite(.ends(withinMinutes: 1)) struct FileWatcherTests {
  static func write(_ text: String, to path: String, atomically: Bool = false) throws {
    try text.write(toFile: path, atomically: atomically, encoding: .utf8)
  }

  private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = TemporaryFolder()
    try withExtendedLifetime(folder) { try body(folder.path) }
  }

  @Test func `a file that is written in place, and one that is renamed over, are heard`() throws {
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

  @Test func `files beside the watched ones are not heard`() throws {
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

  @Test func `a file in a folder that is not there yet is heard once the folder comes`() throws {
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

  @Test func `what a link leads to is watched as well`() throws {
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

  @Test func `a mapping's files are itself, its schemas with what they refer to, and its lookups`() throws {
    try withTemporaryFolder { folder in
      try Self.write(
        """
        mapping: 1
        target: {schema: s/a.json}
        source: {schema: "s/b.json#/x", custom_fields: fields.json}
        lookups: {inline: {a: b}, owners: {file: l/owners.csv, key: a}}
        """, to: folder + "/m.yaml")
      try FileManager.default.createDirectory(atPath: folder + "/s", withIntermediateDirectories: true)
      try Self.write(##"{"properties": {"a": {"$ref": "c.json#/x"}, "b": {"$ref": "#/y"}}}"##, to: folder + "/s/a.json")
      try Self.write(#"{"items": {"$ref": "a.json"}}"#, to: folder + "/s/c.json")
      let found = MappingFiles.all(of: folder + "/m.yaml")?.map { String($0.dropFirst(folder.count + 1)) }
      #expect(found == ["m.yaml", "fields.json", "l/owners.csv", "s/a.json", "s/c.json", "s/b.json"])
      try Self.write("mapping: [", to: folder + "/m.yaml")
      #expect(MappingFiles.all(of: folder + "/m.yaml") == nil)
    }
  }
}
