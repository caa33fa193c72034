import Core
import Foundation
import Testing

@testable import Mapping

/// Each file under `fixtures/golden/mapping` holds a mapping, the files that it names, and under `--- expected` the
/// diagnostics that it gets, as users see them. `WAYBILL_REWRITE_GOLDEN=1` writes the expected parts anew.
struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/golden/mapping")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  @Test(arguments: names)
  func aMappingGetsTheDiagnosticsThatStandBesideIt(_ name: String) throws {
    let url = Self.folder.appending(path: name)
    let text = try String(contentsOf: url, encoding: .utf8)
    let marker = "--- expected\n"
    let parts = text.components(separatedBy: marker)
    try #require(parts.count == 2)
    let actual = try Self.diagnostics(of: parts[0], isAboutUnmapped: name.hasPrefix("unmapped"))
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try (parts[0] + marker + actual).write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(actual == parts[1])
    }
  }

  @Test func everySlugOfAMappingHasItsFile() {
    let notOfMappings: Set<DiagnosticCode> = [
      .literalSecret, .environmentMissing, .placeholderLeft, .listOnlyField, .notRegularFile, .sourceInferred, .updateErases,
      .ghlIgnores,
    ]
    for code in DiagnosticCode.allCases where !notOfMappings.contains(code) {
      #expect(Self.names.contains { $0.hasPrefix(code.rawValue) }, "no golden file for \(code.rawValue)")
    }
  }

  /// Writes the files of a golden text into a folder of their own, compiles `m.yaml` there and prints what is reported. A
  /// first line `--- without custom fields` removes their definitions; `--- columns a,b` makes the source a CSV file.
  /// The note on source fields that are not read stands only where the file is about it.
  private static func diagnostics(of text: String, isAboutUnmapped: Bool) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-golden-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var catalog = TestCatalog()
    var name: String?
    var lines: [Substring] = []
    func flush() throws {
      guard let name else { return }
      let url = folder.appending(path: name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try lines.map { $0 + "\n" }.joined().write(to: url, atomically: true, encoding: .utf8)
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line == "--- without custom fields" {
        catalog.definitions = nil
      } else if line.hasPrefix("--- columns ") {
        catalog.header = line.dropFirst(12).split(separator: ",").map(String.init)
      } else if line.hasPrefix("--- ") {
        try flush()
        name = String(line.dropFirst(4))
        lines = []
      } else {
        lines.append(line)
      }
    }
    try flush()
    let path = folder.appending(path: "m.yaml").path
    let result = MappingCompiler.compile(path: path, catalog: catalog)
    #expect((result.model == nil) == result.diagnostics.hasErrors)
    let said = result.diagnostics.sorted.filter { isAboutUnmapped || $0.code != .unmappedSourceField }
    let shown = said.map { result.diagnostics.text(of: $0) + "\n" }.joined()
    return shown.replacingOccurrences(of: folder.path + "/", with: "")
  }
}
