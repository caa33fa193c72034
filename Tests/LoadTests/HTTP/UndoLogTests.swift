import Core
import Records
import TestSupport
import Testing

@testable import Load

@Suite struct UndoLogTests {
  private let folder = TemporaryFolder()
  private var path: String { "\(folder.path)/people.undo.ndjson" }
  private static let head = UndoLog.Head(
    pipeline: "p \"1\"", destination: "app", mapping: "people", location: "loc1", address: "https://api.example/v1")

  private func write(_ lines: [[UInt8]], _ rest: String = "") throws {
    let all = [Self.head.line] + lines
    try folder.write("people.undo.ndjson", all.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined() + rest)
  }

  private static func before(_ record: String?, digest: [UInt8]? = nil) -> UndoLog.Before {
    UndoLog.Before(image: .init(remoteID: "r1", entityTag: "\"t\"", record: record.map { Array($0.utf8) }), digest: digest)
  }

  private static func after(_ record: String?) -> UndoLog.After {
    UndoLog.After(image: .init(remoteID: "r1", entityTag: nil, record: record.map { Array($0.utf8) }), sent: ["name", "a\"b"])
  }

  @Test func `entries are read as they were written, byte for byte`() throws {
    let record = #"{ "name" : "caf\u00e9 \ud83d\ude00 \/", "n":1.0, "big":12345678901234567890, "o":{"b":1,"a":[ ]}}"#
    var before = Self.before(record, digest: [0xAB, 0])
    before.fields = [1, 255]
    before.values = ["city": "Ro\"me", "é": "\n"]
    try write([before.line("k\n1"), Self.after(record).line("k\n1"), Self.before(nil).line("k2")])
    let log = try UndoLog(path: path)
    #expect(log.head == Self.head && log.keys == ["k\n1", "k2"])
    #expect(try log.entry(of: "k\n1") == UndoLog.Entry(before: before, after: Self.after(record)))
    #expect(try log.entry(of: "k2") == UndoLog.Entry(before: Self.before(nil), after: nil))
    #expect(try log.entry(of: "k3") == nil)
    #expect(try UndoLog.head(of: path) == Self.head)
  }

