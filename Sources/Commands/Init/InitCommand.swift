import ArgumentParser
import Core
import Files
import Mapping
import Pipeline
import PipelineFile
import Records
import Workbench

/// `waybill init [DIR]`: a project to start from.
struct InitCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create a project: pipeline, mappings, schemas and lookups",
    discussion: """
      Example:
        waybill init acme
        waybill init everything --ghl
        waybill init crm --sample contacts.ndjson --schema schemas/contact.json
        waybill init --sample a.csv --openapi api.yaml#/components/schemas/Person
        waybill init crm --openapi api.yaml
      With --sample it proposes a mapping from names, types and values. With --openapi it proposes an HTTP destination: \
      requests, schemas, and mappings from GHL or from the sample. Guesses have the key `review`, or a comment with \
      `review:` in waybill.yaml; fields it cannot map stay in the file as comments. It invents no values and never \
      overwrites a file.
      """)

  @Argument(
    help: ArgumentHelp("The project folder (default: --project, or the current one); created if missing.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Write mappings that copy every GHL field, instead of those for Your App.")
  var ghl = false

  @Option(help: ArgumentHelp("Records to propose a mapping from: NDJSON, JSON or CSV.", valueName: "file"))
  var sample: String?

  @Option(
    help: ArgumentHelp(
      "With --sample: the mapping's target schema, in JSON or YAML; FILE#/POINTER for one inside a document.",
      valueName: "file"))
  var schema: String?

  @Option(
    name: .customLong("openapi"),
    help: ArgumentHelp(
      "An OpenAPI 3.1, OpenAPI 3.0 or Swagger 2.0 document of the API to load into; FILE#/POINTER is the same as --schema.",
      valueName: "file"))
  var openAPI: String?

  @Option(
    help: ArgumentHelp(
      "The format of the sample: \(SourceFormats.standard.listed) (default: by its extension).", valueName: "format"))
  var inputFormat: SourceFormat?

  @OptionGroup var file: FileOptions

  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if sample == nil, schema != nil || inputFormat != nil {
      throw ValidationError("--schema and --input-format require --sample")
    }
    if sample == nil, namesSchema { throw ValidationError("--openapi FILE#/POINTER requires --sample") }
    if sample == nil, let part = file.reading.given.first { throw ValidationError("\(part.option) requires --sample") }
    if openAPI != nil, ghl { throw ValidationError("--ghl and --openapi cannot be used together") }
    if sample != nil, ghl { throw ValidationError("--ghl and --sample cannot be used together") }
    if schema != nil, openAPI != nil { throw ValidationError("--schema and --openapi cannot be used together") }
    if sample == "-" { throw ValidationError("--sample requires a file: a project cannot refer to standard input") }
  }

  /// `--openapi` names one schema, not a whole document.
  private var namesSchema: Bool { openAPI.map { $0.contains("#") && !FilePath.exists($0) } ?? false }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let folder = folder ?? context.project
    let writer = ProjectWriter(folder: folder)
    if let openAPI, !namesSchema { return try await propose(from: openAPI, in: folder, writer, context) }
    guard let sample else {
      let files = ghl ? EveryFieldMapping.files(starter: PackageResources.starter_yaml) : ProjectFiles.all
      let count = try writer.write(files, ignored: ProjectFiles.ignored)
      context.console.noteText(Self.nextSteps(folder: folder, files: count))
      return .done
    }
    let project = SampleProject(
      folder: folder, sample: sample, format: inputFormat, reading: file.reading, schema: schema ?? openAPI)
    let made = try await OwnThread.result { try project.make() }
    for warning in made.warnings { context.console.warn(warning) }
    let count = try writer.write(made.files, ignored: ProjectFiles.ignored)
    let extras = try writeEditorSchemas(folder, context)
    for note in made.notes { context.console.note("\(sample): \(note.text)") }
    context.console.noteText(report(made, folder: folder, files: count + extras, sample: sample))
    return .done
  }

  private func propose(
    from openAPI: String, in folder: String, _ writer: ProjectWriter, _ context: CommandContext
  ) async throws -> Core.ExitCode {
    let project = OpenAPIProject(
      folder: folder, path: openAPI,
      sample: sample.map { SampleProject(folder: folder, sample: $0, format: inputFormat, reading: file.reading) })
    let made = try await OwnThread.result { try project.make() }
    var diagnostics = Diagnostics()
    if let source = made.result.source { diagnostics.register(source) }
    for diagnostic in made.result.warnings { diagnostics.add(diagnostic) }
    context.console.show(diagnostics)
    for warning in made.warnings { context.console.warn(warning) }
    let count = try writer.write(made.files, ignored: ProjectFiles.ignored)
    let extras = try writeEditorSchemas(folder, context)
    if let sample { for note in made.notes { context.console.note("\(sample): \(note.text)") } }
    context.console.noteText(
      OpenAPISummary(made: made, folder: folder, files: count + extras, isFromSample: sample != nil).text)
    return .done
  }

  /// Writes the schemas that the first lines of the files refer to; existing ones are kept.
  private func writeEditorSchemas(_ folder: String, _ context: CommandContext) throws -> Int {
    let base = folder == "." ? "" : folder + (folder.hasSuffix("/") ? "" : "/")
    let files = [(EditorSchema.mappingPath, MappingSchema.json), (EditorSchema.pipelinePath, PipelineSchema.json)]
    var written = 0
    for (path, schema) in files where !context.fileExists(base + path) {
      try EditorSchema.write(schema, to: base + path)
      written += 1
    }
    return written
  }

  /// What was written, and the next commands: each works as printed, after the `cd`.
  private func report(_ made: SampleProject.Made, folder: String, files: Int, sample: String) -> String {
    let result = made.result
    let inside = folder == "." ? "" : folder + "/"
    let path = SampleProject.relative(sample, from: folder)
    let input = ["--input", path] + (inputFormat.map { ["--input-format", $0.name] } ?? []) + file.reading.words
    var text = """
      \(Wording.count(files, "file")) written to \(folder == "." ? "this folder" : VisibleText.escaped(folder)).
      \(ProposalSummary(result: result, mapping: inside + made.mapping).text)

      """
    for line in made.schemaReport { text += line + "\n" }
    text += "Next:\n"
    if folder != "." { text += "  \(ShellText.words(["cd", folder]))\n" }
    // Without a pipeline, name the mapping to check.
    let check = ["waybill", "check"] + (made.hasPipeline ? [] : [made.mapping])
    let commands: [(words: [String], note: String)] = [
      (check, "show what is guessed or not mapped"),
      (["waybill", "preview", made.mapping] + input + ["--watch"], "show source and target after each save"),
      made.hasPipeline
        ? (["waybill", "run"], "read, map, and write to out/")
        : (["waybill", "transform", "--mapping", made.mapping] + input + ["--output", "out.csv"], "read, map, and write"),
    ]
    let width = 36
    for command in commands {
      let words = ShellText.words(command.words)
      let space =
        words.count < width ? String(repeating: " ", count: width - words.count) : "\n" + String(repeating: " ", count: width + 2)
      text += "  \(words)\(space) \(command.note)\n"
    }
    text.removeLast()
    return text
  }

  private static func nextSteps(folder: String, files: Int) -> String {
    let enter = folder == "." ? "" : "  \(ShellText.words(["cd", folder]))\n"
    return """
      \(Wording.count(files, "file")) written to \(folder == "." ? "this folder" : VisibleText.escaped(folder)). Next:
      \(enter)  export GHL_LOCATION=… GHL_TOKEN=…    its ID and private integration token, or
                                               what `waybill sandbox` prints
        waybill check                        check mappings and pipeline
        waybill plan                         show what would be fetched
        waybill run                          fetch, map, and write to out/
      """
  }
}
