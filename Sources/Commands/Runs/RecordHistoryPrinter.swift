import Core
import Report

/// Prints what happened to one record in each run, run by run.
struct RecordHistoryPrinter {
  private let format: LedgerCommand.Format?
  private let console: Console
  private var rows: LedgerPrinter
  /// The number of runs printed so far.
  private(set) var count = 0

  /// - Parameter format: nil: a JSON array with an object for each run.
  init(format: LedgerCommand.Format?, console: Console) {
    self.format = format
    self.console = console
    rows = LedgerPrinter(format: format ?? .ndjson, console: console, hasOutcomes: true)
  }

  /// - Parameter outcomes: nil: the run no longer has them.
  mutating func print(_ run: RunRecord, _ outcomes: [RecordOutcomes.Outcome]?, _ lines: [LedgerEntry]) throws {
    defer { count += 1 }
    guard let format else { return try printJSON(run, outcomes, lines) }
    if format == .table {
      let head = "run \(run.id)  \(run.pipeline)  \(run.status.rawValue)  started \(run.started)\n\n"
      try console.writeOutput((count == 0 ? "" : "\n") + (console.lineWidth.map { CellText.prose(head, to: $0) } ?? head))
    }
    try rows.print(outcomes ?? [], of: run.id)
    if format == .table, outcomes?.isEmpty == false, !lines.isEmpty { try console.writeOutput("\n") }
    for line in lines { try rows.print(line) }
    try rows.finish()
  }

  func finish() throws {
    if format == nil { try console.writeOutput(count == 0 ? "[]\n" : "\n]\n") }
  }

  /// `null` in place of outcomes that the run no longer has.
  private func printJSON(_ run: RunRecord, _ outcomes: [RecordOutcomes.Outcome]?, _ lines: [LedgerEntry]) throws {
    let head = JSONValue.object([
      .init("run", .string(run.id)), .init("pipeline", .string(run.pipeline)), .init("status", .string(run.status.rawValue)),
      .init("started", .string(run.started)), .init("outcomes", outcomes.map { .array($0.map(\.json)) } ?? .null),
    ]).text.dropLast()
    try console.writeOutput(
      (count == 0 ? "[\n" : ",\n") + head + ",\"lines\":[" + lines.map(\.text).joined(separator: ",") + "]}")
  }
}
