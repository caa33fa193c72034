/// Totals on their way from the source through the target to the destination. A flat line: nothing was lost.
package struct TotalSlopes: Picture, Sendable {
  package struct Total: Sendable, Equatable {
    package var name: String
    /// One for each stop; nil: not known there.
    package var values: [Value?]

    package init(_ name: String, _ values: [Value?]) {
      self.name = name
      self.values = values
    }
  }

  /// A number with all its digits, and where it lies.
  package struct Value: Sendable, Equatable {
    package var text: String
    package var number: Double

    package init(_ text: String, _ number: Double) {
      self.text = text
      self.number = number
    }

    package init(_ count: Int) { self.init(NumberText.count(count), Double(count)) }

    /// Short enough for a third of a phone.
    var short: String {
      guard text.count > 15, number.isFinite else { return text }
      for (size, unit) in [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")] where abs(number) >= size {
        return "≈ \(NumberText.count(Int((number / size).rounded())))\(unit)"
      }
      return "≈ \(NumberText.count(Int(number.rounded())))"
    }
  }

  package var title: String
  /// `source`, `target`, and the destination's name.
  package var stops: [String]
  package var totals: [Total]

  package init(title: String, stops: [String], totals: [Total]) {
    self.title = title
    self.stops = stops
    self.totals = totals
  }

  package var summary: String {
    let changed = totals.filter { !isFlat($0) }
    guard changed.isEmpty else {
      return "\(NumberText.count(changed.count)) of \(NumberText.count(totals.count)) totals change: "
        + changed.prefix(5).map(\.name).joined(separator: ", ") + (changed.count > 5 ? " and others." : ".")
    }
    let unknown = totals.count { $0.values.contains { $0 == nil } }
    if unknown == 0 { return "No total changes from \(stops.first ?? "") to \(stops.last ?? "")." }
    return "No total changes where it is known. \(NumberText.count(unknown)) of \(NumberText.count(totals.count)) "
      + "\(unknown == 1 ? "is" : "are") not known at every stop."
  }

  package var showsSummary: Bool { true }

  package var notes: [String] {
    let isShort = totals.contains { $0.values.contains { $0.map { $0.short != $0.text } ?? false } }
    return ["Each line has its own scale. Only the direction of a slope is meaningful; a flat line means equal."]
      + (isShort ? ["Long numbers are rounded in the picture, and exact in the table."] : [])
  }

  package var table: PictureTable {
    PictureTable(
      "\(title): numbers", columns: [.init("Total", isNumber: false)] + stops.map { .init($0) },
      rows: totals.map { total in
        .init(total.name, stops.indices.map { $0 < total.values.count ? total.values[$0]?.text ?? "not known" : "not known" })
      })
  }

  private func isFlat(_ total: Total) -> Bool {
    let known = total.values.compactMap { $0 }
    return known.allSatisfy { $0.text == known[0].text }
  }

  package func draw(into markup: inout Markup, id: String) {
    images("wf-slopes", &markup, id: id) { markup in
      markup.element("div", ["class": "wf-stops"]) { markup in
        for stop in stops { markup.element("span", value: stop) }
      }
      for total in totals {
        markup.element("div", ["class": "wf-total"], value: total.name)
        markup.element("svg", ["class": "wf-slope", "width": "100%", "height": "46"]) { draw(total, &$0) }
      }
    }
  }

  private func draw(_ total: Total, _ markup: inout Markup) {
    let values = stops.indices.map { $0 < total.values.count ? total.values[$0] : nil }
    let numbers = values.compactMap { $0?.number }.filter(\.isFinite)
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 0)
    func x(_ stop: Int) -> Int { (2 * stop + 1) * 100_000 / (2 * max(1, stops.count)) }
    /// From 18 above to 40 below, in whole pixels: equal numbers are on one line, others at least three pixels apart.
    func y(_ value: Value) -> Int {
      guard high > low, value.number.isFinite else { return 30 }
      let place = (high - value.number) / (high - low)
      let drop = (high - low) / max(abs(high), abs(low))
      return 24 + Int((place * (4 + 12 * min(1, drop))).rounded())
    }
    for stop in values.indices.dropFirst() {
      guard let from = values[stop - 1], let to = values[stop] else { continue }
      markup.shape(
        "line",
        [
          "x1": Measure.percent(x(stop - 1)), "y1": "\(y(from))", "x2": Measure.percent(x(stop)), "y2": "\(y(to))",
          "class": from.text == to.text ? "wf-flat" : "wf-steep",
        ])
    }
    for (stop, value) in values.enumerated() {
      guard let value else {
        markup.element("text", ["x": Measure.percent(x(stop)), "y": "16", "class": "wf-faint"], text: "not known")
        continue
      }
      let differs = stop > 0 && (values[..<stop].last { $0 != nil } ?? nil).map { $0.text != value.text } ?? false
      markup.shape(
        "circle", ["cx": Measure.percent(x(stop)), "cy": "\(y(value))", "r": "4", "class": differs ? "wf-steep" : "wf-flat"])
      markup.element(
        "text", ["x": Measure.percent(x(stop)), "y": "14", "class": differs ? "wf-strong" : nil], text: value.short)
    }
  }
}
