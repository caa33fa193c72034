/// What became of each value of an enum: source values down, target values across, and in each cell a bubble whose area is the
/// number of records. The picture is its own table.
package struct Crosstab: Picture, Sendable {
  package struct Cell: Sendable, Equatable {
    package var source: String
    package var target: String
    package var count: Int

    package init(_ source: String, _ target: String, _ count: Int) {
      self.source = source
      self.target = target
      self.count = count
    }
  }

  package var title: String
  package var sourceName: String
  package var targetName: String
  package var cells: [Cell]

  package static let mostRows = 20
  package static let mostColumns = 8

  package init(title: String, sourceName: String, targetName: String, cells: [Cell]) {
    self.title = title
    self.sourceName = sourceName
    self.targetName = targetName
    self.cells = cells
  }

  /// Rows and columns in the order of their first cell; what is beyond the limits is added up in a last one.
  package struct Grid: Sendable, Equatable {
    package var rows: [String]
    package var columns: [String]
    package var counts: [[Int]]
    package var moreRows: Int
    package var moreColumns: Int
  }

  package var grid: Grid {
    let allRows = order(cells.map { ($0.source, $0.count) })
    let allColumns = order(cells.map { ($0.target, $0.count) })
    let rows = Array(allRows.prefix(Self.mostRows))
    let columns = Array(allColumns.prefix(Self.mostColumns))
    let (moreRows, moreColumns) = (allRows.count - rows.count, allColumns.count - columns.count)
    let width = columns.count + (moreColumns > 0 ? 1 : 0)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: width), count: rows.count + (moreRows > 0 ? 1 : 0))
    let rowIndex = Dictionary(uniqueKeysWithValues: rows.enumerated().map { (Array($1.utf8), $0) })
    let columnIndex = Dictionary(uniqueKeysWithValues: columns.enumerated().map { (Array($1.utf8), $0) })
    for cell in cells {
      counts[rowIndex[Array(cell.source.utf8)] ?? rows.count][columnIndex[Array(cell.target.utf8)] ?? columns.count] += cell.count
    }
    return Grid(
      rows: rows + (moreRows > 0 ? ["\(NumberText.count(moreRows)) further"] : []),
      columns: columns + (moreColumns > 0 ? ["\(NumberText.count(moreColumns)) further"] : []), counts: counts,
      moreRows: moreRows, moreColumns: moreColumns)
  }

  /// The most frequent first, and of equally frequent ones the smaller bytes.
  private func order(_ values: [(String, Int)]) -> [String] {
    var sums: [[UInt8]: Int] = [:]
    for (value, count) in values { sums[Array(value.utf8), default: 0] += count }
    return sums.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
      .map { String(decoding: $0.key, as: UTF8.self) }
  }

  package var summary: String {
    let largest = cells.max { $0.count < $1.count }
    return "\(sourceName) to \(targetName), \(NumberText.count(cells.reduce(0) { $0 + $1.count }, "record"))."
      + (largest.map { " Most: \($0.source) to \($0.target), \(NumberText.count($0.count))." } ?? "")
  }

  package var notes: [String] {
    ["Rows: \(sourceName) in the source. Columns: \(targetName) in the target. The area of a bubble is the count."]
  }

  package var table: PictureTable {
    let grid = self.grid
    return PictureTable(
      title, columns: [.init("\(sourceName) → \(targetName)", isNumber: false)] + grid.columns.map { .init($0) } + [.init("all")],
      rows: zip(grid.rows, grid.counts).map { row, counts in
        .init(row, counts.map { $0 == 0 ? "·" : NumberText.count($0) } + [NumberText.count(counts.reduce(0, +))])
      }, isOpen: true)
  }

  package func draw(into markup: inout Markup, id: String) {}

  package func render(into markup: inout Markup, id: String) {
    let (grid, table) = (self.grid, self.table)
    let most = grid.counts.joined().max() ?? 0
    markup.element("figure", ["class": "wf", "id": id]) { markup in
      markup.element("figcaption", ["class": "wf-title"], value: title)
      for note in notes { markup.element("p", ["class": "wf-note"], value: note) }
      markup.element("div", ["class": "wf-scroll", "role": "group", "tabindex": "0", "aria-label": title]) {
        markup in
        markup.element("table", ["class": "wf-table wf-cross"]) { markup in
          markup.element("caption", ["class": "wf-hidden"], value: summary)
          markup.element("thead") {
            $0.element("tr") { for column in table.columns { $0.element("th", ["scope": "col"], value: column.title) } }
          }
          markup.element("tbody") { markup in
            for (row, counts) in zip(table.rows, grid.counts) { render(row, counts, most, &markup) }
          }
        }
      }
    }
    markup.newline()
  }

  private func render(_ row: PictureTable.Row, _ counts: [Int], _ most: Int, _ markup: inout Markup) {
    markup.element("tr") { markup in
      markup.element("th", ["scope": "row"], value: row.header)
      for (index, cell) in row.cells.enumerated() {
        markup.element("td") { markup in
          if index < counts.count, counts[index] > 0 { Self.bubble(counts[index], of: most, &markup) }
          markup.text(cell)
        }
      }
    }
    markup.newline()
  }

  /// A circle with at most 15 pixels of radius and at least 2, before the number.
  private static func bubble(_ count: Int, of most: Int, _ markup: inout Markup) {
    let radius = max(200, Int((1500 * (Double(count) / Double(most)).squareRoot()).rounded()))
    let side = Measure.pixels(2 * radius)
    markup.element("svg", ["width": side, "height": side, "aria-hidden": "true"]) {
      $0.shape(
        "circle",
        ["cx": Measure.pixels(radius), "cy": Measure.pixels(radius), "r": Measure.pixels(radius), "class": "wf-bubble"])
    }
  }
}
