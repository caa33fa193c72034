import Core

/// A table for people: aligned columns, numbers to the right.
struct TextTable {
  struct Column {
    var title: String
    var isNumber = false

    init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  var columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  init(_ titles: String...) { columns = titles.map { Column($0) } }

  /// Line breaks and other control characters in a cell are shown as escapes, so that the table keeps its layout.
  mutating func add(_ cells: [String]) { rows.append(cells.map(VisibleText.escaped)) }

  /// Ends in a line break; empty if there are no rows.
  var text: String {
    guard !rows.isEmpty else { return "" }
    let widths = columns.indices.map { index in
      max(columns[index].title.count, rows.map { index < $0.count ? $0[index].count : 0 }.max() ?? 0)
    }
    let lines = [columns.map(\.title)] + rows
    return lines.map { cells in
      var line = ""
      for (index, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        if index > 0 { line += "  " }
        line += columns[index].isNumber ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
