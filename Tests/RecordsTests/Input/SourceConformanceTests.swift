import Core
import Files
import Foundation
import TestSupport
import Testing

@testable import Records

/// The contract of every `RecordSource` over an input, whatever its format: one table, run over each of them.
@Suite struct SourceConformanceTests {
  /// A format, as texts of records and what stands between them.
  enum Format: String, CaseIterable, Sendable {
    case ndjson, jsonValues, jsonArray, csv, csvWithMark, csvCells

    /// An input of these records; nil stands for a blank line.
    func text(_ records: [String?]) -> String {
      switch self {
      case .ndjson: records.map { $0.map(object) ?? "  " }.joined(separator: "\n") + "\n"
      case .jsonValues: records.map { $0.map(object) ?? "" }.joined(separator: "\n")
      case .jsonArray:
        // A blank line is not an element, and takes no comma.
        "["
          + records.enumerated().map { ($1.map(object) ?? "") + (isLast($0, of: records) || $1 == nil ? "" : ",") }.joined(
            separator: "\n") + "]"
      case .csv, .csvCells: "id\n" + records.map { $0 ?? "" }.joined(separator: "\n") + "\n"
      case .csvWithMark: "\u{FEFF}id\r\n" + records.map { $0 ?? "" }.joined(separator: "\r\n")
      }
    }

    private func isLast(_ index: Int, of records: [String?]) -> Bool { records[(index + 1)...].allSatisfy { $0 == nil } }

    func object(_ id: String) -> String { "{\"id\":\"\(id)\"}" }

    /// A record that cannot be read although the ones around it can; its code where the source finds it, else the walker's text.
    var broken: (record: String, fault: ProblemCode?) {
      switch self {
      case .ndjson: ("{\"id\":", nil)
      case .jsonValues, .jsonArray: ("{\"id\":x}", nil)
      case .csv, .csvWithMark, .csvCells: ("a,b", .raggedRow)
      }
    }

    /// The line of the first record.
    var firstLine: Int { isCSV ? 2 : 1 }

    var isCSV: Bool { self == .csv || self == .csvWithMark || self == .csvCells }

    func source(_ text: String, piece: Int, batchSize: Int, limit: Int) -> any RecordSource {
      source(MemoryInput(Array(text.utf8), pieceSize: piece), batchSize: batchSize, limit: limit)
    }

    func source(_ input: any ByteInput, batchSize: Int, limit: Int) -> any RecordSource {
      switch self {
      case .ndjson: NDJSONSource(input, batchSize: batchSize, maximumRecord: limit)
      case .jsonValues, .jsonArray: JSONSource(input, batchSize: batchSize, maximumRecord: limit)
      case .csv, .csvWithMark: CSVSource(input, path: "x.csv", batchSize: batchSize, maximumRecord: limit)
      case .csvCells: RowsAsCells(CSVSource(input, path: "x.csv", batchSize: batchSize, maximumRecord: limit))
      }
    }
  }

  typealias Found = RecordSourceConformance.Record

  private func check(_ format: Format, _ text: String, limit: Int = 1 << 20, _ expected: [Found]) throws {
    let suite = RecordSourceConformance("\(format)", expected: expected) { shape in
      format.source(text, piece: shape.piece, batchSize: shape.batchSize, limit: limit)
    }
    #expect(try suite.violations() == [])
  }

  private func records(_ format: Format, _ ids: [String]) -> [Found] {
    ids.enumerated().map { Found(line: format.firstLine + $0, text: format.object($1)) }
  }

  @Test(arguments: Format.allCases) func `records come in their order, each with its line`(format: Format) throws {
    let ids = (0..<50).map { "r\($0)" }
    try check(format, format.text(ids), records(format, ids))
  }

  @Test(arguments: Format.allCases) func `blank lines are not records, but are counted as lines`(format: Format) throws {
    let expected = [("a", 0), ("b", 2), ("c", 5)].map { Found(line: format.firstLine + $1, text: format.object($0)) }
    try check(format, format.text(["a", nil, "b", nil, nil, "c", nil]), expected)
  }

  @Test(arguments: Format.allCases) func `a broken record in the middle leaves those around it alone`(format: Format) throws {
    let (broken, fault) = format.broken
    let text = format.text(["a", "b", "c"]).replacing(
      format.isCSV ? "b" : format.object("b"), with: broken)
    var expected = records(format, ["a", "b", "c"])
    expected[1].text = fault?.slug ?? broken
    try check(format, text, expected)
  }

