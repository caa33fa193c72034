import Core
import Pipeline
import Workbench

/// One previewed record for people: source on the left, target on the right, problems below.
enum PreviewText {
  private static let widest = 44

  static func text(of item: PreviewItem) -> String { lines(of: .init(item: item)).map { $0.text + "\n" }.joined() }

  struct Line: Equatable {
    enum Kind: Equatable { case title, plain, changed, problem(Severity) }
    var text: String
    var kind = Kind.plain
  }

  /// With the previous value of each field if the record changed.
  static func lines(of shown: PreviewSession.Shown) -> [Line] {
    let item = shown.item
    let hasChanges = !shown.was.isEmpty
    var table = TextTable(["SOURCE", "", "TARGET", ""].map { .init($0) } + (hasChanges ? [.init("WAS")] : []))
    var changed: Set<Int> = []
    for index in 0..<max(item.source.count, item.target.count) {
      let source = index < item.source.count ? item.source[index] : nil
      let target = index < item.target.count ? item.target[index] : nil
      var cells = [
        VisibleText.escaped(source?.name ?? ""), source.map { shortened($0.text) } ?? "", VisibleText.escaped(target?.name ?? ""),
        target.map { shortened($0.text) } ?? "",
      ]
      if hasChanges, let target, let was = shown.was[target.name] {
        changed.insert(index)
        cells.append(was.map(shortened) ?? "(absent)")
      }
      while cells.count < table.columns.count { cells.append("") }
      table.add(cells)
    }
    let mark = shown.isChanged ? "  changed" : ""
    var lines = [
      Line(
        text: "\(item.key.map(VisibleText.escaped) ?? "(no key)")  line \(item.line)  \(item.outcome.rawValue)\(mark)",
        kind: .title)
    ]
    for (index, text) in table.text.split(separator: "\n").enumerated() {
      lines.append(Line(text: String(text), kind: changed.contains(index - 1) ? .changed : .plain))
    }
    for problem in item.problems {
      let text = VisibleText.escaped("  \(problem.severity.rawValue) \(problem.code): \(problem.message)")
      lines.append(Line(text: text, kind: .problem(problem.severity)))
    }
    return lines
  }

  private static func shortened(_ text: String) -> String {
    let text = VisibleText.escaped(text)
    return text.count > widest ? text.prefix(widest - 1) + "…" : text
  }
}
