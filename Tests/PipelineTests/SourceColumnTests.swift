import Core
import Report
import TestSupport
import Testing

@testable import Pipeline

/// The success and reject files of a run have the columns of the input: together, they are the input, each item once.
@Suite struct SourceColumnTests {
  /// Runs a mapping of `id` (required `name`) over one file; gives the success and the reject rows, with their headers.
  private static func run(
    _ input: String, format: String, source: String = "{entity: contact, key: id}", more: String = "",
    fields: String = "{contactId: id, name: {from: name, required: true}}", _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> (success: [[String]], rejects: [[String]]) {
    let pipeline = """
      pipeline: test
      source: {\(format): {contact: in/contacts.\(format)}}
      mappings: [contacts.yaml]
      destinations: {files: {csv: {path: "out/{mapping}.csv"}}}
      gates: {written: {min: 0, min_percent_of_last: 0}}
      """
    let mapping = """
      mapping: 1
      name: contacts
      source: \(source)
      target: {entity: contact, key: contactId}
      \(more)
      fields: \(fields)
      """
    let project = try Project(pipeline: pipeline, mapping: mapping)
    try project.folder.write("in/contacts.\(format)", input)
    let report = try await project.run(change)
    #expect([.done, .recordsFailed].contains(report.exitCode), "\(report.summary.messages)")
    try Agreement.check(report, in: project)
    func rows(_ kind: String) throws -> [[String]] {
      let name = "files/contacts.\(kind).csv"
      #expect(project.folder.mode(of: ".waybill/runs/\(report.summary.run)/\(name)") == 0o600)
      return Agreement.rows(of: try #require(project.file(name, of: report)))
    }
    return (try rows("success"), try rows("rejects"))
  }

  /// The input's cells of both files, in the order of the lines.
  private static func union(_ files: (success: [[String]], rejects: [[String]])) -> [[String]] {
    let rows =
      files.success.dropFirst().map { ($0[2], Array($0.dropFirst(3))) }
      + files.rejects.dropFirst().map { ($0[2], Array($0.dropFirst(7))) }
    return rows.sorted { (Int($0.0) ?? 0) < (Int($1.0) ?? 0) }.map(\.1)
  }

  @Test func `a CSV file's columns come in its order, with the cells as they are`() async throws {
    let files = try await Self.run(
      "name,id,record,note,source.record\n Ann ,c1,r,\"a, \"\"b\"\"\nc\",\nBo,c2,,=1+1,x\n,c3,,\"\",\nCy,c4,q\n", format: "csv")
    #expect(files.success[0] == ["record", "outcome", "line", "name", "id", "source.source.record", "note", "source.record"])
    #expect(
      files.rejects[0] == [
        "record", "outcome", "line", "code", "field", "message", "problems", "name", "id", "source.source.record", "note",
        "source.record",
      ])
    #expect(files.success.dropFirst().map { $0[..<3] } == [["c1", "written", "2"], ["c2", "written", "4"]])
    #expect(files.rejects.dropFirst().map { [$0[0], $0[2], $0[3]] } == [["c3", "5", "required"], ["", "6", "ragged-row"]])
    // A formula gets a leading ', as in CSV outputs. A row that is not one has no cells.
    #expect(
      Self.union(files) == [
        [" Ann ", "c1", "r", "a, \"b\"\nc", ""], ["Bo", "c2", "", "'=1+1", "x"], ["", "c3", "", "", ""], ["", "", "", "", ""],
      ])
  }

