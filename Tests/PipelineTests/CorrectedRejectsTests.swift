import Control
import Core
import Extract
import Files
import Records
import Report
import TestSupport
import Testing
import Transform

@testable import Pipeline

/// A run's rejects as `waybill rejects` writes them, and back: what nobody has changed is no correction, whatever the values are.
@Suite struct CorrectedRejectsTests {
  private struct Rejects {
    var project: Project
    var records: StoredRecords
    var source: SourceColumns
    var table: String
    var run: String

    /// The corrections that a table has.
    func corrections(_ table: String) throws -> (rows: CorrectedRows, lines: [String]) {
      let folder = project.folder
      try folder.write("fixed.csv", table)
      let path = "\(folder.path)/corrections.ndjson"
      let file = try CorrectedFile("\(folder.path)/fixed.csv", folder: folder.path)
      let rows = try CorrectedRows(
        file, of: "contacts", in: "\(folder.path)/.waybill/runs/\(run)/outcomes.ndjson", over: .init(source), writingTo: path)
      return (rows, (folder.read("corrections.ndjson") ?? "").split(separator: "\n").map(String.init))
    }

    /// The records with these corrections.
    func corrected() throws -> [String] {
      var source = try records.overlaid(with: "\(project.folder.path)/corrections.ndjson").open()
      let batch = RecordBatch()
      var found: [String] = []
      while try source.fill(batch) {
        found += batch.items.map { $0.fault?.slug ?? String(decoding: batch.bytes[$0.start..<$0.end], as: UTF8.self) }
      }
      return found
    }
  }

  /// Runs a mapping that rejects every record without `good`.
  private static func rejects(_ input: String, _ format: String, source: String = "{entity: contact, key: id}") async throws
    -> Rejects
  {
    let pipeline = """
      pipeline: test
      source: {\(format): {contact: in/contacts.\(format)}}
      mappings: [contacts.yaml]
      destinations: {files: {csv: {path: out/contacts.csv}}}
      """
    let mapping = """
      mapping: 1
      name: contacts
      source: \(source)
      target: {entity: contact, key: contactId}
      fields: {contactId: id, good: {from: good, required: true}}
      """
    let project = try Project(pipeline: pipeline, mapping: mapping)
    try project.folder.write("in/contacts.\(format)", input)
    let report = try await project.run()
    #expect(report.exitCode == .recordsFailed, "\(report.summary.messages)")
    let run = report.summary.run
    var table = try RejectsTable(run: run, mapping: "contacts", folder: project.folder.path)
    try table.add("\(project.folder.path)/.waybill/runs/\(run)/files/contacts.rejects.csv", destination: "files")
    var bytes: [UInt8] = []
    try table.write { bytes += $0 }
    let model = try #require(PipelineCompilation.compile(try project.document()).units.first?.model)
    let format = try #require(SourceFormats.standard.named(format))
    let records = StoredRecords(file: "\(project.folder.path)/in/contacts.\(format.name)", format: format)
    return Rejects(
      project: project, records: records, source: SourceColumns(records, program: try Program(model), limit: nil),
      table: String(decoding: bytes, as: UTF8.self), run: run)
  }

  private static let odd = [
    #"{"id":"a","good":"x"}"#, #"{"id":"=b","t":"=1+1","u":"'=1","v":"'","w":"\t","x":"\r\n","é":"e\u0301"}"#,
    #"{"id":"c", "n": 1.50, "big": 123456789012345678901234567890, "e": -1E+5, "z": 007.5}"#.replacing("007.5", with: "0.70"),
    #"{"id":7,"t":true,"u":false,"v":null,"w":"","x":"null","run":"true","line":1,"source.line":2}"#, "", "   ",
    #"{"id":"d","nested":{"b" : [1, {"é":"\u00e9\n"}],"c":"\ud83d\ude00"},"list":[ ],"empty":{}}"#, #"{"id":"e","broken"#, "[1]",
    #"{"x":"no key"}"#, #"{"id":" ","x":"\\ \"q\" , ; |"}"#, #"{"id":"f","":"no name"," s ":"spaces","=c":"formula","id ":"2"}"#,
    #"{"id":1.0,"x":"whole number"}"#, #"{"id":"g#1","x":"\u0000\u001f"}"#, #"{"id":"\ufeffh","x":"mark"}"#,
  ]

