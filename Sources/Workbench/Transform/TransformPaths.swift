import Core
import Extract
import Files
import Glibc
import Mapping
import Records
import Transform

/// The files of a transform: their formats, and that none is another.
struct TransformPaths {
  private let inputFormat: SourceFormat
  let outputFormat: RecordFormat
  /// Nil: standard error.
  let ledger: String?
  /// Where the ledger of a failed transform goes, so that an existing output keeps its own; nil if the user named the
  /// ledger, or if it is standard error.
  let failedLedger: String?
  let isEmptyFile: Bool
  /// The output is written directly: a pipe or a device.
  let isPipe: Bool
  /// The folder for keys and records that do not fit in memory: beside the output, if that is a file.
  let spillFolder: String
  /// The options that name files to write.
  private let outputs: [(option: String, path: String)]

  /// - Throws: `OperationFailure`, with the exit code `usage` if the options are at fault.
  init(_ options: TransformJob.Options) throws {
    inputFormat = options.records == nil ? try Self.inputFormat(options) : .ndjson
    try Self.checkReading(options, inputFormat)
    outputFormat = try Self.outputFormat(options)
    for (option, path) in [
      ("\(CommandOption.output)", options.output), ("\(CommandOption.ledger)", options.ledger),
      ("\(CommandOption.summary)", options.summary),
    ] {
      guard let path, path.lowercased().hasSuffix(".gz") else { continue }
      throw OperationFailure(
        .usage,
        "\(option) \(path): outputs are not compressed; remove .gz, or write to a pipe: \(CommandOption.output) - | gzip > \(path)"
      )
    }
    isPipe = options.output == "-" || Self.isDevice(options.output)
    let folder = FilePath.folder(of: options.output)
    spillFolder = isPipe ? SpillFolder.standard : folder.isEmpty ? "." : folder
    switch options.ledger {
    case "-": ledger = nil
    case .some(let path): ledger = path
    case nil: ledger = isPipe ? nil : "\(options.output).ledger.ndjson"
    }
    // Next to the file that the ledger's path may link to, because it is renamed into place.
    failedLedger = options.ledger == nil ? ledger.map { Self.failedName(of: OutputFile.place(of: $0)) } : nil
    let named: [(String, String)] =
      [
        ("\(CommandOption.input)", options.input), ("\(CommandOption.mapping)", options.mapping),
        ("\(CommandOption.output)", options.output), ("\(CommandOption.ledger)", ledger ?? "-"),
        ("\(CommandOption.summary)", options.summary ?? "-"), ("\(CommandOption.customFields)", options.customFields ?? "-"),
        (Self.failedLedgerTitle, failedLedger ?? "-"),
      ] + options.keys.map { ("\(CommandOption.keys) \($0.mapping)", $0.path) }
    let given = named.filter { $0.1 != "-" && !Self.isDevice($0.1) }
    for (index, one) in given.enumerated() {
      for other in given[..<index] where FileIdentity.isSame(one.1, other.1) {
        throw OperationFailure(.usage, "\(other.0) and \(one.0) name the same file, \(one.1): choose different files")
      }
    }
    outputs = [
      ("\(CommandOption.output)", options.output), ("\(CommandOption.ledger)", ledger ?? "-"),
      ("\(CommandOption.summary)", options.summary ?? "-"),
      (Self.failedLedgerTitle, failedLedger ?? "-"),
    ].filter { $0.1 != "-" && !Self.isDevice($0.1) }
    let stored = options.entities.values.flatMap(\.files).sorted() + (options.records?.files ?? [])
    try Self.check(outputs, reading: (MappingFiles.all(of: options.mapping) ?? []) + stored)
    // Before any work: an invalid name would otherwise fail only at the end.
    for (option, path) in outputs {
      do { try OutputFile.check(path) } catch {
        guard ["\(CommandOption.ledger)", Self.failedLedgerTitle].contains(option), options.ledger == nil else { throw error }
        throw OperationFailure(.cannotWrite, "\(error): name the ledger with \(CommandOption.ledger)")
      }
    }
    let isEmpty = try options.records == nil && options.input != "-" && Self.isEmpty(options.input)
    // An empty file of a format with columns lacks them, and an empty `.gz` is not gzip data: both are refused when they are opened.
    isEmptyFile = isEmpty && inputFormat.header == nil && !options.input.lowercased().hasSuffix(".gz")
  }

  private static let failedLedgerTitle = "the ledger of a failed transform"

  /// `out.csv.ledger.failed.ndjson`
  private static func failedName(of ledger: String) -> String {
    let suffix = ".ndjson"
    return (ledger.hasSuffix(exactly: suffix) ? String(ledger.dropLast(suffix.count)) : ledger) + ".failed" + suffix
  }

