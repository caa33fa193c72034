/// The numbers of a picture.
package struct PictureTable: Sendable, Equatable {
  package struct Column: Sendable, Equatable {
    package var title: String
    package var isNumber: Bool

    package init(_ title: String, isNumber: Bool = true) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  package struct Row: Sendable, Equatable {
    package var header: String
    /// One for each column after the first.
    package var cells: [String]
    /// The tone that the row has in the picture.
    package var tone: Tone?

    package init(_ header: String, _ cells: [String], tone: Tone? = nil) {
      self.header = header
      self.cells = cells
      self.tone = tone
    }
  }

  package var caption: String
  /// The first is that of the rows' headers.
  package var columns: [Column]
  package var rows: [Row]
  /// Shown at once, not behind a line that opens it.
  package var isOpen: Bool

  package init(_ caption: String, columns: [Column], rows: [Row], isOpen: Bool = false) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.isOpen = isOpen
  }

  /// From this number of columns on, a table scrolls on its own on a narrow screen.
  package static let wideColumns = 3

  package func render(into markup: inout Markup, id: String) {
    guard !isOpen else { return renderTable(into: &markup, id: id) }
    markup.element("details", ["class": "wf-more"]) { markup in
      markup.element("summary", value: caption)
      renderTable(into: &markup, id: id)
    }
  }

  private func renderTable(into markup: inout Markup, id: String) {
    let isWide = columns.count >= Self.wideColumns
    if isWide {
      markup.open("div", ["class": "wf-scroll", "role": "group", "tabindex": "0", "aria-label": caption])
    }
    markup.element("table", ["class": "wf-table"]) { markup in
      markup.element("caption", ["class": "wf-hidden"], value: caption)
      markup.element("thead") { markup in
        markup.element("tr") { markup in
          for column in columns {
            markup.element("th", ["scope": "col", "class": column.isNumber ? "wf-n" : nil], value: column.title)
          }
        }
      }
      markup.element("tbody") { markup in
        for row in rows { render(row, into: &markup, id: id) }
      }
    }
    if isWide { markup.close("div") }
  }

  private func render(_ row: Row, into markup: inout Markup, id: String) {
    markup.element("tr") { markup in
      markup.element("th", ["scope": "row"]) { markup in
        if let tone = row.tone { Textures(id: id).swatch(tone, in: &markup) }
        markup.value(row.header)
      }
      for (cell, column) in zip(row.cells, columns.dropFirst()) {
        markup.element("td", ["class": column.isNumber ? "wf-n" : nil], value: cell)
      }
    }
    markup.newline()
  }
}
