import Core
import Foundation
import Testing

@testable import Commands

/// `waybill gates`.
@Suite struct GatesCommandTests {
  private static func withRun(_ gates: String, _ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let input = (1...4).map { number in
        let email = number == 4 ? "" : "a\(number)@example.org"
        return #"{"id":"c\#(number)","email":"\#(email)"}"# + "\n"
      }.joined()
      try SmallProject.write(in: folder, "fields: {id: id, email: email}\n", input: input, more: gates)
      #expect(await waybill("run", "--project", folder).code == .done)
      try await body(folder)
    }
  }

  @Test func `a run is judged again, and the margin is shown`() async throws {
    try await Self.withRun("gates: {complete: {m.email: {min_percent: 50}}}\n") { folder in
      let ended = await waybill("gates", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      let lines = ended.output.split(separator: "\n").map {
        $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      }
      #expect(lines.contains("GATE MAPPING LIMIT ACTUAL MARGIN VERDICT"), "\(ended.output)")
      #expect(lines.contains("complete email m >= 50 % 75 % 25 % passed"), "\(ended.output)")
      #expect(ended.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test func `today's gates decide, and nothing is changed`() async throws {
    try await Self.withRun("gates: {complete: {m.email: {min_percent: 50}}}\n") { folder in
      let path = "\(folder)/waybill.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("min_percent: 50", with: "min_percent: 90, message: Ask Ada").write(
        toFile: path, atomically: true, encoding: .utf8)
      let ended = await waybill("gates", "latest", "--project", folder)
      #expect(ended.code == .gateFailed)
      #expect(ended.output.contains("complete email of m: 75 percent, at least 90 required: Ask Ada\n"), "\(ended.output)")
      let json = try JSONReader.read(await waybill("gates", "--project", folder, "--json").output)
      #expect(json["passed"] == .bool(false) && json["exit_code"] == .number(3) && json["status"] == .string("done"))
      #expect(json["gates"]?.arrayValue?.first?["margin"] == .number(-15))
      #expect(json["gates"]?.arrayValue?.first?["verdict"] == .string("failed"))
      let shown = try JSONReader.read(await waybill("runs", "show", "--project", folder, "--json").output)
      #expect(shown["gates"]?.arrayValue?.first?["verdict"] == .string("passed"))
    }
  }

  @Test func `without a run there is nothing to judge`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      #expect(await waybill("gates", "--project", folder).code == .inputMissing)
    }
  }
}
