import Core
import Load
import Records
import TestSupport
import Testing

/// The totals of records that a file does not have as they are: formulas, control characters, empty cells, nested values.
@Suite struct FileTotalsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var records: [String]
    var columns: [LoadColumn] = [LoadColumn(path: ["id"]), LoadColumn(path: ["x"])]
    var key = [0]
  }

  static let cases: [Case] = [
    .init(
      testDescription: "formulas",
      records: [#"{"id":"1","x":"=1+1"}"#, #"{"id":"2","x":"-5"}"#, #"{"id":"+3","x":"@a"}"#, #"{"id":"4","x":-5.0}"#]),
    .init(
      testDescription: "phones that cannot be formulas", records: [#"{"id":"1","x":"+49 30"}"#, #"{"id":"2","x":"+4930"}"#],
      columns: [LoadColumn(path: ["id"]), LoadColumn(path: ["x"], isVouchedFor: true)]),
    .init(
      testDescription: "control characters and quotes",
      records: [
        #"{"id":"1","x":"a\nb"}"#, #"{"id":"2","x":"a\r\nb\t"}"#, #"{"id":"3","x":"say \"a\", b"}"#,
        #"{"id":"4\n","x":"\u0001\u007f"}"#,
      ]),
    .init(
      testDescription: "nothing",
      records: [#"{"id":"1","x":null}"#, #"{"id":"2","x":""}"#, #"{"id":"3"}"#, #"{"id":"4","x":" "}"#]),
    .init(
      testDescription: "nested values and booleans",
      records: [
        #"{"id":"1","x":["a,b",null,{"c":1.50}]}"#, #"{"id":"2","x":{"y":[],"z":"é"}}"#, #"{"id":"3","x":true}"#,
        #"{"id":"4","x":[]}"#,
      ]),
    .init(
      testDescription: "an object for a field inside it", records: [#"{"id":"1","a":{"b":"x"}}"#, #"{"id":"2","a":{"b":null}}"#],
      columns: [LoadColumn(path: ["id"]), LoadColumn(path: ["a", "b"]), LoadColumn(path: ["c", "d"], omitsNull: true)]),
    .init(testDescription: "one column", records: [#"{"id":"1"}"#, #"{"id":""}"#], columns: [LoadColumn(path: ["id"])]),
    .init(
      testDescription: "records without a key, and with the same one",
      records: [#"{"id":null,"x":"a"}"#, #"{"id":"2","x":"b"}"#, #"{"id":"2","x":"c\nd"}"#, #"{"id":null,"x":"e"}"#]),
    .init(
      testDescription: "a key of two fields", records: [#"{"id":"1","x":2}"#, #"{"id":"1","x":"3"}"#], key: [0, 1]),
  ]

  @Test(arguments: [FileFormat.csv(.init()), .ndjson, .json], cases)
  func `totals are those of the file`(_ format: FileFormat, _ example: Case) async throws {
    let folder = TemporaryFolder()
    let records = StagedRecords(example.records, columns: example.columns, key: example.key)
    let destination = FileDestination(name: "files", path: try PathTemplate("\(folder.path)/out/x"), format: format)
    var load = try await destination.begin(records.part(), reporting: RecordingSink())
    try await records.submit(to: &load, in: folder)
    try await load.finish()
    try await load.publish()
    await load.close()

    var comparison = try await destination.beginComparing(
      records.part(), ComparisonOptions(isWhole: true, scratch: folder.path, digestKey: [1, 2]))
    try await records.submit(to: &comparison, in: folder)
    let counts = try await comparison.compare { _ in }
    await comparison.close()

    var session = try #require(
      try destination.beginTotals(records.part(), TotalsOptions(scratch: folder.path, digestKey: [1, 2])))
    let reader = try records.reader(in: folder)
    while let batch = try reader.next() { try session.add(batch) }
    let totals = try session.finish()
    #expect(counts.isEqual && totals.digest == counts.loadedDigest && totals.digest == counts.storedDigest)
    #expect(totals.records == counts.loaded && totals.distinctKeys == counts.loadedKeys)
    #expect(totals.sums == counts.totals.map { .init(column: $0.column, total: $0.loaded) })
  }
}
