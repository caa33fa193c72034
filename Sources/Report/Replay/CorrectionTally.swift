import Core

/// What was found in the cells of a corrected table: how many differ in each column, and what cannot be used.
struct CorrectionTally {
  struct Column {
    var rows = 0
    /// A value became another one, and both may be the work of a spreadsheet; that a value was filled in does not count.
    var suspect = 0
  }

  private struct Fault {
    var row: Int
    /// Of those in the same row.
    var number: Int
    var column: String?
    var text: String
  }

  var columns: [Column]
  /// Those with the first rows, in no order.
  private var faults: [Fault] = []
  private var faultCount = 0

  /// That are named in a failure.
  private static let mostLines = 10
  /// In a column with at least this many rows, suspect cells in more than half of them are taken for damage.
  private static let fewestRows = 10

  init(_ count: Int) { columns = Array(repeating: Column(), count: count) }

  /// - Parameter column: nil: the row as a whole.
  mutating func refuse(_ row: Int, _ column: String?, _ text: String) {
    faultCount += 1
    faults.append(Fault(row: row, number: faultCount, column: column, text: text))
    if faults.count >= 10 * Self.mostLines { shorten() }
  }

  private mutating func shorten() {
    faults.sort { ($0.row, $0.number) < ($1.row, $1.number) }
    faults.removeLast(max(0, faults.count - Self.mostLines - 1))
  }

  /// The first fault with its line, and the lines of the others.
  mutating func failure(_ path: String) -> OperationFailure? {
    shorten()
    guard let first = faults.first else { return nil }
    var text = "\(path):\(first.row): " + (first.column.map { "column '\($0)': " } ?? "") + first.text
    let others = faults.dropFirst().map { String($0.row) }
    if !others.isEmpty {
      text += "; \(faultCount - 1) more on line\(others.count == 1 ? "" : "s") \(others.joined(separator: ", "))"
      if faultCount - 1 > others.count { text += " and others" }
    }
    return OperationFailure(.wrongFile, text)
  }

  /// A column that a spreadsheet seems to have reformatted, in a way that is not known.
  func suspicion(_ titles: [String], confirmed: Set<Int>, _ path: String) -> OperationFailure? {
    for (place, (title, column)) in zip(titles, columns).enumerated() where !confirmed.contains(place) {
      let isMost = column.rows >= Self.fewestRows && column.suspect > column.rows / 2
      guard isMost || column.rows >= 2 && column.suspect == column.rows else { continue }
      return OperationFailure(
        .wrongFile,
        "\(path): the column '\(title)' differs in \(column.suspect) of \(column.rows) rows, as if a spreadsheet had reformatted it: "
          + "restore it, or confirm it with --changed \(title)")
    }
    return nil
  }
}
