import Core
import Report

extension TrendsSection {
  private static let mostSeries = 60
  private static let outcomes: [Outcome] = [.rejected, .failed, .pending]

  mutating func add(_ run: RunMaterial) {
    guard !run.history.isEmpty else {
      missing.append(.init(run: run.id, text: "There are no earlier complete runs of the same pipeline and location."))
      return
    }
    let all = run.history + [run.figures]
    func series(_ figure: String, _ mapping: Name, isCode: Bool, _ count: (RunFigures.Mapping) -> Int) -> Series {
      Series(
        run: run.id, mapping: mapping.text, destination: nil, figure: figure, isCode: isCode,
        points: all.map { one in
          Point(run: one.run, started: one.started, count: one.mappings?.first { $0.name == mapping }.map(count))
        })
    }
    for mapping in run.figures.mappings ?? [] {
      self.series.rows.append(series("read", mapping.name, isCode: false) { $0.read })
      for outcome in Self.outcomes {
        let one = series(outcome.rawValue, mapping.name, isCode: false) { $0.total(of: [outcome]) }
        if one.points.contains(where: { ($0.count ?? 0) > 0 }) { self.series.rows.append(one) }
      }
      let codes = Set(all.flatMap { $0.mappings ?? [] }.filter { $0.name == mapping.name }.flatMap(\.codes.keys))
      let ordered = codes.sorted { left, right in
        let (one, other) = (mapping.codes[left] ?? 0, mapping.codes[right] ?? 0)
        return one == other ? left < right : one > other
      }
      for code in ordered { self.series.rows.append(series(code.text, mapping.name, isCode: true) { $0.codes[code] ?? 0 }) }
    }
  }

  mutating func close() {
    series = PageList(series.rows, limit: Self.mostSeries, command: PageText.command(["waybill", "history"]))
  }
}