  @Test func `what was there counts until something was written, and the last result counts`() throws {
    try write([
      Self.before(#"{"v":1}"#).line("k1"), Self.before(#"{"v":2}"#).line("k2"), Self.before(#"{"v":3}"#).line("k1"),
      Self.after(#"{"v":4}"#).line("k1"), Self.before(#"{"v":5}"#).line("k1"), Self.after(#"{"v":6}"#).line("k1"),
    ])
    let log = try UndoLog(path: path)
    #expect(log.keys == ["k1", "k2"])
    #expect(try log.entry(of: "k1") == UndoLog.Entry(before: Self.before(#"{"v":3}"#), after: Self.after(#"{"v":6}"#)))
  }

  @Test func `what was sent counts for all of a key's calls`() throws {
    func after(_ value: Int, _ sent: Set<Name>) -> UndoLog.After {
      UndoLog.After(image: .init(record: Array("{\"v\":\(value)}".utf8)), sent: sent)
    }
    try write([
      Self.before(#"{"v":1}"#).line("k1"), after(2, ["name", "age"]).line("k1"), after(3, ["city"]).line("k1"),
      after(4, ["name"]).line("k1"),
    ])
    #expect(try UndoLog(path: path).entry(of: "k1")?.after == after(4, ["name", "age", "city"]))
  }

  @Test func `a doubt about who wrote a record stays`() throws {
    try write([
      Self.before(nil).line("k1"), UndoLog.After(isUncertain: true).line("k1"), Self.after(#"{"v":6}"#).line("k1"),
    ])
    #expect(try UndoLog(path: path).entry(of: "k1")?.after?.isUncertain == true)
  }

  @Test func `what an undo has left counts until the run writes the record again`() throws {
    let image = UndoLog.Image(remoteID: "r1", entityTag: "5", record: Array(#"{"v":1.0}"#.utf8))
    let lines = [Self.before(#"{"v":1}"#).line("k1"), Self.after(#"{"v":2}"#).line("k1"), image.undoneLine("k1")]
    try write(lines)
    #expect(try UndoLog(path: path).entry(of: "k1")?.undone == image)
    try write(lines + [Self.after(#"{"v":3}"#).line("k1")])
    #expect(try UndoLog(path: path).entry(of: "k1")?.undone == nil)
  }

  @Test(arguments: [
    ("{\"undone\":{\"key\":\"k1\"}}", 2), ("{\"before\":{}}", 2), ("{\"after\":{\"key\":\"k1\",\"sent\":[]}}", 2),
    ("nonsense", 2), ("", 2), ("{\"other\":1}", 2),
    ("{\"before\":{\"key\":\"k1\",\"digest\":\"xyz\"}}", 2), ("{\"before\":{\"key\":\"k1\",\"values\":[[\"a\"]]}}", 2),
  ])
  func `a line that is not an entry is refused with its number`(line: String, number: Int) throws {
    try write([Array(line.utf8)])
    #expect { _ = try UndoLog(path: path) } throws: {
      ($0 as? OperationFailure)?.code == .damaged && "\($0)".contains(":\(number) is not a valid entry")
    }
  }

  @Test func `a log without a head, and one of a newer version, are refused`() throws {
    try folder.write("people.undo.ndjson", "")
    #expect { _ = try UndoLog(path: path) } throws: { ($0 as? OperationFailure)?.code == .damaged }
    try folder.write("people.undo.ndjson", #"{"undo":2,"more":1}"# + "\n")
    #expect { _ = try UndoLog(path: path) } throws: { ($0 as? OperationFailure)?.code == .newerFormat }
  }

  @Test func `lines of many tasks are whole, and the file is private and continued`() async throws {
    for round in 0..<2 {
      let writer = try UndoLogWriter(path: path, Self.head)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 { group.addTask { try await writer.append(Self.before(nil).line(Name("k\(round)-\(number)"))) } }
        try await group.waitForAll()
      }
    }
    #expect(folder.mode(of: "people.undo.ndjson") == 0o600)
    let log = try UndoLog(path: path)
    #expect(log.head == Self.head && log.keys.count == 400)
  }
}

@Suite struct PutBackBodyTests {
  private static func replacing(_ before: String, _ skipped: Set<Name>) -> String {
    String(decoding: PutBackBody.replacing(Array(before.utf8), skipping: skipped), as: UTF8.self)
  }

  @Test(arguments: [
    (#"{"a":1,"o":{"b":1, "c":2}}"#, #"{"o":{"c":3,"b":4},"x":1,"v":2,"a":9,"id":1}"#, #"{"a":1,"o":{"b":1, "c":2},"x":null}"#),
    (
      #"{"o":{"b":{"c":1}},"p":1}"#, #"{"o":{"b":{"c":1,"d":2},"e":3},"p":{"x":1}}"#,
      #"{"o":{"b":{"c":1,"d":null},"e":null},"p":1}"#
    ),
    ("{}", #"{"é":1}"#, #"{"é":null}"#),
  ])
  func `a replacing request that keeps what it leaves out removes what was not there`(
    before: String, now: String, expected: String
  ) {
    let body = PutBackBody.replacing(
      Array(before.utf8), skipping: ["id"], removingFrom: Array(now.utf8), keeping: ["v"])
    #expect(String(decoding: body, as: UTF8.self) == expected)
  }

  @Test func `a merging request has what it needs, even if it is as it was`() {
    let (before, now) = (#"{"id":"k1","meta":{"id":1,"a":1},"name":"Ann"}"#, #"{"id":"k1","meta":{"id":2,"a":1},"name":"Eva"}"#)
    let body = PutBackBody.merging(
      Array(before.utf8), into: Array(now.utf8), skipping: [], nested: [["meta", "id"]], required: ["id", "meta"])
    #expect(String(decoding: body, as: UTF8.self) == #"{"id":"k1","meta":{"a":1},"name":"Ann"}"#)
  }

  private static func merging(_ before: String, _ now: String, _ skipped: Set<Name> = []) -> String {
    String(decoding: PutBackBody.merging(Array(before.utf8), into: Array(now.utf8), skipping: skipped), as: UTF8.self)
  }

  @Test func `a replacing request has what was there, byte for byte`() {
    let before = #"{"id":"r1","na\u006de" : "caf\u00e9","n":1.0,"etag":"x","o":{"b":1, "a":[]}}"#
    #expect(Self.replacing(before, ["id", "etag"]) == #"{"na\u006de" : "caf\u00e9","n":1.0,"o":{"b":1, "a":[]}}"#)
    #expect(Self.replacing(#"{"id":1}"#, ["id"]) == "{}")
    #expect(Self.replacing("{}", []) == "{}")
  }

  @Test func `members inside others are skipped by their paths`() {
    let before = #"{"meta":{"id":1,"owner":"Ann","tag":{"v":1,"w":2}},"a":1}"#
    let nested: [[Name]] = [["meta", "id"], ["meta", "tag", "v"]]
    #expect(
      String(decoding: PutBackBody.replacing(Array(before.utf8), skipping: [], nested: nested), as: UTF8.self)
        == #"{"meta":{"owner":"Ann","tag":{"w":2}},"a":1}"#)
    let now = #"{"meta":{"id":2,"owner":"Eva","tag":{"v":2,"w":2}},"a":1}"#
    #expect(
      String(
        decoding: PutBackBody.merging(Array(before.utf8), into: Array(now.utf8), skipping: [], nested: nested), as: UTF8.self)
        == #"{"meta":{"owner":"Ann","tag":{}}}"#)
  }

  @Test(arguments: [
    (#"{"a":1,"b":2}"#, #"{"a":1,"b":3}"#, #"{"b":2}"#),
    // A member that was not there is removed; one that is gone comes back.
    (#"{"a":1}"#, #"{"b":3}"#, #"{"a":1,"b":null}"#),
    (#"{"a":1.0}"#, #"{"a":1}"#, #"{"a":1.0}"#),
    // The order of members does not count, that of elements does.
    (#"{"a":{"x":1,"y":2}}"#, #"{"a":{"y":2,"x":1}}"#, "{}"), (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, #"{"a":[1,2]}"#),
    // A merge reaches into objects.
    (#"{"a":{"x":1,"y":{"z":1}}}"#, #"{"a":{"x":1,"y":{"z":2,"w":3}}}"#, #"{"a":{"y":{"z":1,"w":null}}}"#),
    (#"{"a":{"x":1}}"#, #"{"a":5}"#, #"{"a":{"x":1}}"#), (#"{"a":5}"#, #"{"a":{"x":1}}"#, #"{"a":5}"#),
    (#"{"caf\u00e9":"\u00e9"}"#, #"{"café":"e"}"#, #"{"caf\u00e9":"\u00e9"}"#),
  ])
  func `a merging request has what differs`(before: String, now: String, expected: String) {
    #expect(Self.merging(before, now) == expected)
  }

  @Test func `skipped members are neither put back nor removed`() {
    #expect(Self.merging(#"{"id":1,"a":1}"#, #"{"id":2,"v":3,"a":2}"#, ["id", "v"]) == #"{"a":1}"#)
  }
}

@Suite struct UndoComparisonTests {
  private let comparison = UndoComparison(skipped: ["id"])

  private static func value(_ text: String) throws -> JSONValue { try JSONReader.read(text) }

  @Test func `whole records are compared as they are spelled, without skipped members`() throws {
    let one = try Self.value(#"{"id":1,"a":1,"b":{"x":1,"y":[1,2]},"c":"é"}"#)
    #expect(comparison.differences(one, try Self.value(#"{"c":"é","b":{"y":[1,2],"x":1},"a":1,"id":2}"#)) == [])
    let other = try Self.value(#"{"id":1,"a":1.0,"b":{"x":1,"y":[2,1]},"d":null}"#)
    #expect(comparison.differences(one, other) == ["a", "b", "c", "d"])
  }

  @Test func `only the ID inside a member is left out`() throws {
    let comparison = UndoComparison(skipped: [], nested: [["meta", "id"]])
    let one = try Self.value(#"{"meta":{"id":1,"owner":"Ann"}}"#)
    #expect(comparison.differences(one, try Self.value(#"{"meta":{"id":2,"owner":"Ann"}}"#)) == [])
    #expect(comparison.differences(one, try Self.value(#"{"meta":{"id":1,"owner":"Eva"}}"#)) == ["meta"])
  }

  @Test func `a member that the destination sets itself does not count unless it has stayed`() throws {
    func after(_ text: String) -> UndoLog.After {
      UndoLog.After(image: .init(record: Array(text.utf8)), sent: ["name"])
    }
    let before = try Self.value(#"{"name":"Ann","version":1,"status":"lead"}"#)
    let run = after(#"{"name":"Eva","version":2,"status":"active"}"#)
    #expect(comparison.managed(before: before, run) == ["version", "status"])
    // The status was set by the run's request, which left it out, and has not come back.
    let half = try Self.value(#"{"name":"Ann","version":3,"status":"active"}"#)
    #expect(comparison.notRestored(before: before, after: run, now: half) == ["status"])
    let whole = try Self.value(#"{"name":"Ann","version":3,"status":"lead"}"#)
    #expect(comparison.notRestored(before: before, after: run, now: whole) == [])
    // What was erased is not the destination's own.
    let erased = after(#"{"name":"Eva","version":2}"#)
    #expect(comparison.managed(before: before, erased) == ["version"])
    #expect(comparison.notRestored(before: before, after: nil, now: whole) == ["version"])
  }

  @Test(
    arguments: [
      ("7", "7", true), ("7", "8", false), ("", "", nil), ("\"a\"", "\"a\"", true), ("\"a\"", "\"b\"", false),
      ("W/\"a\"", "W/\"a\"", nil), (nil, "\"a\"", nil), ("\"a\"", nil, nil),
    ] as [(Name?, Name?, Bool?)])
  func `without a record, only strong tags say what is there`(tag: Name?, now: Name?, expected: Bool?) throws {
    #expect(comparison.isAsLeft(.init(entityTag: tag), StoredRecord(entityTag: now, record: .object([]))) == expected)
    // With one, they are not needed.
    let whole = UndoLog.Image(entityTag: tag, record: Array("{}".utf8))
    #expect(comparison.isAsLeft(whole, StoredRecord(entityTag: now, record: .object([]))) == true)
  }
}

@Suite struct StoredBytesTests {
  @Test func `a record is cut out of a response as it is written`() throws {
    let text = #"{"data" : { "items":[ {"id":1}, {"id": 2.0,"na\u006de":"x"} ]}}"#
    let record = try JSONReader.read(#"{"id":2.0,"name":"x"}"#)
    let path = try #require(ResponsePath("data.items[1]"))
    for content in [Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8)] {
      let bytes = StoredBytes.bytes(of: record, in: content) { $0.value(at: path) }
      #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == #"{"id": 2.0,"na\u006de":"x"}"#)
    }
    let other = try JSONReader.read(#"{"id":2}"#)
    #expect(StoredBytes.bytes(of: other, in: Array(text.utf8)) { $0.value(at: path) } == nil)
    #expect(StoredBytes.bytes(of: record, in: Array(text.utf8)) { $0.value(at: ResponsePath([.member("none")])) } == nil)
  }

  @Test func `line breaks between tokens do not count`() throws {
    let text = "{\n  \"a\": \"x\\n\",\r\n  \"b\": 1\n}"
    let bytes = StoredBytes.bytes(of: try JSONReader.read(text), in: Array(text.utf8)) { $0 }
    #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == #"{  "a": "x\n",  "b": 1}"#)
  }

  @Test func `a member that occurs twice cannot be kept`() throws {
    let text = #"{"a":1,"a":2}"#
    let read = try JSONReader.readGatheringDuplicates(Array(text.utf8)).value
    #expect(StoredBytes.bytes(of: read, in: Array(text.utf8)) { $0 } == nil)
  }
}
