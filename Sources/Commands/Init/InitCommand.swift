import ArgumentParser
import Core

/// `waybill init [DIR]`: a project to start from.
struct InitCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a project to start from: waybill.yaml, mappings with their schemas and lookups, .gitignore.",
    discussion: """
      Example:
        waybill init acme
        waybill init everything --ghl
      Nothing that is there is overwritten.
      """)

  @Argument(help: ArgumentHelp("The folder (default: this one, or --project); made where it is missing.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Mappings that take every field of GHL as it is, instead of those for Your App.")
  var ghl = false

  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let folder = folder ?? context.project
    let files = ghl ? EveryFieldMapping.files(starter: PackageResources.starter_yaml) : ProjectFiles.all
    try ProjectWriter(folder: folder).write(files, ignored: ProjectFiles.ignored)
    context.console.note(Self.nextSteps(folder: folder, files: files.count))
    return .done
  }

  private static func nextSteps(folder: String, files: Int) -> String {
    let enter = folder == "." ? "" : "  cd \(folder)\n"
    return """
      \(Wording.count(files, "file")) written to \(folder == "." ? "this folder" : folder). Next:
      \(enter)  export GHL_LOCATION=… GHL_TOKEN=…    the location's id and its private integration token, or
                                               what `waybill sandbox` prints, to try it without an account
        waybill check                        whether mappings and pipeline are right
        waybill plan                         what would be fetched
        waybill run                          fetch, map, and write to out/
      """
  }
}
