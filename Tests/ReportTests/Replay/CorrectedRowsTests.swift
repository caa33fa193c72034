import Core
import Files
import Foundation
import Records
import TestSupport
import Testing

@testable import Report

@Suite struct CorrectedRowsTests {
  private let folder = TemporaryFolder()

  private static let records = [
    #"{"id":"c1","email":"anexample.org","age":40,"ok":true,"tags":["a"],"note":null}"#,
    #"{"id": "c2", "email": "b@x.org", "age": 12345678901234567, "ok": false, "name": "\u00e9"}"#, "", #"{"id":"c3","na"#,
    #"{"email":"d@x.org","age":1.50}"#, #"{"id":"c5","email":"=e@x.org","age":0.10}"#,
  ]
  private static let names = ["id", "email", "age", "ok", "tags", "note", "name"]
  private static let header =
    "run,mapping,record,line,destination,outcome,code,field,message,problems,id,email,age,ok,tags,note,name,unparsed"
  /// As `waybill rejects` writes them.
  private static let rows = [
    "r,m,c1,1,,rejected,x,y,z,z,c1,anexample.org,40,true,\"[\"\"a\"\"]\",,,",
    "r,m,c2,2,,rejected,x,y,z,z,c2,b@x.org,12345678901234567,false,,,é,",
    "r,m,,4,,rejected,x,y,z,z,,,,,,,,\"{\"\"id\"\":\"\"c3\"\",\"\"na\"",
    "r,m,,5,,rejected,x,y,z,z,,d@x.org,1.50,,,,,", "r,m,c5,6,app,failed,x,y,z,z,c5,'=e@x.org,0.10,,,,,",
  ]

  private struct Result {
    var rows: CorrectedRows
    var corrections: [String]
  }

