import ArgumentParser
import Core
import Pipeline
import Records
import Schema
import Workbench

/// `waybill validate`: records against a JSON Schema.
struct ValidateCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Validate NDJSON, JSON or CSV against a JSON Schema",
    discussion: """
      Example:
        waybill validate --schema contact.schema.json --input contacts.ndjson
        waybill validate --schema api.yaml#/components/schemas/C --input c.json
      It supports drafts 2020-12, 2019-09 and 07, as $schema names them (default: 2020-12, or --dialect), and uses no network. \
      Any JSON value is a record: each line of NDJSON, a whole JSON document (or, with --each, the elements of its array; with --records, those of a list in it), each \
      row of CSV as an object of texts, with null for empty cells. Every failure is reported with its place in the record and in \
      the schema. $ref refers to local files only: relative to the schema's file, or below an address that --schema-root maps to \
      a folder. Exit code 4 means that records are invalid; with --lenient it is 0.
      """)

  @Option(
    help: ArgumentHelp(
      "The schema: a file, or FILE#/POINTER for one inside it (also OpenAPI 3.1, 3.0 and Swagger 2.0).", valueName: "file"))
  var schema: String

  @Option(
    help: ArgumentHelp("The input: NDJSON, JSON or CSV, optionally gzipped; `-` is standard input.", valueName: "file"))
  var input: String

  @Option(
    help: ArgumentHelp(
      "The format of the input: \(SourceFormats.standard.listed) (default: by its extension; ndjson on a pipe).",
      valueName: "format"))
  var inputFormat: SourceFormat?

  @OptionGroup var file: FileOptions

  @Flag(help: "Read the elements of a JSON file's array as records.")
  var each = false

  @Option(
    help: ArgumentHelp(
      "What to do with CSV rows after a bad quoted cell: reject (default), or recover (let them through with a warning).",
      valueName: "action"))
  var onBadQuote: RecordReading.BadQuote = .reject

  @Option(
    help: ArgumentHelp(
      "Write one JSON line per failure or warning here; `-` is standard error (default: list them on standard output).",
      valueName: "file"))
  var ledger: String?

  @Option(help: ArgumentHelp("Write the summary (JSON) here.", valueName: "file"))
  var summary: String?

  @Option(
    help: ArgumentHelp(
      "Check `format` (assert) or ignore it (annotate); in draft-07 also contentEncoding and contentMediaType.",
      valueName: "mode"))
  var formats: SchemaOptions.Formats = .assert

  @Option(
    help: ArgumentHelp("Documents whose address begins with URI are in DIR; repeatable.", valueName: "URI=DIR"))
  var schemaRoot: [String] = []

  @Option(
    help: ArgumentHelp(
      "The dialect of schemas without $schema: 2020-12, 2019-09, draft-07, or a metaschema's address.", valueName: "draft"))
  var dialect: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of threads (default: one per processor).", valueName: "n"))
  var threads: Int?

  @Flag(help: "Invalid records do not change the exit code.")
  var lenient = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
    for root in schemaRoot where Self.root(root) == nil {
      throw ValidationError("--schema-root \(root): write URI=DIR, such as https://schemas.example=schemas")
    }
  }

  /// Splits at the last `=`: an address may contain one, a folder rarely does.
  private static func root(_ text: String) -> SchemaOptions.Root? {
    guard let sign = text.lastIndex(of: "="), sign > text.startIndex, text.index(after: sign) < text.endIndex else { return nil }
    return .init(prefix: String(text[..<sign]), folder: String(text[text.index(after: sign)...]))
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    var options = ValidateJob.Options(schema: schema, input: input)
    options.inputFormat = inputFormat
    options.inputReading = file.reading
    options.isEach = each
    options.onBadQuote = onBadQuote
    options.boundary = context.boundary(around: String(schema.prefix { $0 != "#" }))
    options.ledger = ledger ?? (output.json ? "-" : nil)
    options.summary = summary
    options.formats = formats
    options.roots = schemaRoot.compactMap(Self.root)
    options.dialect = dialect
    options.threads = threads ?? Processors.count
    options.isLenient = lenient

    let console = context.console
    let progress = ProgressLine(console)
    let isListed = ledger == nil && !output.json && !console.isQuiet
    let name = input == "-" ? "standard input" : input
    // The reader of the list has gone: the counts still matter, and the failure is reported at the end.
    var fault: (any Error)?
    let report = await ValidateJob(options, observer: progress).run { records in
      guard isListed, fault == nil else { return }
      let lines = records.flatMap { record in record.text.map { VisibleText.escaped("\(name):\(record.line): \($0)") } }
      do { try console.print(lines.map { CellText.message($0, to: console.lineWidth) }.joined(separator: "\n")) } catch {
        fault = error
      }
    }
    progress.clear()
    if report.diagnostics.hasErrors || !console.isQuiet, !report.diagnostics.all.isEmpty {
      console.show(report.diagnostics)
    }
    let code = try console.settle(report.exitCode) {
      if let fault { throw fault }
      if output.json { try console.print(report.summary.json) }
    }
    if let failure = report.failure {
      if failure.code != .outputClosed, !report.diagnostics.hasErrors || failure.exitCode != .wrongFile {
        console.fault(failure.description)
      }
      return code
    }
    for note in report.summary.notes { console.note("\(name): \(note.text)") }
    for message in report.summary.messages { console.warn(message) }
    // With --quiet, this line is the only report of invalid records; it must not mix with ledger lines on standard error.
    if console.isQuiet, report.exitCode != .done, options.ledger != "-" { console.fault(Self.text(of: report)) }
    console.note(Self.text(of: report))
    return code
  }

  /// `contact.schema.json: 1,000 read, 990 valid, 10 invalid (schema-format 12, schema-type 1) in 0.1 s`
  static func text(of report: ValidateJob.Report) -> String {
    let counts = report.summary.counts
    var text = "\(report.summary.schema): \(Wording.count(counts.read)) read, \(Wording.count(counts.valid)) valid"
    if counts.invalid > 0 {
      let codes = counts.codes.sorted { ($1.value, $0.key.slug) < ($0.value, $1.key.slug) }
      let shown = codes.prefix(6).map { "\($0.key.slug) \(Wording.count($0.value))" }.joined(separator: ", ")
      text += ", \(Wording.count(counts.invalid)) invalid (\(shown)\(codes.count > 6 ? ", …" : ""))"
    }
    if !counts.warnings.isEmpty {
      let shown = counts.warnings.sorted { $0.key.slug < $1.key.slug }.map { "\($0.key.slug) \(Wording.count($0.value))" }
      text += ", \(Wording.count(counts.warnings.values.reduce(0, +), "warning")) (\(shown.joined(separator: ", ")))"
    }
    return text + " in \(Wording.duration(report.summary.seconds))"
  }
}

extension RecordReading.BadQuote: ExpressibleByArgument {}

extension SchemaOptions.Formats: ExpressibleByArgument {
  /// The verb, or the specification's noun.
  public init?(argument: String) {
    switch argument {
    case "assert", "assertion": self = .assert
    case "annotate", "annotation": self = .annotate
    default: return nil
    }
  }
}
