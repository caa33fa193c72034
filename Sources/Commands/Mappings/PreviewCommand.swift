import ArgumentParser
import Core
import Extract
import GHL
import Mapping
import Pipeline

/// `waybill preview MAPPING`: source, target and problems of some records side by side.
struct PreviewCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Shows what a mapping makes of some records: source, target and problems.",
    discussion: """
      Example:
        waybill preview mappings/contacts.yaml --code phone-invalid --limit 5
      Without --input it reads the latest snapshot. Values are shown as they are; nothing is stored.
      """)

  @Argument(help: ArgumentHelp("The mapping file.", valueName: "mapping"))
  var mapping: String

  @Option(help: ArgumentHelp("Records to read: NDJSON, JSON or CSV; `-` is standard input.", valueName: "file"))
  var input: String?

  @Option(help: ArgumentHelp("Records of this run's snapshot.", valueName: "run"))
  var run: String?

  @Option(help: ArgumentHelp("Only records with a problem of this code.", valueName: "slug"))
  var code: String?

  @Option(help: ArgumentHelp("At most so many records.", valueName: "n"))
  var limit = 5

  @OptionGroup var source: InputOptions
  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if limit < 1 { throw ValidationError("--limit \(limit): it must be 1 or more") }
    if run != nil, input != nil || source.snapshot != nil { throw ValidationError("--run goes without --input and --snapshot") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    try context.requireMapping(mapping)
    var source = source
    if let run {
      let record = try context.run(run, in: try context.openState())
      guard let snapshot = record.snapshot else {
        throw CommandFailure(.inputMissing, "run \(record.id) has no snapshot: it ended before its extraction did")
      }
      source.snapshot = snapshot
    } else if input == nil, source.snapshot == nil {
      source.snapshot = "latest"
    }
    var options = TransformJob.Options(mapping: mapping, input: input ?? "")
    try source.apply(to: &options, in: context)
    if input == nil, let id = source.snapshot { options.input = try records(of: id, in: context) }

    let console = context.console
    let report = PreviewJob(options, limit: limit, code: code).run()
    let shown = report.diagnostics.withoutNotes
    if !shown.all.isEmpty { console.show(shown) }
    if let failure = report.failure {
      console.fault(failure.description)
      return report.exitCode
    }
    if shown.hasErrors { return .wrongFile }
    if output.json {
      try console.print(.array(report.items.map(Self.json)))
    } else {
      for item in report.items { try console.print(PreviewText.text(of: item)) }
      if report.items.isEmpty {
        console.note(code.map { "no record has a problem '\($0)'" } ?? "the input has no records")
      }
    }
    return .done
  }

  /// The snapshot's file of the entity that the mapping reads.
  private func records(of id: String, in context: CommandContext) throws -> String {
    let snapshot = try context.snapshot(id)
    let compilation = MappingCompiler.compile(path: mapping, catalog: GHLCatalog(customFields: try snapshot.customFields()))
    guard compilation.model != nil else {
      throw CommandFailure(compilation.diagnostics, "\(mapping) does not compile: nothing to preview")
    }
    let entity = compilation.reads.entity
    guard let path = snapshot.path(of: entity) else {
      throw CommandFailure(.inputMissing, "snapshot \(snapshot.id) has no \(entity) records: name others with --input")
    }
    return path
  }

  private static func json(_ item: PreviewJob.Item) -> JSONValue {
    func object(_ pairs: [PreviewJob.Pair]) -> JSONValue { .object(pairs.map { .init($0.name, .string($0.text)) }) }
    var members: [JSONValue.Member] = []
    if let key = item.key { members.append(.init("record", .string(key))) }
    members += [
      .init("line", .number(item.line)), .init("outcome", .string(item.outcome.rawValue)), .init("source", object(item.source)),
      .init("target", object(item.target)),
      .init(
        "problems",
        .array(
          item.problems.map { problem in
            .object([
              .init("severity", .string(problem.severity.rawValue)), .init("code", .string(problem.code)),
              .init("field", problem.field.map { .string($0) } ?? .null), .init("message", .string(problem.message)),
            ])
          })),
    ]
    return .object(members)
  }
}
