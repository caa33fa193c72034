package import Core
import Mapping

/// The mappings that a pipeline names. Several pipelines may share one from outside of the project; then it is one, whose own files
/// stay around it, and not any file of the machine.
package enum PipelineMapping {
  /// Why a mapping that a pipeline names is not read, as the end of a sentence; nil where it is.
  package static func refusal(of path: String, within boundary: FileBoundary) -> String? {
    if boundary.contains(path) { return boundary.refusal(of: path) }
    guard FilePath.exists(path) else { return nil }
    var ignored = Diagnostics()
    guard YAMLReader.load(path: path, &ignored)?["mapping"] != nil else {
      return "is outside the project folder and is not a mapping"
    }
    return nil
  }

  /// Where the files that the mapping refers to must be.
  package static func boundary(of path: String, within boundary: FileBoundary) -> FileBoundary {
    boundary.contains(path) ? boundary : .around(path)
  }
}
