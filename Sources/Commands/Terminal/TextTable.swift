import Core

/// A table for people: aligned columns, numbers to the right.
///
/// As wide as it needs to be in a file or a pipe. In a terminal it fits: sentences are wrapped between words in their column,
/// and what has no room beside the first columns is printed below its row, with its title unless it is a sentence:
///
///     RUN                         PIPELINE  STATUS   EXIT
///     20260725T020000000Z-00kq2m  nightly   partial     4
///         started 2026-07-25T02:00:00Z  finished 2026-07-25T02:04:11Z
struct TextTable {
  struct Column {
    enum Content { case name, number, sentence }
    var title: String
    var content = Content.name

    init(_ title: String, isNumber: Bool = false) {
      self.title = title
      content = isNumber ? .number : .name
    }

    /// For texts of several words.
    static func sentence(_ title: String) -> Column {
      var column = Column(title)
      column.content = .sentence
      return column
    }
  }

  var columns: [Column]
  private(set) var rows: [[String]] = []
  private static let gap = 2
  /// Of what is printed below a row.
  private static let indent = 4
  /// The least width in which a sentence is wrapped.
  private static let narrowestSentence = 28

  init(_ columns: [Column]) { self.columns = columns }

  init(_ titles: String...) { columns = titles.map { Column($0) } }

  /// Line breaks and other control characters in a cell are shown as escapes, so that the table keeps its layout.
  mutating func add(_ cells: [String]) { rows.append(cells.map(VisibleText.escaped)) }

  /// Ends in a line break; empty if there are no rows.
  ///
  /// - Parameter width: cells of the terminal; nil: without limit.
  func text(fitting width: Int?) -> String {
    guard !rows.isEmpty else { return "" }
    let fit = Fit(self, width: width)
    return (fit.row(columns.map(\.title), isHeader: true) + rows.flatMap { fit.row($0, isHeader: false) })
      .map { $0.trimmingEnd + "\n" }.joined()
  }

  /// The columns that a width has room for.
  private struct Fit {
    let table: TextTable
    /// Of the columns beside each other; the others are below.
    var widths: [Int] = []
    /// Of the terminal.
    let limit: Int

    init(_ table: TextTable, width: Int?) {
      self.table = table
      limit = width ?? Int.max
      // One name does not push all others below.
      let widest = width.map { max(1, $0 > 40 ? $0 / 2 : $0) } ?? Int.max
      var used = 0
      for (index, column) in table.columns.enumerated() {
        let cells = [column.title] + table.rows.compactMap { index < $0.count ? $0[index] : nil }
        var width = cells.map { CellWidth.of($0) }.max() ?? 0
        let start = used + (index == 0 ? 0 : TextTable.gap)
        if column.content == .sentence {
          let room = limit - start
          if room < width, room >= TextTable.narrowestSentence { width = room }
        } else {
          width = min(width, widest)
        }
        guard index == 0 || start + width <= limit else { break }
        widths.append(width)
        used = start + width
      }
    }

    /// The lines of a row.
    func row(_ cells: [String], isHeader: Bool) -> [String] {
      let beside = zip(cells, widths).enumerated().map { index, item in
        isSentence(index) ? CellText.wrapped(item.0, to: item.1) : [CellText.shortened(item.0, to: item.1)]
      }
      let height = beside.map(\.count).max() ?? 0
      var lines = (0..<height).map { number in
        beside.enumerated().map { index, lines in
          CellText.padded(
            number < lines.count ? lines[number] : "", to: widths[index], isNumber: table.columns[index].content == .number)
        }.joined(separator: String(repeating: " ", count: TextTable.gap))
      }
      if !isHeader { lines += below(cells) }
      return lines
    }

    /// The cells that have no room in the row.
    private func below(_ cells: [String]) -> [String] {
      var lines: [String] = []
      var isOpen = false
      let room = max(1, limit - TextTable.indent)
      for index in cells.indices.dropFirst(widths.count) where !cells[index].isEmpty {
        let title = table.columns[index].title.lowercased()
        guard !isSentence(index), !title.isEmpty else {
          lines += CellText.wrapped(cells[index], to: room)
          isOpen = false
          continue
        }
        let value = CellText.shortened(cells[index], to: max(1, room - CellWidth.of(title) - 1))
        let item = CellText.shortened(title + " " + value, to: room)
        if isOpen, let last = lines.last, CellWidth.of(last) + TextTable.gap + CellWidth.of(item) <= room {
          lines[lines.count - 1] += String(repeating: " ", count: TextTable.gap) + item
        } else {
          lines.append(item)
          isOpen = true
        }
      }
      return lines.map { String(repeating: " ", count: TextTable.indent) + $0 }
    }

    private func isSentence(_ index: Int) -> Bool { table.columns[index].content == .sentence }
  }
}
