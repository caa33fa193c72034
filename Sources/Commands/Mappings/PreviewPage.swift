import Core
import Pipeline
import Transform
import Workbench

/// A result of `preview --watch` as lines: for a page of a terminal, or one after another.
struct PreviewPage {
  var mapping: String
  var code: String?
  var hasColour = false

  /// Never longer or wider than the page.
  func lines(of result: PreviewSession.Result, columns: Int, rows: Int) -> [String] {
    var lines = heading(result, columns)
    let diagnostics = diagnostics(of: result)
    if !diagnostics.isEmpty {
      // At most half of the page, so that the records remain visible.
      let room = max(1, rows / 2 - lines.count)
      lines += diagnostics.prefix(room).map { painted($0, columns) }
      if diagnostics.count > room { lines.append(painted(Line("… and \(diagnostics.count - room) more lines"), columns)) }
      if result.failure != nil, result.hasResult {
        lines.append(painted(Line("The last result:", .title), columns))
      }
      lines.append("")
    }
    for (index, shown) in result.items.enumerated() {
      let item = PreviewText.lines(of: shown)
      // As much of the first one as fits: the last result stays visible below an error.
      guard index == 0 || lines.count + item.count + 1 < rows || lines.count < rows / 3 else { break }
      lines += item.map { painted($0, columns) } + [""]
    }
    if let empty = empty(result) { lines.append(empty) }
    lines = Array(lines.prefix(max(1, rows - 1)))
    while lines.last == "" { lines.removeLast() }
    lines.append(painted(Line("watching \(mapping) and its files · q ends"), columns))
    return Array(lines.prefix(max(1, rows)))
  }

  /// Without a terminal: the heading and the records; diagnostics go to standard error.
  func text(of result: PreviewSession.Result) -> String {
    var text = "== \(result.number): \(counts(result))\(codes(result).map { "\n" + $0 } ?? "")\n"
    if result.failure != nil {
      text = "== \(result.number): compilation failed; showing the last result\n"
      guard result.hasResult else { return text }
    }
    for shown in result.items { text += "\n" + PreviewText.lines(of: shown).map { $0.text + "\n" }.joined() }
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
    let plain = VisibleText.escaped(line.text.replacing("\t", with: "  "))
    let text = plain.count > columns ? plain.prefix(max(0, columns - 1)) + "…" : plain
    guard hasColour else { return text }
    let paint: String? =
      switch line.kind {
      case .plain: nil
      case .title: "1"
      case .changed: "1;32"
      case .problem(.error): "1;31"
      case .problem(.warning): "1;33"
      case .problem(.note): "1;36"
      }
    return paint.map { "\u{1B}[\($0)m\(text)\u{1B}[0m" } ?? text
  }
}

extension PreviewText.Line {
  init(_ text: String, _ kind: Kind = .plain) { self.init(text: text, kind: kind) }
}
