import Glibc

/// The folders in which files must lie that other files name: schemas, lookups, definitions. A mapping from somewhere else must not
/// reach one of your files through a path in it, whether by `..`, an absolute path or a symbolic link.
///
/// Files named on the command line may be anywhere.
package struct FileBoundary: Sendable, Hashable {
  /// Real paths, without links.
  package private(set) var folders: [String]

  package init(_ folders: [String]) { self.folders = folders.map { Self.real($0) } }

  /// The boundary of what `file` names, which was named on the command line: its project folder, or without one its own folder.
  ///
  /// The project is `project` where the file lies in it (`--project`), otherwise the nearest folder above the file that has a
  /// `waybill.yaml`.
  package static func around(_ file: String, project: String? = nil) -> FileBoundary {
    let folder = real(self.folder(of: file))
    if let project {
      let boundary = FileBoundary([project])
      if boundary.contains(folder) { return boundary }
    }
    var above = folder
    while true {
      if access(above == "/" ? "/waybill.yaml" : above + "/waybill.yaml", F_OK) == 0 { return FileBoundary([above]) }
      guard above != "/", above.hasPrefix("/") else { return FileBoundary([folder]) }
      above = self.folder(of: above)
    }
  }

  /// What to do about a file outside, for hints.
  package static let remedy =
    "copy it into the project: the folder with waybill.yaml, or --project, or else the folder of the file you named"

  package func adding(_ folders: [String]) -> FileBoundary {
    var wider = self
    wider.folders += folders.map { Self.real($0) }
    return wider
  }

  /// Whether a path leads to something in one of the folders, links followed. What is not there yet is where it would be.
  package func contains(_ path: String) -> Bool {
    let place = Self.real(path)
    return folders.contains { place == $0 || place.hasPrefix($0 == "/" ? "/" : $0 + "/") }
  }

  /// Why a file that another file names is not read, as the end of a sentence about it; nil where it may be. A file that is not there
  /// may be, too: its absence is for the reader to say.
  package func refusal(of path: String) -> String? {
    guard contains(path) else { return "is outside the project folder" }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG, status.st_mode & S_IFMT != S_IFDIR else { return nil }
    return "is not a regular file (a pipe or a device)"
  }

  // MARK: Paths

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without links and steps; of what is not there, as far as it is.
  private static func real(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix(exactly: "/") { path.unicodeScalars.removeLast() }
    if let found = realpath(path, nil) {
      defer { free(found) }
      return String(cString: found)
    }
    // A link that leads nowhere, or in a circle, has no file behind it.
    let name = path.split(exactly: "/").last { !$0.isEmpty } ?? ""
    let above = folder(of: path)
    guard !name.isEmpty, !above.isExactly(path) else { return path }
    let base = real(above)
    switch name {
    case ".": return base
    case "..": return folder(of: base)
    default: return base == "/" ? "/" + name : "\(base)/\(name)"
    }
  }
}
