package import Core
package import Extract
import Files
import Mapping
package import PipelineFile
import Records

/// Keeps what a command writes (`--summary`, `--output`) away from what belongs to Waybill and what the pipeline reads. A summary is
/// checked before anything else: a command that fails early writes its summary as well.
package enum OutputGuard {
  /// - Parameters:
  ///   - option: the one that names the file.
  ///   - document: nil if there is none that can be read.
  /// - Throws: `OperationFailure` with the exit code `usage` if the file is in the state folder, or one that the pipeline reads.
  package static func check(
    _ path: String, option: CommandOption = .summary, against document: PipelineDocument?, _ load: TargetFile? = nil,
    state: String
  ) throws(OperationFailure) {
    try check([path], option: option, against: document, load, state: state)
  }

  /// Several files. The pipeline's mappings are read only once.
  package static func check(
    _ paths: [String], option: CommandOption, against document: PipelineDocument?, _ load: TargetFile? = nil, state: String
  ) throws(OperationFailure) {
    let inputs = document.map { PipelineInputs(of: $0, load) }
    for path in paths {
      if FileIdentity.isInside(path, state) {
        throw OperationFailure(
          .usage, "\(option) \(path) is in the state folder \(state), which belongs to Waybill: choose another path")
      }
      if let other = inputs?.file(at: path) {
        throw OperationFailure(.usage, "\(option) would overwrite \(other): choose another path")
      }
    }
  }

  /// A command that ended before its outputs were known replaces an earlier summary, and nothing else.
  ///
  /// - Throws: `OperationFailure` with the exit code `usage` if there is anything other than a JSON object.
  package static func checkReplaced(_ path: String) throws(OperationFailure) {
    guard path != "-", FilePath.exists(path), !StreamPath.isStream(path) else { return }
    var diagnostics = Diagnostics()
    if let bytes = TextFile.read(path, &diagnostics),
      (try? JSONReader.read(String(decoding: bytes, as: UTF8.self)))?.objectValue != nil
    {
      return
    }
    throw OperationFailure(
      .usage, "\(CommandOption.summary): \(path) already exists and is not a summary, so it was not replaced; choose another path"
    )
  }
}

/// The files that a pipeline reads, with descriptions.
struct PipelineInputs {
  private var files: [(path: String, what: String)]

  init(of document: PipelineDocument, _ load: TargetFile?) {
    files = [(document.file, "the pipeline file")]
    if let path = load?.name { files.append((path, "the input")) }
    if case .files(_, let sources) = document.source { files += sources.map { ($0.path, "the source file") } }
    for mapping in document.mappings {
      files.append((mapping.path, "the mapping"))
      for file in MappingFiles.all(of: mapping.path) ?? [] where !file.isExactly(mapping.path) {
        files.append((file, "what '\(FilePath.name(of: mapping.path))' reads,"))
      }
    }
  }

  /// A description of the file at this path; nil if the pipeline does not read it.
  func file(at path: String) -> String? {
    files.first { FileIdentity.isSame($0.path, path) }.map { "\($0.what) \($0.path)" }
  }
}
