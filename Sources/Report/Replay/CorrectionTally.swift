import Core

/// What was found in the cells of a corrected table: how many differ in each column, and what cannot be used.
struct CorrectionTally {
  struct Column {
    var rows = 0
    /// A value became another one; that a value was filled in does not count.
    var replaced = 0
    var reformatted = 0
  }

  private struct Fault {
    var row: Int
    var column: String?
    var text: String
  }

  var columns: [Column]
  private var faults: [Fault] = []
  private var faultCount = 0

  /// That are named in a failure.
  private static let mostLines = 10

  init(_ count: Int) { columns = Array(repeating: Column(), count: count) }

  /// - Parameter column: nil: the row as a whole.
  mutating func refuse(_ row: Int, _ column: String?, _ text: String) {
    faultCount += 1
    if faults.count <= Self.mostLines { faults.append(Fault(row: row, column: column, text: text)) }
  }

  /// The first fault with its line, and the lines of the others.
  func failure(_ path: String) -> OperationFailure? {
    let sorted = faults.sorted { $0.row < $1.row }
    guard let first = sorted.first else { return nil }
    var text = "\(path):\(first.row): " + (first.column.map { "column '\($0)': " } ?? "") + first.text
    let others = sorted.dropFirst().prefix(Self.mostLines).map { String($0.row) }
    if !others.isEmpty {
      text += "; \(faultCount - 1) more on line\(others.count == 1 ? "" : "s") \(others.joined(separator: ", "))"
      if faultCount - 1 > others.count { text += " and others" }
    }
    return OperationFailure(.wrongFile, text)
  }
}
