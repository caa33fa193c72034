import Control
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

    /// Lines and keys of the items, in the order of the rows.
    var items: [String] { rows.rows.flatMap { $0.items.map { "\($0.line) \($0.record?.text ?? "-")" } } }
    var reformatted: [String] { rows.counts(of: "m", open: rows.items).reformatted.map { "\($0.name) \($0.rows)" } }
  }

  /// Outcomes of a run with these rejects: each is a line, a space, and a key or nothing.
  private func write(_ rejects: [String]) throws -> String {
    let lines = rejects.map { text -> String in
      let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
      let key = parts.count > 1 ? #""record":\#(JSONValue.string(parts[1]).text),"# : ""
      let element = parts.count > 1 && parts[1].contains("#") ? #","element":\#(parts[1].split(separator: "#")[1])"# : ""
      return #"{"mapping":"m",\#(key)"destination":"app","outcome":"rejected","line":\#(parts[0])\#(element),"code":"x"}"#
    }
    let others = [
      #"{"mapping":"m","record":"loaded","destination":"app","outcome":"created","line":99}"#,
      #"{"mapping":"other","record":"c9","destination":"app","outcome":"rejected","line":1}"#,
    ]
    try folder.write("outcomes.ndjson", (lines + others).map { $0 + "\n" }.joined())
    return "\(folder.path)/outcomes.ndjson"
  }

  private static let rejects = ["1 c1", "2 c2", "4", "5", "6 c5"]

  private static func input(
    _ records: [String] = records, names: [String]? = names, hasElements: Bool = false
  ) -> CorrectedRows.Input {
    let text = records.joined(separator: "\n") + "\n"
    return CorrectedRows.Input(names: names, isTable: false, keyPath: [.member("id")], hasElements: hasElements) {
      NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: 64)
    }
  }

  private func correct(
    _ text: String, over input: CorrectedRows.Input = input(), rejects: [String] = rejects, confirmed: [String] = []
  ) throws -> Result {
    let outcomes = try write(rejects)
    try folder.write("fixed.csv", text)
    let path = "\(folder.path)/corrections.ndjson"
    let file = try CorrectedFile("\(folder.path)/fixed.csv", folder: folder.path)
    let rows = try CorrectedRows(file, of: "m", in: outcomes, over: input, confirmed: confirmed, writingTo: path)
    return Result(rows: rows, corrections: folder.read("corrections.ndjson")?.split(separator: "\n").map(String.init) ?? [])
  }

  /// The message of a refusal; nothing has been written.
  private func refusal(
    _ text: String, over input: CorrectedRows.Input = input(), rejects: [String] = rejects, confirmed: [String] = [],
    code: OperationFailure.Code = .wrongFile
  ) -> String {
    try? FileManager.default.removeItem(atPath: "\(folder.path)/corrections.ndjson")
    do {
      _ = try correct(text, over: input, rejects: rejects, confirmed: confirmed)
      return "it is not refused"
    } catch {
      #expect((error as? OperationFailure)?.code == code, "\(error)")
      #expect(folder.read("corrections.ndjson") == nil && folder.names().sorted() == ["fixed.csv", "outcomes.ndjson"])
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
    #expect(result.reformatted.isEmpty && result.rows.missing == [])
    #expect(result.items == ["1 c1", "2 c2", "4 -", "5 -", "6 c5"] && result.rows.rows.map(\.line) == [2, 3, 4, 5, 6])
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
    #expect(result.reformatted == ["age 3", "ok 1"] && result.items.count == 5)
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
    let fixed = try correct(
      "\(header)\nr,m,c1,2\(own)c1,2139,new\nr,m,,3\(own)c2,'=x,\"a,b\"\n", over: input, rejects: ["2 c1", "3"])
    #expect(
      fixed.corrections == [
        #"{"ordinal":0,"line":2,"record":{"id":"c1","zip":"02139","note":"new"}}"#,
        #"{"ordinal":1,"line":3,"record":{"id":"c2","zip":"=x","note":"a,b"}}"#,
      ])
    #expect(fixed.reformatted == ["zip 1"])
  }

  @Test func `columns may be missing or in another order, and rows may be left out`() throws {
    let result = try correct("email,line,record\nan@example.org,1,c1\n")
    #expect(result.corrections.count == 1 && result.corrections[0].contains(#""email":"an@example.org","age":40"#))
    #expect(result.rows.missing == ["id", "age", "ok", "tags", "note", "name", "unparsed"])
    #expect(result.items == ["1 c1"])
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
    #expect(try correct("\(header)\nr,m,1,1,1,a,b,c,d,\n", over: input, rejects: ["1 1"]).corrections == [])
    #expect(
      try correct("\(header)\nr,m,1,1,1,A,B,C,D,\n", over: input, rejects: ["1 1"]).corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"1","line":"A","run":"B","source.run":"C","=f":"D"}}"#
      ])
    // The advice is ours; tables of earlier versions did not have it, so that it may be the source's there.
    let advised = Self.input([#"{"id":"1","what_to_do":"a"}"#], names: ["id", "what_to_do"])
    #expect(
      try correct("run,line,what_to_do,id,source.what_to_do\nr,1,x,1,b\n", over: advised, rejects: ["1 1"]).corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"1","what_to_do":"b"}}"#
      ])
    let earlier = refusal("run,line,id,what_to_do\nr,1,1,b\n", over: advised)
    #expect(earlier.contains("call the source's column 'source.what_to_do', or write the table again"), "\(earlier)")
    // In the reject file of a run, it would be the source's.
    let plain = refusal(
      "record,line,problems,destination,id\n1,1,x,y,1\n", over: Self.input([#"{"id":"1"}"#], names: ["id", "destination"]))
    #expect(plain.contains("the column 'destination' may belong to the source or to the table"), "\(plain)")
  }

  @Test func `rows of one record are taken together`() throws {
    let elements = Self.input(
      [#"{"id":"c1","a":"x","b":"y"}"#, #"{"id":"c1#0","a":"x","b":"y"}"#], names: ["id", "a", "b"], hasElements: true)
    let rejects = ["1 c1#0", "1 c1#1"]
    let header = "run,mapping,record,line,destination,id,a,b\n"
    let fixed = try correct(
      header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#1,1,app,c1,x,Y\nr,m,c1#0,1,crm,c1,X,y\n", over: elements, rejects: rejects)
    #expect(fixed.corrections == [#"{"ordinal":0,"line":1,"record":{"id":"c1","a":"X","b":"Y"}}"#])
    #expect(fixed.items == ["1 c1#0", "1 c1#1", "1 c1#0"])
    // A line alone stands for all elements of its record.
    let all = try correct("line,a\n1,X\n", over: elements, rejects: rejects)
    #expect(all.items == ["1 c1#0", "1 c1#1"] && all.corrections.count == 1)
    let message = refusal(header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#1,1,app,c1,Z,y\n", over: elements, rejects: rejects)
    #expect(
      message == "fixed.csv:3: column 'a': line 2 has another value for the same record: write the same value in both rows",
      "\(message)")
    // A copy of a row that was not corrected, too.
    let twice = refusal(header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#0,1,app,c1,x,y\n", over: elements, rejects: rejects)
    #expect(
      twice == "fixed.csv:3: column 'a': line 2 is about the same record and has another value: remove one of the rows",
      "\(twice)")
    let same = header + "r,m,c1#0,1,app,c1,X,y\nr,m,c1#0,1,app,c1,X,y\n"
    #expect(try correct(same, over: elements, rejects: rejects).corrections.count == 1)
  }

  @Test func `records on one line are told apart by their keys`() throws {
    let text = #"[{"id":"c1","a":"x"},{"id":"c2","a":"x"},{"a":"x"},{"a":"z"}]"#
    func input(_ key: String = "id") -> CorrectedRows.Input {
      CorrectedRows.Input(names: ["id", "a"], isTable: false, keyPath: [.member(key)], sharesLines: true) {
        JSONSource(MemoryInput(Array(text.utf8)))
      }
    }
    let rejects = ["1 c1", "1 c2", "1", "1"]
    func refused(_ table: String, _ key: String = "id") -> String { refusal(table, over: input(key), rejects: rejects) }
    let fixed = try correct("record,line,a\nc2,1,y\n", over: input(), rejects: rejects)
    #expect(fixed.corrections == [#"{"ordinal":1,"line":1,"record":{"id":"c2","a":"y"}}"#])
    // A row that is as one of them was corrects nothing.
    #expect(try correct("record,line,a\n,1,z\nc2,1,x\n", over: input(), rejects: rejects).corrections == [])
    let unknown = refused("record,line,a\n,1,y\n")
    #expect(unknown.hasPrefix("fixed.csv:2: the input has several records on line 1 that the row may be about: "), "\(unknown)")
    #expect(refused("line,a\n1,y\n").contains("several rejects that this row may be about (a record on line 1)"))
    let other = refused("record,line,a\nc2,1,y\n", "a")
    #expect(other.hasPrefix("fixed.csv:2: today's mapping finds no record with this key on line 1"), "\(other)")
    let renamed = refused("record,line,id,a\nc2,1,c8,x\n")
    #expect(renamed.contains("only the key tells them apart: correct this key in the source"), "\(renamed)")
  }

  @Test func `whole records are corrected as JSON`() throws {
    let input = Self.input([#"{"id":"c1","a":[1, 2]}"#, #"{"id":"c2""#], names: nil)
    let header = "run,mapping,record,line,source,unparsed\n"
    func row(_ record: String, _ line: Int, _ source: String, _ unparsed: String = "") -> String {
      "r,m,\(record),\(line)," + [source, unparsed].map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",")
        + "\n"
    }
    let rejects = ["1 c1", "2"]
    let same = header + row("c1", 1, #"{"id":"c1","a":[1,2]}"#) + row("", 2, "", #"{"id":"c2""#)
    #expect(try correct(same, over: input, rejects: rejects).corrections == [])
    let fixed = header + row("c1", 1, #"{"id": "c1"}"#) + row("", 2, #"{"id":"c2"}"#, #"{"id":"c2""#)
    #expect(
      try correct(fixed, over: input, rejects: rejects).corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"c1"}}"#, #"{"ordinal":1,"line":2,"record":{"id":"c2"}}"#,
      ])
    #expect(refusal(header + row("c1", 1, "[1]"), over: input, rejects: rejects).contains("the record must be a JSON object"))
    #expect(
      refusal(header + row("c1", 1, "x"), over: input, rejects: rejects).contains(
        "the source has an object there: write it as JSON"))
    #expect(refusal(header + row("", 2, "{}", "{}"), over: input, rejects: rejects).contains("it has the whole record"))
    #expect(refusal(header + row("", 2, "", "{"), over: input, rejects: rejects).contains("the record must be a JSON object"))
  }

  // MARK: Refusals

  @Test(arguments: [
    (["c1,1", "c9,1"], "2: a record 'c9' on line 1 is not among the run's rejects: restore the columns 'record' and 'line'"),
    (["c1,1", "c1,9"], "2: a record 'c1' on line 9 is not among the run's rejects"),
    (["c1,1", "c1,x"], "2: the line 'x' is not a number"),
    (["c1,1", "c1,0"], "2: the line '0' is not a number"),
    (["40,true", "4O,true"], "2: column 'age': the source has a number there"),
    (["true", "ja"], "2: column 'ok': the source has a boolean there"),
    (["[\"\"a\"\"]", "a"], "2: column 'tags': the source has a list there"),
    ([",z,z,c1", ",z,z,#REF!"], "2: column 'id': the cell has a spreadsheet error"),
    (
      ["c1,anexample.org,40,true,\"[\"\"a\"\"]\",,,", "c1,anexample.org,40"],
      "2: column 'ok': the row ends before this cell: restore it"
    ),
    (["c1,anexample.org,40,true,\"[\"\"a\"\"]\"", ",,,,"], "2: all of the source's cells are empty: restore them, or remove"),
    ([",40,", ",4.91512E+12,"], "2: column 'age': the spreadsheet has shortened the number"),
    (["m,c1", "m,loaded"], "2: a record 'loaded' on line 1 is not among the run's rejects"),
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
    // The first ones, whatever the order of the source.
    let many = (1...30).map { #"{"id":"c\#($0)","n":1}"# }
    let table = "line,record,n\n" + (1...30).reversed().map { "\($0),c\($0),x\n" }.joined()
    let refused = refusal(table, over: Self.input(many, names: ["id", "n"]), rejects: (1...30).map { "\($0) c\($0)" })
    #expect(
      refused.hasPrefix("fixed.csv:2: ") && refused.hasSuffix("; 29 more on lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and others"))
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
    ("record,line\n", "fixed.csv has no rows"), ("a,b\n1,2\n", "fixed.csv:1: this is not a table of rejects"),
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
    let input = Self.input((0..<count).map { #"{"id":"c\#($0)","born":"Jan \#($0 + 1)","x":null}"# }, names: ["id", "born", "x"])
    func table(_ changed: Int) -> String {
      "record,line,born,x\n"
        + (0..<count).map { "c\($0),\($0 + 1),\($0 < changed ? "2/\($0 + 1)/26" : "Jan \($0 + 1)"),new\n" }.joined()
    }
    let rejects = (0..<count).map { "\($0 + 1) c\($0)" }
    #expect(try correct(table(10), over: input, rejects: rejects).rows.corrected == count)
    let refused = refusal(table(11), over: input, rejects: rejects)
    #expect(
      refused == "fixed.csv: the column 'born' differs in 11 of 20 rows, as if a spreadsheet had reformatted it: "
        + "restore it, or confirm it with --changed born", "\(refused)")
    #expect(try correct(table(11), over: input, rejects: rejects, confirmed: ["born"]).rows.corrected == count)
    // Two rows suffice if all differ. Texts that no spreadsheet formats do not count.
    #expect(
      refusal(
        Self.table(Array(Self.rows[...1]).map { $0.replacing(",40,", with: ",41,").replacing("12345678901234567", with: "5") }))
        == "fixed.csv: the column 'age' differs in 2 of 2 rows, as if a spreadsheet had reformatted it: restore it, or confirm it with "
        + "--changed age")
    let texts = Array(Self.rows[...1]).map {
      $0.replacing("anexample.org", with: "a@y.org").replacing("b@x.org", with: "b@y.org")
    }
    #expect(try correct(Self.table(texts)).rows.corrected == 2)
    let unknown = refusal(Self.table(), confirmed: ["mail"], code: .usage)
    #expect(unknown == "--changed: the table has no column 'mail' of the source; did you mean 'email'?", "\(unknown)")
  }

  @Test func `what looks like a spreadsheet's doing is a correction where a person confirms it`() throws {
    let rows = Self.replacing(3, "1.50", "1.5")
    #expect(try correct(Self.table(rows)).corrections == [])
    #expect(
      try correct(Self.table(rows), confirmed: ["age"]).corrections == [
        #"{"ordinal":3,"line":5,"record":{"email":"d@x.org","age":1.5}}"#
      ])
  }

  @Test func `keys that a spreadsheet has changed lead back to the item`() throws {
    let keys = ["007", "12345678901234567", "\u{FEFF}b", "'=c", "=d", "1.50"]
    let shown = ["7", "1.23457E+16", "b", "'=c", "=d", "1.5"]
    let input = Self.input(keys.map { #"{"id":\#(JSONValue.string($0).text),"a":"x"}"# }, names: ["id", "a"])
    let rejects = keys.enumerated().map { "\($0 + 1) \($1)" }
    let table = "line,record,a\n" + shown.enumerated().map { "\($0 + 1),\($1),y\n" }.joined()
    let fixed = try correct(table, over: input, rejects: rejects)
    #expect(fixed.items == rejects && fixed.corrections.count == keys.count)
    // Two keys that look the same are not guessed.
    #expect(
      refusal("line,record,a\n1,7,y\n", over: input, rejects: ["1 007", "1 07"]).contains(
        "several rejects that this row may be about"))
    #expect(try correct("line,record,a\n1,07,x\n", over: input, rejects: ["1 007", "1 07"]).items == ["1 07"])
  }

  @Test func `the run's keys count, not those of today's mapping`() throws {
    let input = CorrectedRows.Input(names: Self.names, isTable: false, keyPath: [.member("email")]) {
      NDJSONSource(MemoryInput(Array(Self.records.joined(separator: "\n").utf8)))
    }
    let result = try correct(Self.table(), over: input)
    #expect(result.items == ["1 c1", "2 c2", "4 -", "5 -", "6 c5"] && result.corrections == [])
    // A member that nothing reads may occur twice.
    let twice = Self.input([#"{"id":"c1","x":1,"x":2,"a":"b"}"#], names: ["id", "x", "a"])
    let row = "line,record,unparsed\n1,c1,\"{\"\"id\"\":\"\"c1\"\",\"\"x\"\":1,\"\"x\"\":2,\"\"a\"\":\"\"b\"\"}\"\n"
    #expect(try correct(row, over: twice, rejects: ["1 c1"]).corrections == [])
  }

  @Test func `a value that is filled in has the kind that the column has elsewhere`() throws {
    let input = Self.input(
      [
        #"{"id":"a","n":null,"b":null,"l":null,"o":null,"t":null,"m":null,"e":null}"#,
        #"{"id":"c","n":1.5,"b":false,"l":[],"o":{},"t":"x","m":1}"#, #"{"id":"d","m":"x"}"#,
      ], names: ["id", "n", "b", "l", "o", "t", "m", "e"])
    let fixed = try correct(
      "line,record,n,b,l,o,t,m,e\n1,a,12,TRUE,[1],\"{\"\"a\"\":2}\",5,6,7\n", over: input, rejects: ["1 a"])
    #expect(
      fixed.corrections == [
        #"{"ordinal":0,"line":1,"record":{"id":"a","n":12,"b":true,"l":[1],"o":{"a":2},"t":"5","m":"6","e":"7"}}"#
      ])
    #expect(
      refusal("line,record,n\n1,a,x\n", over: input, rejects: ["1 a"]).contains(
        "fixed.csv:2: column 'n': the source has a number there"))
  }

  @Test func `a corrected key must not be that of another record`() throws {
    let records = (1...3).map { #"{"id":"c\#($0)","a":"x"}"# } + [#"{"a":"x"}"#]
    let input = Self.input(records, names: ["id", "a"])
    let rejects = ["1 c1", "2 c2", "4"]
    func refused(_ rows: String) -> String { refusal("line,record,id\n\(rows)", over: input, rejects: rejects) }
    #expect(
      refused("4,,c3\n")
        == "fixed.csv:2: the key 'c3' is that of the record on line 3 of the input, which would be overwritten: correct the key")
    #expect(refused("1,c1,c8\n4,,c8\n").contains("fixed.csv:3: line 2 has the same corrected key 'c8' for another record"))
    let swapped = try correct("line,record,id\n1,c1,c2\n2,c2,c1\n4,,c9\n", over: input, rejects: rejects, confirmed: [])
    #expect(swapped.corrections.count == 3 && swapped.rows.rows.map { $0.newKey?.text } == ["c2", "c1", "c9"])
    let open = Set(swapped.rows.rows.flatMap(\.items))
    #expect(
      swapped.rows.renamed(hasEach: false, open: open).map { "\($0.line) \($0.item.record?.text ?? "")" }
        == ["2 c2", "3 c1", "4 c9"])
    // Nothing is sent for the others.
    #expect(swapped.rows.renamed(hasEach: false, open: Set(open.filter { $0.line == 4 })).map(\.line) == [4])
  }

  @Test func `rows of items that are not open are counted, and nothing else of them`() throws {
    var rows = Self.replacing(0, "anexample.org", "an@example.org")
    rows[3] = rows[3].replacing("d@x.org", with: "e@x.org").replacing("1.50", with: "1.5")
    let result = try correct(Self.table(rows))
    let open = result.rows.items.filter { $0.line != 1 }
    let counts = result.rows.counts(of: "m", open: open)
    #expect(counts.rows == 5 && counts.corrected == 1 && counts.skipped == 1)
    #expect(counts.columns.map { "\($0.name) \($0.rows)" } == ["email 1"] && counts.reformatted.map(\.name) == ["age"])
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
