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

  @Test(
    arguments: [
      ([], Core.ExitCode.recordsFailed, 0, 0), (["--on-bad-quote", "reject"], .recordsFailed, 0, 0),
      (["--on-bad-quote", "recover"], .recordsFailed, 2, 1), (["--on-bad-quote", "recover", "--lenient"], .done, 2, 1),
      (["--on-bad-quote", "keep"], .usage, nil, 0),
    ] as [([String], Core.ExitCode, Int?, Int)])
  func `Rows that a bad quoted cell would have swallowed are rejected, or validated with a warning`(
    _ arguments: [String], _ code: Core.ExitCode, _ warnings: Int?, _ valid: Int
  ) async throws {
    try await withFolder { folder in
      try #"{"properties": {"id": {"pattern": "^c"}}}"#.write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
      try "id,name\nx1,\"open\nc2,Ada\nx3,Bo\n".write(toFile: folder + "/r.csv", atomically: true, encoding: .utf8)
      let files = ["--schema", folder + "/s.json", "--input", folder + "/r.csv", "--ledger", folder + "/l.ndjson"]
      let ended = await waybill(["validate", "--json"] + files + arguments)
      #expect(ended.code == code, "\(ended.error)")
      guard let warnings else {
        #expect(ended.error.contains("--on-bad-quote"))
        return
      }
      let summary = try JSONReader.read(ended.output)
      #expect(summary["read"] == .number(3))
      #expect(summary["valid"] == .number(valid))
      #expect(summary["invalid"] == .number(3 - valid))
      #expect(summary["warnings"] == .number(warnings))
      #expect(summary["codes"]?["csv-resynchronized"] == .number(2))
      #expect(summary["codes"]?["invalid-csv"] == .number(1))
      #expect(summary["codes"]?["schema-pattern"] == (warnings > 0 ? .number(1) : nil))
      let ledger = try #require(TransformCommandTests.text(folder + "/l.ndjson")).split(separator: "\n")
      let lines = try ledger.map { try JSONReader.read(String($0)) }
      let shown = lines.map {
        "\($0["at"]?["line"]?.intValue ?? 0) \($0["severity"]?.stringValue ?? "") \($0["code"]?.stringValue ?? "")"
      }
      #expect(
        shown
          == (warnings > 0
            ? ["2 error invalid-csv", "3 warning csv-resynchronized", "4 warning csv-resynchronized", "4 error schema-pattern"]
            : ["2 error invalid-csv", "3 error csv-resynchronized", "4 error csv-resynchronized"]))
      #expect(ended.error.contains("2 warnings (csv-resynchronized 2)") == (warnings > 0))
    }
  }

  @Test func `The option is in the help, and changes nothing for other inputs`() async throws {
    let help = await waybill("validate", "--help").output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(help.contains("--on-bad-quote"))
    #expect(help.contains("Write one JSON line per failure or warning here"))
    try await Self.withFiles { folder in
      let arguments = ["validate", "--schema", folder + "/s.json", "--input", folder + "/r.ndjson"] + Self.root(folder)
      let plain = await waybill(arguments)
      let recovering = await waybill(arguments + ["--on-bad-quote", "recover"])
      #expect(plain.output == recovering.output && plain.code == recovering.code)
    }
  }
}
