import ArgumentParser
import Core
import Report
import State

/// `waybill history`: the figures of all runs, one run after another.
struct HistoryCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show the figures of each run, and how they changed",
    discussion: """
      Example:
        waybill history --limit 14
        waybill history --mapping contacts
        waybill history --code email-invalid
      Figures stay when the folder of a run is removed. Each run is compared with the last one before it that published everything \
      of the same pipeline and location. Narrowed runs, dry runs and replays are marked, but not compared.
      """)

  @Option(help: ArgumentHelp("Only runs of the pipeline with this name.", valueName: "name"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only runs that read this location.", valueName: "id"))
  var location: String?

  @Option(help: ArgumentHelp("Only the figures of this mapping.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("How often this code occurred in each run, such as email-invalid.", valueName: "code"))
  var code: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Show at most this many runs.", valueName: "n"))
  var limit: Int?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let console = context.console
    guard StateFolder(path: context.state).hasRuns else {
      if output.json { try console.print(.array([])) }
      console.note("There are no runs in \(context.state) yet.")
      return .done
    }
    let history = RunHistory(try context.openRuns().runs())
    try checkNames(history)
    let chosen = history.runs.filter(isChosen)
    let rows = chosen.prefix(limit ?? Int.max).map { run in
      HistoryRow(run: figures(run), previous: run.coversAll ? history.previous(to: run).map(figures) : nil)
    }
    if output.json {
      try console.print(.array(rows.map { $0.json(code: code.map { Name($0) }) }))
    } else if let code {
      let table = CodeHistoryText(
        code: Name(code), rows: rows, isPlain: !Sparkline.isShown(on: console, environment: context.environment))
      try console.writeOutput(table.text(fitting: console.lineWidth))
      let occurs = rows.contains { $0.run.codes.contains(Name(code)) }
      if !rows.isEmpty, !occurs {
        console.note(
          rows.count < history.runs.count
            ? "None of these runs has the code '\(code)'." : "No run has the code '\(code)': it never occurred.")
      }
    } else {
      try console.writeOutput(HistoryText(rows: rows).text(fitting: console.lineWidth))
      let isRepeated = rows.contains { ($0.run.mappings ?? []).contains { $0.destinations.count > 1 } }
      if isRepeated { console.note("LOADED, REJECTED and FAILED count a record once for each destination.") }
    }
    if rows.isEmpty { console.note("No run matches.") }
    return .done
  }

  private func isChosen(_ run: RunFigures) -> Bool {
    if let pipeline, !run.pipeline.isExactly(pipeline) { return false }
    if let location, run.location?.isExactly(location) != true { return false }
    guard let mapping else { return true }
    return run.mappings?.contains { $0.name == Name(mapping) } ?? false
  }

  private func figures(_ run: RunFigures) -> RunFigures { mapping.map { run.only(Name($0)) } ?? run }

  /// - Throws: `OperationFailure` 64 for a name that occurs in no run.
  private func checkNames(_ history: RunHistory) throws {
    let runs = history.runs
    try check(pipeline, "--pipeline", "pipeline", runs.map { Name($0.pipeline) })
    try check(location, "--location", "location", runs.compactMap { $0.location.map { Name($0) } })
    try check(mapping, "--mapping", "mapping", runs.flatMap { ($0.mappings ?? []).map(\.name) })
    guard let code else { return }
    let recorded = runs.reduce(into: Set<Name>()) { $0.formUnion($1.codes) }
    guard !recorded.contains(Name(code)) else { return }
    let slugs = ProblemCode.allCases.map(\.slug)
    guard !slugs.contains(exactly: code) else { return }
    let hint = NearestName.hint(code, in: recorded.sorted().map(\.text) + slugs) ?? "`waybill ledger` shows the ones that occur"
    throw OperationFailure(.usage, "--code \(code): no run has this code; \(hint)")
  }

  private func check(_ name: String?, _ option: String, _ noun: String, _ names: [Name]) throws {
    guard let name, !names.contains(Name(name)) else { return }
    let known = Set(names).sorted().map(\.text)
    let hint =
      NearestName.hint(name, in: known)
      ?? (known.isEmpty ? "no run has one" : "known: \(known.prefix(10).joined(separator: ", "))")
    throw OperationFailure(.usage, "\(option) \(name): no run has this \(noun); \(hint)")
  }
}

/// A run in the history, and the one that it is compared with.
struct HistoryRow {
  var run: RunFigures
  /// Nil: there is none, or the run does not cover everything.
  var previous: RunFigures?

  /// - Parameter code: whose counts it has instead of all figures.
  func json(code: Name?) -> JSONValue {
    let compared = JSONValue.Member("compared_with", previous.map { .string($0.run) } ?? .null)
    let members = run.json.objectValue ?? []
    guard let code else {
      guard let previous else { return .object(members + [compared, .init("changes", .null)]) }
      let comparison = RunComparison(before: previous, after: run)
      let changes = JSONValue.object([
        .init("read", RunComparison.Change(previous.read, run.read).json),
        .init("loaded", RunComparison.Change(previous.total(of: Outcome.loaded), run.total(of: Outcome.loaded)).json),
        .init("rejected", RunComparison.Change(previous.total(of: .rejected), run.total(of: .rejected)).json),
        .init("failed", RunComparison.Change(previous.total(of: .failed), run.total(of: .failed)).json),
        .init("warnings", RunComparison.Change(previous.warnings, run.warnings).json),
        .init("new_codes", .array(Self.names(comparison.newCodes))),
        .init("gone_codes", .array(Self.names(comparison.goneCodes))),
      ])
      return .object(members + [compared, .init("changes", changes)])
    }
    let head = members.filter {
      ["run", "pipeline", "location", "status", "kind", "started", "finished"].contains(exactly: $0.name)
    }
    let counts = run.mappings == nil ? nil : run.counts(of: code)
    return .object(
      head + [
        .init("code", .string(code.text)),
        .init("mappings", counts.map { .object($0.map { .init($0.mapping.text, .number($0.count)) }) } ?? .null),
        .init("count", counts.map { .number($0.reduce(0) { $0 + $1.count }) } ?? .null), compared,
      ])
  }

  private static func names(_ codes: [RunComparison.CodeChange]) -> [JSONValue] {
    Set(codes.map(\.code)).sorted().map { .string($0.text) }
  }

  /// `2026-07-25 02:00`
  var started: String { String(run.started.prefix(16)).replacing("T", with: " ") }
}