  @Test(arguments: Format.allCases) func `the last record needs no line break`(format: Format) throws {
    var text = format.text(["a", "b"])
    while text.last?.isNewline == true { text.removeLast() }
    try check(format, text, records(format, ["a", "b"]))
  }

  @Test(arguments: Format.allCases) func `an input of nothing has no records`(format: Format) throws {
    try check(format, format.text([]), [])
  }

  @Test(arguments: Format.allCases) func `a record over the limit is skipped with its line, and the next one is read`(
    format: Format
  ) throws {
    let long = String(repeating: "x", count: 5_000)
    var expected = records(format, ["a", long, "c"])
    expected[1].text = ProblemCode.recordTooLarge.slug
    try check(format, format.text(["a", long, "c"]), limit: 1_000, expected)
    // Also where it is the last one.
    try check(format, format.text(["a", long]), limit: 1_000, Array(expected.prefix(2)))
  }

  @Test func `a whole document is one record, whatever its size and its lines`() throws {
    for text in ["{\"a\":\n1}", "  ", "[1,\n2]", "\u{FEFF}7"] {
      let expected = [Found(line: 1, text: text.replacing("\u{FEFF}", with: ""))]
      let suite = RecordSourceConformance("document", expected: expected) { shape in
        DocumentSource(MemoryInput(Array(text.utf8), pieceSize: shape.piece))
      }
      #expect(try suite.violations() == [])
    }
    let large = [Found(line: 1, text: ProblemCode.recordTooLarge.slug)]
    let suite = RecordSourceConformance("document", expected: large) { shape in
      DocumentSource(MemoryInput(Array(repeating: 0x20, count: 5_000), pieceSize: shape.piece), maximumRecord: 1_000)
    }
    #expect(try suite.violations() == [])
  }

  @Test(arguments: Format.allCases, [0, 1, 3, 7, 8, 20]) func `a limit gives the first records and nothing else`(
    format: Format, limit: Int
  ) throws {
    let text = format.text((0..<8).map { "r\($0)" })
    let expected = Array(records(format, (0..<8).map { "r\($0)" }).prefix(limit))
    let suite = RecordSourceConformance("\(format)", expected: expected) { shape in
      LimitedSource(format.source(text, piece: shape.piece, batchSize: shape.batchSize, limit: 1_000), limit: limit)
    }
    #expect(try suite.violations() == [])
  }

  @Test(arguments: [Format.ndjson, .jsonValues, .jsonArray], ["id", "other"])
  func `records with unknown members are faults in their places`(format: Format, known: String) throws {
    let ids = ["a", "b", "c"]
    var expected = records(format, ids)
    if known == "other" { for index in expected.indices { expected[index].text = ProblemCode.unmappedField.slug } }
    let suite = RecordSourceConformance("closed \(format)", expected: expected) { shape in
      ClosedSource(
        format.source(format.text(ids), piece: shape.piece, batchSize: shape.batchSize, limit: 1_000),
        known: KnownMembers(paths: [[known]]))
    }
    #expect(try suite.violations() == [])
  }

  /// Inputs that cannot be read to their end: the preceding records are handed out first.
  @Test(arguments: [
    (Format.jsonArray, "[{\"id\":\"a\"},\n{\"id\":\"b\"} ;"), (.csv, "id\na\nb\n\"" + String(repeating: "x\n", count: 200)),
  ])
  func `an input that fails gives the records before it, and fails again`(format: Format, text: String) throws {
    let suite = RecordSourceConformance("\(format)", expected: records(format, ["a", "b"]), fails: true) { shape in
      format.source(text, piece: shape.piece, batchSize: shape.batchSize, limit: 100)
    }
    #expect(try suite.violations() == [])
  }

  /// The beginning of a third record, behind two whole ones.
  @Test(arguments: [
    (Format.ndjson, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":"), (.jsonValues, "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\n\"id\":"),
    (.jsonArray, "[{\"id\":\"a\"},\n{\"id\":\"b\"},{\n\"id\":"), (.csv, "id\na\nb\n\"c\n"),
    (.csvWithMark, "\u{FEFF}id\r\na\r\nb\r\nc"),
  ])
  func `records before a failing read are handed out`(format: Format, text: String) throws {
    let suite = RecordSourceConformance("\(format)", expected: records(format, ["a", "b"]), fails: true) { shape in
      format.source(FailingInput(text: text, piece: shape.piece), batchSize: shape.batchSize, limit: 1_000)
    }
    #expect(try suite.violations() == [])
  }

