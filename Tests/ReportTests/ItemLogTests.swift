import Core
import Foundation
import Records
import TestSupport
import Testing

@testable import Report

@Suite struct ItemLogTests {
  private let folder = TemporaryFolder()
  private var base: String { folder.path + "/m" }

  @Test func `an entry is 40 bytes, little-endian, and reads back as it was`() throws {
    for (number, outcome) in Outcome.allCases.enumerated() {
      let entry = ItemLog.Entry(
        line: 0x0102_0304_0506, stagedEnd: number, ledgerEnd: Int(Int32.max) + number, keyEnd: 7, element: number - 1,
        code: number == 0 ? nil : ProblemCode.allCases[number], outcome: outcome,
        kind: ItemLog.Kind.allCases[number % ItemLog.Kind.allCases.count])
      var bytes: [UInt8] = []
      entry.append(to: &bytes)
      #expect(bytes.count == ItemLog.entryBytes)
      #expect(Array(bytes[..<8]) == [6, 5, 4, 3, 2, 1, 0, 0])
      #expect(ItemLog.Entry(bytes[...]) == entry)
    }
  }

  /// Later versions read what this one writes: a number once given stays.
  @Test func `the numbers of outcomes and kinds do not change`() {
    func bytes(_ outcome: Outcome, _ kind: ItemLog.Kind) -> ArraySlice<UInt8> {
      var bytes: [UInt8] = []
      ItemLog.Entry(line: 1, stagedEnd: 0, ledgerEnd: 0, keyEnd: 0, element: -1, code: nil, outcome: outcome, kind: kind)
        .append(to: &bytes)
      return bytes[32...]
    }
    let order: [Outcome] = [
      .written, .created, .updated, .unchanged, .removed, .filtered, .merged, .rejected, .failed, .pending,
    ]
    for (number, outcome) in order.enumerated() {
      #expect(Array(bytes(outcome, .record)) == [255, 255, 255, 255, 0, 0, UInt8(number), 0])
    }
    #expect(bytes(.written, .element).last == 1 && bytes(.written, .departed).last == 2)
    #expect(Set(order) == Set(Outcome.allCases))
  }

  @Test(
    arguments: [
      [255, 255, 255, 255, 0, 0, 10, 0], [255, 255, 255, 255, 0, 0, 0, 3], [255, 255, 255, 255, 255, 255, 0, 0],
    ] as [[UInt8]])
  func `what is not an entry is refused`(_ end: [UInt8]) throws {
    #expect(ItemLog.Entry((Array(repeating: 0, count: 32) + end)[...]) == nil)
    try folder.write("m.keys", "")
    try Data(Array(repeating: 0, count: 32) + end).write(to: URL(filePath: base + ".items"))
    var reader = try ItemLogReader(base)
    #expect(throws: OperationFailure.self) { try reader.next() }
  }

  private func write(_ entries: [(key: String, element: Int)], keys: String) throws {
    var bytes: [UInt8] = []
    var end = 0
    for (index, entry) in entries.enumerated() {
      end += entry.key.utf8.count
      ItemLog.Entry(
        line: index + 1, stagedEnd: 0, ledgerEnd: 0, keyEnd: end, element: entry.element, code: nil, outcome: .written,
        kind: .record
      ).append(to: &bytes)
    }
    try Data(bytes).write(to: URL(filePath: base + ".items"))
    try folder.write("m.keys", keys)
  }

  @Test func `keys come back with their items, however long the log is`() throws {
    let entries = (0..<20_000).map { (key: $0 % 7 == 0 ? "" : String(repeating: "é", count: $0 % 50), element: -1) }
    try write(entries, keys: entries.map(\.key).joined())
    var reader = try ItemLogReader(base)
    for (index, wanted) in entries.enumerated() {
      let found = try #require(try reader.next())
      #expect(found.entry.line == index + 1)
      #expect(found.key == (wanted.key.isEmpty ? nil : wanted.key))
    }
    #expect(try reader.next() == nil)
  }

  @Test func `a log that was compressed at the end of its run reads the same`() throws {
    try write((0..<20_000).map { (key: "k\($0)", element: -1) }, keys: (0..<20_000).map { "k\($0)" }.joined())
    for path in [ItemLog.itemsPath(base), ItemLog.keysPath(base)] {
      try GzipFile.compress(path, to: path + ".gz")
      try FileManager.default.removeItem(atPath: path)
    }
    var reader = try ItemLogReader(base)
    for index in 0..<20_000 { #expect(try reader.next()?.key == "k\(index)") }
    #expect(try reader.next() == nil)
  }

  @Test func `an end beyond its file is damage, not a crash`() throws {
    var bytes: [UInt8] = []
    ItemLog.Entry(
      line: 1, stagedEnd: 0, ledgerEnd: .max, keyEnd: .max, element: -1, code: nil, outcome: .rejected, kind: .record
    ).append(to: &bytes)
    try Data(bytes).write(to: URL(filePath: base + ".items"))
    try folder.write("m.keys", "a")
    var reader = try ItemLogReader(base)
    #expect(throws: OperationFailure.self) { try reader.next() }
    try folder.write("ledger.ndjson", "{}\n")
    let reasons = RejectReasons(ledger: folder.path + "/ledger.ndjson", start: 0)
    #expect(reasons.reason(of: try #require(ItemLog.Entry(bytes[...]))) == nil)
  }

  @Test func `a log that is cut off is damaged, not short`() throws {
    try write([("a", -1), ("b", 0)], keys: "ab")
    let items = try Data(contentsOf: URL(filePath: base + ".items"))
    try items.dropLast(1).write(to: URL(filePath: base + ".items"))
    var cut = try ItemLogReader(base)
    #expect(try cut.next()?.key == "a")
    #expect(throws: OperationFailure.self) { try cut.next() }
    try items.write(to: URL(filePath: base + ".items"))
    try folder.write("m.keys", "a")
    var keyless = try ItemLogReader(base)
    #expect(try keyless.next()?.key == "a")
    #expect(throws: OperationFailure.self) { try keyless.next() }
  }

  @Test func `the first error among an item's ledger lines is its reason`() throws {
    let lines = [
      #"{"severity":"warning","code":"w","message":"no"}"#, #"{"severity":"error","code":"e1","field":"f","message":"first"}"#,
      #"{"severity":"error","code":"e2","message":"second"}"#, #"{"severity":"error","code":"e3","message":"of the next"}"#,
    ].map { $0 + "\n" }
    try folder.write("ledger.ndjson", "before\n" + lines.joined())
    let ends = lines.reduce(into: [7]) { $0.append($0[$0.count - 1] + $1.utf8.count) }
    func entry(_ outcome: Outcome, _ end: Int) -> ItemLog.Entry {
      .init(line: 1, stagedEnd: 0, ledgerEnd: end, keyEnd: 0, element: -1, code: .required, outcome: outcome, kind: .record)
    }
    let reasons = RejectReasons(ledger: folder.path + "/ledger.ndjson", start: 7)
    #expect(reasons.reason(of: entry(.written, ends[0])) == nil)
    #expect(
      reasons.reason(of: entry(.rejected, ends[3])) == .init(code: "e1", field: "f", message: "first", problems: "first; second"))
    #expect(
      reasons.reason(of: entry(.rejected, ends[4]))
        == .init(code: "e3", field: nil, message: "of the next", problems: "of the next"))
    // Without the ledger, the code is still known.
    let none = RejectReasons(ledger: folder.path + "/none", start: 0)
    #expect(none.reason(of: entry(.rejected, 100)) == .init(code: "required", field: nil, message: nil))
  }
}
