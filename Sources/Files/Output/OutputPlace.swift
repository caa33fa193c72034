import Core
import Glibc

/// Where a file is really written: a symbolic link is written through, so the new file replaces the target of the link, or
/// of a chain of links.
struct OutputPlace {
  /// The path, not ending in a link.
  let path: String

  private static let longestChain = 40

  /// - Throws: `OperationFailure` if the links form a loop, if their target's folder does not exist, or if the name is longer
  /// than the file system allows.
  init(_ given: String) throws(OperationFailure) {
    var path = given
    var steps = 0
    while let target = FilePath.linkTarget(of: path) {
      steps += 1
      guard steps <= Self.longestChain else {
        throw OperationFailure.writing(given, "its symbolic links form a loop", remedy: "remove the link")
      }
      path = target
    }
    let folder = FilePath.openableFolder(of: path)
    var status = stat()
    let hasFolder = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    guard steps == 0 || hasFolder else {
      throw OperationFailure.writing(
        given, "it is a symbolic link to \(path), but there is no folder \(folder)",
        remedy: "create the folder, or remove the link")
    }
    let name = path.split(exactly: "/").last { !$0.isEmpty } ?? ""
    let limit = hasFolder ? pathconf(folder, Int32(_PC_NAME_MAX)) : Int(NAME_MAX)
    guard limit <= 0 || name.utf8.count <= limit else {
      throw OperationFailure.writing(
        given, "its name has \(name.utf8.count) bytes, but only \(limit) are allowed",
        remedy: "choose a shorter name")
    }
    self.path = path
  }

  /// The same without checks: follows the links as far as possible.
  static func path(of given: String) -> String { (try? OutputPlace(given))?.path ?? given }
}

/// The process's umask. The system call can only read it by setting it, which other threads would notice; Linux also
/// reports it in a file.
enum ProcessMask {
  static var current: mode_t {
    guard let file = fopen("/proc/self/status", "re") else { return changed }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("Umask:") else { continue }
      let digits = text.dropFirst("Umask:".count).filter { ("0"..."7").contains($0) }
      return mode_t(digits, radix: 8) ?? changed
    }
    return changed
  }

  private static var changed: mode_t {
    let mask = umask(0o077)
    umask(mask)
    return mask
  }
}
