import ArgumentParser
import Core
import FoundationEssentials
import Report
import State

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
        waybill ledger --group-by code,field
        waybill ledger --record vTf5js5lz1bpOke6adns
        waybill ledger --record vTf5js5lz1bpOke6adns --all-runs
        waybill ledger --open
      With --record it also shows how the record ended at each destination, in every format, even if nothing was wrong with it. \
      Values are masked as the mapping's `pii` requires. `waybill explain CODE` describes a code.
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("Only this stage.", valueName: "stage"))
  var stage: Stage?

  @Option(help: ArgumentHelp("Only this severity.", valueName: "severity"))
  var severity: Severity?

  @Option(help: ArgumentHelp("Only this mapping.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only this code, such as email-invalid.", valueName: "code"))
  var code: String?

  @Option(
    help: ArgumentHelp("Only this target field; for rules and extraction, the field that they name.", valueName: "field"))
  var field: String?

  @Option(help: ArgumentHelp("Only the record with this key, with its outcome at each destination.", valueName: "key"))
  var record: String?

  @Flag(help: "With --record: what happened to the record in each run, oldest first.")
  var allRuns = false

  @Flag(help: "Only errors of records that no replay has resolved yet.")
  var open = false

  @Option(
    help: ArgumentHelp(
      "Count the lines that have the same values in these columns (separate them with commas): "
        + LedgerColumn.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "columns"))
  var groupBy: LedgerColumns?

  @Option(parsing: .unconditional, help: ArgumentHelp("Print at most this many lines or groups.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("The output format.", valueName: "format"))
  var format: Format = .table

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
    guard allRuns else { return }
    if record == nil { throw ValidationError("--all-runs requires --record KEY") }
    if run != nil { throw ValidationError("--all-runs cannot be used with the ID of a run") }
    if groupBy != nil { throw ValidationError("--all-runs cannot be used with --group-by") }
    if limit != nil { throw ValidationError("--all-runs cannot be used with --limit") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let runs = try context.openRuns()
    if allRuns, let key = self.record { return try printHistory(of: key, in: runs, context) }
    let record = try context.run(run, in: runs)
    try LedgerCode.check(code, of: [record.id], in: runs)
    let query = query(of: record.id)
    let console = context.console
    if let groupBy {
      let groups = LedgerGroups(columns: groupBy.columns, groups: try runs.groups(of: query, by: groupBy.columns))
      try groups.print(as: output.json ? nil : format, to: console)
      if groups.groups.isEmpty { try noteNothing(record.id, in: runs, console) }
      return .done
    }
    let outcomes = try self.record.flatMap { try self.outcomes(of: $0, in: record.id, context) }
    if self.record != nil, outcomes == nil {
      console.note("The outcomes of run \(record.id) are unknown: there is no \(outcomesPath(of: record.id, context)).")
    }
    if let key = self.record, outcomes?.isEmpty != false {
      try refuseUnknown(key, record, in: runs, isKnown: outcomes != nil)
    }
    if output.json {
      try printJSON(query, in: runs, outcomes, to: console)
      return .done
    }
    let hasResolutions = try !open && !runs.resolutions(of: record.replayOf ?? record.id).isEmpty
    var printer = LedgerPrinter(
      format: format, console: console, hasOutcomes: self.record != nil, hasResolutions: hasResolutions)
    try printer.print(outcomes ?? [], of: record.id)
    var count = 0
    try runs.ledger(query) { entry in
      try Task.checkCancellation()
      if count == 0, format == .table, outcomes?.isEmpty == false { try console.writeOutput("\n") }
      try printer.print(entry)
      count += 1
    }
    try printer.finish()
    if count == 0 { try noteNothing(record.id, in: runs, console) }
    return .done
  }
}

extension LedgerCommand {
  func query(of run: String) -> LedgerQuery {
    LedgerQuery(
      run: run, mapping: mapping, stage: stage, severity: severity, code: code, field: field, record: record, isOpen: open,
      limit: limit)
  }

  private func outcomesPath(of run: String, _ context: CommandContext) -> String {
    RunFolder(path: StateFolder(path: context.state).run(run)).outcomes
  }

  /// The record's outcome at each destination; nil if the run did not record it.
  func outcomes(of key: String, in run: String, _ context: CommandContext) throws -> [RecordOutcomes.Outcome]? {
    let path = outcomesPath(of: run, context)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try RecordOutcomes.all(of: key, in: path).filter { mapping == nil || $0.mapping.isExactly(mapping ?? "") }
  }

  /// With `--record`, an object with the outcomes and the lines; otherwise an array of lines.
  private func printJSON(
    _ query: LedgerQuery, in runs: any RunStore, _ outcomes: [RecordOutcomes.Outcome]?, to console: Console
  ) throws {
    var head = "["
    if record != nil {
      head = "{\"outcomes\":" + (outcomes.map { JSONValue.array($0.map(\.json)).text } ?? "null") + ",\"lines\":["
    }
    try console.writeOutput(head)
    var count = 0
    try runs.ledger(query) { entry in
      try Task.checkCancellation()
      try console.writeOutput((count == 0 ? "\n" : ",\n") + entry.json)
      count += 1
    }
    try console.writeOutput((count == 0 ? "]" : "\n]") + (record == nil ? "\n" : "}\n"))
  }

  /// - Throws: if the run has read no record with this key.
  private func refuseUnknown(_ key: String, _ run: RunRecord, in runs: any RunStore, isKnown: Bool) throws {
    guard isKnown, mapping == nil, try runs.ledger(LedgerQuery(run: run.id, record: key, limit: 1)).isEmpty else { return }
    let hint = NearestName.hint(key, in: try runs.values(of: .record, in: run.id)) ?? "keys are compared byte by byte"
    throw OperationFailure(.inputMissing, "run \(run.id) has no record with the key '\(key)'; \(hint)")
  }

  private func noteNothing(_ run: String, in runs: any RunStore, _ console: Console) throws {
    let hint = try field.flatMap { NearestName.hint($0, in: try runs.values(of: .field, in: run)) }
    let what = open ? "open errors" : "matching lines"
    console.note("The ledger of run \(run) has no \(what)\(hint.map { "; \($0)" } ?? ".")")
  }
}
