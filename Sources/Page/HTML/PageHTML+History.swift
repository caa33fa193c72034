import Graphics

/// This run beside the runs before it.
extension PageWriter {
  mutating func lastRun() {
    let comparisons = page.lastRun.comparisons
    section("last_run", page.lastRun, isEmpty: comparisons.isEmpty, none: "There is no earlier run to compare with.") { writer in
      for comparison in comparisons.prefix(PageLimits.rows) {
        let name = writer.showsRuns ? "\(comparison.run): " : ""
        guard let previous = comparison.previous else {
          writer.paragraph("\(name)There is no earlier run to compare with.")
          continue
        }
        let started = comparison.previousStarted.map { ", started \(PageTime.shown($0))" } ?? ""
        writer.paragraph("\(name)Compared with run \(previous)\(started).")
        if !comparison.remarks.isEmpty {
          writer.markup.element("ul") { markup in for remark in comparison.remarks { markup.element("li", value: remark) } }
        }
        if comparison.changes.rows.isEmpty { writer.paragraph("No figure differs.") }
        writer.table("Figures of \(comparison.run) that differ from \(previous)", comparison.changes) {
          $0
            .text("Figure") { $0.figure }
            .optionalText("Mapping") { $0.mapping }
            .optionalText("Destination") { $0.destination }
            .optionalCode("Field") { $0.field }
            .number("Before") { Self.figure($0.before, $0.unit) }
            .number("Now") { Self.figure($0.now, $0.unit) }
            .number("Change") { change in change.change.map { .number(NumberText.change($0)) } ?? .faint("–") }
            .number("Change in %") { change in change.changePercent.map { .number(NumberText.change($0) + "%") } ?? .faint("–") }
        }
      }
    }
  }

  private static func figure(_ number: Double?, _ unit: String) -> PageCell {
    guard let number else { return .faint("not recorded") }
    switch unit {
    case "percent": return .number(NumberText.percent(number))
    case "seconds": return .number(PageTime.duration(number))
    default: return .number(NumberText.decimal(number))
    }
  }

  mutating func trends() {
    let series = page.trends.series
    section("trends", page.trends, isEmpty: series.rows.isEmpty, none: "There are no earlier runs.") { writer in
      var runs: [String] = []
      for row in series.rows where !runs.contains(row.run) { runs.append(row.run) }
      for run in runs.prefix(PageLimits.pictures) {
        let rows = series.rows.filter { $0.run == run }
        let name = writer.showsRuns ? "\(run): " : ""
        writer.sparklines("\(name)Figures of the last runs", "figure", rows.filter { !$0.isCode })
        writer.sparklines("\(name)Codes of the last runs", "code", rows.filter(\.isCode))
      }
      writer.omitted(series.omitted, series.command)
    }
  }

  /// Series of one picture have the same runs; a run that a series does not have is a gap.
  private mutating func sparklines(_ title: String, _ noun: String, _ series: [TrendsSection.Series]) {
    guard !series.isEmpty else { return }
    var runs: [(run: String, started: String)] = []
    var seen: Set<[UInt8]> = []
    for point in series.flatMap(\.points) where seen.insert(Array(point.run.utf8)).inserted {
      runs.append((point.run, point.started))
    }
    runs.sort { ($0.started, $0.run) < ($1.started, $1.run) }
    picture(
      Sparklines(
        title: title, noun: noun, runs: runs.map(\.run),
        lines: series.prefix(60).map { series in
          let counts = Dictionary(series.points.map { (Array($0.run.utf8), $0.count) }, uniquingKeysWith: { $1 })
          let place = [series.mapping, series.destination].compactMap { $0 }.joined(separator: " → ")
          return .init(
            place.isEmpty ? series.figure : "\(series.figure) (\(place))", runs.map { counts[Array($0.run.utf8)] ?? nil })
        }))
  }
}
