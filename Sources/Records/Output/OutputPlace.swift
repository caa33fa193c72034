import Core
import Glibc

/// Where a file is really written: a symbolic link is written through, so the new file takes the place of what the link, or a chain
/// of links, leads to.
struct OutputPlace {
  /// The path without a link as its last part.
  let path: String

  private static let longestChain = 40

  /// - Throws: `OutputFailure` where the links lead in a circle, where what they lead to lies in no folder, and where the name is
  ///   longer than the file system allows.
  init(_ given: String) throws(OutputFailure) {
    var path = given
    var steps = 0
    while let target = Self.target(of: path) {
      steps += 1
      guard steps <= Self.longestChain else {
        throw OutputFailure(path: given, reason: "its symbolic links form a loop", remedy: "remove the link")
      }
      path = target
    }
    let folder = Self.folder(of: path)
    var status = stat()
    let hasFolder = stat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    guard steps == 0 || hasFolder else {
      throw OutputFailure(
        path: given, reason: "it is a symbolic link to \(path), and there is no folder \(folder)",
        remedy: "create the folder, or remove the link")
    }
    let name = path.split(exactly: "/").last { !$0.isEmpty } ?? ""
    let limit = hasFolder ? pathconf(folder, Int32(_PC_NAME_MAX)) : Int(NAME_MAX)
    guard limit <= 0 || name.utf8.count <= limit else {
      throw OutputFailure(
        path: given, reason: "its name has \(name.utf8.count) bytes, and \(limit) are allowed", remedy: "choose a shorter name")
    }
    self.path = path
  }

  /// The same without a check: as far as the links can be followed.
  static func path(of given: String) -> String { (try? OutputPlace(given))?.path ?? given }

  static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What a symbolic link leads to, as a path from here; nil where the path is none.
  private static func target(of path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), bytes.count) } ?? -1
    }
    guard count > 0 else { return nil }
    let target = String(decoding: buffer[..<count], as: UTF8.self)
    return target.hasPrefix(exactly: "/") ? target : "\(folder(of: path))/\(target)"
  }
}

/// The process's mask of permissions. It can only be set by the call that reads it, which other threads would notice; Linux tells it
/// in a file.
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
