import Core

/// The index of the sheets that `waybill rejects --by-repair` writes: a CSV file with a row for each sheet.
package enum RepairIndex {
  package static let name = "index.csv"
  package static let columns = ["repair", "title", "owner", "rows", "what_to_do", "file"]

  /// The name of the sheet with the records that this action repairs.
  package static func sheet(of action: RepairAction) -> String { "\(action.slug).csv" }

  /// The cells of each sheet's row.
  package static func rows(_ repairs: [(action: RepairAction, count: Int)]) -> [[String]] {
    repairs.map { action, count in
      [action.slug, action.title, action.ownerTitle, String(count), action.summary, sheet(of: action)]
    }
  }

  /// What is in a file that an index would replace: `rejects` if it is an index.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func content(of path: String) throws -> RejectsTable.FileContent {
    guard let names = try FileHead.names(of: path) else { return .nothing }
    return Array(names.prefix(columns.count)).isExactly(columns) ? .rejects : .other
  }
}
