import Core
import Glibc

/// Paths as text.
package enum FilePath {
  /// The folder of a file; empty for one in the working folder.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The same as the operating system takes it: `.` for a file in the working folder.
  package static func openableFolder(of path: String) -> String {
    let folder = folder(of: path)
    return folder.isEmpty ? "." : folder
  }

  /// `path` as seen from `folder`; an absolute path stays as it is.
  package static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix(exactly: "/") || folder.isEmpty { return path }
    return folder.hasSuffix(exactly: "/") ? folder + path : "\(folder)/\(path)"
  }

  /// Whether something exists there.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func name(of path: String) -> String { path.split(exactly: "/").last { !$0.isEmpty } ?? path }

  /// The path with links, `.` and `..` resolved; nil if nothing exists there.
  static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// The path with links, `.` and `..` resolved, as far as it exists.
  static func real(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix(exactly: "/") { path.unicodeScalars.removeLast() }
    if let found = resolved(path) { return found }
    // A dangling or circular link has no file behind it.
    let name = path.split(exactly: "/").last { !$0.isEmpty } ?? ""
    let above = openableFolder(of: path)
    guard !name.isEmpty, !above.isExactly(path) else { return path }
    let base = real(above)
    return switch name {
    case ".": base
    case "..": openableFolder(of: base)
    default: join(base, name)
    }
  }

  /// The target of a symbolic link, as seen from here; nil if the path is not a link.
  static func linkTarget(of path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), bytes.count) } ?? -1
    }
    guard count > 0 else { return nil }
    return join(openableFolder(of: path), String(decoding: buffer[..<count], as: UTF8.self))
  }
}
