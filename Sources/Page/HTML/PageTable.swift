import Graphics

/// What a cell of a table shows.
enum PageCell {
  case text(String)
  case code(String)
  /// Numbers are aligned at the right.
  case number(String)
  case list([String])
  /// One or several values; nil: there is none.
  case values([String?])
  case status(String, PageMark)
  /// There is no value, or none was recorded: shown faint.
  case faint(String)
  /// A box to tick on paper.
  case box

  static func count(_ number: Int) -> PageCell { .number(NumberText.count(number)) }
  static func change(_ number: Int?) -> PageCell { number.map { .number(NumberText.change($0)) } ?? .faint("–") }
  static func percent(_ number: Double?) -> PageCell { number.map { .number(NumberText.percent($0)) } ?? .faint("–") }
  static func share(_ part: Int, of whole: Int?) -> PageCell {
    whole.map { .number(NumberText.share(part, of: $0)) } ?? .faint("–")
  }
  static func text(_ text: String?, or other: String = "–") -> PageCell { text.map { .text($0) } ?? .faint(other) }
  static func code(_ text: String?) -> PageCell { text.map { .code($0) } ?? .faint("–") }
  static func time(_ text: String?) -> PageCell { text.map { .text(PageTime.shown($0)) } ?? .faint("not recorded") }
}

/// A status, as a sign before its text.
enum PageMark: String {
  case good, warning, bad, open

  /// Seen, not read out: the words say the same.
  var sign: String {
    switch self {
    case .good: "✓"
    case .warning: "!"
    case .bad: "✗"
    case .open: "○"
    }
  }
}

/// The columns of a table, from left to right. The first one names the row.
struct PageColumns<Row> {
  struct Column {
    var title: String
    var isNumber = false
    /// Says of which run a row is; not shown on the page of one run.
    var isRun = false
    /// Left out if no row has anything to say in it.
    var isOptional = false
    var cell: (Row) -> PageCell
  }

  private(set) var all: [Column] = []

  private func adding(_ column: Column) -> Self {
    var columns = self
    columns.all.append(column)
    return columns
  }

  func run(_ run: @escaping (Row) -> String?) -> Self { adding(.init(title: "Run", isRun: true) { .text(run($0) ?? "all") }) }
  func cell(_ title: String, _ cell: @escaping (Row) -> PageCell) -> Self { adding(.init(title: title, cell: cell)) }
  func text(_ title: String, _ text: @escaping (Row) -> String) -> Self { cell(title) { .text(text($0)) } }
  func code(_ title: String, _ text: @escaping (Row) -> String?) -> Self { cell(title) { .code(text($0)) } }

  func number(_ title: String, _ cell: @escaping (Row) -> PageCell) -> Self {
    adding(.init(title: title, isNumber: true, cell: cell))
  }

  /// - Parameter other: What is shown without a count.
  func count(_ title: String, or other: String = "not recorded", _ count: @escaping (Row) -> Int?) -> Self {
    number(title) { row in count(row).map { .count($0) } ?? .faint(other) }
  }

  func optional(_ title: String, _ cell: @escaping (Row) -> PageCell) -> Self {
    adding(.init(title: title, isOptional: true, cell: cell))
  }

  func optionalText(_ title: String, _ text: @escaping (Row) -> String?) -> Self { optional(title) { .text(text($0)) } }
  func optionalCode(_ title: String, _ text: @escaping (Row) -> String?) -> Self { optional(title) { .code(text($0)) } }

  func optionalNumber(_ title: String, _ cell: @escaping (Row) -> PageCell) -> Self {
    adding(.init(title: title, isNumber: true, isOptional: true, cell: cell))
  }

  func optionalCount(_ title: String, _ count: @escaping (Row) -> Int?) -> Self {
    optionalNumber(title) { row in count(row).map { .count($0) } ?? .faint("–") }
  }
}

extension PageWriter {
  /// A table of a list that may be longer than what the page has of it.
  mutating func table<Row>(
    _ caption: String, _ list: PageList<Row>, isFolded: Bool = false, _ columns: (PageColumns<Row>) -> PageColumns<Row>
  ) {
    table(caption, list.rows, isFolded: isFolded, columns)
    omitted(list.omitted, list.command)
  }

