import Core
import FoundationEssentials
import GHL
import Glibc
import Mapping

/// Compiles a proposal where nobody sees it, and takes out what does not compile.
struct ProposalCheck {
  /// Beside the mapping: path relative to it, and text.
  let files: [(path: String, text: String)]
  let entity: String

  /// The text that compiles, and what is still said of it. `replace` may give a field that was taken out another value.
  ///
  /// - Throws: `PipelineFailure` where a folder for it cannot be made, or something else than a field is wrong.
  func settle(
    _ draft: inout ProposedMapping, replace: (inout ProposedField) -> Bool
  ) throws -> (text: String, diagnostics: Diagnostics) {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for file in files { try Self.write(file.text, to: "\(folder)/\(file.path)") }
    let name = "\(folder)/mapping.yaml"
    var replaced: Set<Int> = []
    // Each round takes out one field at least.
    for _ in 0...(draft.fields.count * 2 + 1) {
      let (text, places) = draft.text()
      let compilation = MappingCompiler.compile(file: name, text: text, catalog: GHLCatalog())
      let errors = compilation.diagnostics.all.filter { $0.severity == .error }
      guard let first = errors.first else { return (text, compilation.diagnostics) }
      let wrong = Set(errors.filter { $0.place.file == name }.compactMap { places[$0.place.line] })
      guard !wrong.isEmpty else {
        throw PipelineFailure(.wrongFile, "nothing that compiles can be proposed: \(first.code.rawValue): \(first.message)")
      }
      for index in wrong {
        let message = errors.first { $0.place.file == name && places[$0.place.line] == index }?.message ?? ""
        if replaced.insert(index).inserted, replace(&draft.fields[index]) { continue }
        draft.fields[index].value = .nothing
        draft.fields[index].remark = "left out, because it does not compile: \(message)"
      }
    }
    throw PipelineFailure(.wrongFile, "nothing that compiles can be proposed for this sample and this schema")
  }

  private static func makeFolder() throws -> String {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/waybill-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw PipelineFailure(.cannotWrite, "no temporary folder: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: FilePath.folder(of: path), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      throw PipelineFailure(.cannotWrite, "a temporary file cannot be written: \(path)")
    }
  }
}
