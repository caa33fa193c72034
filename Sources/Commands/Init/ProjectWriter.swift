import Core
import FoundationEssentials

/// Writes the files of a new project: all of them, or, where one is there already or cannot be written, none.
struct ProjectWriter {
  var folder: String

  /// - Throws: `CommandFailure` 73.
  func write(_ files: [(path: String, bytes: [UInt8])], ignored: [String]) throws {
    let manager = FileManager.default
    let there = files.map { place($0.path) }.filter { manager.fileExists(atPath: $0) }
    guard there.isEmpty else {
      throw CommandFailure(
        .cannotWrite, "\(Wording.list(there)) \(there.count == 1 ? "is" : "are") there already: nothing was written; choose another folder")
    }
    var written: [String] = []
    var made: [String] = []
    do {
      for file in files {
        let path = place(file.path)
        made += try makeFolders(above: path)
        written.append(path)
        try Data(file.bytes).write(to: URL(filePath: path), options: .withoutOverwriting)
      }
      try addIgnored(ignored)
    } catch {
      for path in written { try? manager.removeItem(atPath: path) }
      // Removing what is not empty would take somebody else's files along.
      for path in made.reversed() where (try? manager.contentsOfDirectory(atPath: path))?.isEmpty == true {
        try? manager.removeItem(atPath: path)
      }
      if let failure = error as? CommandFailure { throw failure }
      throw CommandFailure(.cannotWrite, "the project cannot be written to \(folder): \(reason(error)); nothing of it is left")
    }
  }

  private func place(_ path: String) -> String { folder == "." ? path : folder + (folder.hasSuffix("/") ? "" : "/") + path }

  /// Those that it made, the outermost first.
  private func makeFolders(above path: String) throws -> [String] {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return [] }
    let parent = String(path[..<slash])
    var isFolder = false
    if FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder) {
      guard isFolder else { throw CommandFailure(.cannotWrite, "\(parent) is a file, and a folder is needed there; nothing was written") }
      return []
    }
    let above = try makeFolders(above: parent)
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
    return above + [parent]
  }

  /// Adds the lines that `.gitignore` does not have yet.
  private func addIgnored(_ lines: [String]) throws {
    let path = place(".gitignore")
    var text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let present = Set(text.split(whereSeparator: \.isNewline).map(String.init))
    let missing = lines.filter { !present.contains($0) }
    guard !missing.isEmpty else { return }
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    text += missing.map { $0 + "\n" }.joined()
    try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
  }

  private func reason(_ error: any Error) -> String {
    if let error = error as? CocoaError {
      switch error.code {
      case .fileWriteNoPermission, .fileReadNoPermission: return "no permission"
      case .fileWriteOutOfSpace: return "the disk is full"
      case .fileWriteVolumeReadOnly: return "the disk is read-only"
      default: return "\(error)"
      }
    }
    return "\(error)"
  }
}
