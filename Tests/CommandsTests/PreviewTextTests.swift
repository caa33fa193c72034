import Core
import Foundation
import Testing

@testable import Commands
@testable import Workbench

@Suite("What preview shows")
struct PreviewTextTests {
  private static let item = PreviewItem(
    key: "c1", line: 3, outcome: .written, source: [.init(name: "id", text: #""c1""#)],
    target: [.init(name: "contactId", text: #""c1""#), .init(name: "name", text: #""山田 太郎""#)],
    fields: [
      .init(name: "contactId", reads: [.init(path: "id", text: #""c1""#)], text: #""c1""#),
      .init(
        name: "name", reads: [.init(path: "lastName", text: #""山田""#), .init(path: "firstName", text: #""太郎 ""#)],
        text: #""山田 太郎""#),
      .init(name: "phone", reads: [.init(path: "phone", text: nil)], text: nil),
      .init(name: "status", reads: [], text: #""new""#),
    ],
    readOtherwise: [.init(name: "type", text: #""lead""#)],
    unread: [.init(name: "city", text: #""東京""#), .init(name: "tags", text: #"["a","b"]"#)],
    problems: [.init(severity: .warning, code: "phone-invalid", field: "phone", message: "not a number")])

  @Test func `each target field is beside what it reads, and what nothing reads is below`() {
    #expect(
      PreviewText.text(of: Self.item, fitting: nil) == """
        c1  line 3  written
        TARGET     READS      SOURCE VALUE      TARGET VALUE
        contactId  id         "c1"          ->  "c1"
        name       lastName   "山田"        ->  "山田 太郎"
                   firstName  "太郎 "
        phone      phone      (absent)      ->  (absent)
        status                              ->  "new"
          read for the key, filters or rules only  type "lead"
          not read  city "東京", tags ["a","b"]
          warning phone-invalid: not a number

        """)
  }

  @Test func `only what changed in the target is colored`() {
    let was: [Name: String?] = ["name": #""太郎""#, "phone": String?.none]
    let shown = PreviewSession.Shown(item: Self.item, was: was, isChanged: true)
    let lines = PreviewText.lines(of: shown, fitting: nil)
    var painted: [String] = []
    for part in lines.dropFirst().flatMap(\.parts) where part.kind == .changed || part.kind == .was { painted.append(part.text) }
    #expect(painted == [#""山田 太郎""#, #"was "太郎""#, "(absent)", "was (absent)"])
    #expect(lines[0].text == "c1  line 3  written  changed")
  }

  @Test(arguments: [20, 30, 40, 60, 80, 120])
  func `it fits the terminal, and a value is wrapped before it is cut`(width: Int) {
    var item = Self.item
    item.fields[1].text = "\"" + Array(repeating: "wort 語", count: 90).joined(separator: " ") + "\""
    item.fields[0].reads[0].text = "\"" + String(repeating: "x", count: 90) + "\""
    let lines = PreviewText.lines(of: .init(item: item), fitting: width)
    if width >= 40 { for line in lines { #expect(CellWidth.of(line.text) <= width, "\(line.text)") } }
    #expect(lines.contains { $0.text.hasSuffix("…") })
    // Piped, all of it is there.
    #expect(PreviewText.text(of: item, fitting: nil).contains(String(repeating: "x", count: 90) + "\""))
  }

  @Test func `an item that cannot be read has its problems only`() {
    var item = Self.item
    (item.source, item.unread, item.readOtherwise, item.target) = ([], [], [], [])
    #expect(PreviewText.text(of: item, fitting: 80) == "c1  line 3  written\n  warning phone-invalid: not a number\n")
  }

  // MARK: Scrolling

  @Test(
    arguments: [
      ("j", [.down]), ("k\u{1B}[A\u{1B}OB", [.up, .up, .down]), (" \u{1B}[6~f", [.pageDown, .pageDown, .pageDown]),
      ("b\u{1B}[5~", [.pageUp, .pageUp]), ("du", [.halfDown, .halfUp]), ("gG\u{1B}[H\u{1B}[4~", [.home, .end, .home, .end]),
      ("q", [.quit]), ("\u{3}", [.quit]), ("xyz\u{1B}[31;1m", [.up, .pageDown]), ("\u{1B}", []), ("\u{1B}[", []), ("\r", [.down]),
    ] as [(String, [PageKey])])
  func `the keys are those of less`(typed: String, keys: [PageKey]) { #expect(PageKey.all(in: Array(typed.utf8)) == keys) }

  @Test func `scrolling stays inside the text`() {
    var scroll = PageScroll()
    func after(_ keys: PageKey...) -> Int {
      for key in keys { scroll.apply(key, lines: 100, room: 20) }
      return scroll.first
    }
    #expect(after(.up) == 0)
    #expect(after(.down, .down) == 2)
    #expect(after(.pageDown) == 21)
    #expect(after(.halfUp) == 11)
    #expect(after(.end) == 80)
    #expect(after(.down, .pageDown) == 80)
    #expect(after(.pageUp) == 61)
    #expect(after(.home, .pageUp) == 0)
    scroll.apply(.end, lines: 5, room: 20)
    #expect(scroll.first == 0)
  }

  @Test func `every line of a long result can be reached`() {
    var result = PreviewSession.Result(number: 1)
    result.hasResult = true
    result.items = Array(repeating: .init(item: Self.item), count: 12)
    let page = PreviewPage(mapping: "m.yaml")
    let all = page.content(of: result, columns: 60)
    var seen: [String] = []
    var scroll = PageScroll()
    while seen.count < all.count {
      let lines = page.lines(of: result, columns: 60, rows: 11, scroll: scroll)
      #expect(lines.count == 11)
      seen += lines.dropLast().dropFirst(seen.count - scroll.first)
      #expect(lines[10].contains("of \(all.count)"))
      scroll.apply(.pageDown, lines: all.count, room: PreviewPage.room(11))
    }
    #expect(seen == all)
  }
}