  @Test func `a table as it was written corrects nothing`() async throws {
    let rejects = try await Self.rejects(Self.odd.joined(separator: "\n") + "\n", "ndjson")
    let (rows, lines) = try rejects.corrections("\u{FEFF}" + rejects.table)
    #expect(lines == [] && rows.corrected == 0 && rows.missing == [] && rows.rows.allSatisfy(\.reformatted.isEmpty))
    #expect(rows.rows.count == 12)
    #expect(Set(rows.items.map(\.line)) == [2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  }

  @Test func `rows of a CSV file are as they were`() async throws {
    let input = """
      id,good,a,"b,c",destination,problems
      c1,,007,=1,'=1,""
      c2,x,,,,
      c3,,"line
      break"," q""q ",12345678901234567890,true
      c4,,too,many,cells,here,x
      ,,no,key,,

      """
    let rejects = try await Self.rejects(input, "csv")
    let (rows, lines) = try rejects.corrections(rejects.table)
    #expect(lines == [] && rows.items.map(\.line).sorted() == [2, 4, 6, 7])
    // As a spreadsheet in another country writes it.
    let cells = Agreement.rows(of: rejects.table).map { row in
      row.map { $0 == "12345678901234567890" ? "1,23457E+19" : $0 == "007" ? "7" : $0 == "true" ? "TRUE" : $0 }
    }
    let text = cells.map { row in
      row.map { $0.contains(where: { ";\"\n".contains($0) }) ? "\"\($0.replacing("\"", with: "\"\""))\"" : $0 }.joined(
        separator: ";")
    }.joined(separator: "\r\n")
    let again = try rejects.corrections("\u{FEFF}\(text)\r\n")
    #expect(again.lines == [], "\(again.lines)")
    let reformatted = again.rows.counts(of: "contacts", open: again.rows.items).reformatted
    #expect(reformatted.map { "\($0.name) \($0.rows)" } == ["a 1", "source.destination 1", "source.problems 1"])
  }

  @Test func `corrections are what the mapping reads`() async throws {
    let rejects = try await Self.rejects(
      [#"{"id":"a","good":"x"}"#, #"{"id": "b", "n": 1.50}"#, #"{"id":"c""#, #"{"n":2}"#].joined(separator: "\n") + "\n", "ndjson"
    )
    let header = rejects.table.prefix { $0 != "\n" }
    #expect(header.hasSuffix(",id,good,n,unparsed"))
    let run = rejects.table.split(separator: "\n")[1].prefix { $0 != "," }
    let own = "rejected,x,y,z,z,w"
    let fixed = """
      \(header)
      \(run),contacts,b,2,,\(own),b,y,1.50,
      \(run),contacts,,3,,\(own),,,,"{""id"":""c"",""good"":1}"
      \(run),contacts,,4,,\(own),d,y,3,

      """
    let (rows, lines) = try rejects.corrections(fixed)
    #expect(rows.corrected == 3 && lines.count == 3)
    #expect(
      try rejects.corrected() == [
        #"{"id":"a","good":"x"}"#, #"{"id":"b","n":1.50,"good":"y"}"#, #"{"id":"c","good":1}"#, #"{"n":3,"id":"d","good":"y"}"#,
      ])
  }

  @Test func `elements of a list lead back to their record`() async throws {
    let rejects = try await Self.rejects(
      #"{"id":"a","good":"x","notes":[1]}"# + "\n" + #"{"id":"b","notes":[1, 2]}"# + "\n" + #"{"id":"c","notes":5}"# + "\n",
      "ndjson",
      source: "{entity: contact, key: id, each: notes}")
    let (rows, lines) = try rejects.corrections(rejects.table)
    #expect(lines == [] && rows.rows.flatMap { $0.items.map { $0.record?.text } } == ["b#0", "b#1", "c"])
    let (_, fixed) = try rejects.corrections(rejects.table.replacing("b,,\"[1,2]\"", with: "b,y,\"[1,2]\""))
    #expect(fixed == [#"{"ordinal":1,"line":2,"record":{"id":"b","notes":[1,2],"good":"y"}}"#])
  }
}
