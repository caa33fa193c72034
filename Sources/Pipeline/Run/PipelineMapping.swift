package import Core

/// The mappings that a pipeline names. They are references like any other: below the project folder, links followed. Only the
/// command line may name a mapping anywhere.
package enum PipelineMapping {
  /// Why a mapping that a pipeline names at `place` is not read: `outside-project`; nil where it is. Nothing of the file is read
  /// for this, so that no message can show any of it.
  package static func refusal(of path: String, at place: SourcePlace, within boundary: FileBoundary) -> Diagnostic? {
    boundary.refusal(of: path).map {
      Diagnostic(.error, .outsideProject, at: place, "the mapping '\(path)' \($0)", hint: FileBoundary.remedy)
    }
  }
}
