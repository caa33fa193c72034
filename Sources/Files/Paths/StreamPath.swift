import Glibc

/// Detects paths that are read and written as streams and never replaced: pipes, devices, and the system's names for open
/// files (`/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/1`), even if they refer to a regular file.
package enum StreamPath {
  package static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return isNameOfSystem(path)
    case S_IFDIR: return false
    default: return true
    }
  }

  /// A named pipe (`mkfifo`), whose other end may not be open yet.
  package static func isNamedPipe(_ path: String) -> Bool {
    var status = stat()
    return path != "-" && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO && descriptor(of: path) == nil
  }

  /// The open file that a path names; nil if it is not one of this process.
  static func descriptor(of path: String) -> Int32? {
    for place in places(of: path) {
      let parts = place.split(separator: "/")
      guard parts.count >= 3, let number = Int32(parts[parts.count - 1]), parts[parts.count - 2] == "fd" else { continue }
      if parts[0] == "dev" || (parts[0] == "proc" && (parts[1] == "self" || Int32(parts[1]) == getpid())) { return number }
    }
    return nil
  }

  private static func isNameOfSystem(_ path: String) -> Bool {
    // `/dev/shm` is a folder like any other.
    places(of: path).contains { ($0.hasPrefix("/dev/") && !$0.hasPrefix("/dev/shm/")) || $0.hasPrefix("/proc/") }
  }

  /// The path and what it is a link to, link by link; each with its folder's real name.
  private static func places(of path: String) -> [String] {
    var places: [String] = []
    var next: String? = path
    while let path = next, places.count < 40 {
      let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
      let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      let name = cut.map { String(path[path.utf8.index(after: $0)...]) } ?? path
      guard let real = realpath(folder, nil) else { break }
      defer { free(real) }
      let base = String(cString: real)
      let place = base.hasSuffix("/") ? base + name : "\(base)/\(name)"
      places.append(place)
      next = FilePath.linkTarget(of: place)
    }
    return places
  }
}
