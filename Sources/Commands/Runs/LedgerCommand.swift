import ArgumentParser
import Core

extension Stage: ExpressibleByArgument {}
extension Severity: ExpressibleByArgument {}

/// `waybill ledger [RUN]`: what happened to which record, and why.
struct LedgerCommand: WaybillCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case table, csv, ndjson }

  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Show what happened to each record of a run, and why",
    discussion: """
      Example:
        waybill ledger --code phone-invalid --format csv
      Values are masked as the mapping's `pii` requires. `waybill explain CODE` describes a code.
      """)

  @Argument(help: ArgumentHelp("The run's ID, or its beginning (default: the last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("Only this stage.", valueName: "stage"))
  var stage: Stage?

  @Option(help: ArgumentHelp("Only this severity.", valueName: "severity"))
  var severity: Severity?

  @Option(help: ArgumentHelp("Only this mapping.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only this code, such as email-invalid.", valueName: "code"))
  var code: String?

  @Option(help: ArgumentHelp("Only the record with this key.", valueName: "key"))
  var record: String?

  @Option(help: ArgumentHelp("Print at most this many lines.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("The output format.", valueName: "format"))
  var format: Format = .table

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let runs = try context.openRuns()
    let record = try context.run(run, in: runs)
    try checkCode(of: record.id, in: runs)
    let query = LedgerQuery(
      run: record.id, mapping: mapping, stage: stage, severity: severity, code: code, record: self.record, limit: limit)
    let console = context.console
    var count = 0
    if output.json {
      try console.writeOutput("[")
      try runs.ledger(query) { entry in
        try Task.checkCancellation()
        try console.writeOutput((count == 0 ? "\n" : ",\n") + entry.text)
        count += 1
      }
      try console.writeOutput(count == 0 ? "]\n" : "\n]\n")
      return .done
    }
    var printer = LedgerPrinter(format: format, console: console)
    try runs.ledger(query) { entry in
      try Task.checkCancellation()
      try printer.print(entry)
      count += 1
    }
    try printer.finish()
    if count == 0 { console.note("The ledger of run \(record.id) has no matching lines.") }
    return .done
  }
}

extension LedgerCommand {
  /// A code is one of our slugs, or the ID of a rule, which only the ledger knows.
  private func checkCode(of run: String, in runs: any RunStore) throws {
    let slugs = ProblemCode.allCases.map(\.slug)
    guard let code, !slugs.contains(exactly: code) else { return }
    let recorded = try runs.codes(of: LedgerQuery(run: run)).map(\.code)
    guard !recorded.contains(exactly: code) else { return }
    let hint = NearestName.hint(code, in: recorded + slugs) ?? "`waybill ledger` shows the ones that occur"
    throw OperationFailure(.usage, "--code \(code): the ledger of run \(run) has no such code; \(hint)")
  }
}

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

  private static let emptyTable = TextTable("SEVERITY", "MAPPING", "RECORD", "FIELD", "CODE", "VALUE", "MESSAGE")
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
    try console.writeOutput(table.text)
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
