import ArgumentParser
import Core
import Mapping
import Pipeline
import PipelineFile

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
    abstract: "Print the JSON Schema of mapping or pipeline files",
    discussion: """
      Example:
        waybill schema mapping --output .waybill/mapping.schema.json
        waybill schema pipeline --output .waybill/pipeline.schema.json
      Editors use it to complete and check the files. For the YAML language server, begin a mapping with this line:
        # yaml-language-server: $schema=../.waybill/mapping.schema.json
      The schema covers keys, words and functions; `waybill check` also checks paths, types and lookups.
      """)

  @Argument(help: ArgumentHelp("Which schema: mapping or pipeline.", valueName: "language"))
  var language: Language

  @Option(help: ArgumentHelp("Write it to this file, replacing it, instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    guard let output, output != "-" else {
      try context.console.print(language.schema)
      return .done
    }
    try EditorSchema.write(language.schema, to: output)
    context.console.note(
      "\(output) written; to use it in an editor, begin a file with `# yaml-language-server: $schema=PATH`")
    return .done
  }
}
