import Core
import Load
import Records
import TestSupport
import Testing

@Suite struct FileDestinationTests {
  let folder = TemporaryFolder()
  let records = StagedRecords(
    [
      #"{"id":"=1","address":{"city":"Köln, \"Süd\""},"phone":"+49","gone":null}"#,
      #"{"id":"2","address":{"city":null},"tags":["a",1],"gone":3}"#,
    ],
    columns: [
      LoadColumn(path: ["id"]), LoadColumn(path: ["address", "city"]), LoadColumn(path: ["phone"], isVouchedFor: true),
      LoadColumn(path: ["tags"]), LoadColumn(path: ["gone"], omitsNull: true),
    ])

  private func destination(_ format: FileFormat, _ path: String = "out/{mapping}") throws -> FileDestination {
    FileDestination(name: "files", path: try PathTemplate("\(folder.path)/\(path)"), format: format)
  }

  /// Loads the records, and returns the files and what was reported.
  private func load(_ destination: FileDestination, keptIn: String? = nil) async throws -> (files: [String], sink: RecordingSink)
  {
    let sink = RecordingSink()
    var session = try await destination.begin(records.part(keptIn: keptIn), reporting: sink)
    try await records.submit(to: &session, in: folder)
    try await session.finish()
    #expect(session.files == [])
    try await session.publish()
    await session.close()
    return (session.files, sink)
  }

  private static let csv = "id,address.city,phone,tags,gone\n'=1,\"Köln, \"\"Süd\"\"\",+49,,\n2,,,\"[\"\"a\"\",1]\",3\n"
  private static let ndjson = """
    {"id":"=1","address":{"city":"Köln, \\"Süd\\""},"phone":"+49"}
    {"id":"2","address":{"city":null},"tags":["a",1],"gone":3}

    """

  private static let formats: [(format: FileFormat, text: String)] = [
    (.csv(.init()), csv), (.ndjson, ndjson),
    (.json, "[\n" + ndjson.dropLast().replacing("\n", with: ",\n") + "\n]\n"),
  ]

  @Test(arguments: formats) func `the format decides how records are written`(format: FileFormat, text: String) async throws {
    let (files, sink) = try await load(try destination(format))
    #expect(files == ["\(folder.path)/out/people"])
    #expect(folder.read("out/people") == text)
    #expect(sink.words == ["written", "written"])
  }

  @Test func `a formula that was escaped is reported with its record`() async throws {
    let (_, sink) = try await load(try destination(.csv(.init())))
    #expect(sink.warnings == [.init(.formulaEscaped, column: 0, key: "r1", line: 1, value: "=1")])
  }

  @Test func `CSV options apply`() async throws {
    var options = CSVRecordEncoder.Options()
    options.crlf = true
    options.escapesFormulas = false
    let (_, sink) = try await load(try destination(.csv(options)))
    #expect(folder.read("out/people") == Self.csv.replacing("\n", with: "\r\n").replacing("'", with: ""))
    #expect(sink.warnings == [])
  }

  @Test func `a part that is kept goes to its folder, and its records are pending`() async throws {
    let destination = try destination(.csv(.init()))
    let part = records.part(keptIn: "\(folder.path)/kept")
    #expect(destination.target(of: part) == LoadTarget(path: "\(folder.path)/kept/people.csv"))
    let (files, sink) = try await load(destination, keptIn: part.keptIn)
    #expect(files == ["\(folder.path)/kept/people.csv"])
    #expect(folder.mode(of: "kept/people.csv") == 0o600)
    #expect(folder.names().contains("out") == false)
    #expect(sink.words == ["pending", "pending"])
  }

  @Test func `placeholders are filled in`() throws {
    var odd = records
    odd.mapping = "a/b c"
    let destination = try destination(.csv(.init()), "{date}/{location}/{run}-{mapping}.csv")
    #expect(
      destination.target(of: odd.part(location: "x/y"))
        == LoadTarget(path: "\(folder.path)/2026-11-29/x_y/run1-a%2fb%20c.csv"))
  }

  @Test func `a path below a file cannot be loaded`() throws {
    try folder.write("out", "")
    let destination = try destination(.ndjson)
    let failure = #expect(throws: OperationFailure.self) { try destination.check(records.part()) }
    #expect(failure?.code == .cannotWrite)
  }

  @Test func `a part with fewer records than were staged is not finished`() async throws {
    let destination = try destination(.ndjson)
    var session = try await destination.begin(records.part(), reporting: RecordingSink())
    let failure = await #expect(throws: OperationFailure.self) { try await session.finish() }
    #expect(failure?.description == "'people' staged 2 records, but 0 were encoded for 'files'")
    await session.close()
    #expect(folder.names(in: "out") == [])
  }
}
