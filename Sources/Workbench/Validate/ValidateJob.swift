package import Core
package import Files
import Mapping
package import Records
import Report
package import Schema

/// One input against one JSON Schema: what `waybill validate` does, and what other engines call.
package struct ValidateJob: Sendable {
  package struct Options: Sendable {
    /// The schema file; after `#`, the JSON pointer of a schema in it.
    package var schema: String
    /// A path, or `-` for standard input; gzip is decompressed.
    package var input: String
    /// Nil: by the extension, NDJSON on pipes.
    package var inputFormat: SourceFormat?
    package var inputReading = FileReading()
    /// Of a JSON file the elements of its array are the records, as `transform` reads it. Without it the file is one record.
    package var isEach = false
    /// What becomes of CSV rows on lines that a bad quoted cell would have swallowed.
    package var onBadQuote = RecordReading.BadQuote.reject
    /// Nil: no ledger; `-` is standard error.
    package var ledger: String?
    package var summary: String?
    package var formats: SchemaOptions.Formats = .assert
    package var roots: [SchemaOptions.Root] = []
    /// The boundary for files that the schema refers to, besides the folders of the roots. Nil: around the schema.
    package var boundary: FileBoundary?
    package var dialect: String?
    package var threads = 1
    /// Invalid records do not change the exit code.
    package var isLenient = false

    package init(schema: String, input: String) {
      self.schema = schema
      self.input = input
    }
  }

  package struct Report: Sendable, JobReport {
    package var summary: ValidateSummary
    package var diagnostics = Diagnostics()
    package var failure: OperationFailure?

    package var exitCode: ExitCode { summary.exitCode }
  }

  private let options: Options
  private let observer: any RunObserver

  package init(_ options: Options, observer: any RunObserver = SilentObserver()) {
    self.options = options
    self.observer = observer
  }

  /// Never throws. `show` gets what was found about records, batch by batch, in the order of the input. The ledger appears at its
  /// path once the input has been read to its end or the work has failed; it contains what the summary counts.
  package func run(show: ([BatchValidator.Finding]) -> Void = { _ in }) async -> Report {
    let start = ContinuousClock.now
    var report = Report(summary: ValidateSummary(schema: options.schema))
    do {
      try checkPaths()
      let validator = try await compile(&report)
      // Also what the schema refers to, once it is known.
      try checkPaths(report.diagnostics.files.keys.sorted().map { ("the schema's file", $0.text) })
      try await validate(&report, validator, show: show)
    } catch {
      report.failure = report.failure ?? OperationFailure(error)
    }
    report.end(since: start, isLenient: options.isLenient, summaryTo: options.summary)
    return report
  }

  private func validate(
    _ report: inout Report, _ validator: SchemaValidator, show: ([BatchValidator.Finding]) -> Void
  ) async throws {
    if StreamPath.isNamedPipe(options.input) {
      observer.receive(.waitingForPipe(path: options.input))
    }
    var source = try openInput()
    let ledger: LineSink? = try options.ledger.map {
      $0 == "-" ? .standardError : .file(try OutputFile(path: $0, mode: 0o600))
    }
    let file = options.input == "-" ? nil : options.input
    observer.stageBegan(.validate, of: options.schema, expected: nil)
    defer { observer.stageEnded(.validate, of: options.schema) }
    var counts = BatchValidator.Counts()
    var counted = 0
    var batch = LedgerBatch()
    defer {
      report.summary.counts = counts
      ledger?.keep(counted)
    }
    _ = try await ValidationRunner(validator, threads: options.threads).run(&source) { worker in
      if !worker.findings.isEmpty {
        // One write per batch, not one per line.
        batch.removeAll()
        for finding in worker.findings { for line in finding.lines(file: file) { batch.append(line) } }
        try ledger?.write(batch.text)
        show(worker.findings)
      }
      counts += worker.counts
      counted = ledger?.byteCount ?? 0
      observer.stageAdvanced(.validate, of: options.schema, done: counts.read)
    }
    if counts.read > 0, counts.invalid * 2 >= counts.read, let format = try? format(),
      let advice = InputAdvice.sentence(options.input, format: format, options.inputReading)
    {
      report.summary.messages.append(advice)
    }
    if counts.read == 0 {
      let name = options.input == "-" ? "standard input" : options.input
      report.summary.messages.append("\(name) contains no records")
    }
    report.summary.notes = source.notes
    try ledger?.seal()
    try ledger?.commit()
  }

  private func compile(_ report: inout Report) async throws -> SchemaValidator {
    let options = options
    let compilation = try await OwnThread.result {
      SchemaCompiler.load(
        path: options.schema,
        options: .init(
          formats: options.formats, roots: options.roots, yaml: YAMLSchemaReader.read, dialect: options.dialect,
          boundary: options.boundary))
    }
    for source in compilation.sources { report.diagnostics.register(source) }
    for diagnostic in compilation.diagnostics { report.diagnostics.add(diagnostic) }
    if let validator = compilation.validator { return validator }
    if let missing = compilation.diagnostics.first(where: { $0.code == .inputMissing }) {
      throw OperationFailure(.inputMissing, missing.message)
    }
    let count = compilation.diagnostics.count { $0.severity == .error }
    throw OperationFailure(.wrongFile, "\(count) \(count == 1 ? "error" : "errors") in the schema's files")
  }

  /// Outputs must be different from the inputs and from each other.
  private func checkPaths(_ others: [(String, String)] = []) throws {
    var named =
      [("\(CommandOption.schema)", String(options.schema.prefix { $0 != "#" })), ("\(CommandOption.input)", options.input)]
      + others
    for (name, path) in [("\(CommandOption.ledger)", options.ledger), ("\(CommandOption.summary)", options.summary)] {
      guard let path, path != "-", !Self.isDevice(path) else { continue }
      for (other, taken) in named where taken != "-" && FileIdentity.isSame(taken, path) {
        throw OperationFailure(.usage, "\(other) and \(name) name the same file, \(path): choose different files")
      }
      named.append((name, path))
    }
  }

  private func format() throws -> SourceFormat {
    if let given = options.inputFormat { return given }
    if options.input == "-" || Self.isDevice(options.input) { return .ndjson }
    if let known = SourceFormat(path: options.input) { return known }
    // Report a missing file before an undetermined format.
    _ = try RecordInput.content(of: options.input)
    throw OperationFailure(
      .usage,
      "the format of the input \(options.input) cannot be determined from its name: pass \(CommandOption.inputFormat) "
        + SourceFormats.standard.listed)
  }

  private func openInput() throws -> any RecordSource {
    let format = try format()
    try options.inputReading.check(for: format)
    // A pointer leads to a list of records.
    if format.traits.contains(.isOneText), !options.isEach, options.inputReading.records == nil {
      return try RecordInput.document(options.input, encoding: options.inputReading.encoding)
    }
    var reading = RecordReading()
    reading.onBadQuote = options.onBadQuote
    reading.file = options.inputReading
    return try RecordInput.open(options.input, format: format, reading: reading)
  }

  private static func isDevice(_ path: String) -> Bool { FileKind.of(path) == .other }
}
