import Core
import Foundation
import Values

/// The files that `scripts/generate-phone-tables` writes for these tests.
enum PhoneFixtures {
  /// One example number of the metadata.
  struct Example: Sendable, CustomStringConvertible {
    let region: String
    let type: String
    let code: [UInt32]
    let national: [UInt32]
    let formatted: [UInt32]
    let international: [UInt32]
    /// For each of the three forms: the answer without and with the check of validity.
    let answers: [String]

    var description: String { "\(region) \(type) \(PhoneFixtures.string(national))" }
  }

  static func examples() throws -> [Example] {
    try lines("examples.tsv").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 12 else { throw Malformed(line: line) }
      let scalars = fields[2...5].map { $0.unicodeScalars.map(\.value) }
      return Example(
        region: fields[0], type: fields[1], code: scalars[0], national: scalars[1], formatted: scalars[2],
        international: scalars[3], answers: Array(fields[6...]))
    }
  }

  /// Lists of texts by name, from which the generator takes.
  static func pieces() throws -> [String: [[UInt32]]] {
    var pieces: [String: [[UInt32]]] = [:]
    for line in try lines("pieces.txt") {
      let words = line.split(separator: " ")
      guard let name = words.first else { throw Malformed(line: line) }
      let scalars = words.dropFirst().compactMap { UInt32($0, radix: 16) }
      guard scalars.count == words.count - 1 else { throw Malformed(line: line) }
      pieces[String(name), default: []].append(scalars)
    }
    return pieces
  }

  /// Per block: the digest of its inputs, the digest of the answers to them.
  static func digests() throws -> [(inputs: UInt64, answers: UInt64)] {
    try lines("digests.txt").map { line in
      let words = line.split(separator: " ")
      guard words.count == 3, let inputs = UInt64(words[1], radix: 16), let answers = UInt64(words[2], radix: 16) else {
        throw Malformed(line: line)
      }
      return (inputs, answers)
    }
  }

  struct Malformed: Error {
    let line: String
  }

  private static func lines(_ name: String) throws -> [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../fixtures/phone")
    let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }

  static func string(_ scalars: [UInt32]) -> String {
    var text = String.UnicodeScalarView()
    for value in scalars { if let scalar = Unicode.Scalar(value) { text.append(scalar) } }
    return String(text)
  }
}
