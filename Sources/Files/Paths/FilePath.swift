import Core
import Glibc

/// Paths as text.
package enum FilePath {
  /// The folder of a file; empty for one in the working folder.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` as seen from `folder`; an absolute path stays as it is.
  package static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix(exactly: "/") || folder.isEmpty { return path }
    return folder.hasSuffix(exactly: "/") ? folder + path : "\(folder)/\(path)"
  }

  /// Whether something exists there.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  package static func name(of path: String) -> String { path.split(exactly: "/").last { !$0.isEmpty } ?? path }
}
