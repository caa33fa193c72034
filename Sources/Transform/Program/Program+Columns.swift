import Core
import Records

extension Program {
  /// The column of a table that goes into each slot, -1 where there is none; nil if the program needs rows as records.
  ///
  /// The walker decides which member a path leads to, so it is asked: it walks a record in which each column's text is the
  /// column's number. Most programs read nothing but whole columns. One that reads the whole record, or continues into the text
  /// of a cell, gets its rows as JSON, and so does one that a record with these members would be refused for: two columns match
  /// a name in any case.
  func columns(in names: [String]) -> [Int]? {
    guard recordPaths.allSatisfy({ !$0.isEmpty }) else { return nil }
    let members = names.enumerated().map { JSONValue.Member($1, .string(String($0))) }
    let text = Array(JSONValue.object(members).text.utf8)
    var walker = RecordWalker()
    addRecordPaths(to: &walker)
    let padded = text + [UInt8](repeating: 0, count: RecordWalker.padding)
    return padded.withUnsafeBufferPointer { bytes in
      let record = UnsafeBufferPointer(rebasing: bytes[..<text.count])
      guard walker.indexRecord(record) == nil else { return nil }
      return withUnsafeTemporaryAllocation(of: Cell.self, capacity: recordPaths.count) { cells in
        cells.initialize(repeating: .missing)
        guard walker.walk(0..<text.count, into: cells) == nil else { return nil }
        return columns(of: UnsafeBufferPointer(cells))
      }
    }
  }

  private func columns(of cells: UnsafeBufferPointer<Cell>) -> [Int]? {
    var columns: [Int] = []
    for (cell, path) in zip(cells, recordPaths) {
      switch cell.kind {
      case .missing: columns.append(-1)
      case .string where path.count == 1:
        guard let column = Int(cell.text.string) else { return nil }
        columns.append(column)
      default: return nil
      }
    }
    return columns
  }
}
