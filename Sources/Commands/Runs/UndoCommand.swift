import ArgumentParser
import Control
import Core
import Load
import Pipeline
import State

/// `waybill undo RUN`: puts back what was at the destinations before a run.
struct UndoCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Put back what a run changed at its destinations",
    discussion: """
      Example:
        waybill undo latest --dry-run
        waybill undo latest --mapping contacts
      For mappings with `before: save` at destinations of the kind http: records that the run changed are put back as they \
      were, and records that it created are removed. Records that somebody has changed since stay as they are, and are listed. \
      If undo was interrupted, run it again: what is already back is left alone. The next run sends the records again, unless \
      the mapping or the source has changed by then.
      """)

  @Argument(help: ArgumentHelp("The run's ID, its beginning, or `latest`.", valueName: "run"))
  var run: String

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only these mappings, by name; repeatable.", valueName: "mapping"))
  var mapping: [String] = []

  @Option(help: ArgumentHelp("Only these destinations, by name; repeatable.", valueName: "destination"))
  var to: [String] = []

  @Option(help: ArgumentHelp("Only the records with these keys in the target; repeatable.", valueName: "key"))
  var record: [String] = []

  @Flag(help: "Print what would be done, and change nothing.")
  var dryRun = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    let run = try context.run(run, in: context.openRuns())
    let console = context.console
    let progress = ProgressLine(console)
    var diagnostics = Diagnostics()
    let engine = UndoEngine(
      document, run: run, options: options(in: context), keys: record.isEmpty ? nil : Set(record.map { Name($0) }),
      isTrial: dryRun, observer: progress)
    let report: UndoEngine.Report
    do {
      report = try await engine.run(&diagnostics)
      progress.clear()
    } catch {
      progress.clear()
      if diagnostics.hasErrors { console.show(diagnostics) }
      throw error
    }
    if output.json {
      try console.print(json(report, run.id))
    } else {
      try console.printProse(UndoText(report, isTrial: dryRun).text)
      if let list = report.list { console.note("all records: \(list)") }
    }
    for message in Self.messages(report) { console.warn(message) }
    return report.exitCode
  }

  private func options(in context: CommandContext) -> SourceOptions {
    var options = SourceOptions(state: StateFolder(path: context.state), environment: context.environment)
    options.mappings = mapping.isEmpty ? nil : mapping
    options.destinations = to.isEmpty ? nil : to
    options.project = context.givenProject
    return options
  }

  private static func messages(_ report: UndoEngine.Report) -> [String] {
    report.unknownKeys.map { "the run saved nothing for the record '\(VisibleText.escaped($0.text))'" }
      + report.failures.map(\.description)
  }

  private func json(_ report: UndoEngine.Report, _ run: String) -> JSONValue {
    let parts = report.parts.map { part in
      JSONValue.object(
        [.init("destination", .string(part.destination)), .init("mapping", .string(part.mapping))]
          + UndoneRecord.Outcome.allCases.map { .init($0.rawValue, .number(part.counts[$0] ?? 0)) })
    }
    return .object([
      .init("run", .string(run)), .init("dry_run", .bool(dryRun)), .init("parts", .array(parts)),
      .init("records", report.list.map { .string($0) } ?? .null),
      .init("messages", .array(Self.messages(report).map { .string($0) })),
    ])
  }
}

/// What was undone, for people.
///
///     contacts at app: 33 restored, 12 removed, 1 unchanged, 1 left
///       left  c17  changed since: 'email', 'status'
struct UndoText {
  private let report: UndoEngine.Report
  private let isTrial: Bool

  init(_ report: UndoEngine.Report, isTrial: Bool) {
    self.report = report
    self.isTrial = isTrial
  }

  var text: String {
    (isTrial ? "dry run: nothing was sent; this is what undo would do\n" : "")
      + report.parts.map(lines).joined(separator: "\n")
  }

  private func lines(of part: UndoEngine.Part) -> String {
    let counts = UndoneRecord.Outcome.allCases.compactMap { outcome in
      part.counts[outcome].map { "\(Wording.count($0)) \(outcome.rawValue)" }
    }
    let head = "\(part.mapping) at \(part.destination): \(counts.isEmpty ? "no records" : counts.joined(separator: ", "))"
    let listed = part.open.map { "  \($0.outcome.rawValue)  \(VisibleText.escaped($0.key.text))  \(Self.why($0))" }
    let all = [UndoneRecord.Outcome.left, .failed, .pending].reduce(0) { $0 + (part.counts[$1] ?? 0) }
    let rest = all > part.open.count ? ["  and \(Wording.count(all - part.open.count)) more"] : []
    return ([head] + listed + rest).joined(separator: "\n")
  }

  static func why(_ record: UndoneRecord) -> String {
    let fields = record.fields.map { "'\(VisibleText.escaped($0))'" }.joined(separator: ", ")
    let reason =
      switch record.reason {
      case .changedSince: "changed since"
      case .goneSince: "removed since"
      case .resultUnknown: "it is not known what the run left there"
      case .noDelete: "the run created it, and the pipeline has no `delete`"
      case .needed: "records that refer to it stay"
      case nil: ""
      }
    return [reason, record.detail, fields].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}
