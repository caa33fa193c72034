import Core
import Report

/// Prints ledger lines one after another; a table in sections, so that a long ledger is never held in memory.
///
/// A record's outcomes come first. In CSV they are rows of the same table: with `--record` it has two more columns.
struct LedgerPrinter {
  var format: LedgerCommand.Format
  var console: Console
  private var table: TextTable
  /// Some lines of the run have been resolved.
  private let hasResolutions: Bool
  private var columns: [String]
  private var hasHeader = false

  /// - Parameters:
  ///   - hasOutcomes: outcomes may be printed, too.
  ///   - hasResolutions: there are columns for what became of the records later.
  init(format: LedgerCommand.Format, console: Console, hasOutcomes: Bool = false, hasResolutions: Bool = false) {
    self.hasResolutions = hasResolutions
    table = Self.emptyTable(hasResolutions)
    self.format = format
    self.console = console
    columns =
      Self.csvColumns + (hasOutcomes ? ["destination", "outcome"] : [])
      + (hasResolutions ? ["resolved_by", "resolved_outcome"] : [])
  }

  private static func emptyTable(_ hasResolutions: Bool) -> TextTable {
    TextTable(
      ["SEVERITY", "MAPPING", "RECORD", "FIELD", "CODE", "VALUE"].map { .init($0) } + [.sentence("MESSAGE")]
        + (hasResolutions ? [.sentence("RESOLVED")] : []))
  }

  static let csvColumns = [
    "run", "mapping", "record", "stage", "severity", "code", "field", "source", "value", "message", "line",
  ]
  private static let rowsPerTable = 500

  mutating func print(_ entry: LedgerEntry) throws {
    switch format {
    case .ndjson: try console.writeOutput(entry.json + "\n")
    case .csv:
      let line = (try? JSONReader.read(Array(entry.text.utf8))) ?? .null
      try printRow { column in
        switch column {
        case "line": entry.line.map(String.init) ?? ""
        case "resolved_by": entry.resolution?.run ?? ""
        case "resolved_outcome": entry.resolution?.outcome ?? ""
        default: Self.text(line[column])
        }
      }
    case .table:
      let line = (try? JSONReader.read(Array(entry.text.utf8))) ?? .null
      table.add(
        [
          entry.severity, entry.mapping, entry.record ?? entry.line.map { "line \($0)" } ?? "", entry.field ?? "", entry.code,
          Self.text(line["value"]), Self.text(line["message"]),
        ] + (hasResolutions ? [entry.resolution.map { "\($0.outcome) by \($0.run)" } ?? ""] : []))
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
    table = Self.emptyTable(hasResolutions)
  }

  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: ""
    case .string(let text)?: text
    case let value?: value.text
    }
  }
}

extension LedgerEntry {
  /// The line as a JSON object, with what became of its record: `"resolved":{"run":"2026…","outcome":"created","time":"…"}`.
  var json: String {
    guard let resolution, text.utf8.last == UInt8(ascii: "}") else { return text }
    let resolved = JSONValue.object([
      .init("run", .string(resolution.run)), .init("outcome", .string(resolution.outcome)),
      .init("time", .string(resolution.time)),
    ])
    return "\(text.dropLast()),\"resolved\":\(resolved.text)}"
  }
}
