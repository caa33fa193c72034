/// A thousand squares for "60 of 9,120": small shares as something that can be counted.
package struct Waffle: Picture, Sendable {
  package static let squares = 1000
  static let perRow = 50

  package var title: String
  /// What is counted: `contact`.
  package var noun: String
  /// All of them; what is none of `parts` is the rest.
  package var total: Int
  package var parts: [IdentityBars.Part]

  package init(title: String, noun: String, total: Int, parts: [IdentityBars.Part]) {
    self.title = title
    self.noun = noun
    self.total = total
    self.parts = parts
  }

  private var rest: Int { max(0, total - parts.reduce(0) { $0 + $1.count }) }
  private var all: [IdentityBars.Part] { parts.filter { $0.count > 0 } + (rest > 0 ? [.init("other", rest, .rest)] : []) }

  /// The squares of each part and, last, of the rest: together a thousand, or none if there is nothing.
  package var shares: [Int] { Apportionment.units(of: all.map(\.count), length: Self.squares, minimum: 1) }

  package var summary: String {
    let named = parts.filter { $0.count > 0 }
    guard !named.isEmpty else { return "None of \(NumberText.count(total, noun))." }
    return named.map { "\(NumberText.count($0.count)) of \(NumberText.count(total, noun)) \($0.name)." }.joined(separator: " ")
  }

  package var notes: [String] {
    let each =
      total >= 1500
      ? "Each of the 1,000 squares stands for about \(NumberText.count((total + 500) / 1000, noun))."
      : "Each of the 1,000 squares stands for 0.1% of \(NumberText.count(total, noun))."
    return [each + " Anything above zero has at least one square."]
  }

  package var table: PictureTable {
    PictureTable(
      "\(title): numbers", columns: [.init("Part", isNumber: false), .init("Count"), .init("Share"), .init("Squares")],
      rows: zip(all, shares).map { part, squares in
        .init(
          part.name, [NumberText.count(part.count), NumberText.share(part.count, of: total), NumberText.count(squares)],
          tone: part.tone)
      }, isOpen: true)
  }

  package func draw(into markup: inout Markup, id: String) {
    let textures = Textures(id: id)
    let rows = Self.squares / Self.perRow
    markup.element("div", ["class": "wf-waffle"]) { markup in
      image(("100%", "200", "0 0 \(Self.perRow * 10) \(rows * 10)"), &markup, id: id) { markup in
        textures.define(all.map(\.tone), in: &markup)
        var square = 0
        for (part, share) in zip(all, shares) where share > 0 {
          var path = ""
          for _ in 0..<share {
            let (x, y) = (square % Self.perRow * 10, square / Self.perRow * 10)
            // The rest is drawn smaller, so that the parts stand out without color.
            path += part.tone == .rest ? "M\(x + 3) \(y + 3)h4v4h-4z" : "M\(x + 1) \(y + 1)h9v9h-9z"
            square += 1
          }
          markup.shape("path", ["d": path, "class": part.tone.className, "style": textures.fill(part.tone).map { "fill:\($0)" }])
        }
      }
    }
  }
}
