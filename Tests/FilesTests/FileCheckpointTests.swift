import Core
import Crypto
import Foundation
import TestSupport
import Testing

@testable import Files

/// Files that are reopened at a checkpoint, after whatever a crash left of them.
@Suite struct FileCheckpointTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/lines.ndjson" }

  /// A file with lines 1 to `count`, and its checkpoint.
  private func written(_ count: Int) throws -> FileCheckpoint {
    var file = try DurableFile(path: path)
    for number in 0..<count { try file.append(line: Array("line \(number + 1)".utf8)) }
    return try file.checkpoint()
  }

  private func text(_ lines: ClosedRange<Int>) -> String { lines.map { "line \($0)\n" }.joined() }

  @Test func `a checkpoint covers what is on the disk, including lines that were buffered`() throws {
    var file = try DurableFile(path: path)
    let start = try file.checkpoint()
    #expect(start == FileCheckpoint(bytes: 0, lines: 0, sha256: SHA256Text.of("")))
    try file.append(line: Array("line 1".utf8))
    #expect(folder.read("lines.ndjson") == "")
    let one = try file.checkpoint()
    #expect(folder.read("lines.ndjson") == text(1...1))
    #expect(one == FileCheckpoint(bytes: 7, lines: 1, sha256: SHA256Text.of(text(1...1))))
    try file.append(line: Array("line 2".utf8))
    #expect(try file.finish() == SHA256Text.of(text(1...2)))
  }

  @Test(arguments: ["", "li", "line 3\n", "line 3\nline 4\nli", String(repeating: "x", count: 1 << 20)])
  func `what came after the checkpoint is removed, and the file continues`(later: String) throws {
    let place = try written(2)
    try Data((text(1...2) + later).utf8).write(to: URL(fileURLWithPath: path))
    var file = try DurableFile.reopen(path, at: place)
    #expect(folder.read("lines.ndjson") == text(1...2))
    #expect(file.lines == 2 && file.bytes == place.bytes)
    #expect(try file.checkpoint() == place)
    for number in 3...5 { try file.append(line: Array("line \(number)".utf8)) }
    let digest = try file.finish()
    #expect(folder.read("lines.ndjson") == text(1...5))
    #expect(digest == SHA256Text.of(text(1...5)))
    #expect(file.lines == 5 && file.bytes == text(1...5).utf8.count)
  }

  @Test func `a file can be reopened at any of its checkpoints, again and again`() throws {
    var file = try DurableFile(path: path)
    var places = [try file.checkpoint()]
    for number in 1...20 {
      try file.append(line: Array("line \(number)".utf8))
      places.append(try file.checkpoint())
    }
    for (lines, place) in places.enumerated().reversed() {
      // As another process would have it.
      let stored = try JSONEncoder().encode(place)
      var reopened = try DurableFile.reopen(path, at: try JSONDecoder().decode(FileCheckpoint.self, from: stored))
      #expect(reopened.lines == lines && folder.read("lines.ndjson")?.split(separator: "\n").count == lines)
      #expect(try reopened.checkpoint() == place)
    }
  }

  @Test func `a file larger than the buffers keeps its digest`() throws {
    let place = try written(100_000)
    var file = try DurableFile.reopen(path, at: place)
    try file.append(line: Array("line 100001".utf8))
    #expect(try file.finish() == SHA256Text.of(text(1...100_001)))
  }

  /// What a disk may have made of the file, and a part of the message.
  static let damages: [(String, @Sendable (String) throws -> Void)] = [
    ("it has 13 bytes, but 14 were written", { try Data("line 1\nline 2".utf8).write(to: URL(fileURLWithPath: $0)) }),
    ("it has 0 bytes, but 14 were written", { try Data().write(to: URL(fileURLWithPath: $0)) }),
    (
      "its first 14 bytes are not what was written",
      { try Data("line 1\nline X\nline 3\n".utf8).write(to: URL(fileURLWithPath: $0)) }
    ),
    ("there is no such file", { try FileManager.default.removeItem(atPath: $0) }),
    (
      "it is a folder",
      {
        try FileManager.default.removeItem(atPath: $0)
        try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: false)
      }
    ),
  ]

  @Test(arguments: damages.indices) func `a file that lacks what was on the disk is refused, and stays as it is`(
    index: Int
  ) throws {
    let (message, damage) = Self.damages[index]
    let place = try written(2)
    try damage(path)
    let before = FileManager.default.contents(atPath: path)
    let failure = #expect(throws: OperationFailure.self) { _ = try DurableFile.reopen(path, at: place) }
    #expect(failure?.code == .damaged && failure?.description.contains(message) == true, "\(String(describing: failure))")
    #expect(FileManager.default.contents(atPath: path) == before)
  }

  @Test func `a pipe in the place of the file is refused without waiting`() throws {
    #expect(mkfifo(path, 0o600) == 0)
    let failure = #expect(throws: OperationFailure.self) {
      _ = try DurableFile.reopen(path, at: FileCheckpoint(bytes: 0, lines: 0, sha256: SHA256Text.of("")))
    }
    #expect(failure?.code == .damaged)
  }
}

private enum SHA256Text {
  static func of(_ text: String) -> String { Hexadecimal.text(of: Crypto.SHA256.hash(data: Array(text.utf8))) }
}
