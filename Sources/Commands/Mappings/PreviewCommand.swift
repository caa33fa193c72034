import ArgumentParser
import Core
import Extract
import Mapping
import Pipeline
import Records
import Workbench

/// `waybill preview MAPPING`: some records field by field, source beside target, with their problems.
struct PreviewCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show what a mapping does to a few records",
    discussion: """
      Example:
        waybill preview mappings/contacts.yaml --code phone-invalid --limit 5
        waybill preview mappings/contacts.yaml --watch
        waybill preview mappings/contacts.yaml --run latest --watch
      It shows each target field beside the source fields that it reads, what the mapping does not read, and the problems. On \
      a terminal, a longer result scrolls with the keys of `less`. Records come from --input, the snapshot of --run, --snapshot, or the \
      newest complete, not narrowed snapshot. Values are shown unmasked; nothing is stored.
      With --watch it shows the result again after each save of the mapping, its lookups or its schemas, changed records first; \
      after an error the last result stays. The records are read once; press q to quit.
      Without --keys for a referenced mapping, references to it are not checked.
      """)

  @Argument(help: ArgumentHelp("The mapping file.", valueName: "mapping"))
  var mapping: String

  @Option(help: ArgumentHelp("Records to read: NDJSON, JSON or CSV; `-` is standard input.", valueName: "file"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Show the records that had a problem in this run (with --code, that problem), from its snapshot.", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("Only records with a problem of this code.", valueName: "slug"))
  var code: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show at most this many records (default: 5, or 20 on a page of --watch).", valueName: "n"))
  var limit: Int?

  @Flag(help: "Show the result again after each save of the mapping and its files, until you quit.")
  var watch = false

  @Option(help: ArgumentHelp("Read at most this many records of the input.", valueName: "n"))
  var sample = 10_000

  @OptionGroup var keys: KeysOptions

  @OptionGroup var source: InputOptions
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if sample < 1 { throw ValidationError("--sample \(sample): it must be 1 or more") }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
    if run != nil, input != nil || source.snapshot != nil {
      throw ValidationError("--run cannot be used with --input or --snapshot")
    }
  }

  var endsByInterruption: Bool { watch }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try context.requireMapping(mapping)
    var source = source
    var lines: Set<Int>?
    if let run {
      let runs = try context.openRuns()
      let record = try context.run(run, in: runs)
      guard let snapshot = record.snapshot else {
        throw OperationFailure(.inputMissing, "run \(record.id) has no snapshot: it ended before its extraction finished")
      }
      source.snapshot = snapshot
      lines = try faulty(of: record.id, in: runs)
    } else if input == nil, source.snapshot == nil {
      source.snapshot = "latest"
    }
    var options = TransformJob.Options(mapping: mapping, input: input ?? "")
    options.keys = keys.files
    let snapshot = try source.apply(to: &options, in: context)
    if input == nil, let snapshot {
      let records = try records(of: snapshot)
      (options.input, options.records) = (records.name, records)
    }

    let console = context.console
    // With a run, the code comes from that run: today's mapping may have fixed it.
    let code = run == nil ? code : nil
    if watch { return try await watch(options, code: code, lines: lines, in: context) }
    var once = session(options, code: code, lines: lines)
    once.limit = limit ?? 5
    let report = await PreviewSession(once).refresh()
    let shown = report.diagnostics.withoutNotes
    if !shown.all.isEmpty { console.show(shown) }
    if let failure = report.failure {
      console.fault(failure.description)
      return failure.exitCode
    }
    if shown.hasErrors { return .wrongFile }
    for note in report.notes { console.note(note) }
    if output.json {
      try console.print(.array(report.items.map { PreviewJSON.json(of: $0.item) }))
    } else {
      let text = report.items.map { PreviewText.text(of: $0.item, fitting: console.lineWidth) }.joined(separator: "\n")
      if Screen.isAvailable(environment: context.environment), text.count(where: { $0 == "\n" }) >= Screen.size.rows {
        var page = PreviewPage(mapping: mapping, code: code, hasColour: console.hasColour)
        page.isWatching = false
        let screen = try Screen(console.paint)
        return try await PreviewWatch(session: once, page: page, isJSON: false, console: console, screen: screen).show(report)
      }
      if !report.items.isEmpty { try console.print(text) }
      if report.items.isEmpty {
        let none = lines == nil ? "the input has no records" : "no record had a matching problem in this run"
        let first = report.isCut ? "; only the first \(Wording.count(sample)) records were read: use --sample to read more" : ""
        console.note((code.map { "no record has a problem '\($0)'" } ?? none) + first)
      }
    }
    return .done
  }

  /// The lines of the records that had a problem in a run.
  private func faulty(of run: String, in runs: any RunStore) throws -> Set<Int> {
    var diagnostics = Diagnostics()
    let name = YAMLReader.load(path: mapping, &diagnostics)?["name"]?.scalar?.text
    return Set(try runs.ledger(LedgerQuery(run: run, mapping: name, code: code)).compactMap(\.line))
  }

  private func session(_ options: TransformJob.Options, code: String?, lines: Set<Int>?) -> PreviewSession.Options {
    var session = PreviewSession.Options(options)
    session.code = code
    session.lines = lines
    session.maximumRecords = sample
    session.threads = min(4, Processors.count)
    return session
  }

  private func watch(
    _ options: TransformJob.Options, code: String?, lines: Set<Int>?, in context: CommandContext
  ) async throws -> Core.ExitCode {
    let console = context.console
    let onPage = !output.json && Screen.isAvailable(environment: context.environment)
    var session = session(options, code: code, lines: lines)
    // A page takes what fits on it.
    session.limit = limit ?? (onPage ? 20 : 5)
    let page = PreviewPage(mapping: mapping, code: code, hasColour: onPage && console.hasColour)
    let screen = onPage ? try Screen(console.paint) : nil
    return try await PreviewWatch(session: session, page: page, isJSON: output.json, console: console, screen: screen).run()
  }

  /// The snapshot's records of the entity that the mapping reads.
  private func records(of snapshot: Snapshot) throws -> StoredRecords {
    var diagnostics = Diagnostics()
    // Even a mapping that does not compile names its source entity.
    guard let entity = YAMLReader.load(path: mapping, &diagnostics)?["source"]?["entity"]?.scalar?.text else {
      throw UncompiledFiles(diagnostics, "\(mapping) does not name a source entity: there is nothing to preview")
    }
    guard let records = snapshot.records(of: entity) else {
      throw OperationFailure(.inputMissing, "snapshot \(snapshot.id) has no \(entity) records: name others with --input")
    }
    return records
  }
}
