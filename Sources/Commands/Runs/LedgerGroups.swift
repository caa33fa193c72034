import ArgumentParser
import Core

/// `--group-by code,field`.
struct LedgerColumns: ExpressibleByArgument, Sendable, Equatable {
  let columns: [LedgerColumn]

  init?(argument: String) {
    let columns = argument.split(exactly: ",").map { LedgerColumn(rawValue: $0) }
    guard !columns.isEmpty, !columns.contains(nil), Set(columns).count == columns.count else { return nil }
    self.columns = columns.compactMap(\.self)
  }

  static var allValueStrings: [String] { LedgerColumn.allCases.map(\.rawValue) }
}

/// How many lines of a ledger have the same values.
struct LedgerGroups {
  var columns: [LedgerColumn]
  var groups: [LedgerGroup]

  /// - Parameter format: nil: one JSON array.
  func print(as format: LedgerCommand.Format?, to console: Console) throws {
    switch format {
    case nil: try console.print(.array(groups.map(json)))
    case .ndjson?: for group in groups { try console.writeOutput(json(group).text + "\n") }
    case .csv?:
      try console.writeOutput(CSVText.row(columns.map(\.rawValue) + ["count"]))
      for group in groups {
        let cells = group.values.map { $0?.text ?? "" } + [String(group.count)]
        try console.writeOutput(CSVText.row(console.isOutputTerminal ? cells.map(VisibleText.escaped) : cells))
      }
    case .table?:
      var table = TextTable([.init("COUNT", isNumber: true)] + columns.map { .init($0.rawValue.uppercased()) })
      for group in groups { table.add([Wording.count(group.count)] + group.values.map { $0?.text ?? "-" }) }
      try console.writeOutput(table.text(fitting: console.lineWidth))
    }
  }

  private func json(_ group: LedgerGroup) -> JSONValue {
    .object(
      zip(columns, group.values).map { .init($0.rawValue, $1.map { .string($0.text) } ?? .null) }
        + [.init("count", .number(group.count))])
  }
}
