import Core
import Foundation

/// A file of expressions and what they give, one per line:
///
///     # a comment
///     @input {"a": 1}            names from here on are its members; `@input` alone: none
///     a + 1 => int 2
///     1 / 0 => error divisionByZero
///     1 + 'a' => refused type-mismatch
///
/// Behind the last ` => ` stands the type and the value as JSON, or why there is none.
struct CaseFile {
  struct Case: CustomStringConvertible, Sendable {
    var file: String
    var line: Int
    var expression: String
    var input: JSONValue?
    var expected: String
    var description: String { "\(file):\(line) \(expression)" }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("fixtures/cel")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".cases") }.sorted()
  }

  static func cases(of name: String) throws -> [Case] {
    let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    var input: JSONValue?
    var cases: [Case] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) { continue }
      if line.hasPrefix("@input") {
        let json = line.dropFirst("@input".count).drop(while: { $0 == " " })
        input = json.isEmpty ? nil : try JSONReader.read(String(json))
        continue
      }
      guard let arrow = line.range(of: " => ", options: .backwards) else { throw Malformed(file: name, line: index + 1) }
      cases.append(
        Case(
          file: name, line: index + 1, expression: String(line[..<arrow.lowerBound]), input: input,
          expected: String(line[arrow.upperBound...])))
    }
    return cases
  }

  struct Malformed: Error {
    var file: String
    var line: Int
  }
}
