import Core
import Files
import Testing

@testable import Records

/// What every `RecordSource` keeps to, whatever its format: one table, run over each of them.
@Suite struct SourceConformanceTests {
  /// A format, as texts of records and what stands between them.
  enum Format: String, CaseIterable, Sendable {
    case ndjson, jsonValues, jsonArray, csv, csvWithMark

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
      case .csv: "id\n" + records.map { $0 ?? "" }.joined(separator: "\n") + "\n"
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
      case .csv, .csvWithMark: ("a,b", .raggedRow)
      }
    }

    /// The line of the first record.
    var firstLine: Int { self == .csv || self == .csvWithMark ? 2 : 1 }

    func source(_ text: String, piece: Int, batchSize: Int, limit: Int) -> any RecordSource {
      let input = MemoryInput(Array(text.utf8), pieceSize: piece)
      return switch self {
      case .ndjson: NDJSONSource(input, batchSize: batchSize, maximumRecord: limit)
      case .jsonValues, .jsonArray: JSONSource(input, batchSize: batchSize, maximumRecord: limit)
      case .csv, .csvWithMark: CSVSource(input, path: "x.csv", batchSize: batchSize, maximumRecord: limit)
      }
    }
  }

  struct Found: Equatable {
    var line: Int
    /// The record's text, or the slug of its fault.
    var text: String
  }

  private func read(_ source: any RecordSource) throws -> [Found] {
    var source = source
    let batch = RecordBatch(capacity: 64)
    var found: [Found] = []
    while try source.fill(batch) {
      #expect(!batch.items.isEmpty, "a batch that is handed over has items")
      for item in batch.items {
        #expect(item.start <= item.end && item.end <= batch.count, "an item lies in its batch")
        let text = Text(start: UnsafePointer(batch.base) + item.start, count: item.end - item.start).string
        found.append(Found(line: item.line, text: item.fault?.slug ?? text))
      }
    }
    #expect(batch.items.isEmpty && batch.count == 0, "the end leaves the batch empty")
    #expect(try !source.fill(batch), "the end stays the end")
    return found
  }

  /// The same, whatever the pieces that the input comes in and the batches that are asked for.
  private func check(_ format: Format, _ text: String, limit: Int = 1 << 20, _ expected: [Found]) throws {
    for piece in [1, 3, 100_000] {
      for batchSize in [1, 16, 100_000] {
        #expect(
          try read(format.source(text, piece: piece, batchSize: batchSize, limit: limit)) == expected,
          "\(format), pieces of \(piece), batches of \(batchSize)")
      }
    }
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
      format == .csv || format == .csvWithMark ? "b" : format.object("b"), with: broken)
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

  @Test(arguments: Format.allCases) func `64 readable bytes follow each batch`(format: Format) throws {
    var source = format.source(format.text(["a", "b"]), piece: 7, batchSize: 1, limit: 1_000)
    let batch = RecordBatch(capacity: 1)
    while try source.fill(batch) { #expect(batch.capacity >= batch.count && RecordBatch.padding >= 64) }
  }

  @Test func `a whole document is one record, whatever its size and its lines`() throws {
    for text in ["{\"a\":\n1}", "  ", "[1,\n2]", "\u{FEFF}7"] {
      for piece in [1, 3, 100_000] {
        let found = try read(DocumentSource(MemoryInput(Array(text.utf8), pieceSize: piece)))
        #expect(found == [Found(line: 1, text: text.replacing("\u{FEFF}", with: ""))])
      }
    }
    let found = try read(DocumentSource(MemoryInput(Array(repeating: 0x20, count: 5_000)), maximumRecord: 1_000))
    #expect(found == [Found(line: 1, text: ProblemCode.recordTooLarge.slug)])
  }
}
