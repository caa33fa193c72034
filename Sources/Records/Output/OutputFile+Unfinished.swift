import Glibc

extension OutputFile {
  /// Removes unfinished files that dead processes left in a folder, and returns their names. The caller makes sure that no
  /// live process writes there; a file that is locked is kept in any case.
  @discardableResult
  package static func removeUnfinished(in folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var removed: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      guard process(ofTemporary: name) != nil else { continue }
      let descriptor = open("\(folder)/\(name)", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        continue
      }
      if unlink("\(folder)/\(name)") == 0 { removed.append(name) }
    }
    return removed
  }
}
