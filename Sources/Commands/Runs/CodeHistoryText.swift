import Core
import Report

/// How often a code occurred in each run, for people: a row for each run, a column for each mapping, and below them a line for each
/// mapping, from the earliest run to the latest. Only runs that cover everything are in these lines.
///
///     STARTED           STATUS   contacts  tasks  RUN                         NOTE
///     2026-07-26 02:00  partial        12      0  20260726T020000000Z-00kq2m
///     2026-07-25 02:00  done            0      0  20260725T020000000Z-00aa2m
///
///     contacts  ▁█  0 to 12
struct CodeHistoryText {
  let code: Name
  /// The latest first.
  let rows: [HistoryRow]
  /// Numbers in place of bars.
  let isPlain: Bool
  /// Numbers that one line shows.
  private static let longest = 40

  /// - Parameter width: cells of the terminal; nil: without limit.
  func text(fitting width: Int?) -> String {
    guard !rows.isEmpty else { return "" }
    let mappings = mappings
    var table = TextTable(
      [.init("STARTED"), .init("STATUS")] + mappings.map { .init($0.text, isNumber: true) }
        + [.init("RUN"), .sentence("NOTE")])
    for row in rows {
      table.add(
        [row.started, row.run.status.rawValue] + mappings.map { count($0, in: row.run).map { Wording.count($0) } ?? "" }
          + [row.run.run, note(row.run)])
    }
    let lines = trends(of: mappings, fitting: width)
    return table.text(fitting: width) + (lines.isEmpty ? "" : "\n" + lines)
  }

  /// In the order of the latest run that has them.
  private var mappings: [Name] {
    var found: [Name] = []
    for row in rows {
      for mapping in row.run.mappings ?? [] where !found.contains(mapping.name) { found.append(mapping.name) }
    }
    return found
  }

  private func count(_ mapping: Name, in run: RunFigures) -> Int? {
    run.mappings?.first { $0.name == mapping }.map { $0.codes[code] ?? 0 }
  }

  private func note(_ run: RunFigures) -> String {
    if run.mappings == nil { return "no summary" }
    return run.coversAll || run.kind == .incomplete ? "" : "the run \(run.kind.text(run.narrowing))"
  }

  /// Of one pipeline and location; counts of different ones do not form a trend.
  private func trends(of mappings: [Name], fitting width: Int?) -> String {
    let whole = rows.filter(\.run.coversAll).reversed().map(\.run)
    let sources = Set(whole.map { Name("\($0.pipeline)\u{0}\($0.location ?? "")") })
    guard whole.count > 1, sources.count == 1 else { return "" }
    let names = mappings.map { VisibleText.escaped($0.text) }
    let title = min(24, names.map { CellWidth.of($0) }.max() ?? 0)
    let lines = zip(mappings, names).compactMap { mapping, name -> String? in
      let counts = whole.map { count(mapping, in: $0) }
      let known = counts.compactMap(\.self)
      guard let first = known.first, let last = known.last, known.contains(where: { $0 > 0 }) else { return nil }
      let shown = counts.suffix(Self.longest)
      let bars =
        isPlain ? shown.map { $0.map { Wording.count($0) } ?? "-" }.joined(separator: " ") : Sparkline.text(of: Array(shown))
      let line =
        CellText.padded(CellText.shortened(name, to: title), to: title)
        + "  \(bars)  \(Wording.count(first)) to \(Wording.count(last))"
      return CellText.message(line, to: width)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
