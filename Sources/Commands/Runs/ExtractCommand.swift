import ArgumentParser
import Control
import Core
import Extract
import Pipeline

/// `waybill extract`: the source into a snapshot.
struct ExtractCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Fetch what the mappings read into a snapshot",
    discussion: """
      Example:
        waybill extract --entity contact
        waybill run --snapshot latest --mapping contacts
      Records are stored untouched. Run mappings on a snapshot as often as you like, without the API.
      """)

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @Option(
    help: ArgumentHelp(
      "Only for mappings that read this entity: contact, task, note, appointment, …; repeatable.", valueName: "entity"))
  var entity: [String] = []

  @OptionGroup var source: RunSourceOptions

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    try source.checkSummary(document, in: context)
    let console = context.console
    let progress = ProgressLine(console)
    let engine = ExtractEngine(document, options: source.options(in: context), observer: progress)
    let entities = entity.isEmpty ? nil : entity
    let report = await TimeLimit.run(source.maxDuration) {
      progress.note("--max-duration has elapsed: ending gracefully")
    } _: {
      await engine.run(entities: entities)
    }
    progress.clear()
    if report.diagnostics.hasErrors {
      console.show(report.diagnostics)
    }
    let code = try console.settle(report.exitCode) {
      if output.json {
        try console.print(report.json)
      } else if !console.isQuiet, let snapshot = report.snapshot {
        try console.print(Self.text(of: snapshot, fitting: console.lineWidth))
      }
    }
    let problems = report.problems.filter { $0.severity != .note }
    for problem in problems.prefix(10) { console.warn("\(problem.entity) \(problem.record ?? ""): \(problem.message)") }
    if problems.count > 10 {
      console.warn("and \(Wording.count(problems.count - 10)) more")
    }
    let notes = report.problems.filter { $0.severity == .note }
    for note in notes.prefix(3) { console.note("\(note.entity): \(note.message)") }
    if notes.count > 3 { console.note("and \(Wording.count(notes.count - 3)) more notes like these") }
    if !problems.isEmpty, let snapshot = report.snapshot {
      console.note("The full list of what could not be fetched: \(snapshot.folder)/problems.ndjson")
    }
    if let failure = report.failure {
      console.fault(failure.description)
    } else if let snapshot = report.snapshot {
      let mappings = report.servesAll ? [] : report.mappings.flatMap { ["--mapping", $0] }
      // `latest` skips snapshots that were narrowed to some contacts.
      let id = snapshot.manifest.isComplete && snapshot.manifest.narrowing == nil ? "latest" : snapshot.id
      let place = pipeline.map { [$0] } ?? []
      let options = [("--location", source.location), ("--project", common.project), ("--state", common.state)]
        .flatMap { name, value in value.map { [name, $0] } ?? [] }
      let command = ShellText.words(["waybill", "run"] + place + ["--snapshot", id] + mappings + options)
      console.note("Run mappings on it without the API:", command: command)
    }
    if report.exitCode == .recordsFailed {
      console.fault(
        "\(Wording.count(report.lacks, "record, or list of records,", plural: "records, or lists of records,")) could not be fetched, "
          + "and no `coverage` gate of the pipeline allows that: extract again")
    }
    try source.writeSummary(report.json)
    return code
  }

  static func text(of snapshot: Snapshot, fitting width: Int?) -> String {
    let manifest = snapshot.manifest
    var text = "snapshot \(manifest.id)  location \(manifest.location)  \(manifest.isComplete ? "complete" : "NOT COMPLETE")\n\n"
    if let narrowing = manifest.narrowing { text += "narrowed: \(narrowing.text); it is never used as `latest`\n\n" }
    var table = TextTable([
      .init("ENTITY"), .init("RECORDS", isNumber: true), .init("EXPECTED", isNumber: true), .init("REFUSED", isNumber: true),
    ])
    for (entity, counts) in manifest.entities.sorted(by: { $0.key < $1.key }) {
      table.add([entity.text, Wording.count(counts.count), Wording.count(counts.expected), Wording.count(counts.refused)])
    }
    text += table.text(fitting: width)
    for reason in LeftOut.allCases {
      guard let count = manifest.leftOut[reason], count > 0 else { continue }
      let line = reason.sentence(count) + (snapshot.outsidePath.map { ": \($0)" } ?? "")
      text += "\n" + CellText.message(line, to: width) + "\n"
    }
    if manifest.quota.made > 0 { text += "\n" + Wording.requests(manifest.quota) + "\n" }
    return text + "\nfolder \(snapshot.folder)\n"
  }
}
