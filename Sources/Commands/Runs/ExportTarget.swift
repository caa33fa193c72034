import Core
import Files
import FoundationEssentials
import Pipeline
import PipelineFile
import Report
import State

/// What a command that exports a run's files may replace: nothing but its own earlier files, and those only if that is asked for.
struct ExportTarget {
  /// `a table of rejects`.
  var what: String
  /// Why an earlier one is kept: `may have been corrected`.
  var may: String
  var isForced: Bool

  /// - Parameter content: what is in a file that would be replaced.
  /// - Throws: `OperationFailure` 64 if the project reads the file, if it is in the state folder, or if it exists and is not such a file
  ///   or is to be kept.
  func check(_ paths: [String], in context: CommandContext, _ content: (String) throws -> RejectsTable.FileContent) throws {
    let files = paths.filter { $0 != "-" && !StreamPath.isStream($0) }
    guard !files.isEmpty else { return }
    for path in files where FileIdentity.isSame(path, context.pipelinePath) {
      throw OperationFailure(.usage, "\(CommandOption.output) would overwrite the pipeline file \(path): choose another path")
    }
    let document =
      context.fileExists(context.pipelinePath)
      ? PipelineDocument.load(path: context.pipelinePath, environment: context.environment).0 : nil
    try OutputGuard.check(files, option: .output, against: document, state: context.state)
    for path in files { try checkReplaced(path, content) }
  }

  /// It may be a destination's file, a source of another pipeline, or anything else.
  private func checkReplaced(_ path: String, _ content: (String) throws -> RejectsTable.FileContent) throws {
    guard FileKind.of(path) == .regular else { return }
    let end: String
    switch try content(path) {
    case .nothing: return
    case .rejects:
      if isForced { return }
      end = "\(may), so it was not replaced; choose another path, or replace it with --force"
    case .other: end = "is not \(what), so it was not replaced; choose another path"
    }
    throw OperationFailure(.usage, "\(CommandOption.output): \(path) already exists and \(end)")
  }

  /// - Throws: `OperationFailure` 64 if the path of a folder is a file, or empty, as that of an unset variable of the shell is.
  static func checkFolder(_ path: String) throws(OperationFailure) {
    guard !path.isEmpty else {
      throw OperationFailure(.usage, "\(CommandOption.output) is empty: name a folder; `.` is the current one")
    }
    guard FilePath.exists(path) || StreamPath.isStream(path), !FolderListing.isFolder(path) else { return }
    throw OperationFailure(.usage, "\(CommandOption.output): \(path) is not a folder: choose another path")
  }
}
