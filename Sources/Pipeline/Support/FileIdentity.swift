import Glibc

/// Tells whether two spellings of a path mean one file.
enum FileIdentity {
  /// Of a file that is written by a rename: its folder without links, and its own name, since a link there is replaced.
  static func written(_ path: String) -> String {
    let folder = FilePath.folder(of: path)
    return FilePath.join(real(folder.isEmpty ? "." : folder), FilePath.name(of: path))
  }

  /// Of a file that is read: a link is followed.
  static func read(_ path: String) -> String { resolved(path) ?? written(path) }

  /// A folder without links. Where it is not there yet, that holds of what is above it.
  private static func real(_ folder: String) -> String {
    if let found = resolved(folder) { return found }
    let (above, name) = (FilePath.folder(of: folder), FilePath.name(of: folder))
    guard above != folder else { return folder }
    let base = real(above.isEmpty ? "." : above)
    return switch name {
    case ".": base
    case "..": FilePath.folder(of: base)
    default: FilePath.join(base, name)
    }
  }

  private static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}
