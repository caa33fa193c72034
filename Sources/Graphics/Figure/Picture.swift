/// A picture that comes with its numbers: nothing can be seen in it that is not also in its table.
package protocol Picture: Sendable {
  /// What it shows, as a title.
  var title: String { get }
  /// What there is to see, in a sentence or two, for those who do not see it.
  var summary: String { get }
  /// Whether the summary is also written below the title.
  var showsSummary: Bool { get }
  /// How to read it: scale, limits, and where the drawing departs from the numbers.
  var notes: [String] { get }
  var table: PictureTable { get }
  /// Draws without title and table. Every id begins with `id` and a hyphen.
  func draw(into markup: inout Markup, id: String)
  /// The whole figure. There is one for all pictures; a picture that is its own table has its own.
  ///
  /// - Parameter id: Not used by any other figure of the page. `FigureNumbers` gives such ids.
  func render(into markup: inout Markup, id: String)
}

extension Picture {
  package var showsSummary: Bool { false }

  /// Title, picture, how to read it, and its table.
  package func render(into markup: inout Markup, id: String) {
    markup.element("figure", ["class": "wf", "id": id]) { markup in
      markup.element("figcaption", ["class": "wf-title"], value: title)
      if showsSummary { markup.element("p", ["class": "wf-say"], value: summary) }
      draw(into: &markup, id: id)
      for note in notes { markup.element("p", ["class": "wf-note"], value: note) }
      table.render(into: &markup, id: id)
    }
    markup.newline()
  }

  package func html(id: String) -> String {
    var markup = Markup()
    render(into: &markup, id: id)
    return markup.string
  }
}

/// Opens the picture itself, of one SVG or of several with text between them. To a screen reader it is one image.
extension Picture {
  func image(
    _ attributes: (width: String, height: String, viewBox: String?), _ markup: inout Markup, id: String,
    _ content: (inout Markup) -> Void
  ) {
    markup.element(
      "svg",
      [
        "role": "img", "aria-labelledby": "\(id)-t \(id)-d", "width": attributes.width, "height": attributes.height,
        "viewBox": attributes.viewBox,
      ]
    ) {
      $0.element("title", ["id": "\(id)-t"], text: title)
      $0.element("desc", ["id": "\(id)-d"], text: summary)
      content(&$0)
    }
  }

  func images(_ name: String, _ markup: inout Markup, id: String, _ content: (inout Markup) -> Void) {
    markup.element("div", ["class": name, "role": "img", "aria-label": showsSummary ? title : "\(title). \(summary)"]) {
      content(&$0)
    }
  }
}

/// Ids for the figures of one page.
package struct FigureNumbers: Sendable {
  private var last = 0

  package init() {}

  package mutating func next() -> String {
    last += 1
    return "fig\(last)"
  }
}