  @Test func `lines can be read from the byte of a cursor on`() throws {
    let text = "\u{FEFF}{\"id\":\"a\"}\n\n  {\"id\":\"b\"}\r\n{\"id\":\"é\"}\n\n{\"id\":\"d\"}"
    let bytes = Array(text.utf8)
    func all(_ source: NDJSONSource) throws -> [Found] {
      var (source, found) = (source, [Found]())
      let batch = RecordBatch(capacity: 64)
      while try source.fill(batch) {
        found += batch.items.map { Found(line: $0.line, text: String(decoding: batch.bytes[$0.start..<$0.end], as: UTF8.self)) }
      }
      return found
    }
    let whole = try all(NDJSONSource(MemoryInput(bytes)))
    #expect(whole.map(\.line) == [1, 3, 4, 6])
    var source = NDJSONSource(MemoryInput(bytes, pieceSize: 1), batchSize: 1)
    let batch = RecordBatch(capacity: 64)
    repeat {
      let cursor = source.cursor
      let rest = Array(bytes.dropFirst(try #require(cursor.offset)))
      #expect(try all(NDJSONSource(MemoryInput(rest), at: cursor)) == Array(whole.dropFirst(cursor.records)))
    } while try source.fill(batch)
    #expect(source.cursor == RecordCursor(records: 4, line: 7, offset: bytes.count))
  }

  @Test func `an input that has become shorter than a cursor is refused`() throws {
    let batch = RecordBatch(capacity: 64)
    for records in 0...3 {
      let input = MemoryInput(Array("{\"id\":1}\n{\"id\":2}\n".utf8))
      var source = ResumedSource(NDJSONSource(input), at: RecordCursor(records: records), of: "in.ndjson")
      if records <= 2 {
        #expect(try source.fill(batch) == (records < 2))
      } else {
        let failure = #expect(throws: OperationFailure.self) { try source.fill(batch) }
        #expect(failure?.description.contains("in.ndjson: it has 2 records, but 3 were read from it before") == true)
      }
    }
  }

  @Test func `a cursor can be stored and read again`() throws {
    for cursor in [RecordCursor.start, RecordCursor(records: 7), RecordCursor(records: 1 << 40, line: 9, offset: 1 << 50)] {
      let stored = try JSONEncoder().encode(cursor)
      #expect(try JSONDecoder().decode(RecordCursor.self, from: stored) == cursor)
    }
  }

  @Test(arguments: FaultySource.Fault.allCases) func `the suite finds a source that breaks the contract`(
    fault: FaultySource.Fault
  ) throws {
    let expected = (1...5).map { Found(line: $0, text: "{}") }
    let suite = RecordSourceConformance("faulty", expected: expected, shapes: [.init(piece: 1, batchSize: 1)]) { _ in
      FaultySource(fault: fault)
    }
    #expect(try suite.violations().isEmpty == (fault == .none), "\(fault)")
  }
}

/// Bytes, and then a failure instead of an end.
private struct FailingInput: ByteInput {
  private var input: MemoryInput

  init(text: String, piece: Int) { input = MemoryInput(Array(text.utf8), pieceSize: piece) }

  mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    let received = try input.read(into: buffer, count: count)
    guard received > 0 else { throw OperationFailure.reading("x", "the disk is gone") }
    return received
  }
}

/// Five records, two at a time, with one fault.
struct FaultySource: RecordSource {
  enum Fault: CaseIterable {
    case none, keepsOldItems, countsNothing, losesTheLast, givesTheFirstTwice, startsOver, overstatesLine, leavesTheEndFilled
  }

  let fault: Fault
  private var next = 0
  private(set) var cursor = RecordCursor(records: 0, line: 1)

  init(fault: Fault) { self.fault = fault }

  mutating func fill(_ batch: RecordBatch) -> Bool {
    if fault != .keepsOldItems { batch.removeAll() }
    let count = fault == .losesTheLast ? 4 : 5
    guard next < count else {
      if fault == .startsOver { next = 0 }
      if fault == .leavesTheEndFilled { batch.count = 1 }
      return false
    }
    batch.reserve(batch.count + 6)
    for line in next..<min(next + 2, count) {
      let shown = fault == .givesTheFirstTwice ? max(0, line - 1) : line
      let start = batch.count
      for byte in "{}\n".utf8 {
        batch.base[batch.count] = byte
        batch.count += 1
      }
      batch.items.append(RecordBatch.Item(start: start, end: start + 2, line: shown + 1, offset: 0))
    }
    next = min(next + 2, count)
    if fault != .countsNothing { cursor.records = next }
    cursor.line = fault == .overstatesLine ? next + 4 : next + 1
    return true
  }
}
