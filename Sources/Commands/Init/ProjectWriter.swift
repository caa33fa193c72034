import Core
import Files
import FoundationEssentials
import Records

/// Writes the files of a new project: all of them, or none if one already exists or cannot be written.
struct ProjectWriter {
  var folder: String

  /// - Returns: how many files were written, `.gitignore` included.
  /// - Throws: `OperationFailure` 73.
  func write(_ files: [(path: String, bytes: [UInt8])], ignored: [String]) throws -> Int {
    let manager = FileManager.default
    let there = files.map(\.path).filter { manager.fileExists(atPath: place($0)) }
    guard there.isEmpty else {
      throw OperationFailure(
        .cannotWrite,
        "\(folder == "." ? "this folder" : folder) already has \(Wording.list(there)): nothing was written; choose another folder"
      )
    }
    let made = missingFolders(files.map { place($0.path) })
    // Written beside their final paths first; they appear there only when all of them are complete.
    var outputs: [OutputFile] = []
    do {
      for file in files {
        let output = try OutputFile(path: place(file.path))
        outputs.append(output)
        try output.write(String(decoding: file.bytes, as: UTF8.self))
      }
      if let text = ignoreText(ignored) {
        let output = try OutputFile(path: place(".gitignore"))
        outputs.append(output)
        try output.write(text)
      }
      for output in outputs { try output.seal() }
      for output in outputs { try output.commit() }
      return outputs.count
    } catch {
      for output in outputs { output.abandon() }
      for path in files.map({ place($0.path) }) { try? manager.removeItem(atPath: path) }
      for path in made where (try? manager.contentsOfDirectory(atPath: path))?.isEmpty == true {
        try? manager.removeItem(atPath: path)
      }
      throw OperationFailure(.cannotWrite, "\(error): nothing of the project was written; choose another folder")
    }
  }

  private func place(_ path: String) -> String { folder == "." ? path : folder + (folder.hasSuffix("/") ? "" : "/") + path }

  /// The folders that do not exist yet, innermost first.
  private func missingFolders(_ paths: [String]) -> [String] {
    var missing: Set<String> = []
    for path in paths {
      var rest = path[...]
      while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
        rest = rest[..<slash]
        guard !FileManager.default.fileExists(atPath: String(rest)) else { break }
        missing.insert(String(rest))
      }
    }
    return missing.sorted { $0.count > $1.count }
  }

  /// `.gitignore` with the lines that it lacks; nil if it has them all.
  private func ignoreText(_ lines: [String]) -> String? {
    var text = FileManager.default.contents(atPath: place(".gitignore")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let present = Set(text.split(whereSeparator: \.isNewline).map(String.init))
    let missing = lines.filter { !present.contains($0) }
    guard !missing.isEmpty else { return nil }
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    return text + missing.map { $0 + "\n" }.joined()
  }
}
