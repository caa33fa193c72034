import Core
import Foundation
import Testing

@testable import Commands

@Suite("report")
struct ReportCommandTests {
  private static let fields =
    "fields: {id: id, email: {from: email, do: [email], on_error: nullify}, who: {from: name, required: true}}\n"
  private static let canary = "Canary4155552671"
  private static let input = """
    {"id":"c1","email":"a@example.org","name":"\(canary)","businessId":"b1","extra":"x"}
    {"id":"c2","email":"\(canary)","name":"Bo","businessId":"b1"}
    {"id":"c3","email":null,"businessId":"b2"}

    """

  private static func withRun(_ body: (_ folder: String, _ run: String) async throws -> Void) async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, fields, input: input)
      #expect([.done, .recordsFailed].contains(await waybill("run", "--project", folder).code))
      let runs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/.waybill/runs")
      try await body(folder, try #require(runs.first))
    }
  }

  @Test func `a run writes its report, and the command writes it again and says so`() async throws {
    try await Self.withRun { folder, run in
      let path = "\(folder)/.waybill/runs/\(run)/report.html"
      #expect(FileManager.default.fileExists(atPath: path))
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let ended = await waybill("report", "--project", folder)
      #expect(ended.code == .done && ended.output == path + "\n", "\(ended)")
      #expect(ended.error.contains("An earlier report was replaced.\nNot ready: 1 reason."), "\(ended.error)")
    }
  }

  @Test func `JSON has the numbers of the run, which no form shows with personal values`() async throws {
    try await Self.withRun { folder, run in
      let json = try JSONReader.read(Array(await waybill("report", "--project", folder, "--json").output.utf8))
      let row = json["identity"]?["rows"]?.arrayValue?.first
      #expect(row?["equation"]?.stringValue == "read 3 = written 2 + rejected 1")
      #expect(json["runs"] == .array([.string(run)]))
      #expect(json["scope"]?["runs"]?.arrayValue?.first?["mappings"]?.arrayValue?.first?["digest"]?.stringValue?.count == 64)
      let businesses = json["source_counts"]?["businesses"]?["rows"]?.arrayValue ?? []
      #expect(businesses.map { $0["business"]?.stringValue } == ["b2", "b1"])
      #expect(businesses.map { $0["read"]?.intValue } == [1, 2] && businesses.map { $0["arrived"]?.intValue } == [0, 2])
      let html = try String(contentsOfFile: "\(folder)/.waybill/runs/\(run)/report.html", encoding: .utf8)
      let markdown = await waybill("report", run, "--project", folder, "--markdown").output
      #expect(markdown.hasPrefix("# Integrity report: small\n"), "\(markdown)")
      for text in [json.text, html, markdown] { #expect(!text.contains(Self.canary)) }
    }
  }

  @Test func `a file that is not a report is not replaced`() async throws {
    try await Self.withRun { folder, run in
      let other = "\(folder)/notes.md"
      try "my notes\n".write(toFile: other, atomically: true, encoding: .utf8)
      let refused = await waybill("report", "--project", folder, "--markdown", "--output", other)
      #expect(refused.code == .usage && refused.error.contains("is not a report"), "\(refused.error)")
      let path = "\(folder)/report.md"
      #expect(await waybill("report", "--project", folder, "--markdown", "--output", path).output == path + "\n")
      let again = await waybill("report", "--project", folder, "--markdown", "--output", path)
      #expect(again.code == .done && again.error.contains("An earlier report was replaced."), "\(again.error)")
      let inside = await waybill("report", "--project", folder, "--output", "\(folder)/.waybill/x.html")
      #expect(inside.code == .usage, "\(inside.error)")
      #expect(await waybill("report", "--project", folder, run, String(run.prefix(8))).code == .usage)
      #expect(await waybill("report", "--project", folder, "--json", "--markdown").code == .usage)
      #expect(await waybill("report", "20000101", "--project", folder).code == .inputMissing)
    }
  }
}