  @Test(arguments: [",", "\n,\n"]) func `JSON members come in the order in which they first occur`(_ separator: String)
    async throws
  {
    let records = [
      #"{"id":"c1","name":"Ann","line":7,"tags":["a",{"b":1}]}"#, #"{"name":"Bo","id":"c2","\u0061ge":1.50,"tags":null}"#,
      #"{"id":"c3","address":{"city":"Köln"},"age":true}"#,
    ]
    let files = try await Self.run("[\(records.joined(separator: separator))]", format: "json")
    #expect(
      files.success[0] == ["record", "outcome", "line", "id", "name", "source.line", "tags", "age", "address", "unparsed"])
    #expect(
      files.success.dropFirst().map { Array($0.dropFirst(3)) } == [
        ["c1", "Ann", "7", #"["a",{"b":1}]"#, "", "", ""], ["c2", "Bo", "", "", "1.50", "", ""],
      ])
    #expect(files.rejects.dropFirst().map { Array($0.dropFirst(7)) } == [["c3", "", "", "", "true", #"{"city":"Köln"}"#, ""]])
  }

  @Test func `a record that cannot be read is there as text`() async throws {
    let files = try await Self.run(
      #"{"id":"c1","name":"Ann"}"# + "\n" + #"{"id":"c2","na"# + "\n[1]\n" + #"{"id":"c3","name":"Cy","x":1,"x":2}"# + "\n"
        + #"{"id":"c4","name":"Di"}"# + "\n", format: "ndjson")
    #expect(files.success.map { $0[0] } == ["record", "c1", "c3", "c4"])
    #expect(
      Self.union(files) == [
        ["c1", "Ann", "", ""], ["", "", "", #"{"id":"c2","na"#], ["", "", "", "[1]"],
        ["", "", "", #"{"id":"c3","name":"Cy","x":1,"x":2}"#], ["c4", "Di", "", ""],
      ])
  }

  @Test(arguments: ["ndjson", "json"]) func `with each, an element has its record's columns`(_ format: String) async throws {
    let records = [
      #"{"id":"c1","notes":[{"n":"a"},{"n":null},{"n":"b"}]}"#, #"{"id":"c2","notes":[]}"#, #"{"id":"c3"}"#,
      #"{"id":"c4","notes":"  "}"#, #"{"id":"c5","notes":5}"#, #"{"id":"c6","notes":[{"n":"c"}]}"#, #"{"id":"c7","notes":{}}"#,
      #"{"id":"c8","notes":[{"n":"d"}]}"#,
    ]
    let text = format == "json" ? "[\(records.joined(separator: ","))]" : records.joined(separator: "\n") + "\n"
    let files = try await Self.run(
      text, format: format, source: "{entity: contact, key: id, each: notes}",
      fields: "{contactId: id, n: {from: item.n, required: true}}")
    let pairs = (files.success.dropFirst().map { [$0[0], $0[3]] } + files.rejects.dropFirst().map { [$0[0], $0[7]] })
    #expect(
      pairs.sorted { $0[0] < $1[0] } == [
        ["c1#0", "c1"], ["c1#1", "c1"], ["c1#2", "c1"], ["c5", "c5"], ["c6#0", "c6"], ["c8#0", "c8"],
      ])
  }

  private static let merge = "merge: {by: [mail], keep: newest}"
  private static let merged = [
    #"{"id":"c1","name":"Ann","mail":"x","updated":"2026-01-01T00:00:00Z"}"#,
    #"{"id":"c2","name":"Bo","mail":"y","updated":"2026-01-01T00:00:00Z"}"#,
    #"{"id":"c3","name":"Cy","mail":"x","updated":"2026-02-01T00:00:00Z"}"#,
  ]

  @Test(arguments: ["ndjson", "csv"]) func `merged records keep their own columns`(_ format: String) async throws {
    let table =
      "id,name,mail,updated\nc1,Ann,x,2026-01-01T00:00:00Z\nc2,Bo,y,2026-01-01T00:00:00Z\nc3,Cy,x,2026-02-01T00:00:00Z\n"
    let files = try await Self.run(
      format == "csv" ? table : Self.merged.joined(separator: "\n") + "\n", format: format,
      source: "{entity: contact, key: id, updated_at: updated}", more: Self.merge,
      fields: "{contactId: id, name: name, mail: mail}")
    #expect(
      files.success.dropFirst().map { [$0[0], $0[1], $0[3], $0[4]] }.sorted { $0[0] < $1[0] } == [
        ["c1", "merged", "c1", "Ann"], ["c2", "written", "c2", "Bo"], ["c3", "written", "c3", "Cy"],
      ])
  }

  @Test func `merged records on one line have no columns of the input`() async throws {
    let files = try await Self.run(
      "[\(Self.merged.joined(separator: ","))]", format: "json", source: "{entity: contact, key: id, updated_at: updated}",
      more: Self.merge, fields: "{contactId: id, name: name, mail: mail}")
    #expect(files.success[0] == ["record", "outcome", "line"] && files.success.count == 4)
  }

  @Test func `records with more than a thousand members are one column`() async throws {
    let wide = (0..<1_001).map { #""m\#($0)":\#($0)"# }.joined(separator: ",")
    let files = try await Self.run(
      #"{"id":"c1","name":"Ann",\#(wide)}"# + "\n" + #"{"id":"c2","name":"Bo"}"# + "\n", format: "ndjson")
    #expect(files.success[0] == ["record", "outcome", "line", "source", "unparsed"])
    #expect(files.success[2][3] == #"{"id":"c2","name":"Bo"}"#)
  }

  @Test func `many batches, and a limit`() async throws {
    let count = 30_000
    let text = (0..<count).map { #"{"id":"c\#($0)","name":\#($0 % 7 == 0 ? "null" : "\"Ann\""),"n":\#($0)}"# + "\n" }.joined()
    let files = try await Self.run(text, format: "ndjson") { $0.threads = 2 }
    #expect(Self.union(files).map { $0[2] } == (0..<count).map(String.init))
    #expect(files.rejects.dropFirst().allSatisfy { $0[0] == $0[7] })
    let few = try await Self.run(text, format: "ndjson") { options in
      options.source.limit = 3
    }
    #expect(Self.union(few).map { $0[0] } == ["c0", "c1", "c2"])
  }
}
