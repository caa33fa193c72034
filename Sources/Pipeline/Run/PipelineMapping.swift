package import Core
package import Files

/// The mappings that a pipeline names. Like any other reference they must be below the project folder, with links resolved.
/// Only the command line may name a mapping outside it.
package enum PipelineMapping {
  /// Why a mapping that a pipeline names at `place` is refused: `outside-project` or `not-regular-file`; nil if it may be
  /// read. This does not read the file, so no message can show any of its content.
  package static func refusal(of path: String, at place: SourcePlace, within boundary: FileBoundary) -> Diagnostic? {
    boundary.refusal(of: path).map {
      Diagnostic(.error, $0.code, at: place, "the mapping '\(path)' \($0)", hint: $0.remedy)
    }
  }
}
