import Testing

@testable import Graphics

@Suite struct PictureTests {
  private static let hostile = "<script>alert(1)</script>\u{202E}\"'&"

  private static let pictures: [any Picture] = [
    IdentityBars(
      title: hostile,
      bars: [
        .init(hostile, total: 960, parts: [.init("written", 943, .good), .init(hostile, 17, .rejected)]),
        .init("tasks", total: 10, parts: [.init("failed", 3, .failed), .init("pending", 2, .pending)]),
        .init("none", total: 0, parts: []),
      ]),
    IdentityBars(title: "one", bars: [.init(hostile, total: 3, parts: [.init("merged", 3, .merged)])]),
    CompletenessStrip(
      title: hostile,
      fields: (0..<310).map {
        .init("\(hostile)\($0)", source: hostile, before: $0 == 3 ? nil : .init($0, of: 400), after: .init(7, of: 400))
      }),
    TotalSlopes(
      title: hostile, stops: [hostile, "target", "app"],
      totals: [
        .init(hostile, [.init(5), nil, .init("\(hostile)", .nan)]),
        .init("sum", [.init("-1", -1), .init("1", 1), .init("1", 1)]),
      ]),
    Crosstab(
      title: hostile, sourceName: hostile, targetName: "t", cells: (0..<40).map { .init("\(hostile)\($0)", "t\($0 % 20)", $0) }),
    DateCalendar(
      title: hostile, days: [(.init(2026, 2, 29), 4), (.init(2026, 2, 28), 4), (.init(-5, 13, 1), 2), (.init(2024, 2, 29), 1)]),
    DateCalendar(title: hostile, months: [(1900, 1, 3), (2026, 12, 1), (2026, 14, 9)]),
    DateCalendar(title: hostile, years: [(1870, 3), (2030, 1_000_000), (-12, 1)]), DateCalendar(title: "none", days: []),
    Waffle(title: hostile, noun: "contact", total: 9120, parts: [.init(hostile, 60, .rejected)]),
    Waffle(title: "none", noun: "contact", total: 0, parts: []),
    Sparklines(title: hostile, noun: "code", runs: ["a", hostile, "c"], lines: [.init(hostile, [nil, 3, 0]), .init("b", [])]),
  ]

