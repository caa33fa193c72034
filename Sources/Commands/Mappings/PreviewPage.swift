import Core
import Pipeline
import Transform
import Workbench

/// A result of `preview` as lines: for a scrolling page on a terminal, or printed one after another.
struct PreviewPage {
  var mapping: String
  var code: String?
  var hasColour = false
  /// The mapping is watched: the page has a heading, and changes.
  var isWatching = true

  /// The part of the result that the page shows, and below it what the keys do. Never longer or wider than the page.
  func lines(of result: PreviewSession.Result, columns: Int, rows: Int, scroll: PageScroll = .init()) -> [String] {
    let all = content(of: result, columns: columns)
    let room = Self.room(rows)
    var scroll = scroll
    scroll.clamp(lines: all.count, room: room)
    let shown = all.dropFirst(scroll.first).prefix(room)
    var parts = ["q quits"]
    if all.count > room {
      parts += ["arrows, space and b scroll", "lines \(scroll.first + 1)-\(scroll.first + shown.count) of \(all.count)"]
    }
    if isWatching { parts.append("watching \(mapping) and its files") }
    return Array((shown + [painted(Line(parts.joined(separator: "; ")), columns)]).prefix(max(1, rows)))
  }

  /// The lines of a page for the result.
  static func room(_ rows: Int) -> Int { max(1, rows - 1) }

  /// The whole result, painted.
  func content(of result: PreviewSession.Result, columns: Int) -> [String] {
    var lines = isWatching ? heading(result, columns) : []
    let diagnostics = isWatching ? diagnostics(of: result) : []
    if !diagnostics.isEmpty {
      lines += diagnostics.map { painted($0, columns) }
      if result.failure != nil, result.hasResult { lines.append(painted(Line("The last result:", .title), columns)) }
      lines.append("")
    }
    for shown in result.items {
      lines += PreviewText.lines(of: shown, fitting: columns).map { painted($0, columns) } + [""]
    }
    if let empty = empty(result) { lines.append(empty) }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// Without a terminal: the heading and the records; diagnostics go to standard error.
  func text(of result: PreviewSession.Result) -> String {
    var text = "== \(result.number): \(counts(result))\(codes(result).map { "\n" + $0 } ?? "")\n"
    if result.failure != nil {
      text = "== \(result.number): compilation failed; showing the last result\n"
      guard result.hasResult else { return text }
    }
    for shown in result.items {
      text += "\n" + PreviewText.lines(of: shown, fitting: nil).map { $0.text.trimmingEnd + "\n" }.joined()
    }
    if let empty = empty(result) { text += empty + "\n" }
    return text
  }

  // MARK: Parts

  private typealias Line = PreviewText.Line

  private func heading(_ result: PreviewSession.Result, _ columns: Int) -> [String] {
    var lines = [Line("\(mapping)  \(counts(result))", .title)]
    if let codes = codes(result) { lines.append(Line(codes)) }
    lines += result.notes.map { Line($0) }
    return lines.map { painted($0, columns) } + [""]
  }

  private func counts(_ result: PreviewSession.Result) -> String {
    guard result.hasResult else { return "no result yet" }
    let counts = result.counts
    var parts = [Wording.count(counts.read, "record") + (result.isCut ? " (the first of the input)" : "")]
    for (count, word) in [
      (counts.written, "written"), (counts.filtered, "filtered"), (counts.merged, "merged"), (counts.rejected, "rejected"),
    ] where count > 0 {
      parts.append("\(Wording.count(count)) \(word)")
    }
    if counts.warnings > 0 { parts.append(Wording.count(counts.warnings, "warning")) }
    if let changed = result.changed, result.failure == nil {
      parts.append(changed == 0 ? "no target changed" : "\(Wording.count(changed)) changed")
    }
    return parts.joined(separator: ", ")
  }

  /// `phone-invalid 12, email-invalid 3`: the most frequent first.
  private func codes(_ result: PreviewSession.Result) -> String? {
    let codes = result.counts.slugs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return codes.isEmpty ? nil : codes.map { "\($0.key) \(Wording.count($0.value))" }.joined(separator: ", ")
  }

  private func diagnostics(of result: PreviewSession.Result) -> [Line] {
    let shown = result.diagnostics.withoutNotes
    var lines = shown.sorted.flatMap { diagnostic in
      shown.text(of: diagnostic).split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, text in
        Line(String(text), index == 0 ? .problem(diagnostic.severity) : .plain)
      }
    }
    if let failure = result.failure, !shown.hasErrors { lines.append(Line(failure.description, .problem(.error))) }
    return lines
  }

  private func empty(_ result: PreviewSession.Result) -> String? {
    guard result.hasResult, result.items.isEmpty else { return nil }
    return code.map { "no record has a problem '\($0)'" } ?? "the input has no records"
  }

  private func painted(_ line: PreviewText.Line, _ columns: Int) -> String {
    var out = ""
    var room = columns
    let isCut = CellWidth.of(Self.plain(line.text)) > columns
    for part in line.parts where room > 0 {
      let plain = Self.plain(part.text)
      // What follows a part is cut off with it.
      let text = isCut && CellWidth.of(plain) >= room ? CellText.cut(plain + "…", to: room) : plain
      room -= CellWidth.of(text)
      out += hasColour ? Self.paint(part.kind).map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text : text
    }
    return out
  }

  private static func plain(_ text: String) -> String { VisibleText.escaped(text.replacing("\t", with: "  ")) }

  private static func paint(_ kind: Line.Kind) -> String? {
    switch kind {
    case .plain: nil
    case .title: "1"
    case .changed: "1;32"
    case .was: "2"
    case .problem(.error): "1;31"
    case .problem(.warning): "1;33"
    case .problem(.note): "1;36"
    }
  }
}
