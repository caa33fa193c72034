import Core
import Workbench

/// One previewed record for people: each target field with what it is made of, what the mapping does not read, and problems.
///
///     c1  line 1  written
///     TARGET     READS      SOURCE VALUE      TARGET VALUE
///     contactId  id         "c1"          ->  "c1"
///     name       firstName  " Ada"        ->  "Ada Lovelace"
///                lastName   "Lovelace"
///       not read  city "London", tags ["new"]
enum PreviewText {
  /// A value on a terminal has at most this many lines.
  private static let highest = 4
  /// The width on a terminal, in cells, of the value of a field that nothing reads.
  private static let widestUnread = 40
  private static let gap = "  "
  private static let arrow = "  ->  "

  static func text(of item: PreviewItem, fitting width: Int?) -> String {
    lines(of: .init(item: item), fitting: width).map { $0.text.trimmingEnd + "\n" }.joined()
  }

  /// Runs of text, each with its color.
  struct Line: Equatable {
    enum Kind: Equatable { case plain, title, changed, was, problem(Severity) }
    struct Part: Equatable {
      var text: String
      var kind = Kind.plain
    }
    var parts: [Part]

    var text: String { parts.map(\.text).joined() }

    init(_ parts: [Part]) { self.parts = parts }

    init(_ text: String, _ kind: Kind = .plain) { parts = [Part(text: text, kind: kind)] }
  }

  /// - Parameter width: cells of the terminal; nil: without limit, and every value whole.
  static func lines(of shown: PreviewSession.Shown, fitting width: Int?) -> [Line] {
    let item = shown.item
    let key = item.key.map(VisibleText.escaped) ?? "(no key)"
    let rest = "  line \(item.line)  \(item.outcome.rawValue)\(shown.isChanged ? "  changed" : "")"
    let title = width.map { CellText.shortened(key, to: max(1, $0 - CellWidth.of(rest))) } ?? key
    var lines = [Line(title + rest, .title)]
    let rows = item.fields.map { Row($0, of: shown) }
    // A record that cannot be read has no values at all.
    let isReadable = !item.source.isEmpty || !item.unread.isEmpty
    if isReadable, !rows.isEmpty { lines += Layout(rows, width: width).lines }
    lines += others("read for the key, filters or rules only", item.readOtherwise, width)
    lines += others("not read", item.unread, width)
    for problem in item.problems {
      let text = VisibleText.escaped("\(problem.severity.rawValue) \(problem.code): \(problem.message)")
      let wrapped = width.map { CellText.wrapped(text, to: max(1, $0 - 2)) } ?? [text]
      lines += wrapped.map { Line("  " + $0, .problem(problem.severity)) }
    }
    return lines
  }

  /// `  not read  city "London", tags ["new"]`
  private static func others(_ title: String, _ pairs: [PreviewItem.Pair], _ width: Int?) -> [Line] {
    guard !pairs.isEmpty else { return [] }
    let list = pairs.map { pair in
      let value = VisibleText.escaped(pair.text)
      return VisibleText.escaped(pair.name) + " " + (width == nil ? value : CellText.cut(value, to: widestUnread))
    }
    let text = "  \(title)  " + list.joined(separator: ", ")
    return (width.map { CellText.prose(text, to: $0) } ?? text).split(separator: "\n").map { Line(String($0)) }
  }

  /// A target field: the contents of its four columns.
  private struct Row {
    var target: String
    var reads: [(path: String, value: String)]
    var value: String
    /// The value before the last save, if it was different.
    var was: String?

    /// The titles.
    init(_ target: String, _ path: String, _ source: String, _ value: String) {
      (self.target, reads, self.value) = (target, [(path, source)], value)
    }

    init(_ field: PreviewItem.Field, of shown: PreviewSession.Shown) {
      func value(_ text: String?) -> String { text.map(VisibleText.escaped) ?? "(absent)" }
      target = VisibleText.escaped(field.name)
      reads = field.reads.map { (VisibleText.escaped($0.path), value($0.text)) }
      // Nothing was computed for an item that is filtered, or that cannot be read.
      self.value = shown.item.target.isEmpty ? "" : value(field.text)
      was = shown.was[Name(field.name)].map { "was " + value($0) }
    }
  }

  /// The widths of the columns, and the lines of the rows.
  private struct Layout {
    let rows: [Row]
    let hasLimit: Bool
    var target: Int
    var path: Int
    var source: Int
    var result: Int

    private static let titles = Row("TARGET", "READS", "SOURCE VALUE", "TARGET VALUE")

    init(_ rows: [Row], width: Int?) {
      self.rows = [Self.titles] + rows
      hasLimit = width != nil
      func widest(_ texts: [String]) -> Int { texts.map { CellWidth.of($0) }.max() ?? 0 }
      target = widest(self.rows.map(\.target))
      path = widest(self.rows.flatMap { $0.reads.map(\.path) })
      source = widest(self.rows.flatMap { $0.reads.map(\.value) })
      result = widest(self.rows.flatMap { [$0.value, $0.was ?? ""] })
      guard let width else { return }
      // Names take at most two fifths of the line; the values share the rest.
      target = min(target, max(6, width / 5))
      path = min(path, max(6, width / 5))
      let room = max(8, width - target - path - PreviewText.gap.count * 2 - PreviewText.arrow.count)
      let half = room / 2
      if source + result > room {
        if source <= half {
          result = room - source
        } else if result <= half {
          source = room - result
        } else {
          (source, result) = (half, room - half)
        }
      }
    }

    var lines: [Line] { rows.enumerated().flatMap { lines(of: $1, isHeader: $0 == 0) } }

    private func lines(of row: Row, isHeader: Bool) -> [Line] {
      var left: [(path: String, value: String)] = []
      for read in row.reads {
        for (index, value) in wrapped(read.value, to: source).enumerated() {
          left.append((index == 0 ? CellText.shortened(read.path, to: path) : "", value))
        }
      }
      let value = wrapped(row.value, to: result)
      let right: [Line.Part] =
        value.map { .init(text: $0, kind: row.was == nil ? .plain : .changed) }
        + (row.was.map { wrapped($0, to: result) } ?? []).map { .init(text: $0, kind: .was) }
      return (0..<max(left.count, right.count, 1)).map { index in
        let name = index == 0 ? CellText.shortened(row.target, to: target) : ""
        let (path, value) = index < left.count ? left[index] : ("", "")
        let before = [
          CellText.padded(name, to: target), CellText.padded(path, to: self.path), CellText.padded(value, to: source),
        ]
        let isFirst = index == 0 && !isHeader && !row.value.isEmpty
        let head =
          before.joined(separator: PreviewText.gap)
          + (isFirst ? PreviewText.arrow : String(repeating: " ", count: PreviewText.arrow.count))
        return Line([.init(text: head), index < right.count ? right[index] : .init(text: "")])
      }
    }

    private func wrapped(_ text: String, to width: Int) -> [String] {
      guard hasLimit else { return [text] }
      let lines = CellText.folded(text, to: width)
      guard lines.count > PreviewText.highest else { return lines }
      return lines.prefix(PreviewText.highest - 1) + [CellText.cut(lines[PreviewText.highest - 1] + "…", to: width)]
    }
  }
}
