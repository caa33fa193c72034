import Core
import Files

/// The forms of the integrity report.
package enum PageForm: Sendable {
  /// One file that a browser opens and a printer prints.
  case html
  /// All of the content, for programs.
  case json
  /// What a reviewer must know, for a pull request.
  case markdown
}

/// The integrity report as bytes, and as a file.
package enum PageFile {
  /// Without secrets: what the page is made of has none, and nothing that it quotes may bring one back.
  package static func bytes(of page: ReportPage, as form: PageForm) -> [UInt8] {
    let bytes =
      switch form {
      case .html: PageHTML.render(page)
      case .json: Array(page.json.prettyText.utf8)
      case .markdown: Array(PageMarkdown.text(of: page).utf8)
      }
    return bytes.withUnsafeBufferPointer { Redactor.process.redacted($0) } ?? bytes
  }

  /// Writes the page, which appears as a whole. It has personal data as far as the mappings show it, so only its owner may read it.
  ///
  /// - Throws: `OperationFailure`.
  package static func write(_ page: ReportPage, as form: PageForm, to path: String) throws {
    let file = try OutputFile(path: path, isPrivate: true)
    try file.write(bytes(of: page, as: form))
    try file.commit()
  }

  /// Whether there is an integrity report, or nothing, at the path: anything else must not be replaced.
  package static func mayReplace(_ path: String) -> Bool {
    guard FileKind.of(path) == .regular else { return FileKind.of(path) == nil }
    guard case .success(let bytes) = SmallFile.bytes(of: path) else { return false }
    let start = bytes.prefix(64 * 1024)
    if bytes.isEmpty { return true }
    if start.first == UInt8(ascii: "{") {
      return (try? JSONReader.read(bytes)).map { $0["verdict"] != nil && $0["identity"] != nil } ?? false
    }
    if start.starts(with: Array("# \(ReportPage.name)".utf8)) { return true }
    return start.firstRange(of: Array("<title>".utf8)) != nil
      && start.firstRange(of: Array("integrity report</title>".utf8)) != nil
  }
}

extension ReportPage {
  /// The beginning of its title.
  package static let name = "Integrity report"
}