  /// - Parameter isFolded: It is behind a line that opens it. On paper it is open.
  mutating func table<Row>(
    _ caption: String, _ rows: [Row], isFolded: Bool = false, _ columns: (PageColumns<Row>) -> PageColumns<Row>
  ) {
    guard !rows.isEmpty else { return }
    let beyond = rows.count - PageLimits.rows
    let rows = rows.prefix(PageLimits.rows)
    var shown: [(PageColumns<Row>.Column, [PageCell])] = []
    for column in columns(PageColumns()).all where showsRuns || !column.isRun {
      let cells = rows.map(column.cell)
      if !column.isOptional || cells.contains(where: { $0.hasContent }) { shown.append((column, cells)) }
    }
    if isFolded {
      markup.open("details", ["class": "more"])
      markup.element("summary", value: caption)
    }
    let isWide = shown.count > 2
    if isWide { markup.open("div", ["class": "scroll", "role": "group", "tabindex": "0", "aria-label": caption]) }
    markup.element("table") { markup in
      markup.element("caption", ["class": isFolded ? "wf-hidden" : nil], value: caption)
      markup.element("thead") { markup in
        markup.element("tr") { markup in
          for (column, _) in shown {
            markup.element("th", ["scope": "col", "class": column.isNumber ? "n" : nil], text: column.title)
          }
        }
      }
      markup.element("tbody") { markup in
        for index in rows.indices {
          markup.element("tr") { markup in
            for (place, (column, cells)) in shown.enumerated() {
              Self.cell(cells[index], isHeader: place == 0, isNumber: column.isNumber, &markup)
            }
          }
          markup.newline()
        }
      }
    }
    if isWide { markup.close("div") }
    if isFolded { markup.close("details") }
    markup.newline()
    omitted(beyond, nil)
  }

  /// Rows that are not on the page, and what prints them.
  mutating func omitted(_ count: Int, _ command: String?) {
    guard count > 0 else { return }
    markup.element("p", ["class": "omitted"]) { markup in
      markup.text("And \(NumberText.count(count)) more")
      if let command {
        markup.text(": ")
        markup.element("code", value: command)
      } else {
        markup.text(" that are not on this page.")
      }
    }
    markup.newline()
  }

  private static func cell(_ cell: PageCell, isHeader: Bool, isNumber: Bool, _ markup: inout Markup) {
    func write(_ markup: inout Markup) {
      switch cell {
      case .text(let text): markup.value(MarkupText.clipped(text, to: PageLimits.characters))
      case .number(let text): markup.text(text)
      case .code(let text): markup.element("code", value: MarkupText.clipped(text, to: PageLimits.characters))
      case .values(let texts):
        if texts.isEmpty { markup.literal("–") }
        for (index, text) in texts.enumerated() {
          if index > 0 { markup.void("br") }
          if let text {
            markup.value(MarkupText.clipped(text, to: PageLimits.characters))
          } else {
            markup.element("span", ["class": "faint"], text: "no value")
          }
        }
      case .faint(let text): markup.element("span", ["class": "faint"], text: text)
      case .box: box(&markup, nil)
      case .status(let text, let mark): status(text, mark, &markup)
      case .list(let texts):
        for (index, text) in texts.enumerated() {
          if index > 0 { markup.literal(", ") }
          markup.element("code", value: MarkupText.clipped(text, to: PageLimits.characters))
        }
      }
    }
    var name = isNumber ? "n" : cell.hasLongWord ? "long" : nil
    if isHeader {
      if name == "n" { name = nil }
      markup.element("th", ["scope": "row", "class": name]) { write(&$0) }
    } else {
      markup.element("td", ["class": name]) { write(&$0) }
    }
  }

  static func status(_ text: String, _ mark: PageMark, _ markup: inout Markup) {
    markup.element("span", ["class": "status \(mark.rawValue)"]) { markup in
      markup.element("span", ["class": "sign", "aria-hidden": "true"], text: mark.sign)
      // The sign stays with the first word.
      markup.literal("\u{A0}")
      markup.value(text)
    }
  }

  /// A box to tick on paper, with its words.
  static func box(_ markup: inout Markup, _ words: String?) {
    markup.element("span", ["class": "tick"]) { markup in
      markup.element("span", ["class": "box", "aria-hidden": "true"]) { _ in }
      if let words {
        markup.text(words)
      } else {
        markup.element("span", ["class": "wf-hidden"], text: "to tick on paper")
      }
    }
  }

  /// Spaces to fill in by hand.
  mutating func blanks(_ names: [String], tall: String? = nil) {
    markup.element("div", ["class": "blanks"]) { markup in
      for name in names {
        markup.element("div", ["class": name == tall ? "blank tall" : "blank"]) { $0.element("span", text: name) }
      }
    }
    markup.newline()
  }
}

extension PageCell {
  /// Words that are too long for a column may be broken anywhere; others are not.
  fileprivate var hasLongWord: Bool {
    func isLong(_ text: String) -> Bool { text.split(separator: " ").contains { $0.utf8.count > 26 } }
    switch self {
    case .text(let text), .code(let text), .status(let text, _): return isLong(text)
    case .list(let texts): return texts.contains(where: isLong)
    case .values(let texts): return texts.contains { $0.map(isLong) ?? false }
    case .number, .faint, .box: return false
    }
  }

  fileprivate var hasContent: Bool {
    switch self {
    case .text(let text), .code(let text), .number(let text): !text.isEmpty
    case .list(let texts): !texts.isEmpty
    case .values(let texts): !texts.isEmpty
    case .status, .box: true
    case .faint: false
    }
  }
}
