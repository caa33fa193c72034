import Core
import Foundation
import Testing

@testable import Commands

/// A rule's ID is a code like any other, and errors have the form that was asked for.
@Suite("Codes of rules, and errors as JSON")
struct RuleCodeTests {
  @Test("ledger and preview find the records of a rule by its ID, and refuse a code that does not occur")
  func rules() async throws {
    try await withFolder { folder in
      try SmallProject.write(
        in: folder,
        """
        fields: {id: id, name: firstName}
        validate: [{id: long-name, assert: "name == null || size(name) < 4", severity: warning}]
        """, input: "{\"id\":\"1\",\"firstName\":\"Ada\"}\n{\"id\":\"2\",\"firstName\":\"Grace\"}\n")
      let run = await waybill("run", "--project", folder)
      #expect(run.code == .done, "\(run.error)")
      let ledger = await waybill("ledger", "--project", folder, "--code", "long-name", "--format", "ndjson")
      #expect(ledger.code == .done && ledger.output.contains("\"record\":\"2\""), "\(ledger.output)\(ledger.error)")
      let none = await waybill("ledger", "--project", folder, "--code", "email-invalid")
      #expect(none.code == .done && none.error.contains("no matching lines"), "\(none.error)")
      let wrong = await waybill("ledger", "--project", folder, "--code", "long-nam")
      #expect(wrong.code == .usage && wrong.error.contains("did you mean 'long-name'?"), "\(wrong.error)")
      let preview = await waybill(
        "preview", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--code", "long-name", "--json")
      #expect(preview.output.contains("Grace") && !preview.output.contains("Ada"), "\(preview.output)\(preview.error)")
    }
  }

  @Test(
    "An error that ends a command is JSON where messages are JSON",
    arguments: [
      ["runs", "show", "nothing"], ["ledger", "nothing"], ["transform", "--mapping", "none.yaml", "--input", "none.csv"],
      ["run"], ["preview", "none.yaml"],
    ])
  func errors(arguments: [String]) async throws {
    try await withFolder { folder in
      let ended = await waybill(arguments + ["--project", folder, "--log-format", "json"])
      #expect(ended.code != .done)
      let lines = try ended.error.split(separator: "\n").map { try JSONReader.read(String($0)) }
      #expect(lines.last?["level"] == .string("error"), "\(ended.error)")
      #expect(lines.last?["message"]?.stringValue?.hasPrefix("waybill: ") == true, "\(ended.error)")
    }
  }
}