  private static func input(
    _ records: [String] = records, names: [String]? = names, hasElements: Bool = false
  ) -> CorrectedRows.Input {
    let text = records.joined(separator: "\n") + "\n"
    return CorrectedRows.Input(names: names, isTable: false, keyPath: [.member("id")], hasElements: hasElements) {
      NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 64)
    }
  }

  private func correct(
    _ text: String, over input: CorrectedRows.Input = input(), confirmed: [String] = []
  ) throws -> Result {
    try folder.write("fixed.csv", text)
    let path = "\(folder.path)/corrections.ndjson"
    let file = try CorrectedFile("\(folder.path)/fixed.csv", folder: folder.path)
    let rows = try CorrectedRows(file, over: input, confirmed: confirmed, writingTo: path)
    return Result(rows: rows, corrections: folder.read("corrections.ndjson")?.split(separator: "\n").map(String.init) ?? [])
  }

  /// The message of a refusal; nothing has been written.
  private func refusal(
    _ text: String, over input: CorrectedRows.Input = input(), confirmed: [String] = []
  ) -> String {
    try? FileManager.default.removeItem(atPath: "\(folder.path)/corrections.ndjson")
    do {
      _ = try correct(text, over: input, confirmed: confirmed)
      return "it is not refused"
    } catch {
      #expect((error as? OperationFailure)?.code == .wrongFile, "\(error)")
      #expect(folder.read("corrections.ndjson") == nil && folder.names() == ["fixed.csv"])
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  private static func table(_ rows: [String] = rows, header: String = header) -> String {
    "\u{FEFF}" + ([header] + rows).joined(separator: "\n") + "\n"
  }

  private static func replacing(_ row: Int, _ old: String, _ new: String) -> [String] {
    var rows = rows
    rows[row] = rows[row].replacing(old, with: new, maxReplacements: 1)
    return rows
  }

  // MARK: Nothing is corrected

  @Test func `a table as it was written corrects nothing, and each row is found`() throws {
    let result = try correct(Self.table())
    #expect(result.corrections == [] && result.rows.corrected == 0)
    #expect(result.rows.reformatted.isEmpty && result.rows.missing == [])
    #expect(result.rows.records.map { $0.key?.text } == ["c1", "c2", nil, nil, "c5"])
    #expect(result.rows.records.map(\.line) == [1, 2, 4, 5, 6] && result.rows.records.map(\.row) == [2, 3, 4, 5, 6])
  }

  @Test func `what a spreadsheet does to a table is not a correction`() throws {
    // Semicolons, CR LF, quotes only where needed, digits lost, booleans in capitals, empty rows and columns around.
    var rows = Self.rows
    rows[1] = rows[1].replacing("12345678901234567", with: "1.23457E+16").replacing("false", with: "FALSE")
    rows[3] = rows[3].replacing("1.50", with: "1.5")
    rows[4] = rows[4].replacing("0.10", with: "0,1")
    let text = ([Self.header] + rows.reversed()).map { $0.replacing(",", with: ";").replacing("0;1;", with: "0,1;") }
    let spread =
      "\u{FEFF}" + text.map { $0 + ";;" }.joined(separator: "\r\n") + "\r\n" + String(repeating: ";", count: 20) + "\r\n"
    let result = try correct(spread.replacing("\"{\"\"id\"\":\"\"c3\"\";\"\"na\"", with: "\"{\"\"id\"\":\"\"c3\"\",\"\"na\""))
    #expect(result.corrections == [], "\(result.corrections)")
    #expect(result.rows.reformatted.map { "\($0.column) \($0.cells)" } == ["age 3", "ok 1"])
    #expect(result.rows.records.count == 5)
  }

  // MARK: Corrections

  @Test func `changed cells are put into the record, which keeps everything else`() throws {
    var rows = Self.replacing(0, "anexample.org,40", "an@example.org,41")
    rows[1] = rows[1].replacing("b@x.org", with: "").replacing("false,,,é", with: "false,,n,é")
    rows[4] = rows[4].replacing("'=e@x.org", with: "e@x.org").replacing("c5,", with: "c7,").replacing("m,c7", with: "m,c5")
    let result = try correct(Self.table(rows))
    #expect(
      result.corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"c1","email":"an@example.org","age":41,"ok":true,"tags":["a"],"note":null}}"#,
        #"{"ordinal":1,"line":2,"record":{"id":"c2","email":null,"age":12345678901234567,"ok":false,"name":"\u00e9","note":"n"}}"#,
        #"{"ordinal":4,"line":6,"record":{"id":"c7","email":"e@x.org","age":0.10}}"#,
      ])
    #expect(result.rows.corrected == 3 && folder.mode(of: "corrections.ndjson") == 0o600)
  }

  @Test func `a record without a key and one that could not be read are corrected`() throws {
    var rows = Self.replacing(3, ",z,z,,d@", ",z,z,c4,d@")
    rows[2] = "r,m,,4,,rejected,x,y,z,z,,,,,,,,\"{\"\"id\"\": \"\"c3\"\"}\""
    let result = try correct(Self.table(rows))
    #expect(
      result.corrections == [
        #"{"ordinal":2,"line":4,"record":{"id":"c3"}}"#,
        #"{"ordinal":3,"line":5,"record":{"email":"d@x.org","age":1.50,"id":"c4"}}"#,
      ])
  }

  @Test func `rows of a CSV file are corrected as texts, also one that could not be read`() throws {
    let source = "id,zip,note\nc1,02139,\"\"\nc2,=x,a,b\n"
    let input = CorrectedRows.Input(names: ["id", "zip", "note"], isTable: true, keyPath: [.member("id")]) {
      CSVSource(MemoryInput(Array(source.utf8)), path: "x.csv")
    }
    let header = "run,mapping,record,line,destination,outcome,code,field,message,problems,id,zip,note"
    let own = ",,rejected,x,y,z,z,"
    let fixed = try correct("\(header)\nr,m,c1,2\(own)c1,2139,new\nr,m,,3\(own)c2,'=x,\"a,b\"\n", over: input)
    #expect(
      fixed.corrections == [
        #"{"ordinal":0,"line":2,"record":{"id":"c1","zip":"02139","note":"new"}}"#,
        #"{"ordinal":1,"line":3,"record":{"id":"c2","zip":"=x","note":"a,b"}}"#,
      ])
    #expect(fixed.rows.reformatted.map { "\($0.column) \($0.cells)" } == ["zip 1"])
  }

  @Test func `columns may be missing or in another order, and rows may be left out`() throws {
    let result = try correct("email,line,record\nan@example.org,1,c1\n")
    #expect(result.corrections.count == 1 && result.corrections[0].contains(#""email":"an@example.org","age":40"#))
    #expect(result.rows.missing == ["id", "age", "ok", "tags", "note", "name", "unparsed"])
    #expect(result.rows.records == [.init(line: 1, key: "c1", row: 2)])
    // Without a line, the key says which record it is; without both, the source's own.
    #expect(try correct("record,email\nc1,an@example.org\n").corrections == result.corrections)
    #expect(try correct("id,email\nc1,an@example.org\n").corrections == result.corrections)
    #expect(refusal("email\nan@example.org\n").contains("fixed.csv:1: there is neither a column 'line' nor a column 'record'"))
    #expect(refusal("record,email\n,an@example.org\n").contains("fixed.csv:2: the row has no key"))
  }

  @Test func `names that the table reserves are the source's with their prefix`() throws {
    let input = Self.input(
      [#"{"id":"1","line":"a","run":"b","source.run":"c","=f":"d"}"#], names: ["id", "line", "run", "source.run", "=f"])
    let header = "run,mapping,record,line,id,source.line,source.source.run,source.run,'=f,unparsed"
    #expect(try correct("\(header)\nr,m,1,1,1,a,b,c,d,\n", over: input).corrections == [])
    #expect(
      try correct("\(header)\nr,m,1,1,1,A,B,C,D,\n", over: input).corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"1","line":"A","run":"B","source.run":"C","=f":"D"}}"#
      ])
    // In the reject file of a run, it would be the source's.
    let plain = refusal(
      "record,line,problems,destination,id\n1,1,x,y,1\n", over: Self.input([#"{"id":"1"}"#], names: ["id", "destination"]))
    #expect(plain.contains("the column 'destination' may be the source's or the table's own"), "\(plain)")
  }

  @Test func `rows of one record are taken together`() throws {
    let elements = Self.input(
      [#"{"id":"c1","a":"x","b":"y"}"#, #"{"id":"c1#0","a":"x","b":"y"}"#], names: ["id", "a", "b"], hasElements: true)
    let header = "run,mapping,record,line,destination,id,a,b\n"
    let fixed = try correct(header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#1,1,app,c1,x,Y\nr,m,c1#0,1,crm,c1,X,y\n", over: elements)
    #expect(fixed.corrections == [#"{"ordinal":0,"line":1,"record":{"id":"c1","a":"X","b":"Y"}}"#])
    #expect(fixed.rows.records.map { $0.key?.text } == ["c1#0", "c1#1", "c1#0"])
    let message = refusal(header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#1,1,app,c1,Z,y\n", over: elements)
    #expect(
      message == "fixed.csv:3: column 'a': line 2 has another value for the same record: write the same value in both rows",
      "\(message)")
  }

  @Test func `records on one line are told apart by their keys`() throws {
    let text = #"[{"id":"c1","a":"x"},{"id":"c2","a":"x"},{"a":"x"},{"a":"z"}]"#
    let input = CorrectedRows.Input(names: ["id", "a"], isTable: false, keyPath: [.member("id")]) {
      JSONSource(MemoryInput(Array(text.utf8)))
    }
    let fixed = try correct("record,line,a\nc2,1,y\n", over: input)
    #expect(fixed.corrections == [#"{"ordinal":1,"line":1,"record":{"id":"c2","a":"y"}}"#])
    #expect(
      refusal("record,line,a\n,1,y\n", over: input).contains("(a record without a key on line 1): they cannot be told apart"))
    #expect(refusal("line,a\n1,y\n", over: input).contains("(a record on line 1): they cannot be told apart"))
  }

  @Test func `whole records are corrected as JSON`() throws {
    let input = Self.input([#"{"id":"c1","a":[1, 2]}"#, #"{"id":"c2""#], names: nil)
    let header = "run,mapping,record,line,source,unparsed\n"
    func row(_ record: String, _ line: Int, _ source: String, _ unparsed: String = "") -> String {
      "r,m,\(record),\(line)," + [source, unparsed].map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
        + "\n"
    }
    let same = header + row("c1", 1, #"{"id":"c1","a":[1,2]}"#) + row("", 2, "", #"{"id":"c2""#)
    #expect(try correct(same, over: input).corrections == [])
    let fixed = header + row("c1", 1, #"{"id": "c1"}"#) + row("", 2, #"{"id":"c2"}"#, #"{"id":"c2""#)
    #expect(
      try correct(fixed, over: input).corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"c1"}}"#, #"{"ordinal":1,"line":2,"record":{"id":"c2"}}"#,
      ])
    #expect(refusal(header + row("c1", 1, "[1]"), over: input).contains("the record must be a JSON object"))
    #expect(refusal(header + row("c1", 1, "x"), over: input).contains("the source has an object there: write it as JSON"))
    #expect(refusal(header + row("", 2, "{}", "{}"), over: input).contains("it has the whole record"))
    #expect(refusal(header + row("", 2, "", "{"), over: input).contains("the record must be a JSON object"))
  }

  // MARK: Refusals

  @Test(arguments: [
    (["c1,1", "c9,1"], "2: the run has not read a record 'c9' on line 1: restore the columns 'record' and 'line'"),
    (["c1,1", "c1,9"], "2: the run has not read a record 'c1' on line 9"), (["c1,1", "c1,x"], "2: the line 'x' is not a number"),
    (["c1,1", "c1,0"], "2: the line '0' is not a number"),
    (["40,true", "4O,true"], "2: column 'age': the source has a number there"),
    (["true", "ja"], "2: column 'ok': the source has a boolean there"),
    (["[\"\"a\"\"]", "a"], "2: column 'tags': the source has a list there"),
    ([",z,z,c1", ",z,z,#REF!"], "2: column 'id': the cell has an error of the spreadsheet"),
    (
      ["c1,anexample.org,40,true,\"[\"\"a\"\"]\",,,", "c1,anexample.org,40"],
      "2: column 'ok': the row ends before this cell: restore it"
    ),
    (["c1,an", "c1,x,y,z,an"], "2: the row has 21 cells, and the header 18"),
    (["anexample.org", "\"a\"b"], "2: the quoted cell"),
  ])
  func `a row that cannot be used is named with its line, and nothing is written`(_ change: [String], _ message: String) {
    let refused = refusal(Self.table(Self.replacing(0, change[0], change[1])))
    #expect(refused.hasPrefix("fixed.csv:\(message)"), "\(refused)")
  }

  @Test func `several rows that cannot be used are counted`() {
    var rows = Self.replacing(0, "40,true", "x,true")
    rows[1] = rows[1].replacing("12345678901234567,false", with: "x,y")
    #expect(
      refusal(Self.table(rows))
        == "fixed.csv:2: column 'age': the source has a number there: write one, such as 12.5; 2 more on lines 3, 3")
    rows[2] = rows[2].replacing(",z,z,,", with: ",z,z,c3,")
    #expect(refusal(Self.table(rows)).hasSuffix("; 3 more on lines 3, 3, 4"))
  }

  @Test(arguments: [
    ("mail", "did you mean 'email'?"), ("contact_owner", "remove it; the source's names cannot be changed here"),
    ("ID", "did you mean 'id'?"), ("source.id", "remove it"),
  ])
  func `other columns are refused with a hint`(_ name: String, _ hint: String) {
    let refused = refusal("record,line,\(name)\nc1,1,x\n")
    #expect(refused.hasPrefix("fixed.csv:1: the rejects have no column '\(name)'; ") && refused.contains(hint), "\(refused)")
  }

  @Test(arguments: [
    ("record,line,email,email\nc1,1,a,b\n", "fixed.csv:1: there are two columns 'email'"),
    ("record,line\n", "fixed.csv has no rows"),
    ("record,line\n,\n\n", "fixed.csv has no rows"), ("{\"id\":1}\n", "JSON"),
  ])
  func `a file that is not such a table is refused`(_ text: String, _ message: String) {
    let refused = refusal(text)
    #expect(refused.contains(message), "\(refused)")
  }

  @Test func `a file that is empty, missing or not UTF-8 is refused`() throws {
    #expect(refusal("").contains("fixed.csv has no rows"))
    #expect(throws: OperationFailure.self) { _ = try CorrectedFile("\(folder.path)/none.csv", folder: folder.path) }
    let file = try OutputFile(path: "\(folder.path)/latin.csv")
    try file.write(Array("record,line,email\nc1,1,J".utf8) + [0xF6] + Array("rg\n".utf8))
    try file.commit()
    #expect {
      _ = try CorrectedFile("\(folder.path)/latin.csv", folder: folder.path)
    } throws: { "\($0)".contains("latin.csv:2: ") && "\($0)".contains("UTF-8") }
  }

  @Test func `a column that differs nearly everywhere must be confirmed`() throws {
    let count = 20
    let input = Self.input((0..<count).map { #"{"id":"c\#($0)","born":"Jan \#($0)","x":null}"# }, names: ["id", "born", "x"])
    func table(_ changed: Int) -> String {
      "record,line,born,x\n" + (0..<count).map { "c\($0),\($0 + 1),\($0 < changed ? "1/\($0)/26" : "Jan \($0)"),new\n" }.joined()
    }
    #expect(try correct(table(10), over: input).rows.corrected == count)
    let refused = refusal(table(11), over: input)
    #expect(
      refused == "fixed.csv: the column 'born' differs in 11 of 20 rows, as if a spreadsheet had reformatted it: "
        + "restore it, or confirm it with --changed born", "\(refused)")
    #expect(try correct(table(11), over: input, confirmed: ["born"]).rows.corrected == count)
  }

  @Test func `the run and the mapping are one for all rows`() throws {
    try folder.write("fixed.csv", Self.table(Self.replacing(1, "r,m", "s,m")))
    let file = try CorrectedFile("\(folder.path)/fixed.csv", folder: folder.path)
    #expect(try file.value(of: "mapping") == "m" && file.value(of: "nothing") == nil)
    #expect { _ = try file.value(of: "run") } throws: {
      "\($0)".hasSuffix("fixed.csv:3: the run is s, but r on line 2: correct one run at a time")
    }
  }
}
