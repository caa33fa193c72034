import ArgumentParser
import Core
import Mapping
import Pipeline

/// `waybill schema mapping|pipeline`: what an editor needs to complete and check the YAML.
struct SchemaCommand: WaybillCommand {
  enum Language: String, ExpressibleByArgument, CaseIterable, Sendable {
    case mapping, pipeline

    var schema: JSONValue {
      switch self {
      case .mapping: MappingSchema.json
      case .pipeline: PipelineSchema.json
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of mapping or pipeline files, with which editors complete and check them.",
    discussion: """
      Example:
        waybill schema mapping --output .waybill/mapping.schema.json
        waybill schema pipeline --output .waybill/pipeline.schema.json
      With the YAML language server, the first line of a mapping then says:
        # yaml-language-server: $schema=../.waybill/mapping.schema.json
      It knows keys, words and functions; paths, types and lookups are for `waybill check`.
      """)

  @Argument(help: ArgumentHelp("mapping or pipeline.", valueName: "language"))
  var language: Language

  @Option(help: ArgumentHelp("A file to write it to, instead of standard output; replaced where it is there.", valueName: "file"))
  var output: String?

  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard let output, output != "-" else {
      try context.console.print(language.schema)
      return .done
    }
    try EditorSchema.write(language.schema, to: output)
    context.console.note(
      "\(output) written; `# yaml-language-server: $schema=PATH` in a file's first line points an editor to it")
    return .done
  }
}
