/// What became of all records, as bars of 100%: one bar for each entity and destination, and the sum written out above it.
package struct IdentityBars: Picture, Sendable {
  package struct Part: Sendable, Equatable {
    /// A word that follows a count: `written`.
    package var name: String
    package var count: Int
    package var tone: Tone

    package init(_ name: String, _ count: Int, _ tone: Tone) {
      self.name = name
      self.count = count
      self.tone = tone
    }
  }

  package struct Bar: Sendable, Equatable {
    package var name: String
    /// What the parts should add up to.
    package var total: Int
    package var parts: [Part]

    package init(_ name: String, total: Int, parts: [Part]) {
      self.name = name
      self.total = total
      self.parts = parts
    }

    /// Records that no part accounts for. Below 0: there are more in the parts than in the total.
    var missing: Int { total - parts.reduce(0) { $0 + $1.count } }

    /// The parts that are not empty, and what none of them accounts for.
    var shown: [Part] {
      parts.filter { $0.count > 0 } + (missing > 0 ? [Part("unaccounted", missing, .lost)] : [])
    }

    /// `960 = 943 written + 17 rejected`.
    package var sum: String {
      guard !shown.isEmpty else { return "no records" }
      let terms = shown.map { "\(NumberText.count($0.count)) \($0.name)" }.joined(separator: " + ")
      let more = missing < 0 ? ". That is \(NumberText.count(-missing)) too many" : ""
      return missing < 0
        ? "\(NumberText.count(total)) is not \(terms)\(more)" : "\(NumberText.count(total)) = \(terms)"
    }

    /// Thousandths of a percent, for each of `shown`.
    package var widths: [Int] {
      Apportionment.units(of: shown.map(\.count), length: 100_000, minimum: IdentityBars.smallest)
    }

    var isEnlarged: Bool {
      let whole = shown.reduce(0) { $0 + $1.count }
      return shown.contains { Double($0.count) / Double(max(1, whole)) < Double(IdentityBars.smallest) / 100_000 }
    }
  }

  /// The width of the smallest part, in thousandths of a percent: about three pixels of a phone.
  static let smallest = 800

  package var title: String
  package var bars: [Bar]

  package init(title: String, bars: [Bar]) {
    self.title = title
    self.bars = bars
  }

  package var summary: String { bars.map { "\($0.name): \($0.sum)." }.joined(separator: " ") }

  package var notes: [String] {
    bars.contains(where: \.isEnlarged)
      ? ["Each bar is 100%. Parts under 0.8% are drawn 0.8% wide to stay visible."] : []
  }

  package var table: PictureTable {
    if bars.count == 1, let bar = bars.first {
      return PictureTable(
        "\(bar.name): records by outcome", columns: [.init("Outcome", isNumber: false), .init("Records"), .init("Share")],
        rows: bar.shown.map {
          .init($0.name, [NumberText.count($0.count), NumberText.share($0.count, of: bar.total)], tone: $0.tone)
        } + [.init("total", [NumberText.count(bar.total), NumberText.share(bar.total, of: bar.total)])], isOpen: true)
    }
    let kinds = self.kinds
    return PictureTable(
      "\(title): records by outcome",
      columns: [.init("Entity and destination", isNumber: false), .init("total")] + kinds.map { .init($0.name) },
      rows: bars.map { bar in
        .init(
          bar.name,
          [NumberText.count(bar.total)]
            + kinds.map { kind in
              NumberText.count(bar.shown.filter { $0.name == kind.name }.reduce(0) { $0 + $1.count })
            })
      }, isOpen: true)
  }

  /// Each kind of part once, in the order of the bars.
  private var kinds: [Part] {
    var kinds: [Part] = []
    for part in bars.flatMap(\.shown) where !kinds.contains(where: { $0.name == part.name }) { kinds.append(part) }
    return kinds
  }

  package func draw(into markup: inout Markup, id: String) {
    let textures = Textures(id: id)
    images("wf-bars", &markup, id: id) { markup in
      markup.element("svg", ["width": "0", "height": "0", "class": "wf-defs"]) {
        textures.define(kinds.map(\.tone), in: &$0)
      }
      for bar in bars {
        if bars.count > 1 { markup.element("div", ["class": "wf-name"], value: bar.name) }
        markup.element("div", ["class": "wf-sum"], value: bar.sum)
        draw(bar, textures, &markup)
      }
    }
    guard bars.count > 1 else { return }
    markup.element("p", ["class": "wf-key", "aria-hidden": "true"]) { markup in
      for kind in kinds {
        markup.element("span") {
          textures.swatch(kind.tone, in: &$0)
          $0.value(kind.name)
        }
        markup.literal(" ")
      }
    }
  }

  private func draw(_ bar: Bar, _ textures: Textures, _ markup: inout Markup) {
    markup.element("svg", ["class": "wf-bar", "width": "100%", "height": "26"]) { markup in
      if bar.shown.isEmpty { markup.shape("rect", ["width": "100%", "height": "26", "class": "wf-frame wf-none"]) }
      var left = 0
      for (part, width) in zip(bar.shown, bar.widths) {
        markup.shape(
          "rect",
          [
            "x": Measure.percent(left), "width": Measure.percent(width), "height": "26", "class": part.tone.className,
            "style": textures.fill(part.tone).map { "fill:\($0)" },
          ])
        if width >= 30_000, part.tone.texture == .plain {
          markup.element(
            "text", ["x": Measure.percent(left + width / 2), "y": "17", "class": "wf-on-\(part.tone.rawValue)"],
            text: "\(NumberText.share(part.count, of: bar.total)) \(part.name)")
        }
        left += width
      }
    }
  }
}
