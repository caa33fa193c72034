package import Core
package import Files
import FoundationEssentials
package import Records
import Report
import Transform
package import Values

/// One mapping over one file or pipe: what `waybill transform` does, and what other engines call.
package struct TransformJob: Sendable {
  package struct Options: Sendable {
    /// `now` of expressions, RFC 3339.
    package var now = Date().ISO8601Format()
    /// Records of a snapshot's entities, for lookups over them.
    package var entities: [Name: StoredRecords] = [:]
    /// The boundary for files that the mapping refers to. Nil: around the mapping file.
    package var boundary: FileBoundary?
    /// The mapping file.
    package var mapping: String
    /// A path, or `-` for standard input; gzip is decompressed. With `records`, their name.
    package var input: String
    /// The records of a snapshot, instead of those of a file.
    package var records: StoredRecords?
    /// A path, or `-` for standard output.
    package var output = "-"
    /// Nil: by the extension, NDJSON on pipes.
    package var inputFormat: SourceFormat?
    /// How the input is read; with `records`, they know.
    package var inputReading = FileReading()
    package var outputFormat: RecordFormat?
    /// Nil: `OUTPUT.ledger.ndjson` beside the output (`out/contacts.csv.ledger.ndjson`), or standard error where the
    /// output is a pipe. `-` is standard error. If this is nil, the ledger of a failed transform is
    /// `OUTPUT.ledger.failed.ndjson`: an earlier output keeps its own.
    package var ledger: String?
    package var summary: String?
    package var threads = 1
    /// A file with custom field definitions: the API's response, or a snapshot's `custom-fields.json`.
    package var customFields: String?
    /// The location's zone and country, if a snapshot has them.
    package var locationZone: String?
    package var locationRegion: String?
    /// The keys of mappings that this one references.
    package var keys: [KeysFile] = []
    package var crlf = false
    package var escapesFormulas = true
    /// Rejected records do not change the exit code.
    package var isLenient = false
    /// Of `pii: hash`; without it such values are hidden.
    package var digestKey: DigestKey?

    package init(mapping: String, input: String) {
      self.mapping = mapping
      self.input = input
    }
  }

  package struct Report: Sendable, JobReport {
    package var summary: TransformSummary
    package var diagnostics: Diagnostics
    /// Why it failed.
    package var failure: OperationFailure?
    /// The path of the ledger; nil: it went to standard error.
    package var ledger: String?

    package var exitCode: ExitCode { summary.exitCode }
  }

  private let options: Options
  private let observer: any RunObserver

  package init(_ options: Options, observer: any RunObserver = SilentObserver()) {
    self.options = options
    self.observer = observer
  }

  /// Never throws. The output and then the ledger appear at their paths once the input has been read to its end. Otherwise
  /// the output does not appear (a pipe has received what came before), and the ledger contains what the summary counts.
  package func run() async -> Report {
    let start = ContinuousClock.now
    var report = Report(summary: TransformSummary(mapping: FilePath.name(of: options.mapping)), diagnostics: Diagnostics())
    do {
      try await transform(&report)
    } catch {
      report.failure = OperationFailure(error)
    }
    report.end(since: start, isLenient: options.isLenient, summaryTo: options.summary)
    return report
  }

  private func transform(_ report: inout Report) async throws {
    let paths = try TransformPaths(options)
    report.ledger = paths.ledger
    for path in [options.input, options.output] where StreamPath.isNamedPipe(path) {
      observer.receive(.waitingForPipe(path: path))
    }
    let program = try await TransformCompiler.compile(options, paths, &report.diagnostics).program
    // Also what schemas refer to, once it is known.
    try paths.check(reading: report.diagnostics.files.keys.map(\.text))
    report.summary.mapping = program.model.name
    report.summary.unchecked = program.model.unchecked
    if paths.isEmptyFile { report.summary.messages.append("the input \(options.input) is empty: nothing was read") }
    let keys = try references(of: program.model, paths)
    report.summary.otherNotes = keys.flatMap(\.notes)
    let links = ProgramLinks(keys)
    // Opened first: what cannot be read must not make an output.
    var source = try paths.open(options, program.model.fileReading)
    for path in [options.output, paths.ledger ?? "-"] { OutputFile.removeLeftovers(beside: path) }
    let ledger: LineSink = try paths.ledger.map { .file(try OutputFile(path: $0, mode: 0o600)) } ?? .standardError
    let output = try OutputFile(path: options.output, isCSV: paths.outputFormat == .csv)
    let lines = ProblemLines(
      program, context: .init(inputFile: options.input == "-" ? nil : options.input, digestKey: options.digestKey))
    let encoding = encoding(of: program, paths.outputFormat)
    var runnerOptions = TransformRunner.Options(threads: options.threads)
    runnerOptions.spillFolder = paths.spillFolder
    let runner = TransformRunner(program, encoding: encoding, options: runnerOptions, links: links)
    try writeHeader(of: encoding, to: output)
    observer.stageBegan(.transform, of: program.model.name, expected: nil)
    defer { observer.stageEnded(.transform, of: program.model.name) }
    var counts = TransformCounts()
    var hasAppeared = paths.isPipe
    var counted = 0
    // Whatever ended the work, the ledger reports why records were rejected up to then. Has no effect if the ledger has
    // already appeared.
    defer {
      if hasAppeared {
        ledger.keep(counted)
      } else {
        let isKept = ledger.keep(counted, at: paths.failedLedger)
        if let failed = paths.failedLedger { report.ledger = isKept ? failed : nil }
      }
    }
    defer {
      report.summary.counts = counts
      if !hasAppeared {
        report.summary.pending = counts.written
        report.summary.counts.written = 0
      }
    }
    var needsSeparator = false
    var batch = LedgerBatch()
    let total = try await runner.run(&source) { lane in
      let text = lane.output.withPending { $0 }
      if text.count > 0 {
        if needsSeparator { try output.write(String(describing: encoding.separator)) }
        try output.write(text)
        needsSeparator = true
      }
      if !lane.log.isEmpty {
        // One write per batch, not one per problem.
        batch.removeAll()
        for problem in lane.log.problems { batch.append(lines.line(of: problem, in: lane.log)) }
        try ledger.write(batch.text)
      }
      counts += lane.counts
      counted = ledger.byteCount
      observer.stageAdvanced(.transform, of: program.model.name, done: counts.read)
    }
    counts.inputNotes = total.inputNotes
    let absent = NeverPresent.all(total.absent, in: program)
    batch.removeAll()
    for field in absent {
      batch.append(field.line(of: program.model.name, inputFile: options.input == "-" ? nil : options.input))
    }
    try ledger.write(batch.text)
    counts.add(absent)
    counted = ledger.byteCount
    if counts.read == 0, !paths.isEmptyFile {
      let what = program.model.each.map { "no record has an element in '\($0.text)'" } ?? "it has no records"
      report.summary.messages.append(
        "nothing was read from \(options.input == "-" ? "standard input" : options.input): \(what)")
    }
    if counts.read > 0, counts.rejected * 2 >= counts.read, let advice = paths.advice(options) {
      report.summary.messages.append(advice)
    }
    report.summary.messages += keys.compactMap(\.advice)
    try output.write(String(describing: encoding.footer))
    try output.seal()
    try ledger.seal()
    try output.commit()
    hasAppeared = true
    report.summary.messages += output.warnings
    try ledger.commit()
  }

  /// - Throws: `OperationFailure` with the exit code `usage` if keys are missing or unused, and whatever `KeysLoader.load` throws.
  private func references(of model: MappingModel, _ paths: TransformPaths) throws -> [LoadedKeys] {
    var loaded: [LoadedKeys] = []
    let wanted = model.referenced
    for keys in options.keys {
      guard wanted.contains(exactly: keys.mapping) else {
        let hint = NearestName.hint(keys.mapping, in: wanted).map { ", \($0)" } ?? ""
        throw OperationFailure(
          .usage, "\(CommandOption.keys) \(keys.mapping): '\(model.name)' does not reference a mapping of this name\(hint)")
      }
      guard !loaded.contains(where: { $0.file.mapping.isExactly(keys.mapping) }) else {
        throw OperationFailure(.usage, "\(CommandOption.keys) \(keys.mapping) is given twice")
      }
      loaded.append(try keys.load(folder: paths.spillFolder))
    }
    for name in wanted where !loaded.contains(where: { $0.file.mapping.isExactly(name) }) {
      throw OperationFailure(
        .usage,
        "'\(model.name)' references '\(name)', whose keys are not available: pass what it wrote with \(CommandOption.keys) \(name)=FILE"
      )
    }
    return loaded
  }

  private func writeHeader(of encoding: TargetEncoding, to output: OutputFile) throws {
    var out = ByteArena(capacity: 4096)
    out.begin()
    encoding.appendHeader(into: &out)
    try output.write(out.finish())
  }

  private func encoding(of program: Program, _ format: RecordFormat) -> TargetEncoding {
    switch format {
    case .ndjson: return .ndjson(program)
    case .json: return .json(program)
    case .csv:
      var csv = CSVRecordEncoder.Options()
      csv.crlf = options.crlf
      csv.escapesFormulas = options.escapesFormulas
      return .csv(program, options: csv)
    }
  }
}
