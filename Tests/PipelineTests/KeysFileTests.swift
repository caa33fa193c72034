import Core
import Records
import TestSupport
import Testing
import Transform

@testable import Workbench

/// `--keys` files: what is noticed in them, and wrong files.
@Suite struct KeysFileTests {
  static let mapping = """
    mapping: 1
    name: notes
    source: {entity: note, key: id}
    target: {key: id}
    fields:
      id: id
      owner: {from: owner, references: people}
    """

  /// A transform of notes whose owners are `c1`, `c2` and none, with the keys of a file.
  private static func transform(
    _ name: String, _ content: String, field: String = "", _ change: (inout KeysFile) -> Void = { _ in }
  ) async throws -> TransformJob.Report {
    let folder = TemporaryFolder()
    try folder.write("notes.yaml", mapping)
    try folder.write("notes.csv", "id,owner\nn1,c1\nn2,c2\nn3,\n")
    try folder.write(name, content)
    var keys = try #require(KeysFile("people=\(folder.path)/\(name)\(field)"))
    change(&keys)
    var options = TransformJob.Options(mapping: "\(folder.path)/notes.yaml", input: "\(folder.path)/notes.csv")
    options.output = "\(folder.path)/out.csv"
    options.keys = [keys]
    var report = await TransformJob(options).run()
    func short(_ text: String) -> String { text.replacing("\(folder.path)/", with: "") }
    report.summary.messages = report.summary.messages.map(short)
    report.summary.otherNotes = report.summary.otherNotes.map(short)
    report.failure = report.failure.map { OperationFailure($0.code, short($0.description)) }
    return report
  }

  @Test(
    arguments: [
      ("k.csv", "id;name\nc1;Ada\nc2;Bo\n", ["k.csv: delimiter ';' detected"]),
      (
        "k.csv", "id,name,\nc1,Ada,\n,,\nc2,6'2\",\n",
        [
          "k.csv: 1 empty row skipped", "k.csv: 2 rows have empty cells after the last column",
          "k.csv: the header ends with 1 column without a name",
          "k.csv: 1 row has an unquoted cell with a quote inside, which is taken as text; the first is on line 4",
        ]
      ),
      (
        "k.csv", "id,name\nc1,A\u{7}\nc2,\u{1}B\n,C\n",
        [
          "k.csv: 2 rows have a cell with a control character, which is kept; the first is on line 2",
          "k.csv: 1 record has no key",
        ]
      ),
      ("k.txt", "c1\r\n\r\nc2\nx\u{0}\n", ["k.txt: 1 line has a control character, which is kept; the first is line 4"]),
      ("k.txt", "c1\rc2\r", []),
      ("k.ndjson", "{\"id\":null}\n{\"id\":\"c1\"}\n{\"id\":\"c2\"}\n", ["k.ndjson: 1 record has no key"]),
      ("k.csv", "id,name\nc1,Ada\nc2,Bo\n", []),
    ] as [(String, String, [String])])
  func `what is noticed in the file is a note`(name: String, content: String, notes: [String]) async throws {
    let report = try await Self.transform(name, content)
    #expect(report.failure == nil)
    #expect(report.summary.counts.written == 3)
    #expect(report.summary.otherNotes == notes)
    #expect(report.summary.messages == [])
    let listed = report.summary.json["notes"]?.arrayValue?.count
    #expect(listed == (notes.isEmpty ? nil : notes.count))
  }

  @Test(
    arguments: [
      (
        "k.csv", "name,id\nAda,c1\nBo,c2\n", "",
        "--keys people: no record refers to any of the 2 keys of k.csv. Keys come from the first column: if another one "
          + "has the keys, pass --keys people=k.csv:FIELD"
      ),
      (
        "k.csv", "name,id\nAda,c1\n", ":name",
        "--keys people: no record refers to the key of k.csv. Keys come from the column 'name': if another one has the "
          + "keys, pass --keys people=k.csv:FIELD"
      ),
      (
        "k.ndjson", "{\"name\":\"Ada\",\"id\":\"c1\"}\n", "",
        "--keys people: no record refers to the key of k.ndjson. Keys come from the first member: if another one has "
          + "the keys, pass --keys people=k.ndjson:FIELD"
      ),
      (
        "keys", "id,name\nc1,Ada\n", "",
        "--keys people: no record refers to any of the 2 keys of keys. Each line is read as a key; for records, use the "
          + "extension of their format, csv, ndjson or json"
      ),
      ("k.csv", "id,name\n", "", "--keys people: k.csv has no keys, so no reference was found"),
      (
        "k.csv", "c1\nc2\n", "",
        "--keys people: a record refers to the header of k.csv as a key: if that CSV file has no header, pass its keys as a "
          + "text file, such as keys.txt"
      ),
    ] as [(String, String, String, String)])
  func `a file whose keys match no record is named as the likely cause`(
    name: String, content: String, field: String, message: String
  ) async throws {
    let report = try await Self.transform(name, content, field: field)
    #expect(report.failure == nil)
    #expect(report.exitCode == .recordsFailed)
    #expect(report.summary.messages == [message])
  }

  @Test(
    arguments: [
      (
        "k.ndjson", "{\"tags\":[\"a\"],\"id\":\"c1\"}\n", "",
        "k.ndjson, line 1: the first member is a list, which cannot be a key: name the field, --keys people=k.ndjson:FIELD"
      ),
      (
        "k.json", "[{\"id\":\"c1\"},{\"id\":{\"x\":1}}]", ":id",
        "k.json, line 1: 'id' is an object, which cannot be a key: name the field, --keys people=k.json:FIELD"
      ),
      (
        "k.csv", "Export of May\n\nid,name\nc1,Ada\nc2,Bo\n", "",
        "k.csv:1: the header seems to be on line 3, where 2 cells separated by ',' begin: if so, pass --keys-skip-lines 2; if it has "
          + "one column, pass --keys-delimiter ','"
      ),
    ] as [(String, String, String, String)])
  func `a file that cannot have keys there is refused`(
    name: String, content: String, field: String, message: String
  ) async throws {
    let report = try await Self.transform(name, content, field: field)
    #expect(report.failure?.description == message)
  }

  @Test(arguments: [("k.csv", "Export of May\nid,name\nc1,Ada\nc2,Bo\n"), ("k.txt", "Export of May\nc1\nc2\n")])
  func `lines at the beginning can be skipped`(name: String, content: String) async throws {
    let report = try await Self.transform(name, content) { $0.reading.skipLines = 1 }
    #expect(report.failure == nil)
    #expect(report.summary.counts.written == 3)
  }

  @Test func `the field that is named helps to find the columns, and may contain a dot`() async throws {
    let first = try await Self.transform("k.csv", "id,a;b;c\nc1,2;3;4\nc2,5;6;7\n", field: ":id")
    #expect(first.summary.counts.written == 3, "\(first.failure?.description ?? "")")
    let second = try await Self.transform("k.csv", "name,owner.id\nAda,c1\nBo,c2\n", field: ":owner.id")
    #expect(second.summary.counts.written == 3, "\(second.failure?.description ?? "")")
  }
}
