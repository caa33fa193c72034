import Core
import Testing

@testable import Records

@Suite struct UnsplitTableTests {
  @Test(
    arguments: [
      (["id:firstName:note", "c1:Ann:x"], .separated(by: ":", columns: 3)),
      (["id^name", "1^Ann", "2^Bob"], .separated(by: "^", columns: 2)),
      (["\"id\":\"name\"", "\"1\":\"a:b\""], .separated(by: ":", columns: 2)), (["id~name~x"], .separated(by: "~", columns: 3)),
      (["id||name", "1||Ann"], .separated(by: "||", columns: 2)), (["id::name", "1::Ann"], .separated(by: "::", columns: 2)),
      (["id~|~name", "1~|~Ann"], .separated(by: "~|~", columns: 2)), (["id§name", "1§Ann"], .separated(by: "§", columns: 2)),
      (["id，name，x", "1，Ann，y"], .separated(by: "，", columns: 3)),
      (["id\u{1F}name", "1\u{1F}Ann"], .separated(by: "\u{1F}", columns: 2)),
      (["id/name/x", "1/Ann/2"], .separated(by: "/", columns: 3)),
      (["id : Größe : x", "1 : 2 : 3"], .separated(by: ":", columns: 3)),
      (["id,name,x", "1,Ann,y"], .separated(by: ",", columns: 3)),
      (["\"id,name\"", "\"1,Ann\""], .quotedLines(",")), (["\"id,\"\"name\"\"\"", "\"1,\"\"Ann, Bo\"\"\""], .quotedLines(",")),
      (["id    firstName  note", "c1    Ann        x"], .spaced), (["id name note"] + (1...5).map { "\($0) Ann x" }, .spaced),
      (["| id | name |", "|----|------|", "| 1 | Ann |"], .drawn), (["+----+------+", "| id | name |"], .drawn),
    ] as [([String], UnsplitTable)])
  func `what separates the columns is found`(_ lines: [String], _ found: UnsplitTable) {
    #expect(UnsplitTable(lines) == found)
  }

  @Test(
    arguments: [
      ["id,,name", "1,,Ann"], ["id;;name", "1;;Ann"], ["Full Legal Name", "Ann Marie Smith", "Bob Lee Jones"],
      ["name", "Ann", "Bob"], ["e-mail", "a-b@c.de"], ["First name", "Ann B", "Bob"], ["Full legal name", "Ann B Doe"],
      ["website", "https://a.de", "https://b.de"], ["Phone / Fax", "1 / 2"], ["Note: text", "a: b"],
      ["time:stamp", "12", "13:00"],
      ["tag #1", "#a"], ["\"Last, First\"", "\"Doe, Ann\""], ["id:name:"], ["a/b/c"], ["time", "12:00:00"], ["--", "--"], [],
      ["note", "see | there"], ["Betrag (€)", "1,50 €"],
    ])
  func `a file with one column is left alone`(_ lines: [String]) { #expect(UnsplitTable(lines) == nil) }

  @Test func `a delimiter that is ruled out is not proposed`() {
    #expect(UnsplitTable(["a;b", "1;2"], excluding: [UInt8(ascii: ";")]) == nil)
  }

  @Test(
    arguments: [
      (
        .separated(by: ":", columns: 3), .file,
        #"':' seems to separate 3 columns: if so, set delimiter: ":" (--delimiter ':'); if it has"#
      ),
      (
        .separated(by: ":", columns: 3), .lookup,
        #"3 columns: if so, write {path: FILE, delimiter: ":"}; if it has one column, write {path"#
      ),
      (
        .separated(by: ":", columns: 3), .keys,
        "3 columns: if so, pass --keys-delimiter ':'; if it has one column, pass --keys-delimiter ','"
      ),
      (
        .separated(by: "\u{1F}", columns: 2), .file,
        #"'\u001f' seems to separate 2 columns: if so, set delimiter: "\u001f" (--delimiter $'\x1f')"#
      ),
      (.separated(by: "'", columns: 2), .options, "if so, pass --delimiter \"'\"; if"),
      (
        .separated(by: "||", columns: 2), .file,
        "'||' seems to separate 2 columns, and a delimiter is one ASCII character: write the file"
      ),
      (.spaced, .file, "spaces seem to separate the columns"),
      (.quotedLines("\t"), .file, "whole lines are quoted, so tab"),
      (.drawn, .file, "a table drawn with characters"),
    ] as [(UnsplitTable, ReadingPlace, String)])
  func `the reason names the setting of the place where the file is named`(
    _ table: UnsplitTable, _ place: ReadingPlace, _ text: String
  ) {
    #expect(table.reason(place).contains(text), "\(table.reason(place))")
  }

  @Test(
    arguments: [
      (["id,firstName"], "its only column is 'id,firstName': if ',' separates names in it, correct the delimiter (--delimiter)"),
      (["a#b#c"], "its only column is 'a#b#c': if '#' separates names in it, correct the delimiter (--delimiter)"),
      (["id", "name"], nil), (["name"], nil), (["Phone/Fax"], nil), ([], nil),
    ] as [([String], String?)])
  func `a header that lacks columns may have been split with the wrong delimiter`(_ columns: [String], _ hint: String?) {
    #expect(UnsplitTable.hint(of: columns) == hint)
  }
}
