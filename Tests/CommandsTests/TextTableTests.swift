import Core
import Testing

@testable import Commands

@Suite("Tables on terminals")
struct TextTableTests {
  private static let ledger: TextTable = {
    var table = TextTable([.init("RECORD"), .init("FIELD"), .init("LINE", isNumber: true), .sentence("MESSAGE")])
    table.add(["c1", "名前", "7", "the value is longer than 40 characters, and the field takes no more"])
    table.add(["\u{1B}[31mc2", "👨‍👩‍👧 ❤️", "1,200", "not an e-mail address"])
    return table
  }()

  @Test func `in a file, a table is as wide as it needs to be, and nothing is shortened`() {
    let long = String(repeating: "x", count: 500)
    var table = Self.ledger
    table.add([long, "", "", "ends here"])
    let lines = table.text(fitting: nil).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[3].hasPrefix(long) && lines[3].hasSuffix("ends here"))
    #expect(lines[2].hasPrefix("\\u001b[31mc2  "))
  }

  @Test(
    arguments: [
      ("waybill: short", "waybill: short"),
      ("waybill: there are no runs in .waybill: run it", "waybill: there are no runs in\n    .waybill: run it"),
      (
        "waybill: there is no /srv/data/waybill/projects/acme/people.ndjson here",
        "waybill: there is no\n    /srv/data/waybill/projects/acme/people.ndjson\n    here"
      ),
      ("waybill: 名前の一覧にはない名前です", "waybill: 名前の一覧にはない名\n    前です"),
    ])
  func `a message is broken between words, and nothing of it is lost`(text: String, lines: String) {
    #expect(CellText.message(text, to: 30) == lines, "\(CellText.message(text, to: 30))")
    #expect(CellText.message(text, to: nil) == text)
  }

  @Test func `columns are aligned by cells, and a sentence is wrapped between words`() {
    #expect(
      Self.ledger.text(fitting: 64) == """
        RECORD        FIELD   LINE  MESSAGE
        c1            名前       7  the value is longer than 40
                                    characters, and the field takes no
                                    more
        \\u001b[31mc2  👨‍👩‍👧 ❤️  1,200  not an e-mail address

        """)
  }

  @Test func `what has no room beside the first columns is below its row`() {
    #expect(
      Self.ledger.text(fitting: 40) == """
        RECORD        FIELD   LINE
        c1            名前       7
            the value is longer than 40
            characters, and the field takes no
            more
        \\u001b[31mc2  👨‍👩‍👧 ❤️  1,200
            not an e-mail address

        """)
    #expect(
      Self.ledger.text(fitting: 24) == """
        RECORD        FIELD
        c1            名前
            line 7
            the value is longer
            than 40 characters,
            and the field takes
            no more
        \\u001b[31mc2  👨‍👩‍👧 ❤️
            line 1,200
            not an e-mail
            address

        """)
  }

  @Test func `a long name is shortened in its middle, and does not push the others out`() {
    var table = TextTable("PATH", "STATUS")
    table.add(["/var/lib/waybill/runs/20260725T020000000Z-00kq2m/contacts.csv", "done"])
    table.add(["短い", "failed"])
    #expect(
      table.text(fitting: 50) == """
        PATH                       STATUS
        /var/lib/way…contacts.csv  done
        短い                       failed

        """)
  }

  @Test(arguments: [1, 2, 3, 7, 10, 19, 20, 33, 40, 41, 64, 80, 120])
  func `no line is wider than the terminal`(width: Int) {
    var table = Self.ledger
    table.add([String(repeating: "名", count: 90), String(repeating: "y", count: 90), "3", String(repeating: "語", count: 90)])
    table.add(["", "", "", ""])
    table.add(["short"])
    for line in table.text(fitting: width).split(separator: "\n") {
      // An indented line keeps a cell for its content.
      #expect(CellWidth.of(line) <= max(width, 6), "\(line)")
    }
  }

  @Test(
    arguments: [
      ("plain text", 20, ["plain text"]), ("plain text", 9, ["plain", "text"]), ("two  gaps here", 9, ["two  gaps", "here"]),
      ("see /a/very/long/path now", 10, ["see", "/a/ve…path", "now"]), ("日本語の文章です", 6, ["日本語", "の文章", "です"]),
      ("a日本 b", 4, ["a日", "本 b"]), ("", 5, [""]), ("x", 0, [""]),
      // Closing punctuation does not begin a line.
      ("no '下げる'", 10, ["no '下げ", "る'"]), ("日本。語", 4, ["日", "本。", "語"]),
    ])
  func `text is wrapped between words`(text: String, width: Int, lines: [String]) {
    #expect(CellText.wrapped(text, to: width) == lines)
  }

  @Test(
    arguments: [
      ("contacts", 8, "contacts", "contacts"), ("contacts", 7, "con…cts", "contac…"), ("contacts", 2, "c…", "c…"),
      ("contacts", 1, "…", "…"), ("contacts", 0, "", ""), ("日本語", 5, "日…語", "日本…"), ("日本語", 4, "日…", "日…"),
      ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…", "e\u{301}…"),
    ])
  func `text is shortened by cells, never inside a character`(text: String, width: Int, middle: String, end: String) {
    #expect(CellText.shortened(text, to: width) == middle)
    #expect(CellText.cut(text, to: width) == end)
  }

  @Test func `reference texts are wrapped below their sentences`() {
    let text = "code\n  meaning  The value is not an address of e-mail.\n  fix      Correct it.\n"
    #expect(
      CellText.prose(text, to: 36) == """
        code
          meaning  The value is not an
                   address of e-mail.
          fix      Correct it.

        """)
    #expect(CellText.prose(text, to: 80) == text)
  }
}
