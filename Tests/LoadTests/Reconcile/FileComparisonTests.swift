import Core
import Foundation
import Load
import Records
import TestSupport
import Testing

/// What somebody can do to a file after it has been published.
@Suite struct FileComparisonTests {
  private static let formats: [FileFormat] = [.csv(.init()), .ndjson, .json]

  private static let records = StagedRecords(
    (0..<12).map { number in
      #"{"id":"k\#(number)","name":"Ann, \#(number)","credit":\#(number).50,"city":{"zip":"0\#(number)"},"tags":["a","b"],"note":"","tel":"+49 \#(number)"}"#
    },
    columns: [
      LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string),
      LoadColumn(path: ["credit"], types: [.integer, .number]), LoadColumn(path: ["city", "zip"], types: .string),
      LoadColumn(path: ["tags"], types: .array), LoadColumn(path: ["note"], types: [.string, .null]),
      LoadColumn(path: ["tel"], types: .string),
    ])

  private struct Bench {
    let folder = TemporaryFolder()
    let destination: FileDestination
    var path: String { "\(folder.path)/out/people" }

    init(_ format: FileFormat, _ records: StagedRecords = FileComparisonTests.records) async throws {
      destination = FileDestination(name: "files", path: try PathTemplate("\(folder.path)/out/{mapping}"), format: format)
      var session = try await destination.begin(records.part(), reporting: RecordingSink())
      try await records.submit(to: &session, in: folder)
      try await session.finish()
      try await session.publish()
      await session.close()
    }

    var lines: [String] { (folder.read("out/people") ?? "").components(separatedBy: "\n") }

    func change(_ body: (inout [String]) -> Void) throws {
      var lines = lines
      body(&lines)
      try folder.write("out/people", lines.joined(separator: "\n"))
    }

    func compare(
      _ records: StagedRecords = FileComparisonTests.records, isWhole: Bool = true, only: Set<Int>? = nil
    ) async throws -> (counts: StoredCounts, words: [String]) {
      var session = try await destination.beginComparing(
        records.part(), ComparisonOptions(isWhole: isWhole, scratch: folder.path))
      let reader = try records.reader(in: folder)
      while let batch = try reader.next() {
        for index in 0..<batch.count {
          try await session.expect(
            batch[index..<index + 1], as: only?.contains(Int(batch.first) + index) ?? true ? .loaded : .beside)
        }
      }
      var words: [String] = []
      let counts = try await session.compare { difference in
        words.append(
          [difference.kind.rawValue, difference.key?.text, difference.field].compactMap(\.self).joined(separator: " "))
      }
      await session.close()
      return (counts, words)
    }
  }

  @Test(arguments: formats) func `an untouched file has no differences, in whatever order its records are`(_ format: FileFormat)
    async throws
  {
    let bench = try await Bench(format)
    let (counts, words) = try await bench.compare()
    #expect(words == [] && counts.readBy == "file")
    #expect((counts.loaded, counts.stored) == (12, 12) && counts.loadedDigest == counts.storedDigest)
    // 0.5 to 11.5
    let total = StoredCounts.Total(records: 12, sum: .exactly("72"))
    #expect(counts.totals == [.init(column: 2, loaded: total, stored: total)])
    guard format.name == "ndjson" else { return }
    try bench.change { $0 = $0.dropLast().reversed() + [""] }
    let reversed = try await bench.compare()
    #expect(reversed.words == [] && reversed.counts.loadedDigest == counts.loadedDigest)
  }

  struct Alteration: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var found: [String]
    var old: String
    var new: String
    /// In a file of texts, or in one with types.
    var isInText = true
    var isTyped = true
  }

  static let alterations: [Alteration] = [
    .init(testDescription: "a text changed", found: ["different k3 name"], old: "Ann, 3", new: "Eva, 3"),
    .init(testDescription: "a space at the end", found: ["different k3 name"], old: "Ann, 3", new: "Ann, 3 "),
    .init(testDescription: "another case", found: ["different k3 name"], old: "Ann, 3", new: "ANN, 3"),
    .init(testDescription: "another number", found: ["different k3 credit"], old: "3.50", new: "3.5000001"),
    .init(testDescription: "another number format", found: ["different k3 credit"], old: "3.50", new: "3.5", isTyped: false),
    .init(testDescription: "a number as a text", found: ["different k3 credit"], old: ":3.50", new: #":"3.50""#, isInText: false),
    .init(testDescription: "a zero lost", found: ["different k3 city.zip"], old: "03", new: "3"),
    .init(testDescription: "a number changed its format in a text", found: ["different k3 tel"], old: "+49 3", new: "+493"),
    .init(testDescription: "a key changed", found: ["extra x3", "missing k3"], old: "k3", new: "x3"),
  ]

  @Test(arguments: formats, alterations)
  func `each alteration is found`(_ format: FileFormat, _ alteration: Alteration) async throws {
    let isText = format.name == "csv"
    guard isText ? alteration.isInText : alteration.isTyped else { return }
    let bench = try await Bench(format)
    try bench.change { lines in
      let index = lines.firstIndex { $0.contains("k3") } ?? 0
      lines[index] = lines[index].replacing(alteration.old, with: alteration.new)
    }
    let (counts, words) = try await bench.compare()
    #expect(words.sorted() == alteration.found, "\(bench.lines)")
    #expect(!counts.isEqual && counts.loadedDigest != counts.storedDigest)
  }

  @Test(arguments: formats) func `removed, added and repeated records are found`(_ format: FileFormat) async throws {
    let bench = try await Bench(format)
    try bench.change { lines in
      let index = lines.firstIndex { $0.contains("k3") } ?? 0
      let line = lines[index]
      lines.remove(at: index)
      lines.insert(line.replacing("k3", with: "x9"), at: index)
      lines.insert(lines[index + 1], at: index)
    }
    let (counts, words) = try await bench.compare()
    #expect(words == ["missing k3", "duplicate k4", "extra x9"] && counts.stored == 13)
    // Without the whole, other records may be there.
    #expect(try await bench.compare(isWhole: false).words == ["missing k3"])
  }

  private static let columns = [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"], types: .string)]

  @Test(arguments: formats) func `records with the same key are matched in their order, and by no made-up key`(
    _ format: FileFormat
  ) async throws {
    // The third one is called as if it were the second `a`.
    let records = StagedRecords(
      [#"{"id":"a","name":"one"}"#, #"{"id":"a","name":"two"}"#, #"{"id":"a#2","name":"three"}"#], columns: Self.columns)
    let bench = try await Bench(format, records)
    let (counts, words) = try await bench.compare(records)
    #expect(words == [] && (counts.loaded, counts.stored) == (3, 3))
    // One of several records can be compared, too.
    for index in 0..<3 {
      let one = try await bench.compare(records, isWhole: false, only: [index])
      #expect(one.words == [] && (one.counts.loaded, one.counts.stored) == (1, 1))
    }
    try bench.change { lines in lines = lines.map { $0.replacing("two", with: "2wo") } }
    #expect(try await bench.compare(records).words == ["different a name"])
    #expect(try await bench.compare(records, isWhole: false, only: [1]).words == ["different a name"])
    #expect(try await bench.compare(records, isWhole: false, only: [0]).words == [])
    #expect(try await bench.compare(records, isWhole: false, only: [2]).words == [])
  }

  @Test func `a key that is there more often than it was loaded is a duplicate`() async throws {
    let records = StagedRecords(
      [#"{"id":"a","name":"one"}"#, #"{"id":"a","name":"two"}"#], columns: Self.columns)
    let bench = try await Bench(.ndjson, records)
    try bench.change { $0.insert($0[1], at: 1) }
    let (counts, words) = try await bench.compare(records)
    #expect(words == ["duplicate a"] && counts.duplicate == 1 && counts.stored == 3)
    try bench.change { $0.removeSubrange(1...2) }
    #expect(try await bench.compare(records).words == ["missing a"])
  }

  @Test func `null for an empty text is found in every format`() async throws {
    let csv = try await Bench(.csv(.init()))
    try csv.change { $0[4] = $0[4].replacing(#","","#, with: ",,") }
    #expect(try await csv.compare().words == ["different k3 note"])
    let lines = try await Bench(.ndjson)
    try lines.change { $0[3] = $0[3].replacing(#""note":"""#, with: #""note":null"#) }
    #expect(try await lines.compare().words == ["different k3 note"])
  }

  @Test func `a row that cannot be read is extra, and its record is missing`() async throws {
    let csv = try await Bench(.csv(.init()))
    try csv.change { $0[4] = $0[4] + ",more" }
    #expect(try await csv.compare().words == ["extra (line 5)", "missing k3"])
    let lines = try await Bench(.ndjson)
    try lines.change { $0[3] = String($0[3].dropLast(2)) }
    #expect(try await lines.compare().words == ["extra (line 4)", "missing k3"])
  }

  @Test func `a column that was removed is different in each record`() async throws {
    let bench = try await Bench(.csv(.init()))
    try bench.change { $0[0] = $0[0].replacing("tel", with: "phone") }
    let (counts, words) = try await bench.compare()
    #expect(counts.different == 12 && words.allSatisfy { $0.hasSuffix(" tel") })
  }

  @Test func `without a target key, a file is as it was written or not`() async throws {
    var records = Self.records
    records.key = []
    let bench = try await Bench(.ndjson, records)
    #expect(try await bench.compare(records).words == [])
    try bench.change { $0[3] = $0[3].replacing("Ann", with: "Eva") }
    let (counts, words) = try await bench.compare(records)
    #expect(words == ["different"] && !counts.isEqual)
    // A part of the file says nothing about it.
    await #expect {
      _ = try await bench.compare(records, isWhole: false)
    } throws: { error in
      let failure = error as? OperationFailure
      return failure?.code == .usage && failure?.description.contains("'people' has no target key") == true
    }
  }

  @Test func `a file that is gone is reported`() async throws {
    let bench = try await Bench(.ndjson)
    try FileManager.default.removeItem(atPath: bench.path)
    await #expect(
      throws: OperationFailure(
        .inputMissing, "\(bench.path), which has the records of 'people', no longer exists: run the pipeline again")
    ) { try await bench.compare() }
    let stream = FileDestination(name: "files", path: try PathTemplate("-"), format: .ndjson)
    await #expect(throws: OperationFailure.self) {
      _ = try await stream.beginComparing(
        Self.records.part(), ComparisonOptions(isWhole: true, scratch: bench.folder.path))
    }
  }
}
