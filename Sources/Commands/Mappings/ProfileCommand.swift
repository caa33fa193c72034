import ArgumentParser
import Core
import Extract
import Pipeline
import Profiles
import Records
import State
import Workbench

/// `waybill profile`: what the fields of a file or a snapshot look like, before there is a mapping.
struct ProfileCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Profile every field of a file or a snapshot",
    discussion: """
      Example:
        waybill profile people.csv
        waybill profile people.ndjson --field name
        waybill profile --snapshot latest --entity contact
        waybill profile people.csv --mapping people.yaml --json
      For each field it shows the types, how many records have it, empty and distinct values, lengths, the most frequent values, \
      and what texts look like: 9 is a digit, A and a are letters. Counts are exact, except the number of distinct values above \
      512; the most frequent values and the shapes of a large input come from a sample, which the profile states. \
      Personal fields are masked: those that the mapping's `pii` masks, others by their names. A masked field shows counts, \
      lengths and shapes, but no value. It profiles \(Wording.count(ProfileDocument.mostFields)) fields at most, and counts the others.
      """)

  @Argument(
    help: ArgumentHelp("A file: NDJSON, JSON or CSV, optionally gzipped; `-` is standard input.", valueName: "source"))
  var source: String?

  @Option(
    help: ArgumentHelp(
      "Profile the records of this snapshot, or `latest`; with a source, only take its custom field definitions.", valueName: "id"
    ))
  var snapshot: String?

  @Option(help: ArgumentHelp("The entity to profile, if the snapshot has several.", valueName: "name"))
  var entity: String?

  @Option(help: ArgumentHelp("Mask fields as the `pii` of this mapping requires.", valueName: "file"))
  var mapping: String?

  @Option(help: ArgumentHelp("Show everything about one field, such as phone or address.city.", valueName: "name"))
  var field: String?

  @Flag(help: "Show the values of masked fields; the profile says so.")
  var unmask = false

  @Option(
    help: ArgumentHelp(
      "The format of the input: \(SourceFormats.standard.listed) (default: by its extension; ndjson on a pipe).",
      valueName: "format"))
  var inputFormat: SourceFormat?

  @OptionGroup var file: FileOptions

  @Option(help: ArgumentHelp("Custom field definitions, as the API returns them.", valueName: "file"))
  var customFields: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The number of threads (default: one per processor).", valueName: "n"))
  var threads: Int?

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads \(threads): it must be from 1 to 256") }
    if source == nil, snapshot == nil {
      throw ValidationError("name a file to profile, or a snapshot: --snapshot latest")
    }
    if source == nil, inputFormat != nil {
      throw ValidationError("--input-format is for a file; a snapshot has its own format: remove --input-format")
    }
    if source != nil, entity != nil {
      throw ValidationError("--entity selects records of a snapshot: remove the source or --entity")
    }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    if let mapping { try context.requireMapping(mapping) }
    let console = context.console
    var options = ProfileJob.Options(input: source ?? "")
    options.inputFormat = inputFormat
    options.inputReading = file.reading
    options.mapping = mapping
    options.boundary = mapping.map { context.boundary(around: $0) }
    options.customFieldsFile = customFields
    options.isUnmasked = unmask
    options.threads = threads ?? Processors.count
    if let snapshot {
      let parts = try context.snapshotParts(snapshot)
      options.customFields = try parts.flatMap { try $0.customFields() ?? [] }
      if source == nil { try select(parts, &options) }
    }
    let progress = ProgressLine(console)
    let report: ProfileJob.Report
    do {
      defer { progress.clear() }
      report = try await ProfileJob(options, observer: progress).run()
    }
    let document = report.document
    let shown = report.diagnostics.withoutNotes
    if !shown.all.isEmpty, !console.isQuiet { console.show(shown) }
    for note in report.notes { console.note("\(document.input): \(note.text)") }
    if document.notProfiled > 0 {
      console.warn("\(Wording.count(document.notProfiled, "record")) of \(document.input) cannot be read and are not profiled")
    }
    if document.records == 0, document.notProfiled == 0 { console.warn("\(document.input) has no records: nothing was profiled") }
    guard let field else {
      try output.json ? console.print(document.json) : console.print(ProfileText(document).text(fitting: console.lineWidth))
      return .done
    }
    guard let found = document.source?.field(named: field) else {
      let hint = NearestName.hint(field, in: (document.source?.fields ?? []).map(\.name))
      throw OperationFailure(
        .usage, "--field \(field): \(document.input) has no such field; \(hint ?? "`waybill profile` without --field lists them")"
      )
    }
    var one = document
    one.source?.fields = [found]
    try output.json ? console.print(one.json) : console.print(ProfileText(one).details(of: found, fitting: console.lineWidth))
    return .done
  }

  /// The records of the snapshot that are to be profiled.
  private func select(_ parts: [Snapshot], _ options: inout ProfileJob.Options) throws {
    let id = parts.first?.id ?? ""
    let entities = Set(parts.flatMap { $0.manifest.entities.keys }.map(\.text)).sorted()
    let wanted: String
    if let entity {
      wanted = entity
    } else if entities.count == 1, let only = entities.first {
      wanted = only
    } else {
      throw OperationFailure(
        .usage, "snapshot \(id) has several entities: choose one of \(Wording.list(entities, "or")) with --entity")
    }
    options.records = parts.compactMap { $0.records(of: wanted) }
    guard let first = options.records.first else {
      let hint = NearestName.hint(wanted, in: entities) ?? "it has \(Wording.list(entities))"
      throw OperationFailure(.inputMissing, "snapshot \(id) has no \(wanted) records; \(hint)")
    }
    options.input = parts.count == 1 ? first.name : "\(wanted) records of snapshot \(id)"
    // Files that were imported have fields of their own.
    if let part = parts.first, !part.location.isExactly(SnapshotImport.location) {
      options.shape = SourceCatalogs.ghl(customFields: options.customFields).shape(of: wanted)
    }
  }
}

extension CommandContext {
  /// The parts of a snapshot, one for each location.
  ///
  /// - Throws: `OperationFailure` 66 if it does not exist, 78 if a newer version wrote it.
  func snapshotParts(_ id: String) throws -> [Snapshot] {
    let first = try snapshot(id)
    let parts = SnapshotReader(root: StateFolder(path: state).snapshots).parts(of: first.id)
    return parts.isEmpty ? [first] : parts.sorted { $0.location.precedesExactly($1.location) }
  }
}
