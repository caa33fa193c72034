import ArgumentParser
import Control
import Core
import FoundationEssentials
import Pipeline
import State

/// `waybill runs list`, `waybill runs show ID`, `waybill runs compare A B`.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List runs, show one of them, or compare two",
    discussion: """
      Example:
        waybill runs list
        waybill runs show
        waybill runs compare
      """,
    subcommands: [RunsListCommand.self, RunsShowCommand.self, RunsCompareCommand.self],
    defaultSubcommand: RunsListCommand.self)
}

struct RunsListCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List runs, newest first",
    discussion: """
      Example:
        waybill runs list --limit 10
      """)

  @Option(parsing: .unconditional, help: ArgumentHelp("List at most this many runs.", valueName: "n"))
  var limit: Int?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let runs = StateFolder(path: context.state).hasRuns ? try context.openRuns().runs(limit: limit) : []
    if output.json {
      try context.console.print(.array(runs.map(Self.json)))
      return .done
    }
    if runs.isEmpty { context.console.note("There are no runs in \(context.state) yet.") }
    var table = TextTable([
      .init("RUN"), .init("PIPELINE"), .init("STATUS"), .init("EXIT", isNumber: true), .init("STARTED"), .init("FINISHED"),
      .init("SNAPSHOT"),
    ])
    for run in runs {
      table.add([
        run.id, run.pipeline, run.status.rawValue + (run.replayOf != nil ? ", replay" : run.narrowed == nil ? "" : ", narrowed"),
        run.exitCode.map { String($0) } ?? "", run.started, run.finished ?? "",
        run.snapshot ?? "",
      ])
    }
    try context.console.writeOutput(table.text(fitting: context.console.lineWidth))
    if let run = runs.first(where: { FutureTimes.isAhead($0.started, of: Date()) }) {
      context.console.warn(FutureTimes.sentence("run \(run.id)", run.started))
    }
    return .done
  }

  static func json(_ run: RunRecord) -> JSONValue {
    .object([
      .init("run", .string(run.id)), .init("pipeline", .string(run.pipeline)), .init("status", .string(run.status.rawValue)),
      .init("exit_code", run.exitCode.map { .number(Int($0)) } ?? .null), .init("started", .string(run.started)),
      .init("finished", run.finished.map { .string($0) } ?? .null), .init("snapshot", run.snapshot.map { .string($0) } ?? .null),
      .init("narrowed", run.narrowed.flatMap { try? JSONReader.read($0) } ?? .null),
      .init("replay_of", run.replayOf.map { .string($0) } ?? .null),
    ])
  }
}

struct RunsShowCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run's counts, problems, gates, and why it failed",
    discussion: """
      Example:
        waybill runs show latest --json
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest` (default: the last run).", valueName: "run"))
  var run: String?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let runs = try context.openRuns()
    let record = try context.run(run, in: runs)
    let summary = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }
    if output.json {
      try context.console.print(summary ?? RunsListCommand.json(record))
    } else if let summary {
      try context.console.print(RunSummaryText.text(of: summary, fitting: context.console.lineWidth, hasMessages: true))
      try printResolutions(of: record, in: runs, to: context.console)
    } else {
      try context.console.print("run \(record.id)  \(record.pipeline)  \(record.status.rawValue)  started \(record.started)")
    }
    return .done
  }

  /// How many of its records that were rejected or failed have been resolved since, by which runs.
  private func printResolutions(of run: RunRecord, in runs: any RunStore, to console: Console) throws {
    let whole = try runs.resolutions(of: run.id).filter { $0.destination == nil }
    guard !whole.isEmpty else { return }
    var resolvers: [(run: String, count: Int)] = []
    for resolution in whole {
      if let index = resolvers.firstIndex(where: { $0.run.isExactly(resolution.resolver) }) {
        resolvers[index].count += 1
      } else {
        resolvers.append((resolution.resolver, 1))
      }
    }
    let by = resolvers.map { "\(Wording.count($0.count)) by \($0.run)" }.joined(separator: ", ")
    try console.print("\nresolved: \(Wording.count(whole.count, "record")) (\(by))")
  }
}
