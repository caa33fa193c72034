import Core
import Foundation
import Testing

@testable import Commands

@Suite("validate")
struct ValidateCommandTests {
  static let schema =
    ##"{"type": "object", "required": ["id"], "properties": {"email": {"format": "email"}, "part": {"$ref": "https://parts.example/n.json"}}}"##
  static let records = """
    {"id":1,"email":"ada@example.com"}
    {"email":"ada@"}
    [1]
    not JSON

    """

  private static func withFiles<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    try await withFolder { folder in
      try schema.write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      try records.write(toFile: folder + "/r.ndjson", atomically: true, encoding: .utf8)
      try FileManager.default.createDirectory(atPath: folder + "/parts", withIntermediateDirectories: true)
      try #"{"type": "integer"}"#.write(toFile: folder + "/parts/n.json", atomically: true, encoding: .utf8)
      return try await body(folder)
    }
  }

  private static func root(_ folder: String) -> [String] { ["--schema-root", "https://parts.example=\(folder)/parts"] }

  @Test func `Every failure goes to the ledger with its places, counts to the summary`() async throws {
    try await Self.withFiles { folder in
      let ended = await waybill(
        [
          "validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson", "--ledger", folder + "/l.ndjson",
          "--summary",
          folder + "/sum.json",
        ] + Self.root(folder))
      #expect(ended.code == .recordsFailed)
      #expect(ended.output.isEmpty)
      #expect(ended.error.contains("4 read, 1 valid, 3 invalid"), "\(ended.error)")
      let ledger = try #require(TransformCommandTests.text(folder + "/l.ndjson")).split(separator: "\n")
      let lines = try ledger.map { try JSONReader.read(Array($0.utf8)) }
      #expect(
        lines.map { "\($0["at"]?["line"]?.intValue ?? 0) \($0["code"]?.stringValue ?? "") \($0["instance"]?.stringValue ?? "-")" }
          == [
            "2 schema-required ", "2 schema-format /email", "3 schema-type ", "4 invalid-json -",
          ])
      let summary = try JSONReader.read(Array(try #require(TransformCommandTests.text(folder + "/sum.json")).utf8))
      #expect(summary["read"] == .number(4))
      #expect(summary["valid"] == .number(1))
      #expect(summary["invalid"] == .number(3))
      #expect(summary["unaccounted"] == .number(0))
      #expect(summary["exit_code"] == .number(4))
      #expect(summary["codes"]?["schema-format"] == .number(1))
    }
  }

  @Test func `Without a ledger the failures are listed; formats can be left alone`() async throws {
    try await Self.withFiles { folder in
      let listed = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson"] + Self.root(folder))
      #expect(
        listed.output.contains("r.ndjson:2: /email: must have the format 'email' (schema-format, #/properties/email/format)\n"))
      let annotated = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson", "--formats", "annotate", "--json"]
          + Self.root(folder))
      let summary = try JSONReader.read(Array(annotated.output.utf8))
      #expect(summary["codes"]?["schema-format"] == nil)
      #expect(summary["codes"]?["schema-required"] == .number(1))
    }
  }

  @Test(arguments: ["annotate", "annotation", "assert", "assertion", "off"])
  func `The formats may be chosen by verb or noun`(_ mode: String) async throws {
    try await Self.withFiles { folder in
      let ended = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson", "--formats", mode, "--dialect", "2020-12"]
          + Self.root(folder))
      #expect(ended.code == (mode == "off" ? .usage : .recordsFailed))
      #expect(ended.output.contains("schema-format") == mode.hasPrefix("assert"))
    }
  }

  @Test func `A JSON file is one record, with each its elements are`() async throws {
    try await Self.withFiles { folder in
      try #"[{"id": 1}, {"id": 2}, 3]"#.write(toFile: folder + "/a.json", atomically: true, encoding: .utf8)
      let one = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/a.json"] + Self.root(folder))
      #expect(one.error.contains("1 read, 0 valid, 1 invalid"), "\(one.error)")
      let each = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/a.json", "--each"] + Self.root(folder))
      #expect(each.error.contains("3 read, 2 valid, 1 invalid"), "\(each.error)")
    }
  }

  @Test func `A wrong schema ends with 65, a missing file with 66`() async throws {
    try await Self.withFiles { folder in
      // Nobody says where the part lies.
      let wrong = await waybill("validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson")
      #expect(wrong.code == .wrongFile)
      #expect(wrong.error.contains("https://parts.example/n.json"))
      let noSchema = await waybill("validate", "--schema", folder + "/none.json", "--input", folder + "/r.ndjson")
      #expect(noSchema.code == .inputMissing)
      let noInput = await waybill(
        ["validate", "--schema", folder + "/s.json", "--input", folder + "/none.ndjson"] + Self.root(folder))
      #expect(noInput.code == .inputMissing)
      let usage = await waybill("validate", "--schema", folder + "/s.json", "--input", "-", "--schema-root", "parts")
      #expect(usage.code == .usage)
    }
  }
}