  @Test(arguments: pictures.indices)
  func `a picture is well-formed, self-contained and the same each time`(index: Int) {
    let picture = Self.pictures[index]
    let html = picture.html(id: "fig7")
    #expect(html == picture.html(id: "fig7"))
    #expect(!html.contains("<script") && !html.contains("\u{202E}") && !html.contains("http"))
    #expect(html.contains("<figcaption") && html.contains("<table") && html.contains("<caption"))
    #expect(tagsAreBalanced(html))
    let ids = attributes("id", in: html)
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0 == "fig7" || $0.hasPrefix("fig7-") })
    // What it refers to exists: labels and patterns.
    for name in attributes("aria-labelledby", in: html).flatMap({ $0.split(separator: " ") }) {
      #expect(ids.contains(String(name)))
    }
    for reference in html.split(separator: "url(#").dropFirst() {
      #expect(ids.contains(String(reference.prefix { $0 != ")" })))
    }
  }

  @Test func `two figures of a page have no id in common`() {
    var numbers = FigureNumbers()
    let (first, second) = (numbers.next(), numbers.next())
    let picture = Self.pictures[0]
    #expect(Set(attributes("id", in: picture.html(id: first))).isDisjoint(with: attributes("id", in: picture.html(id: second))))
  }

  @Test func `the bars of an identity are 100% wide, and their numbers are those of the table`() {
    let bar = IdentityBars.Bar(
      "contacts → app", total: 960, parts: [.init("written", 943, .good), .init("rejected", 17, .rejected)])
    #expect(bar.sum == "960 = 943 written + 17 rejected")
    #expect(bar.widths.reduce(0, +) == 100_000)
    let table = IdentityBars(title: "t", bars: [bar]).table
    #expect(table.rows.map(\.header) == ["written", "rejected", "total"])
    #expect(table.rows.map { $0.cells[0] } == ["943", "17", "960"])
    #expect(table.rows.map { $0.cells[1] } == ["98.23%", "1.77%", "100%"])
  }

  @Test func `a tiny part is drawn as wide as can be seen, and the figure says so`() {
    let bars = IdentityBars(
      title: "t", bars: [.init("a", total: 1_000_000, parts: [.init("written", 999_999, .good), .init("failed", 1, .failed)])])
    #expect(bars.bars[0].widths == [99_200, 800])
    #expect(bars.notes.count == 1 && bars.notes[0].contains("0.8%"))
    #expect(
      IdentityBars(title: "t", bars: [.init("a", total: 2, parts: [.init("x", 1, .good), .init("y", 1, .rest)])]).notes.isEmpty)
  }

  @Test func `what no outcome accounts for is a part of its own, and too many are reported`() {
    let short = IdentityBars.Bar("a", total: 10, parts: [.init("written", 7, .good)])
    #expect(short.sum == "10 = 7 written + 3 unaccounted")
    #expect(short.widths == [70_000, 30_000])
    let over = IdentityBars.Bar("a", total: 10, parts: [.init("written", 12, .good)])
    #expect(over.sum == "10 is not 12 written. That is 2 too many")
  }

  @Test(arguments: [(9120, 60), (1, 1), (3, 1), (1000, 999), (5_000_000, 1), (12, 12)])
  func `a waffle has exactly a thousand squares`(total: Int, part: Int) {
    let waffle = Waffle(title: "t", noun: "contact", total: total, parts: [.init("rejected", part, .rejected)])
    #expect(waffle.shares.reduce(0, +) == 1000)
    #expect(waffle.shares.allSatisfy { $0 > 0 })
    let html = waffle.html(id: "w")
    let squares = html.split(separator: "<path d=\"").dropFirst().reduce(0) { $0 + $1.prefix { $0 != "\"" }.count { $0 == "M" } }
    // The paths of the pattern are not squares.
    let pattern = html.contains("<pattern") ? "M-1 1l2-2M0 6l6-6M5 7l2-2".count { $0 == "M" } : 0
    #expect(squares - pattern == 1000)
  }

  @Test func `completeness marks fields that lose a point, and never draws a gap as full`() {
    func field(_ before: Int, _ after: Int) -> CompletenessStrip.Field {
      .init("f", source: "s", before: .init(before, of: 1000), after: .init(after, of: 1000))
    }
    #expect(field(1000, 990).isPoorer && !field(1000, 991).isPoorer && !field(5, 900).isPoorer)
    let html = CompletenessStrip(title: "t", fields: [field(1000, 999)]).html(id: "c")
    #expect(html.contains("v24h-12z\" class=\"wf-source") && html.contains("v22h-12z\" class=\"wf-target"))
  }

  @Test func `the first 300 of more fields are drawn, and the figure says so`() {
    let strip = CompletenessStrip(
      title: "t", fields: (0..<310).map { .init("f\($0)", source: "", before: nil, after: .init(1, of: 1)) })
    #expect(strip.table.rows.count == 300)
    #expect(strip.notes.contains("The first 300 of 310 fields."))
  }

  @Test func `a crosstab adds up, also beyond its limits`() {
    let cells = (0..<400).map { Crosstab.Cell("s\($0 % 37)", "t\($0 % 23)", $0) }
    let grid = Crosstab(title: "t", sourceName: "s", targetName: "t", cells: cells).grid
    #expect(grid.counts.count == Crosstab.mostRows + 1 && grid.counts.allSatisfy { $0.count == Crosstab.mostColumns + 1 })
    #expect(grid.counts.joined().reduce(0, +) == cells.reduce(0) { $0 + $1.count })
    #expect(grid.rows.last == "17 further" && grid.columns.last == "15 further")
    let picture: any Picture = Crosstab(
      title: "t", sourceName: "s", targetName: "t", cells: [.init("a", "b", 4), .init("c", "d", 1)])
    #expect(picture.html(id: "x").split(separator: "class=\"wf-bubble\"").count == 3)
  }

  @Test func `a calendar has days for few years and months for many`() {
    #expect(DateCalendar(title: "t", days: [(.init(2024, 1, 1), 1), (.init(2026, 1, 1), 1)]).showsDays)
    let long = DateCalendar(title: "t", days: (0..<4).map { (.init(2020 + $0, 5, 5), $0 + 1) })
    #expect(!long.showsDays)
    #expect(long.months.map(\.count) == [1, 2, 3, 4])
    #expect(long.table.rows.map(\.cells) == [["1"], ["2"], ["3"], ["4"]])
    let html = DateCalendar(title: "t", days: [(.init(2024, 1, 1), 1), (.init(2026, 1, 1), 1)]).html(id: "c")
    #expect(html.contains("2025: none"))
  }

  @Test func `every tone of a picture has its color in the style sheet`() {
    let css = "\(GraphicsStyle.css)"
    for tone in Tone.allCases { #expect(css.contains(".\(tone.className){fill:")) }
  }

  /// The values of an attribute, in the order of the text.
  private func attributes(_ name: String, in html: String) -> [String] {
    html.split(separator: " \(name)=\"", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  private func tagsAreBalanced(_ html: String) -> Bool {
    var open: [Substring] = []
    for piece in html.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { return false }
      let tag = piece[..<end]
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !tag.hasSuffix("/"), !["br", "meta", "link"].contains(tag.prefix { $0 != " " }) {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }
}
