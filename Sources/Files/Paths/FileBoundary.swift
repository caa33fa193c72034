package import Core
import Glibc

/// The folders that must contain every file another file refers to: schemas, lookups, definitions. A mapping from elsewhere
/// must not reach one of your files through a path in it, whether by `..`, an absolute path or a symbolic link.
///
/// Files named on the command line may be anywhere.
package struct FileBoundary: Sendable, Hashable {
  /// Real paths, with links resolved.
  package private(set) var folders: [String]

  package init(_ folders: [String]) { self.folders = folders.map { FilePath.real($0) } }

  /// The boundary for files that `file` refers to. `file` was named on the command line: the boundary is its project
  /// folder, or without a project its own folder.
  ///
  /// The project is `project` (`--project`) if it contains the file, otherwise the nearest folder above the file that has a
  /// `waybill.yaml`.
  package static func around(_ file: String, project: String? = nil) -> FileBoundary {
    let folder = FilePath.real(FilePath.openableFolder(of: file))
    if let project {
      let boundary = FileBoundary([project])
      if boundary.contains(folder) { return boundary }
    }
    var above = folder
    while true {
      if access(above == "/" ? "/waybill.yaml" : above + "/waybill.yaml", F_OK) == 0 { return FileBoundary([above]) }
      guard above != "/", above.hasPrefix("/") else { return FileBoundary([folder]) }
      above = FilePath.openableFolder(of: above)
    }
  }

  /// Why a file that another file names is refused. The description is the end of a sentence about the file.
  package enum Refusal: Sendable, Hashable, CustomStringConvertible {
    case outside
    /// Reading it might never end.
    case notRegular

    package var description: String {
      switch self {
      case .outside: "is outside the project folder"
      case .notRegular: "is not a regular file (it is a pipe, a socket or a device)"
      }
    }

    package var code: DiagnosticCode {
      switch self {
      case .outside: .outsideProject
      case .notRegular: .notRegularFile
      }
    }

    /// What to do about it, for hints.
    package var remedy: String {
      switch self {
      case .outside:
        "copy it into the project: the folder with waybill.yaml, the one given with \(CommandOption.project), or else the folder of the file you named"
      case .notRegular: "save its content to a regular file and name that file"
      }
    }
  }

  package func adding(_ folders: [String]) -> FileBoundary {
    var wider = self
    wider.folders += folders.map { FilePath.real($0) }
    return wider
  }

  /// Whether a path is inside one of the folders, with links resolved. A path that does not exist yet is judged by where it
  /// would be.
  package func contains(_ path: String) -> Bool {
    // The operating system reads a path up to the first NUL.
    guard !path.utf8.contains(0) else { return false }
    let place = FilePath.real(path)
    return folders.contains { place.isExactly($0) || place.hasPrefix(exactly: $0 == "/" ? "/" : $0 + "/") }
  }

  /// Why a file that another file names is refused; nil if it may be read. A missing file is not refused: the reader reports that.
  package func refusal(of path: String) -> Refusal? {
    guard contains(path) else { return .outside }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR else { return nil }
    return .notRegular
  }
}
