import Core
import TestSupport
import Testing

@testable import Report

@Suite struct RejectsTableTests {
  private let folder = TemporaryFolder()
  private static let header = "record,outcome,line,code,field,message,problems,id\n"

  private static let refused =
    #""Read why the destination refused the record, then correct the record or the destination's rule.""#

  private func table(
    _ files: [(destination: String, text: String)], code: String? = nil, showsPending: Bool = false
  ) throws -> (rows: [String], pending: [String], summary: [String]) {
    var table = try RejectsTable(run: "r", mapping: "m", folder: folder.path, code: code, showsPending: showsPending)
    for (destination, text) in files {
      try folder.write("\(destination).csv", text)
      try table.add("\(folder.path)/\(destination).csv", destination: destination)
    }
    var bytes: [UInt8] = []
    try table.write { bytes += $0 }
    return (
      String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init),
      table.pending.map { "\($0.destination) \($0.records)" },
      table.summary.map { "\($0.cause.code) \($0.cause.field) \($0.count)" }
    )
  }

  @Test func `a rejected item is listed once, a failed one once for each destination`() throws {
    let rejected = "c1,rejected,1,required,name,no name,no name; no phone,c1\n"
    let result = try table([
      ("app", Self.header + rejected + "c2,failed,2,destination-refused,,taken,taken,c2\nc3,pending,3,not-sent,,x,x,c3\n"),
      (
        "crm",
        Self.header + rejected
          + "c2,failed,2,destination-refused,,full,full,c2\nc4,pending,4,not-sent,,x,x,c4\nc3,pending,3,,,,,c3\n"
      ),
    ])
    #expect(
      result.rows == [
        "run,mapping,record,line,destination,outcome,code,field,message,problems,what_to_do,id",
        "r,m,c2,2,app,failed,destination-refused,,taken,taken,\(Self.refused),c2",
        "r,m,c2,2,crm,failed,destination-refused,,full,full,\(Self.refused),c2",
        "r,m,c1,1,,rejected,required,name,no name,no name; no phone,Fill in 'name' in the source record.,c1",
      ])
    #expect(result.pending == ["app 1", "crm 2"])
    #expect(result.summary == ["destination-refused  2", "required name 1"])
  }

  @Test func `pending records are listed if they are asked for`() throws {
    let text = Self.header + "c3,pending,3,not-sent,,x,x,c3\nc2,failed,2,too-large,,y,y,c2\n"
    let result = try table([("app", text)], showsPending: true)
    #expect(
      result.rows.dropFirst() == [
        "r,m,c3,3,app,pending,not-sent,,x,x,Run again once the destination works; the record is sent first.,c3",
        "r,m,c2,2,app,failed,too-large,,y,y,Correct the record so that it follows the rule in the message.,c2",
      ])
    #expect(result.pending == [])
    #expect(try table([("app", text)], code: "too-large").rows.count == 2)
    #expect(try table([("app", text)], code: "too-large").pending == [])
  }

  @Test func `causes and messages are sorted by frequency, then in a fixed order`() throws {
    let rows = [
      "a,rejected,1,z,f,m2,,1", "b,rejected,2,y,f,m,,2", "c,rejected,3,z,f,m1,,3", "d,rejected,4,z,f,m1,,4",
      "e,rejected,5,z,e,m,,5",
      "f,rejected,6,z,f,m3,,6", "g,rejected,7,y,,m,,7", "h,rejected,8,y,f,m,,8",
    ]
    let result = try table([("app", Self.header + rows.joined(separator: "\n") + "\n")])
    #expect(result.rows.dropFirst().map { $0.split(separator: ",")[2] } == ["c", "d", "a", "f", "b", "h", "g", "e"])
    #expect(result.summary == ["z f 4", "y f 2", "y  1", "z e 1"])
  }

  @Test func `names and cells that a spreadsheet would run are escaped once`() throws {
    let header = "record,outcome,line,code,field,message,problems,=a,destination,\"\",' b\n"
    let row = "'=c,rejected,1,required,f,\"a\nb\",,'=1,'-2,\"\",+3\n"
    let result = try table([("=app", header + row)])
    #expect(result.rows[0].hasSuffix(",problems,what_to_do,'=a,source.destination,\"\",' b"))
    #expect(
      result.rows[1...].joined(separator: "\n")
        == "r,m,'=c,1,,rejected,required,f,\"a\nb\",,Fill in 'f' in the source record.,'=1,'-2,\"\",+3")
    let failed = try table([("=app", header + row.replacing("rejected", with: "failed"))])
    #expect(failed.rows[1].hasPrefix("r,m,'=c,1,'=app,failed,"))
  }

  @Test func `many large rows, which do not fit into one piece of the file`() throws {
    let text = String(repeating: "é\"\"\n", count: 50_000)
    let rows = (0..<40).map { "c\($0),rejected,\($0),code-\($0 % 2),f,m,,\"\(text)\($0)\"\n" }
    var table = try RejectsTable(run: "r", mapping: "m", folder: folder.path)
    try folder.write("a.csv", Self.header + rows.joined())
    try table.add("\(folder.path)/a.csv", destination: "a")
    var written: [Int] = []
    try table.write { written.append($0.count) }
    #expect(table.count == 40 && written.count == 41 && written.dropFirst().allSatisfy { $0 > text.utf8.count })
  }

  @Test func `each row is in the sheet of one repair, in the order of the whole table`() throws {
    let text =
      Self.header + "c1,rejected,1,email-invalid,email,m,m,c1\nc2,rejected,2,required,name,m,m,c2\n"
      + "c3,rejected,3,my-rule,,m,m,c3\nc4,rejected,4,schema-pattern,zip,m,m,c4\nc5,pending,5,,,,,c5\nc6,rejected,6,required,x,m,m,c6\n"
    try folder.write("a.csv", text)
    var table = try RejectsTable(run: "r", mapping: "m", folder: folder.path, showsPending: true)
    try table.add("\(folder.path)/a.csv", destination: "a")
    #expect(table.repairs.map { "\($0.action.slug) \($0.count)" } == ["fill-in 2", "fix-value 3", "run-again 1"])
    var found: [String: [String]] = [:]
    var count = 0
    for action in RepairAction.allCases {
      var bytes: [UInt8] = []
      count += try table.write(repairedBy: action) { bytes += $0 }
      let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst()
      found[action.slug] = rows.map { String($0.split(separator: ",")[2]) }
    }
    #expect(count == table.count && count == 6)
    #expect(found["fill-in"] == ["c2", "c6"] && found["run-again"] == ["c5"])
    #expect(found["fix-value"].map(Set.init) == ["c1", "c3", "c4"])
  }
}
