import Control
import Core
import Foundation
import Testing

@testable import Commands

/// What comes from files and records does not act on a terminal.
@Suite("Hostile text on the terminal")
struct HostileTextTests {
  /// Escape sequences of both kinds, line breaks, a direction override, zero-width characters.
  static let hostile = "x\u{1B}[31m\u{9B}2J\u{7}\u{202E}\u{200B}\u{7F}y"
  static let json = #"x\u001b[31m\u009b2J\u0007\u202e\u200b\u007fy"#

  private static func expectHarmless(_ text: String, _ what: String, line: Int = #line) {
    for scalar in text.unicodeScalars where VisibleText.isUnsafe(scalar) && scalar != "\n" && scalar != "\t" {
      Issue.record("\(what) has U+\(String(scalar.value, radix: 16)): \(text.debugDescription)")
      return
    }
  }

  static func terminal(_ arguments: [String], environment: [String: String] = [:]) async -> Ended {
    let captured = Captured()
    var console = captured.console(isTerminal: true)
    console.isOutputTerminal = true
    let code = await CommandEntry.run(arguments, in: Surroundings(console: console, environment: environment))
    return Ended(code: code, output: captured.output, error: captured.error.replacingOccurrences(of: "\r\u{1B}[2K", with: ""))
  }

  private static func project(_ folder: String) throws {
    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    try write(
      "waybill.yaml",
      """
      pipeline: hostile
      source: {ndjson: {contact: in.ndjson}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: "out/{mapping}.csv"}}}
      gates: {rejected: {max: 10}}
      """)
    try write(
      "m.yaml",
      """
      mapping: 1
      name: contacts
      source: {entity: contact, key: id}
      target: {entity: person, key: id}
      fields: {id: id, email: {from: email, do: [email], on_error: nullify}, tags: tags}
      pii: {email: show}
      """)
    try write(
      "in.ndjson",
      """
      {"id":"\(json)\\nz","email":"\(json)\\nz@","tags":["\(json)\\nz"],"\(json)\\nz":1}
      {"id":"\(json)\\nq","firstName":7,"lastName":1e999

      """)
    try write("s.json", #"{"type":"object","properties":{"id":{"maxLength":1}},"additionalProperties":false}"#)
  }

  @Test("No command that prints data prints it raw on a terminal")
  func commands() async throws {
    try await withFolder { folder in
      try Self.project(folder)
      let (mapping, input) = (folder + "/m.yaml", folder + "/in.ndjson")
      for arguments in [
        ["run", "--project", folder], ["ledger", "--project", folder], ["ledger", "--format", "csv", "--project", folder],
        ["ledger", "--format", "ndjson", "--project", folder], ["ledger", "--json", "--project", folder],
        ["runs", "list", "--project", folder], ["runs", "show", "--project", folder],
        ["preview", mapping, "--input", input], ["preview", mapping, "--input", input, "--json"],
        ["validate", "--schema", folder + "/s.json", "--input", input],
        ["validate", "--schema", folder + "/s.json", "--input", input, "--json"],
        ["eval", "record", "--input", input], ["eval", "id", "--input", input], ["check", "no-such-\(Self.hostile)\nz.yaml"],
        ["transform", "--mapping", mapping, "--input", "no-\(Self.hostile)\nz.ndjson"], ["explain", Self.hostile], [Self.hostile],
        ["check", "--\(Self.hostile)"], ["runs", "show", Self.hostile + "\nz", "--project", folder],
        ["ledger", "--code", Self.hostile], ["preview", mapping, "--snapshot", Self.hostile, "--project", folder],
      ] {
        let ended = await Self.terminal(arguments)
        Self.expectHarmless(ended.output, "standard output of \(arguments)")
        Self.expectHarmless(ended.error, "standard error of \(arguments)")
        // A line break in the data is not one on the terminal.
        for line in (ended.output + "\n" + ended.error).split(separator: "\n") {
          #expect(!line.hasPrefix("z") && !line.hasPrefix("q"), "\(arguments): \(line)")
        }
      }
    }
  }

  @Test("Text from a file, and its name, are shown without effect")
  func diagnostics() async throws {
    try await withFolder { folder in
      let text = """
        mapping: 1
        name: contacts
        source: {entity: contact, key: id}
        target: {entity: person, key: id}
        fields:
          id: id
          "a\(Self.hostile.replacingOccurrences(of: "\u{7}", with: "").replacingOccurrences(of: "\u{1B}", with: "").replacingOccurrences(of: "\u{7F}", with: "").replacingOccurrences(of: "\u{9B}", with: ""))": fristName
          "b\\e[31m\\n": fristName
        """
      for name in ["m.yaml", "m\u{1B}[31m\n.yaml"] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        for more in [[], ["--json"], ["--explain"], ["--log-format", "json"]] {
          let ended = await Self.terminal(["check", "\(folder)/\(name)"] + more)
          #expect(ended.code == .wrongFile)
          Self.expectHarmless(ended.output + ended.error, "check \(more)")
        }
      }
      try "\(Self.hostile),id,id\n1,2,3\n".write(toFile: folder + "/h.csv", atomically: true, encoding: .utf8)
      let header = await Self.terminal(["transform", "--mapping", folder + "/m.yaml", "--input", folder + "/h.csv"])
      Self.expectHarmless(header.output + header.error, "a header")
    }
  }

  @Test("In a file or a pipe, results keep their bytes; text for people does not")
  func pipes() async throws {
    try await withFolder { folder in
      try Self.project(folder)
      _ = await waybill("run", "--project", folder)
      let csv = await waybill("ledger", "--format", "csv", "--project", folder)
      #expect(csv.output.contains(Self.hostile + "\nz"))
      for arguments in [
        ["ledger", "--project", folder], ["preview", folder + "/m.yaml", "--input", folder + "/in.ndjson"],
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/in.ndjson"],
      ] {
        let ended = await waybill(arguments)
        Self.expectHarmless(ended.output + ended.error, "\(arguments)")
        #expect(ended.output.contains(#"x\u001b[31m\u009b2J\u0007\u202e\u200b\u007fy"#), "\(ended.output)")
      }
    }
  }
}
