/// How often each code came up in the last runs: a row of bars per code, the last run at the right.
package struct Sparklines: Picture, Sendable {
  package struct Line: Sendable, Equatable {
    package var name: String
    /// One for each run, the oldest first; nil: not known.
    package var counts: [Int?]

    package init(_ name: String, _ counts: [Int?]) {
      self.name = name
      self.counts = counts
    }
  }

  package var title: String
  /// What the rows are: `code`.
  package var noun: String
  /// The runs, the oldest first.
  package var runs: [String]
  package var lines: [Line]

  /// The last runs that are drawn.
  package static let mostRuns = 30

  package init(title: String, noun: String, runs: [String], lines: [Line]) {
    self.title = title
    self.noun = noun
    self.runs = runs
    self.lines = lines
  }

  private func last(_ line: Line) -> [Int?] { Array(line.counts.suffix(min(runs.count, Self.mostRuns))) }

  package var summary: String {
    "\(NumberText.count(lines.count, noun)) over \(NumberText.count(min(runs.count, Self.mostRuns), "run"))."
  }

  package var notes: [String] {
    ["Each row has its own scale; the last bar is this run. A dot below the line: not known for that run."]
  }

  /// All counts of all runs.
  package var table: PictureTable {
    PictureTable(
      "\(title): all runs",
      columns: [.init("Run", isNumber: false)] + lines.map { .init($0.name) },
      rows: runs.suffix(Self.mostRuns).enumerated().map { index, run in
        .init(
          run,
          lines.map { line in
            let counts = last(line)
            return index < counts.count ? counts[index].map { NumberText.count($0) } ?? "not known" : "not known"
          })
      })
  }

  package func draw(into markup: inout Markup, id: String) {
    markup.open("div", ["class": "wf-scroll", "role": "group", "tabindex": "0", "aria-label": title])
    defer { markup.close("div") }
    markup.element("table", ["class": "wf-table wf-sparks"]) { markup in
      markup.element("caption", ["class": "wf-hidden"], value: summary)
      markup.element("thead") { markup in
        markup.element("tr") { markup in
          markup.element("th", ["scope": "col"], text: noun)
          markup.element("th", ["scope": "col"], text: "last runs")
          markup.element("th", ["scope": "col", "class": "wf-n"], text: "before")
          markup.element("th", ["scope": "col", "class": "wf-n"], text: "this run")
          markup.element("th", ["scope": "col", "class": "wf-n"], text: "change")
        }
      }
      markup.element("tbody") { markup in for line in lines { row(line, &markup) } }
    }
  }

  private func row(_ line: Line, _ markup: inout Markup) {
    let counts = last(line)
    let now = counts.last ?? nil
    let before = counts.count > 1 ? counts[counts.count - 2] : nil
    markup.element("tr") { markup in
      markup.element("th", ["scope": "row"], value: line.name)
      markup.element("td") { bars(counts, &$0) }
      for text in [
        before.map { NumberText.count($0) } ?? "–", now.map { NumberText.count($0) } ?? "–",
        before.flatMap { before in now.map { NumberText.change($0 - before) } } ?? "–",
      ] { markup.element("td", ["class": "wf-n"], text: text) }
    }
    markup.newline()
  }

  /// Four pixels for a run, 22 for the largest count. A bar that is not 0 has at least two pixels.
  private func bars(_ counts: [Int?], _ markup: inout Markup) {
    let most = counts.compactMap { $0 }.max() ?? 0
    markup.element("svg", ["class": "wf-spark", "width": "\(max(1, counts.count) * 5)", "height": "28", "aria-hidden": "true"]) {
      markup in
      markup.shape("path", ["d": "M0 24.5h\(counts.count * 5)", "class": "wf-frame"])
      for (index, count) in counts.enumerated() {
        guard let count else {
          markup.shape("circle", ["cx": "\(index * 5 + 2)", "cy": "27", "r": "1", "class": "wf-unknown"])
          continue
        }
        guard count > 0, most > 0 else { continue }
        let height = max(2, NumberText.permille(count, of: most) * 22 / 1000)
        markup.shape(
          "path",
          [
            "d": "M\(index * 5) \(24 - height)h4v\(height)h-4z",
            "class": index == counts.count - 1 ? "wf-now" : "wf-past",
          ])
      }
    }
  }
}
