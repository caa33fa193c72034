import Core
import Files
import Foundation
import Testing

@testable import Records

@Suite struct SourceTests {
  private func items(_ source: inout some RecordSource) throws -> [String] {
    let batch = RecordBatch(capacity: 64)
    var items: [String] = []
    while try source.fill(batch) {
      for item in batch.items {
        let text = Text(start: UnsafePointer(batch.base) + item.start, count: item.end - item.start).string
        items.append("\(item.line):\(item.offset) \(item.fault?.slug ?? text)")
      }
    }
    return items
  }

  @Test("lines are returned whole, whatever the size of batches and reads", arguments: [1, 2, 7, 64, 1000], [8, 33, 4096])
  func lines(piece: Int, batchSize: Int) throws {
    let text = "\u{FEFF}{\"a\":1}\n\n  \r\n{\"b\":2}\r\n\(String(repeating: "x", count: 100))\n{\"c\":3}"
    var source = NDJSONSource(MemoryInput(Array(text.utf8), pieceSize: piece), batchSize: batchSize, maximumRecord: 50)
    #expect(
      try items(&source) == ["1:3 {\"a\":1}", "4:16 {\"b\":2}", "5:25 record-too-large", "6:126 {\"c\":3}"])
  }

  @Test("an empty input has no records", arguments: ["", "\n", "  \n\n"])
  func nothing(text: String) throws {
    var source = NDJSONSource(MemoryInput(Array(text.utf8)))
    #expect(try items(&source) == [])
  }

  /// Like `items`, and what ended the reading.
  private func itemsAndFailure(_ source: inout some RecordSource) throws -> [String] {
    let batch = RecordBatch(capacity: 64)
    var items: [String] = []
    do {
      while try source.fill(batch) {
        for item in batch.items {
          let text = Text(start: UnsafePointer(batch.base) + item.start, count: item.end - item.start).string
          items.append("\(item.line):\(item.offset) \(item.fault?.slug ?? text)")
        }
      }
    } catch let failure as OperationFailure { items.append("\(failure)") }
    return items
  }

  @Test(
    "a JSON text gives the elements of its array, or its values",
    arguments: [
      ("[]", []), ("[1, {\"a\":[2]} ,\"x]\\\"\"]", ["1:1 1", "1:4 {\"a\":[2]}", "1:15 \"x]\\\"\""]),
      ("{\"a\":\n1}\n{\"b\":2}", ["1:0 {\"a\":\n1}", "3:9 {\"b\":2}"]), ("", []),
      ("{\"a\":1} [{\"b\":2}]", ["1:0 {\"a\":1}", "1:8 [{\"b\":2}]"]), ("\u{FEFF}[7]", ["1:4 7"]),
      ("[\"\\\\\", \"a\\\\\\\"b\", 2]", ["1:1 \"\\\\\"", "1:7 \"a\\\\\\\"b\"", "1:17 2"]),
      ("{} } 1", ["1:0 {}", "1:3 }", "1:5 1"]),
    ])
  func values(text: String, expected: [String]) throws {
    for piece in [1, 3, 1000] {
      for batchSize in [1, 8, 1000] {
        var source = JSONSource(MemoryInput(Array(text.utf8), pieceSize: piece), batchSize: batchSize)
        #expect(try items(&source) == expected)
      }
    }
  }

  @Test(
    "an array that cannot be read on ends the reading, with the place, after the records before it",
    arguments: [
      ("[{} {},{}]", ["1:1 {}"], "a comma or ']' is missing on line 1, at byte 5"),
      ("[{},\n{}", ["1:1 {}", "2:5 {}"], "it ends before the array is closed on line 2, at byte 8"),
      ("[{},{\"a\":", ["1:1 {}", "1:4 {\"a\":"], "it ends before the array is closed on line 1, at byte 10"),
      ("[1]x", ["1:1 1"], "something follows the array on line 1, at byte 4"),
      ("[1,]", ["1:1 1"], "an element is missing on line 1, at byte 4"),
      ("[,]", [], "an element is missing on line 1, at byte 2"),
      ("[1,,2]", ["1:1 1"], "an element is missing on line 1, at byte 4"),
      ("[", [], "it ends before the array is closed on line 1, at byte 2"),
    ])
  func brokenArrays(text: String, records: [String], reason: String) throws {
    for piece in [1, 3, 1000] {
      var source = JSONSource(MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.json")
      #expect(
        try itemsAndFailure(&source)
          == records + ["cannot read x.json: \(reason) of the input; what follows was not read"])
    }
  }

  @Test("where batches end does not change what a JSON text gives")
  func batchEnds() throws {
    for batchSize in [1, 8, 1000] {
      var source = JSONSource(MemoryInput(Array("{\"a\":1} [{\"b\":2},{\"c\":3}]".utf8)), batchSize: batchSize)
      #expect(try items(&source) == ["1:0 {\"a\":1}", "1:8 [{\"b\":2},{\"c\":3}]"])
    }
  }

  @Test("refused rows also fill a batch")
  func refusedRows() throws {
    let text = "a,b\n" + String(repeating: "x\n", count: 70_000)
    var source = CSVSource(MemoryInput(Array(text.utf8)), path: "x.csv")
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect(batch.items.count <= 65_536)
  }

  @Test("a long line in small pieces is looked through once")
  func longLine() throws {
    let text = "{\"a\":\"\(String(repeating: "x", count: 2_000_000))\"}"
    var source = NDJSONSource(MemoryInput(Array(text.utf8), pieceSize: 512))
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect(batch.items.count == 1 && batch.items[0].end == text.utf8.count)
  }

  @Test("CSV rows become objects of text; an empty cell is null, a quoted one is not")
  func rows() throws {
    let text = "id,zip,note\nc1,02139,\"a \"\"b\"\"\nc\"\nc2,,\"\"\nc3,1\nc4,1e5,x\n"
    var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: 5), path: "x.csv")
    #expect(
      try items(&source) == [
        "2:0 {\"id\":\"c1\",\"zip\":\"02139\",\"note\":\"a \\\"b\\\"\\nc\"}", "4:0 {\"id\":\"c2\",\"zip\":null,\"note\":\"\"}",
        "5:0 ragged-row", "6:0 {\"id\":\"c4\",\"zip\":\"1e5\",\"note\":\"x\"}",
      ])
  }

  private static let swallowing = "id,note\n1,a\n2,\"open\n3,b\n4\n5,c\n"

  @Test("rows that a bad quote would have swallowed are rejected, or let through with a warning", arguments: [1, 6, 1000])
  func resynchronized(piece: Int) throws {
    var source = CSVSource(MemoryInput(Array(Self.swallowing.utf8), pieceSize: piece), path: "x.csv")
    #expect(
      try items(&source) == [
        "2:0 {\"id\":\"1\",\"note\":\"a\"}", "3:0 invalid-csv", "4:0 csv-resynchronized", "5:0 ragged-row",
        "6:0 csv-resynchronized",
      ])
    var reading = RecordReading()
    reading.onBadQuote = .recover
    var recovering = CSVSource(MemoryInput(Array(Self.swallowing.utf8), pieceSize: piece), path: "x.csv", reading: reading)
    let batch = RecordBatch()
    #expect(try recovering.fill(batch))
    #expect(batch.items.map(\.fault) == [nil, .invalidCSV, nil, .raggedRow, nil])
    #expect(batch.items.map(\.warnings) == [[], [], .csvResynchronized, [], .csvResynchronized])
    #expect(batch.note(of: batch.items[4], about: .csvResynchronized)?.contains("opens on line 3") == true)
  }

  @Test("rows before a bad cell that is too large are returned, then the file is refused with its line")
  func tooLargeAndBad() throws {
    let text = "id,note\n1,a\n2,\"open\n" + String(repeating: "3,b\n", count: 100)
    for piece in [1, 10, 10_000] {
      var source = CSVSource(MemoryInput(Array(text.utf8), pieceSize: piece), path: "x.csv", maximumRecord: 50)
      let batch = RecordBatch()
      #expect(try source.fill(batch))
      #expect(batch.items.map(\.line) == [2])
      let failure = #expect(throws: OperationFailure.self) { try source.fill(batch) }
      #expect(
        failure?.description.hasPrefix("x.csv:3: the quoted cell that opens on line 3 has a missing or misplaced closing quote")
          == true)
      #expect(throws: OperationFailure.self) { try source.fill(batch) }
    }
  }

  @Test("columns that the header lacks are named before the first row", arguments: [1, 1000])
  func missingColumns(piece: Int) throws {
    var reading = RecordReading()
    let place = SourcePlace(file: "m.yaml", line: 7, column: 9)
    reading.columns = ["id", "Fax", "cafe\u{301}"].map { .init(name: $0, place: place) }
    func failure(_ header: String) -> String? {
      var source = CSVSource(MemoryInput(Array("\(header)\n1,2,3\n".utf8), pieceSize: piece), path: "x.csv", reading: reading)
      let batch = RecordBatch()
      return #expect(throws: OperationFailure.self) { try source.fill(batch) }?.description
    }
    let found = try #require(failure("id,fax,caf\u{E9}"))
    #expect(
      found.hasPrefix("x.csv:1: missing-column: the header has no column 'Fax', which m.yaml:7:9 reads: did you mean 'fax'?"))
    // Another encoding of a letter makes another name.
    #expect(found.contains("no column 'cafe\u{301}'"))
    #expect(found.hasSuffix("source: {optional: [Fax]}"))
    #expect(failure("id,Phone,cafe\u{301}")?.contains("it has: id, Phone") == true)
  }

  @Test("names of open files are written where these have got to, and never replaced")
  func openFiles() throws {
    let folder = "/tmp/waybill-stream-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let handle = try #require(FileHandle(forUpdatingAtPath: "\(folder)/out", creating: "head\n"))
    defer { try? handle.close() }
    try handle.seekToEnd()
    let number = handle.fileDescriptor
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "/dev/fd/\(number)")
    for (index, path) in ["/dev/fd/\(number)", "/proc/self/fd/\(number)", "\(folder)/link"].enumerated() {
      #expect(StreamPath.isStream(path), "\(path)")
      let file = try OutputFile(path: path)
      try file.write("\(index)\n")
      try file.commit()
    }
    #expect(try String(contentsOfFile: "\(folder)/out", encoding: .utf8) == "head\n0\n1\n2\n")
    #expect(StreamPath.isStream("/dev/null"))
    for path in ["\(folder)/out", folder, "\(folder)/none", "/dev/none", "out"] { #expect(!StreamPath.isStream(path), "\(path)") }
  }

  @Test("a reader that waits for a silent pipe ends when its task is cancelled")
  func silentPipe() async throws {
    let pipe = Pipe()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    let task = Task {
      let input = try FileInput(path: path)
      let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
      defer { buffer.deallocate() }
      return try input.read(into: buffer, count: 16)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try pipe.fileHandleForWriting.close()
  }

  @Test("a file appears only when it is whole")
  func outputs() throws {
    let folder = "/tmp/waybill-output-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/deep/out.csv"
    let file = try OutputFile(path: path)
    try file.write("half")
    #expect((try? FileInput(path: path)) == nil)
    file.abandon()
    #expect((try? FileInput(path: path)) == nil)
    let again = try OutputFile(path: path)
    try again.write("whole")
    try again.commit()
    let input = try FileInput(path: path)
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: 16)
    defer { buffer.deallocate() }
    #expect(try input.read(into: buffer, count: 16) == 5)
    #expect(throws: OperationFailure.self) { try OutputFile(path: folder) }
    #expect(throws: OperationFailure.self) { try FileInput(path: folder) }
  }
}

extension FileHandle {
  /// A new file with this content, open for reading and writing.
  fileprivate convenience init?(forUpdatingAtPath path: String, creating text: String) {
    guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else { return nil }
    self.init(forUpdatingAtPath: path)
  }
}
