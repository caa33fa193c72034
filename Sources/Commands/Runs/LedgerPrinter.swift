import Core

/// Prints ledger lines one after another; a table in sections, so that a long ledger is never held in memory.
struct LedgerPrinter {
  var format: LedgerCommand.Format
  var console: Console
  private var table = Self.emptyTable
  private var hasHeader = false

  init(format: LedgerCommand.Format, console: Console) {
    self.format = format
    self.console = console
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
      if !hasHeader { try console.writeOutput(CSVText.row(Self.csvColumns)) }
      hasHeader = true
      try console.writeOutput(
        CSVText.row(
          Self.csvColumns.map { name in
            let cell = name == "line" ? entry.line.map(String.init) ?? "" : Self.text(line[name])
            // On a terminal, a row is one line.
            return console.isOutputTerminal ? VisibleText.escaped(cell) : cell
          }))
    case .table:
      let line = (try? JSONReader.read(Array(entry.text.utf8))) ?? .null
      table.add([
        entry.severity, entry.mapping, entry.record ?? entry.line.map { "line \($0)" } ?? "", entry.field ?? "", entry.code,
        Self.text(line["value"]), Self.text(line["message"]),
      ])
      if table.rows.count == Self.rowsPerTable { try flush() }
    }
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
