import Core
import Foundation
import Testing

@testable import Commands

/// State that somebody or something has damaged, and names that a terminal must not take as they are.
@Suite("Damaged state and odd paths")
struct DamagedStateTests {
  @Test("A snapshot that cannot be read is not passed over in silence, not even with --quiet")
  func snapshot() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      for _ in 0..<2 { #expect(await waybill("run", "--project", folder).code == .done) }
      let snapshots = folder + "/.waybill/snapshots"
      let newest = try #require(try FileManager.default.contentsOfDirectory(atPath: snapshots).max())
      try "{".write(toFile: "\(snapshots)/\(newest)/files/manifest.json", atomically: true, encoding: .utf8)
      for arguments in [
        ["run", "--snapshot", "latest"], ["preview", folder + "/m.yaml"],
        [
          "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", "-", "--snapshot", "latest",
        ],
      ] {
        let ended = await waybill(arguments + ["--project", folder, "--quiet"])
        #expect(ended.code == .done, "\(ended.error)")
        let warnings = ended.error.split(separator: "\n").filter { $0.contains("warning: skipped: the snapshot") }
        #expect(warnings.count == 1, "\(arguments): \(ended.error)")
      }
    }
  }

  @Test("A run names each file that it wrote on a line of its own")
  func written() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      let pipeline = try String(contentsOfFile: folder + "/waybill.yaml", encoding: .utf8)
      try (pipeline.replacing("destinations: {", with: "destinations: {lines: {ndjson: {path: out.ndjson}}, ")).write(
        toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .done)
      #expect(ended.error.contains("written  \(folder)/out.ndjson\n         \(folder)/out.csv\n"), "\(ended.error)")
    }
  }

  @Test("A source that cannot be asked ends the run with its own exit code, also where a lookup needs its records")
  func missingToken() async throws {
    try await withFolder { folder in
      try """
      pipeline: p
      source: {ghl: {location: loc, auth: {token: {env: NO_TOKEN_HERE}}}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      try """
      mapping: 1
      name: m
      source: {entity: contact, key: id}
      target: {entity: p, key: id}
      fields: {id: id, owner: {from: assignedTo, do: [{lookup: users}]}}
      lookups: {users: {entity: user, key: id, values: email}}
      """.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .configuration, "\(ended.error)")
      #expect(ended.error.contains("NO_TOKEN_HERE"), "\(ended.error)")
    }
  }

  @Test("A path with a line break stays on its line")
  func lineBreak() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder)
      let ended = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/a\nb: fake.ndjson")
      #expect(ended.code == .done)
      #expect(!ended.error.contains("a\nb"), "\(ended.error)")
      // With problems, the path of the ledger is named.
      try "{\"id\":null}\n".write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
      let rejected = await waybill(
        "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", folder + "/a\nb: fake.ndjson")
      #expect(rejected.code == .recordsFailed)
      #expect(rejected.error.contains(#"a\nb: fake"#) && !rejected.error.contains("a\nb"), "\(rejected.error)")
      let initial = await waybill("init", folder + "/x\ny")
      #expect(initial.code == .done)
      #expect(!initial.error.contains("x\ny"), "\(initial.error)")
      #expect(initial.error.contains(#"x\ny'"#), "\(initial.error)")
    }
  }
}
