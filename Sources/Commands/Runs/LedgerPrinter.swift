import Core
import Report

/// Prints ledger lines one after another; a table in sections, so that a long ledger is never held in memory.
///
/// A record's outcomes come first. In CSV they are rows of the same table: with `--record` it has two more columns.
struct LedgerPrinter {
  var format: LedgerCommand.Format
  var console: Console
  private var table = Self.emptyTable
  private var columns: [String]
  private var hasHeader = false

  /// - Parameter hasOutcomes: outcomes may be printed, too.
  init(format: LedgerCommand.Format, console: Console, hasOutcomes: Bool = false) {
    self.format = format
    self.console = console
    columns = Self.csvColumns + (hasOutcomes ? ["destination", "outcome"] : [])
  }

  private static let emptyTable = TextTable(
    ["SEVERITY", "MAPPING", "RECORD", "FIELD", "CODE", "VALUE"].map { .init($0) } + [.sentence("MESSAGE")])
  static let csvColumns = [
    "run", "mapping", "record", "stage", "severity", "code", "field", "source", "value", "message", "line",
  ]
  private static let rowsPerTable = 500

  mutating func print(_ entry: LedgerEntry) throws {
    switch format {
    case .ndjson: try console.writeOutput(entry.text + "\n")
    case .csv:
      let line = (try? JSONReader.read(Array(entry.text.utf8))) ?? .null
      try printRow { $0 == "line" ? entry.line.map(String.init) ?? "" : Self.text(line[$0]) }
    case .table:
      let line = (try? JSONReader.read(Array(entry.text.utf8))) ?? .null
      table.add([
        entry.severity, entry.mapping, entry.record ?? entry.line.map { "line \($0)" } ?? "", entry.field ?? "", entry.code,
        Self.text(line["value"]), Self.text(line["message"]),
      ])
      if table.rows.count == Self.rowsPerTable { try flush() }
    }
  }

  /// Prints outcomes; call it before printing lines.
  mutating func print(_ outcomes: [RecordOutcomes.Outcome], of run: String) throws {
    if format == .table { return try console.writeOutput(RecordOutcomesText.text(of: outcomes, fitting: console.lineWidth)) }
    for outcome in outcomes {
      if format == .ndjson {
        let members = [JSONValue.Member("run", .string(run))] + (outcome.json.objectValue ?? [])
        try console.writeOutput(JSONValue.object(members).text + "\n")
      }
      if format == .csv {
        try printRow { column in
          switch column {
          case "run": run
          case "message": outcome.reason ?? ""
          // The ledger lines have them, so that counting by code counts each problem once.
          case "code", "field": ""
          default: Self.text(outcome.json[column])
          }
        }
      }
    }
  }

  private mutating func printRow(_ cell: (String) -> String) throws {
    if !hasHeader { try console.writeOutput(CSVText.row(columns)) }
    hasHeader = true
    // On a terminal, a row is one line.
    let cells = columns.map(cell)
    try console.writeOutput(CSVText.row(console.isOutputTerminal ? cells.map(VisibleText.escaped) : cells))
  }

  mutating func finish() throws { if format == .table { try flush() } }

  private mutating func flush() throws {
    try console.writeOutput(table.text(fitting: console.lineWidth))
    table = Self.emptyTable
  }

  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: ""
    case .string(let text)?: text
    case let value?: value.text
    }
  }
}
