import ArgumentParser
import Core
import Pipeline
import Records
import State
import Transform
import Workbench

/// `waybill transform`: one mapping over one file or pipe, the unit that any engine can call.
struct TransformCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "transform",
    abstract: "Run one mapping over one file or pipe",
    discussion: """
      Example:
        waybill transform --mapping people.yaml --input people.csv --output out.csv
        cat people.ndjson | waybill transform --mapping people.yaml --input -
        waybill transform --mapping people.yaml --input export.csv --encoding cp1252
      It makes no API call and needs no project. Rejected records and warnings go to the ledger (NDJSON) beside the output: \
      OUTPUT.ledger.ndjson, or OUTPUT.ledger.failed.ndjson if the transform fails, so that an earlier output keeps its ledger. \
      Exit code 4 means that records were rejected; with --lenient it is 0.
      """)

  @Option(help: ArgumentHelp("The mapping file.", valueName: "file"))
  var mapping: String

  @Option(
    help: ArgumentHelp("The input: NDJSON, JSON or CSV, optionally gzipped; `-` is standard input.", valueName: "file"))
  var input: String

  @Option(help: ArgumentHelp("Where target records go; `-` is standard output.", valueName: "file"))
  var output = "-"

  @Option(
    help: ArgumentHelp(
      "The format of the output: csv, ndjson or json (default: by its extension; ndjson on a pipe).", valueName: "format"))
  var format: RecordFormat?

  @OptionGroup var source: InputOptions

  @Option(
    help: ArgumentHelp("Where problems go; `-` is standard error (the default when the output is a pipe).", valueName: "file"))
  var ledger: String?

  @Option(help: ArgumentHelp("Write the summary (JSON) here.", valueName: "file"))
  var summary: String?

  @OptionGroup var keys: KeysOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of threads (default: one per processor).", valueName: "n"))
  var threads: Int?

  @Flag(help: "End CSV rows with CR LF.")
  var crlf = false

  @Flag(help: "Do not escape CSV cells that a spreadsheet would run as formulas.")
  var keepFormulas = false

  @Flag(help: "Rejected records do not change the exit code.")
  var lenient = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try context.requireMapping(mapping)
    var options = TransformJob.Options(mapping: mapping, input: input)
    options.output = output
    options.outputFormat = format
    options.ledger = ledger
    options.summary = summary
    options.threads = threads ?? Processors.count
    options.keys = keys.files
    options.crlf = crlf
    options.escapesFormulas = !keepFormulas
    options.isLenient = lenient
    try source.apply(to: &options, in: context)
    // Inside a project, `pii: hash` gives the same values as in its other ledgers.
    if context.fileExists(context.state) { options.digestKey = try StateFolder(path: context.state).digestKey() }

    let console = context.console
    let progress = ProgressLine(console)
    let report = await TransformJob(options, observer: progress).run()
    progress.clear()
    // The reader of the output has exited, which is not an error: other filters end silently, too.
    if report.failure?.code == .outputClosed { return report.exitCode }
    if report.diagnostics.hasErrors || !console.isQuiet {
      let shown = report.diagnostics.withoutNotes
      if !shown.all.isEmpty { console.show(shown) }
    }
    if let failure = report.failure {
      console.fault(failure.description)
      if let ledger = report.ledger, !report.summary.counts.codes.isEmpty {
        console.note("Problems in the \(Wording.count(report.summary.counts.read, "record")) read before the failure: \(ledger)")
      }
      return report.exitCode
    }
    if report.diagnostics.hasErrors { return report.exitCode }
    for message in report.summary.messages { console.warn(message) }
    if report.summary.unchecked.contains("custom-fields") {
      console.warn(
        "there are no custom field definitions, so custom.KEY is null: pass --snapshot latest or --custom-fields FILE")
    }
    for note in report.summary.counts.inputNotes { console.note("\(input == "-" ? "standard input" : input): \(note.text)") }
    for note in report.summary.otherNotes { console.note(note) }
    // With --quiet, this line is the only report of rejected records; it must not mix with ledger lines on standard error.
    if console.isQuiet, report.exitCode != .done, report.ledger != nil { console.fault(Self.text(of: report)) }
    console.note(Self.text(of: report))
    return report.exitCode
  }

  /// `contacts: 1,000 read, 990 written, 10 rejected, 25 warnings in 0.1 s; ledger out.csv.ledger.ndjson`
  static func text(of report: TransformJob.Report) -> String {
    let counts = report.summary.counts
    var parts = ["\(Wording.count(counts.read)) read", "\(Wording.count(counts.written)) written"]
    if report.summary.pending > 0 { parts.append("\(Wording.count(report.summary.pending)) pending") }
    if counts.filtered > 0 { parts.append("\(Wording.count(counts.filtered)) filtered") }
    if counts.merged > 0 { parts.append("\(Wording.count(counts.merged)) merged") }
    if counts.rejected > 0 { parts.append("\(Wording.count(counts.rejected)) rejected") }
    if counts.warnings > 0 { parts.append(Wording.count(counts.warnings, "warning")) }
    var text = "\(report.summary.mapping): \(parts.joined(separator: ", ")) in \(Wording.duration(report.summary.seconds))"
    if let ledger = report.ledger, !counts.codes.isEmpty { text += "; why: \(ledger)" }
    return text
  }
}

extension Diagnostics {
  /// Notes are for `check`; elsewhere they would hide what matters.
  var withoutNotes: Diagnostics { filtered { $0.severity != .note } }
}
