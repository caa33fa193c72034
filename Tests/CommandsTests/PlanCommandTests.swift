import Core
import Extract
import Foundation
import Records
import Testing

@testable import Commands

/// `waybill plan` of pipelines that make no API call.
@Suite("Plans of files")
struct PlanCommandTests {
  @Test func `a plan names the files with their records, and no contacts`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, input: "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
      let text = await waybill("plan", "--project", folder)
      #expect(text.code == .done)
      #expect(
        text.output == """
          small: reads 1 file and makes no API call

          ENTITY   RECORDS  SIZE  FILE
          contact        2  22 B  \(folder)/in.ndjson

          """, "\(text.output)")
      let json = try JSONReader.read(await waybill("plan", "--project", folder, "--json", "--limit", "1").output)
      #expect(json["contacts"] == .null && json["businesses"] == .null)
      let file = json["files"]?.arrayValue?.first
      #expect(file?["records"] == .number(1) && file?["bytes"] == .number(22) && file?["entity"] == .string("contact"))
    }
  }

  @Test func `a plan of a snapshot counts what is in it`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, input: "{\"id\":\"1\"}\n{\"id\":\"2\"}\n")
      #expect(await waybill("extract", "--project", folder).code == .done)
      let pipeline = try String(contentsOfFile: folder + "/waybill.yaml", encoding: .utf8)
      try pipeline.replacing("{ndjson: {contact: in.ndjson}}", with: "{snapshot: latest}")
        .write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let plan = try JSONReader.read(await waybill("plan", "--project", folder, "--json").output)
      #expect(plan["files"]?.arrayValue?.map { $0["records"] } == [.number(2)])
      #expect(plan["basis"] == .string("files"))
      // The manifest has the counts: a large snapshot need not be read.
      let snapshot = try #require(try FileManager.default.contentsOfDirectory(atPath: folder + "/.waybill/snapshots").first)
      let file = folder + "/.waybill/snapshots/\(snapshot)/files/contact.ndjson"
      try FileManager.default.removeItem(atPath: file)
      #expect(try JSONReader.read(await waybill("plan", "--project", folder, "--json").output) == plan)
      #expect(await waybill("run", "--project", folder).code == .inputMissing)
    }
  }

  @Test func `a plan of a file that is missing ends as the run would`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      try FileManager.default.removeItem(atPath: folder + "/in.ndjson")
      let plan = await waybill("plan", "--project", folder)
      let run = await waybill("run", "--project", folder)
      #expect(plan.code == run.code && plan.code == .inputMissing)
      #expect(plan.error.contains("in.ndjson") && plan.output.isEmpty, "\(plan.error)")
    }
  }

  @Test func `records of a large file and of a pipe are not counted`() async throws {
    try await withFolder { folder in
      let (path, pipe) = (folder + "/in.ndjson", folder + "/pipe")
      try String(repeating: "{\"id\":\"1\"}\n", count: 200_000).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(mkfifo(pipe, 0o600) == 0)
      func planned(_ path: String, limit: Int? = nil) throws -> PlannedFile {
        let file = EntityFile(entity: "contact", path: path, reading: .init(), place: .init(file: "p", line: 1, column: 1))
        return try PlannedFile(file, format: .ndjson, limit: limit, mostCountedBytes: 1000)
      }
      #expect(try planned(path).records == nil && planned(path).bytes == 2_200_000)
      #expect(try planned(path, limit: 5).records == 5)
      #expect(try planned(pipe).records == nil && planned(pipe).bytes == nil)
    }
  }
}