  /// None of the outputs may be a file that the mapping reads: a schema, a lookup, definitions of custom fields.
  ///
  /// - Throws: `OperationFailure` with the exit code `usage`.
  func check(reading files: some Sequence<String>) throws { try Self.check(outputs, reading: files.sorted()) }

  private static func check(_ outputs: [(option: String, path: String)], reading files: [String]) throws {
    for (option, path) in outputs {
      guard let file = files.first(where: { FileIdentity.isSame($0, path) }) else { continue }
      throw OperationFailure(
        .usage, "\(option) \(path) would overwrite \(file), which the mapping reads: choose another path")
    }
  }

  /// A pipe can be read once only: its header is not known beforehand.
  private func isReadable(_ options: TransformJob.Options) -> Bool {
    options.records != nil || options.input != "-" && !Self.isDevice(options.input) && !isEmptyFile
  }

  /// The header of the input, whose records are of `entity`.
  func headers(_ options: TransformJob.Options, of entity: String) -> SourceHeaders {
    let isReadable = isReadable(options)
    return SourceHeaders(of: [entity]) { [inputFormat] _, reading in
      if let records = options.records { return try records.header(reading) }
      var reading = reading
      reading.file = options.inputReading
      return isReadable ? try inputFormat.header?(options.input, reading) : nil
    }
  }

  /// Refuses an input that is not what it is read as, if its format has no header that would show it.
  ///
  /// - Throws: `OperationFailure`.
  func checkContent(_ options: TransformJob.Options) throws {
    guard options.records == nil, isReadable(options), inputFormat.header == nil else { return }
    try InputAdvice.check(try open(options, RecordReading()), options.input, format: inputFormat, options.inputReading)
  }

  /// What the mapping's paths are checked against: the columns that the input declares, or GHL's shapes.
  func catalog(
    _ options: TransformJob.Options, _ headers: SourceHeaders, of entity: String, customFields: [CustomFieldDefinition]?
  ) -> any SourceCatalog {
    SourceCatalogs.files(
      options.records?.format ?? inputFormat, entities: [entity], columns: headers.columns,
      members: options.records?.members.map { [Name(entity): $0] } ?? [:], customFields: customFields
    ) { _ in isReadable(options) ? try open(options, RecordReading()) : nil }
  }

  /// Why most of the input's records could not be used, as far as the file shows it.
  func advice(_ options: TransformJob.Options) -> String? {
    options.records == nil ? InputAdvice.sentence(options.input, format: inputFormat, options.inputReading) : nil
  }

  /// The records of the input.
  func open(_ options: TransformJob.Options, _ reading: RecordReading) throws -> any RecordSource {
    if isEmptyFile { return NDJSONSource(MemoryInput([])) }
    if let records = options.records { return try records.open(reading) }
    let name = options.input == "-" ? "standard input" : nil
    var reading = reading
    reading.file = options.inputReading
    return try RecordInput.open(options.input, format: inputFormat, reading: reading, as: name)
  }

  private static func inputFormat(_ options: TransformJob.Options) throws -> SourceFormat {
    if let given = options.inputFormat { return given }
    if options.input == "-" || isDevice(options.input) { return .ndjson }
    if let format = SourceFormat(path: options.input) { return format }
    // Report a missing file before an undetermined format.
    _ = try RecordInput.content(of: options.input)
    throw unknownFormat(of: "input", options.input, "\(CommandOption.inputFormat) \(SourceFormats.standard.listed)")
  }

  /// - Throws: `OperationFailure` with the exit code `usage` if an option does not apply to the input.
  private static func checkReading(_ options: TransformJob.Options, _ format: SourceFormat) throws {
    guard options.records == nil else {
      guard let part = options.inputReading.given.first else { return }
      throw OperationFailure(
        .usage, "\(part.option) applies to an input file, but the records come from a snapshot: remove it")
    }
    try options.inputReading.check(for: format)
  }

  private static func outputFormat(_ options: TransformJob.Options) throws -> RecordFormat {
    if let given = options.outputFormat { return given }
    if options.output == "-" || isDevice(options.output) { return .ndjson }
    if let format = RecordFormat(path: options.output) { return format }
    throw unknownFormat(of: "output", options.output, "\(CommandOption.format) csv, ndjson or json")
  }

  private static func unknownFormat(of what: String, _ path: String, _ remedy: String) -> OperationFailure {
    OperationFailure(.usage, "the format of the \(what) \(path) cannot be determined from its name: pass \(remedy)")
  }

  /// A pipe or a device: written and read as it is.
  private static func isDevice(_ path: String) -> Bool {
    StreamPath.isStream(path)
  }

  private static func isEmpty(_ path: String) throws -> Bool {
    guard FileKind.of(path) != nil else { throw OperationFailure.reading(path, errno) }
    return FileKind.size(of: path) == 0
  }
}
