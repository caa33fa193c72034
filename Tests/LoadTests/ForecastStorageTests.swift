import Core
import Foundation
import TestSupport
import Testing

@testable import Load

/// Where a dry run keeps what it knows about records.
@Suite struct ForecastStorageTests {
  private let folder = TemporaryFolder()

  @Test func `keys remember the last record that was accepted`() {
    var keys = ForecastKeys(count: 1_000)
    #expect(keys["a"] == nil)
    keys.set("a", .asBefore)
    #expect(keys["a"] == .asBefore)
    keys.set("a", .accepted(ordinal: 0))
    keys.set("a", .asBefore)
    #expect(keys["a"] == .accepted(ordinal: 0))
    keys.set("a", .accepted(ordinal: 7))
    #expect(keys["a"] == .accepted(ordinal: 7) && keys["b"] == nil)
    keys.set("a", .removed)
    keys.set("a", .asBefore)
    #expect(keys["a"] == .removed)
    for number in 0..<1_000 { keys.set(Name("k\(number)"), .accepted(ordinal: UInt64(number))) }
    #expect((0..<1_000).allSatisfy { keys[Name("k\($0)")] == .accepted(ordinal: UInt64($0)) })
    #expect(keys["k1000"] == nil)
  }

  @Test(arguments: [0, 1, 2, 15, 16, 17]) func `there is room for the keys of a part`(count: Int) {
    var keys = ForecastKeys(count: count)
    for number in 0..<count { keys.set(Name("\(number)"), .asBefore) }
    #expect((0..<count).allSatisfy { keys[Name("\($0)")] == .asBefore } && keys["other"] == nil)
  }

  @Test func `rows are found by their keys, those of newer inputs first`() throws {
    let table = try RecordTable(beside: "\(folder.path)/staged")
    func row(_ key: Name, _ source: Int, _ text: String) -> RecordTable.Row {
      .init(key: key, source: source, remoteID: source == 0 ? "r" : nil, record: Array(text.utf8))
    }
    try table.add([row("a", 1, "1"), row("e\u{301}", 0, "2"), row("\u{E9}", 0, "3")])
    try table.add([row("a", 0, "4"), row("\u{0}", 0, "5"), row("", 0, "6")])
    try table.seal()
    func texts(_ key: Name) throws -> [String] { try table.rows(of: key).map { String(decoding: $0.record, as: UTF8.self) } }
    for (key, expected) in [
      ("a", ["4", "1"]), ("e\u{301}", ["2"]), ("\u{E9}", ["3"]), ("\u{0}", ["5"]), ("", ["6"]), ("b", []),
    ] as [(Name, [String])] {
      #expect(try texts(key) == expected)
    }
    #expect(try table.rows(of: "a").map(\.remoteID) == ["r", nil])
    var keys: [Name] = []
    var counts: [Int] = []
    try table.forEachKey {
      keys.append($0)
      counts.append($1)
    }
    #expect(keys == ["", "\u{0}", "a", "e\u{301}", "\u{E9}"] && counts == [1, 1, 2, 1, 1])
    let pieces = try (0..<3).map { try table.row(of: "a", after: $0).map { String(decoding: $0.record, as: UTF8.self) } }
    #expect(pieces == ["4", "1", nil])
  }

  @Test func `a table leaves no file`() throws {
    do {
      let table = try RecordTable(beside: "\(folder.path)/staged")
      try table.add([.init(key: "a", record: [1])])
      let name = try #require(folder.names().first)
      #expect(folder.names().count == 1 && folder.mode(of: name) == 0o600)
    }
    #expect(folder.names() == [])
  }

  @Test func `single staged records are read by their numbers`() async throws {
    let records = StagedRecords((0..<500).map { #"{"id":"\#($0)"}"# }, columns: [LoadColumn(path: ["id"])])
    try folder.write("staged", records.text)
    let lines = StagedLines(path: "\(folder.path)/staged")
    for (number, text) in [(0, #"{"id":"0"}"#), (499, #"{"id":"499"}"#), (500, nil), (.max, nil)] as [(UInt64, String?)] {
      #expect(try await lines.record(number)?.text == text)
    }
  }
}
