import Core
import Files
import FoundationEssentials

/// The surroundings, as modified by the common options, and the paths of the project and its state.
struct CommandContext: Sendable {
  let console: Console
  let environment: [String: String]
  /// `--project`; relative paths stay as the user wrote them.
  let project: String
  let givenProject: String?
  private let givenState: String?
  let confirmation: Confirmation?

  init(_ options: CommonOptions, _ surroundings: Surroundings) {
    var console = surroundings.console
    console.isQuiet = options.quiet
    console.logsJSON = options.logFormat == .json
    if options.noColor { console.hasColour = false }
    self.console = console
    environment = surroundings.environment
    project = options.project ?? "."
    givenProject = options.project
    givenState = options.state
    confirmation = surroundings.confirmation
  }

  /// `--state`, or `.waybill` of the project.
  var state: String { givenState ?? path(".waybill") }

  /// `waybill.yaml` of the project.
  var pipelinePath: String { path("waybill.yaml") }

  /// A path inside the project.
  func path(_ name: String) -> String {
    if project == "." { return name }
    return project.hasSuffix("/") ? project + name : project + "/" + name
  }

  /// The boundary for files that `file` refers to; `file` was named on the command line.
  func boundary(around file: String) -> FileBoundary { .around(file, project: givenProject) }

  func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  func environmentValue(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
