import Core
import Foundation
import Load
import Records
import TestSupport
import Testing

@Suite struct StagedReaderTests {
  let folder = TemporaryFolder()

  /// `key line cell…` of each record.
  private func read(_ reader: StagedReader) throws -> [String] {
    var rows: [String] = []
    while let batch = try reader.next() {
      #expect(batch.first == UInt64(rows.count))
      for index in 0..<batch.count {
        rows.append(
          "\(batch.key(index).string) \(batch.line(index)) " + batch.record(index).map(Self.text).joined(separator: "|"))
      }
    }
    return rows
  }

  private static func text(_ cell: Cell) -> String {
    if cell.kind == .list { return "[\(cell.elements.map(text).joined(separator: ","))]" }
    return cell.text.count > 0 || cell.kind == .string ? cell.text.string : "\(cell.kind)"
  }

  @Test func `records keep their values, even where texts have escapes and lists nest`() throws {
    let columns = [
      LoadColumn(path: ["id"]), LoadColumn(path: ["address", "city"]), LoadColumn(path: ["tags"]), LoadColumn(path: ["more"]),
    ]
    let records = StagedRecords(
      [
        #"{"id":"a\"\u00e9","address":{"city":"Köln\n"},"tags":["x","y\\"],"more":{"a":[1]}}"#,
        #"{"id":"","tags":[],"more":null}"#,
        #"{"id":3,"address":{"city":1.50},"tags":[["z\""],{"b":true}],"more":false}"#,
      ], columns: columns)
    #expect(
      try read(records.reader(in: folder)) == [
        "r1 1 a\"é|Köln\n|[x,y\\]|{\"a\":[1]}",
        "r2 2 |missing|[]|null",
        "r3 3 3|1.50|[[\"z\\\"\"],{\"b\":true}]|false",
      ])
  }

  @Test(arguments: [1, 9, 1000, 1 << 20]) func `each record of a long file comes once, in batches`(cells: Int) throws {
    let records = StagedRecords(
      (0..<10_000).map { #"{"a":"\\\#($0)","b":["\"\#($0)"]}"# }, columns: [LoadColumn(path: ["a"]), LoadColumn(path: ["b"])])
    let rows = try read(records.reader(in: folder, batchCells: cells))
    #expect(rows == (0..<10_000).map { "r\($0 + 1) \($0 + 1) \\\($0)|[\"\($0)]" })
  }

  @Test func `a file that was compressed at the end of its run reads the same`() throws {
    let columns = [LoadColumn(path: ["a"])]
    let records = StagedRecords((0..<10_000).map { #"{"a":"\#($0)"}"# }, columns: columns)
    let path = "\(folder.path)/people.ndjson"
    try folder.write("people.ndjson", records.text)
    try GzipFile.compress(path, to: path + ".gz")
    try FileManager.default.removeItem(atPath: path)
    let reader = try StagedReader(path, mapping: "people", columns: columns, count: 10_000)
    #expect(try read(reader) == (0..<10_000).map { "r\($0 + 1) \($0 + 1) \($0)" })
  }

  @Test func `a mapping without records has no batches`() throws {
    let reader = try StagedRecords([], columns: [LoadColumn(path: ["id"])]).reader(in: folder)
    #expect(try read(reader) == [])
  }

  @Test(arguments: [
    "not JSON\n", #"{"key":"r1","line":1,"record":{"id":1}"# + "\n", #"{"line":1,"record":{}}"# + "\n",
    #"{"key":"r1","line":"1","record":{}}"# + "\n", "[1]\n",
  ])
  func `a damaged line is reported`(line: String) throws {
    try folder.write("people.ndjson", line)
    let path = "\(folder.path)/people.ndjson"
    let reader = try StagedReader(path, mapping: "people", columns: [LoadColumn(path: ["id"])], count: 1)
    #expect(throws: OperationFailure(.fault, "the staged records of 'people' in \(path) cannot be read back: run again")) {
      try read(reader)
    }
  }

  @Test func `a file that lost its end is reported`() throws {
    let records = StagedRecords([#"{"id":1}"#], columns: [LoadColumn(path: ["id"])])
    try folder.write("people.ndjson", records.text)
    let path = "\(folder.path)/people.ndjson"
    let reader = try StagedReader(path, mapping: "people", columns: records.columns, count: 2)
    #expect(
      throws: OperationFailure(
        .fault, "the staged records of 'people' in \(path) cannot be read back (1 of 2 records): run again")
    ) {
      try read(reader)
    }
  }

  @Test func `a cancelled task gets no more batches`() async throws {
    let reader = try StagedRecords([#"{"id":1}"#], columns: [LoadColumn(path: ["id"])]).reader(in: folder)
    nonisolated(unsafe) let unshared = reader
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try unshared.next() == nil
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
