import Core
import Foundation
import Testing

@testable import Commands

/// What is noticed about a file as a whole is printed by every command that reads it, and is in its summary.
@Suite struct InputNoteTests {
  private static let file = "id;name;\n1;Ann;\n;;\n2;6'2\";\n"
  private static let notes = [
    "delimiter ';' detected", "1 empty row skipped", "2 rows have empty cells after the last column",
    "the header ends with 1 column without a name",
  ]

  private static func withFiles(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let pipeline = """
        pipeline: notes
        source: {csv: {contact: in.csv}}
        mappings: [m.yaml]
        destinations: {files: {ndjson: {path: ran.ndjson}}}
        """
      let mapping =
        "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\nfields: {id: id, name: name}\n"
      for (name, text) in [("in.csv", file), ("m.yaml", mapping), ("s.json", #"{"type": "object"}"#), ("waybill.yaml", pipeline)]
      {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      try await body(folder)
    }
  }

  @Test func `every command that reads a file prints its notes`() async throws {
    try await Self.withFiles { folder in
      let input = "\(folder)/in.csv"
      for arguments in [
        ["transform", "--mapping", "\(folder)/m.yaml", "--input", input, "--output", "\(folder)/out.ndjson"],
        ["validate", "--schema", "\(folder)/s.json", "--input", input], ["preview", "\(folder)/m.yaml", "--input", input],
        ["init", "\(folder)/new", "--sample", input], ["run", "--project", folder],
      ] {
        let ended = await waybill(arguments)
        #expect(ended.code == .done, "\(arguments[0]): \(ended.error)")
        for note in Self.notes { #expect(ended.error.contains("\(note)\n"), "\(arguments[0]): \(ended.error)") }
      }
    }
  }

  @Test func `a note about a file that several mappings read is printed once, with their names`() async throws {
    try await Self.withFiles { folder in
      let pipeline = try String(contentsOfFile: "\(folder)/waybill.yaml", encoding: .utf8)
      let mapping = try String(contentsOfFile: "\(folder)/m.yaml", encoding: .utf8)
      for (name, text) in [
        ("o.yaml", mapping.replacing("name: m\n", with: "name: o\n")),
        (
          "waybill.yaml",
          pipeline.replacing("[m.yaml]", with: "[m.yaml, o.yaml]").replacing("ran.ndjson", with: "\"{mapping}.ndjson\"")
        ),
      ] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      for note in Self.notes {
        let lines = ended.error.split(separator: "\n").filter { $0.contains(note) }
        #expect(lines.count == 1 && lines.first?.contains("m, o: \(note)") == true, "\(ended.error)")
      }
      // The summary has them for each mapping.
      let run = try JSONReader.read(Array((await waybill("run", "--project", folder, "--json")).output.utf8))
      for name in ["m", "o"] {
        #expect(run["entities"]?[name]?["notes"]?.arrayValue?.compactMap(\.stringValue) == Self.notes)
      }
    }
  }

  @Test func `summaries have the notes, and count each record's warnings apart`() async throws {
    try await Self.withFiles { folder in
      let files = ["--input", "\(folder)/in.csv", "--summary", "\(folder)/sum.json"]
      for arguments in [
        ["transform", "--mapping", "\(folder)/m.yaml", "--output", "\(folder)/out.ndjson"],
        ["validate", "--schema", "\(folder)/s.json"],
      ] {
        _ = await waybill(arguments + files)
        let summary = try JSONReader.read(Array(String(contentsOfFile: "\(folder)/sum.json", encoding: .utf8).utf8))
        #expect(summary["notes"]?.arrayValue?.compactMap(\.stringValue) == Self.notes)
        #expect(summary["read"] == .number(2) && summary["warnings"] == .number(1))
        #expect(summary["codes"]?["csv-bare-quote"] == .number(1))
      }
      let run = await waybill("run", "--project", folder, "--json")
      let entity = try JSONReader.read(Array(run.output.utf8))["entities"]?["m"]
      #expect(entity?["notes"]?.arrayValue?.compactMap(\.stringValue) == Self.notes)
      #expect(entity?["warnings"] == .number(1))
    }
  }
}
