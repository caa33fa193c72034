import Core
import Foundation
import Testing

@testable import Commands

/// `waybill load`, from its command line to its output.
@Suite("load")
struct LoadCommandTests {
  private static let fields = "fields: {id: id, name: {from: fullName}}\n"
  private static let more = "  lines: {ndjson: {path: lines.ndjson, mappings: [other]}}\n"

  private static func withProject(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, fields, input: #"{"id":"1","fullName":"Ann"}"# + "\n")
      let records = #"{"id":"1","name":"Ann"}"# + "\n" + #"{"id":"2","name":null}"# + "\n"
      try records.write(toFile: folder + "/target.ndjson", atomically: true, encoding: .utf8)
      try await body(folder)
    }
  }

  @Test func `target records are loaded, and the run is listed like any other`() async throws {
    try await Self.withProject { folder in
      let words = ["--project", folder, "--to", "files", "--input", folder + "/target.ndjson"]
      let ended = await waybill(["load", "--mapping", "m"] + words)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(ended.output.hasPrefix("run ") && ended.output.contains("files"), "\(ended.output)")
      #expect(ended.error.contains("written  ") && !ended.error.contains("waybill run"), "\(ended.error)")
      #expect(try String(contentsOfFile: folder + "/out.csv", encoding: .utf8) == "id,name\n1,Ann\n2,\n")
      // You can also name a mapping by its file.
      let json = await waybill(["load", "--mapping", folder + "/m.yaml", "--json", "--quiet"] + words)
      let summary = try JSONReader.read(json.output)
      #expect(json.code == .done && json.error.isEmpty, "\(json.error)")
      #expect(summary["input"] == .string(folder + "/target.ndjson") && summary["snapshot"] == .null)
      let shown = await waybill(["runs", "show", "--project", folder])
      let id = try #require(summary["run"]?.stringValue)
      #expect(shown.code == .done && shown.output.contains(id))
    }
  }

  @Test func `a narrowed load says how to load everything`() async throws {
    try await Self.withProject { folder in
      let input = folder + "/target.ndjson"
      let ended = await waybill("load", "--mapping", "m", "--to", "files", "--input", input, "--limit", "1", "--project", folder)
      #expect(ended.code == .done)
      #expect(
        ended.error.contains("waybill load --mapping m --input \(input) --to files --project \(folder)\n"), "\(ended.error)")
      #expect(ended.error.contains("--limit 1 --project \(folder) --publish-partial"), "\(ended.error)")
    }
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    var change: [String: String]
    var code: Core.ExitCode
    var message: String
    var testDescription: String { message }
  }

  @Test(
    "an invalid argument is refused with a hint",
    arguments: [
      Wrong(change: ["--to": "file"], code: .usage, message: "the pipeline has no destination 'file'; did you mean 'files'?"),
      Wrong(change: ["--to": "xyzzy"], code: .usage, message: "the pipeline has no destination 'xyzzy'; it has: files, lines"),
      Wrong(change: ["--to": "lines"], code: .usage, message: "'lines' does not take 'm'; destinations that take it: files"),
      Wrong(change: ["--mapping": "mm"], code: .usage, message: "the pipeline has no mapping 'mm'"),
      Wrong(change: ["--mapping": "absent.yaml"], code: .usage, message: "the pipeline has no mapping 'absent.yaml'"),
      Wrong(change: ["--input": "absent.ndjson"], code: .inputMissing, message: "there is no file absent.ndjson"),
      Wrong(change: ["--input": "waybill.yaml"], code: .usage, message: "pass --input-format csv, ndjson or json"),
      Wrong(change: ["--input": "in.ndjson"], code: .wrongFile, message: "in.ndjson contains source records ('fullName')"),
      Wrong(change: ["--delimiter": ";"], code: .usage, message: "--delimiter"),
      Wrong(change: ["--location": "L1"], code: .usage, message: "remove --location"),
      Wrong(change: ["--shard": "L1"], code: .usage, message: "remove --shard L1"),
      Wrong(change: ["--accept-gate": "coverag"], code: .usage, message: "the pipeline has no such gate"),
      Wrong(change: ["--summary": "target.ndjson"], code: .usage, message: "--summary would overwrite the input"),
    ])
  func refusals(wrong: Wrong) async throws {
    try await Self.withProject { folder in
      let pipeline = folder + "/waybill.yaml"
      let text = try String(contentsOfFile: pipeline, encoding: .utf8)
        .replacing(
          "destinations: {files: {csv: {path: out.csv}}}",
          with: "destinations:\n  files: {csv: {path: out.csv, mappings: [m]}}\n" + Self.more
        )
        .replacing("[m.yaml]", with: "[m.yaml, o.yaml]")
      try text.write(toFile: pipeline, atomically: true, encoding: .utf8)
      let other = (SmallProject.mapping + Self.fields).replacing("name: m\n", with: "name: other\n")
      try other.write(toFile: folder + "/o.yaml", atomically: true, encoding: .utf8)
      var options = ["--mapping": "m", "--to": "files", "--input": "target.ndjson"].merging(wrong.change) { $1 }
      for name in ["--input", "--summary"] {
        if let value = options[name] { options[name] = "\(folder)/\(value)" }
      }
      let ended = await waybill(
        ["load", "--project", folder] + options.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
      #expect(ended.code == wrong.code, "\(ended.error)")
      #expect(ended.error.replacing(folder + "/", with: "").contains(wrong.message), "\(ended.error)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/out.csv"))
    }
  }
}
