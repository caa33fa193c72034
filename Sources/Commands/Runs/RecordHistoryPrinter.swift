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
  mutating func print(
    _ run: RunRecord, _ outcomes: [RecordOutcomes.Outcome]?, _ lines: [LedgerEntry], _ events: [RecordEvent] = []
  ) throws {
    defer { count += 1 }
    guard let format else { return try printJSON(run, outcomes, lines, events) }
    if format == .table {
      let head = "run \(run.id)  \(run.pipeline)  \(run.status.rawValue)  started \(run.started)\n\n"
      try console.writeOutput((count == 0 ? "" : "\n") + (console.lineWidth.map { CellText.prose(head, to: $0) } ?? head))
    }
    try rows.print(outcomes ?? [], of: run.id)
    if format == .table, outcomes?.isEmpty == false, !lines.isEmpty { try console.writeOutput("\n") }
    for line in lines { try rows.print(line) }
    try rows.finish()
    try print(events, of: run, isFirst: outcomes?.isEmpty != false && lines.isEmpty)
    if format == .table, outcomes == nil {
      let text = "outcomes: not known, because the run has no outcomes file; what the state has of the run is above\n"
      try console.writeOutput("\n" + (console.lineWidth.map { CellText.prose(text, to: $0) } ?? text))
    }
  }

  /// CSV has no columns for them.
  private func print(_ events: [RecordEvent], of run: RunRecord, isFirst: Bool) throws {
    guard !events.isEmpty else { return }
    if format == .table {
      try console.writeOutput((isFirst ? "" : "\n") + RecordStoryText.text(of: events, fitting: console.lineWidth))
    } else if format == .ndjson {
      for event in events {
        let members = [JSONValue.Member("run", .string(run.id))] + (event.json.objectValue ?? [])
        try console.writeOutput(JSONValue.object(members).text + "\n")
      }
    }
  }

  /// - Parameter known: what the journal knows of the record now.
  mutating func finish(_ known: [(scope: JournalScope, record: JournalRecord)] = []) throws {
    guard let format else {
      if !known.isEmpty {
        let last = JSONValue.object([
          .init("run", .null), .init("journal", .array(known.map { RecordStoryText.json($0.scope, $0.record) })),
        ])
        try console.writeOutput((count == 0 ? "[\n" : ",\n") + last.text)
      }
      return try console.writeOutput(count == 0 && known.isEmpty ? "[]\n" : "\n]\n")
    }
    guard format == .table, !known.isEmpty else { return }
    try console.writeOutput((count == 0 ? "" : "\n") + RecordStoryText.text(of: known, fitting: console.lineWidth))
  }

  /// `null` in place of outcomes that the run no longer has.
  private func printJSON(
    _ run: RunRecord, _ outcomes: [RecordOutcomes.Outcome]?, _ lines: [LedgerEntry], _ events: [RecordEvent]
  ) throws {
    let head = JSONValue.object([
      .init("run", .string(run.id)), .init("pipeline", .string(run.pipeline)), .init("status", .string(run.status.rawValue)),
      .init("started", .string(run.started)), .init("outcomes", outcomes.map { .array($0.map(\.json)) } ?? .null),
    ]).text.dropLast()
    try console.writeOutput(
      (count == 0 ? "[\n" : ",\n") + head + ",\"lines\":[" + lines.map(\.text).joined(separator: ",")
        + "],\"events\":" + JSONValue.array(events.map(\.json)).text + "}")
  }
}
