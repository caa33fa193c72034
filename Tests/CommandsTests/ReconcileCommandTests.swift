import Core
import Foundation
import Testing

@testable import Commands

/// `waybill reconcile`.
@Suite struct ReconcileCommandTests {
  private static func withRun(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let fields = "fields: {id: id, email: email, credit: {from: credit, do: [number]}}\n"
      let input = (1...3).map { #"{"id":"c\#($0)","email":"a\#($0)@example.org","credit":"\#($0).50"}"# + "\n" }.joined()
      try SmallProject.write(in: folder, fields, input: input)
      #expect(await waybill("run", "--project", folder).code == .done)
      try await body(folder)
    }
  }

  private static func change(_ folder: String, _ old: String, _ new: String) throws {
    let path = "\(folder)/out.csv"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test func `an untouched destination ends with 0`() async throws {
    try await Self.withRun { folder in
      let ended = await waybill("reconcile", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(ended.output.contains("\nno differences\n") && ended.output.contains("  equal\n"), "\(ended.output)")
      #expect(!ended.output.contains("differ\n"))
      #expect(ended.output.contains("files        m             3       3        0      0          0  file"), "\(ended.output)")
    }
  }

  @Test func `differences end with 3, and are shown with both values`() async throws {
    try await Self.withRun { folder in
      try Self.change(folder, "a2@example.org", "A2@example.org")
      try Self.change(folder, "c3,", "c9,")
      let ended = await waybill("reconcile", "--project", folder)
      #expect(ended.code == .gateFailed)
      #expect(ended.output.contains("c2   m        different  email  x9@xxxxxxx.xxx  X9@xxxxxxx.xxx\n"), "\(ended.output)")
      #expect(
        ended.output.contains("c3   m        missing\n") && ended.output.contains("c9   m        extra\n"), "\(ended.output)")
      #expect(
        ended.output.contains(/records +3 +3 +equal\n/) && ended.output.contains(/hash total .* +differ\n/), "\(ended.output)")
      #expect(ended.output.contains("3 differences: \(folder)/.waybill/runs/"))
      let json = try JSONReader.read(await waybill("reconcile", "--project", folder, "--json").output)
      #expect(json["equal"] == .bool(false) && json["count"] == .number(3))
      #expect(json["parts"]?.arrayValue?[0]["missing"] == .number(1))
      #expect(json["differences"]?.arrayValue?.compactMap { $0["key"]?.stringValue } == ["c2", "c3", "c9"])
      let output = await waybill("reconcile", "--project", folder, "--output", "\(folder)/d.ndjson")
      #expect(output.code == .gateFailed)
      #expect(try String(contentsOfFile: "\(folder)/d.ndjson", encoding: .utf8).split(separator: "\n").count == 3)
    }
  }

  @Test func `sums of a private field are not shown, and the digest tells nothing either`() async throws {
    let mapping = "fields: {id: id, email: email, credit: {from: credit, do: [number]}}\npii: {credit: never}\n"
    let input = (1...3).map { #"{"id":"c\#($0)","email":"a\#($0)@example.org","credit":"77\#($0).50"}"# + "\n" }.joined()
    var digests: Set<String> = []
    for _ in 0..<2 {
      try await withFolder { folder in
        try SmallProject.write(in: folder, mapping, input: input)
        let pipeline = try String(contentsOfFile: "\(folder)/waybill.yaml", encoding: .utf8)
        try pipeline.replacing("{csv: {path: out.csv}}", with: "{ndjson: {path: out.ndjson}}")
          .write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
        #expect(await waybill("run", "--project", folder).code == .done)
        let text = await waybill("reconcile", "--project", folder, "--record", "c2")
        #expect(text.code == .done && text.output.contains("<hidden>") && !text.output.contains("772.5"), "\(text.output)")
        let ended = await waybill("reconcile", "--project", folder, "--record", "c2", "--json")
        #expect(!ended.output.contains("772.5"))
        let part = try #require(try JSONReader.read(ended.output)["parts"]?.arrayValue?.first)
        #expect(part["totals"]?.arrayValue?.first?["equal"] == .bool(true))
        #expect(part["totals"]?.arrayValue?.first?["sum"]?["loaded"] == .null)
        digests.insert(try #require(part["digest"]?["loaded"]?.stringValue))
      }
    }
    // The same record has another digest in each project.
    #expect(digests.count == 2)
  }

  @Test func `wrong use is refused before anything is read`() async throws {
    try await Self.withRun { folder in
      for (arguments, code, text) in [
        (["--output", "-"], .usage, "standard output has the report"),
        (["--output", "\(folder)/waybill.yaml"], .usage, "--output would overwrite the pipeline file"),
        (["--output", "\(folder)/.waybill/x"], .usage, "belongs to Waybill"), (["--by", "page"], .usage, "page"),
        (["--output", "\(folder)/out.csv"], .usage, "--output would overwrite the output of 'files m'"),
        (["--by", "key"], .usage, "--by requires an `http` destination"),
        (["--mapping", "n"], .usage, "--mapping n: no run whose records are kept has loaded a mapping of this name"),
        (["nothing"], .inputMissing, "there is no run 'nothing'"),
      ] as [([String], Core.ExitCode, String)] {
        let ended = await waybill(["reconcile", "--project", folder] + arguments)
        #expect(ended.code == code && ended.error.contains(text), "\(arguments): \(ended.error)")
        #expect(ended.output == "")
      }
    }
  }
}
