import Core
import Foundation
import Testing

@testable import Commands

/// Pipelines whose mappings are outside their project: no command reads them or prints their content.
@Suite("Mappings outside the project")
struct OutsideMappingTests {
  private static let marker = "private-content-of-another-file"
  private static let foreign = """
    mapping: 1
    name: contacts
    entity: [\(marker), {
    \(marker): \(marker)
    """
  private static let whole = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields: {id: id, name: \(marker)}
    """

  private func write(_ text: String, _ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func pipeline(_ mapping: String, rest: String = "") -> String {
    """
    pipeline: p
    source: {ghl: {location: loc, auth: {token: {env: TOKEN}}}}
    mappings: [\(mapping)]
    destinations: {files: {csv: {path: "out/{mapping}.csv"}}}
    \(rest)
    """
  }

  private func lay(in folder: String) throws {
    for (name, text) in [("foreign", Self.foreign), ("whole", Self.whole)] {
      try write(text, "\(folder)/outside/\(name).yaml")
      try write("", "\(folder)/project/maps/none")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/project/maps/\(name).yaml", withDestinationPath: "../../outside/\(name).yaml")
    }
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/project/folder", withDestinationPath: "../outside")
  }

  @Test(
    "No command reads one",
    arguments: [
      "../outside/NAME.yaml", "maps/NAME.yaml", "folder/NAME.yaml", "ABSOLUTE/outside/NAME.yaml", "maps/../../outside/NAME.yaml",
    ]
  )
  func refused(reference: String) async throws {
    for name in ["foreign", "whole"] {
      try await withFolder { folder in
        try lay(in: folder)
        let reference = reference.replacing("NAME", with: name).replacing("ABSOLUTE", with: folder)
        try write(pipeline(reference), "\(folder)/project/waybill.yaml")
        for arguments in [
          ["check"], ["check", "--json"], ["run"], ["run", "--dry-run"], ["plan"], ["plan", "--offline"], ["test"], ["extract"],
        ] {
          let ended = await waybill(arguments + ["--project", "\(folder)/project"], environment: ["TOKEN": "token-of-ours"])
          let shown = ended.output + ended.error
          #expect(ended.code == .wrongFile, "\(arguments): \(shown)")
          #expect(shown.contains("outside-project"), "\(arguments): \(shown)")
          #expect(!shown.contains(Self.marker), "\(arguments): \(shown)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/project/out"))
      }
    }
  }

  @Test("A broken pipeline names it, too, and shows none of its content")
  func brokenPipeline() async throws {
    try await withFolder { folder in
      try lay(in: folder)
      try write(pipeline("../outside/foreign.yaml", rest: "gats: {}"), "\(folder)/project/waybill.yaml")
      let ended = await waybill(["check", "\(folder)/project/waybill.yaml"], environment: ["TOKEN": "token-of-ours"])
      let shown = ended.output + ended.error
      #expect(ended.code == .wrongFile)
      #expect(shown.contains("outside-project") && shown.contains("unknown-key") && !shown.contains(Self.marker), "\(shown)")
    }
  }

  @Test("The command line may name a mapping anywhere, even one that the pipeline must not")
  func named() async throws {
    try await withFolder { folder in
      try lay(in: folder)
      try write(pipeline("../outside/whole.yaml"), "\(folder)/project/waybill.yaml")
      let alone = await waybill(["check", "\(folder)/project/maps/whole.yaml"])
      #expect((alone.output + alone.error).contains(Self.marker))
      let both = await waybill(
        ["check", "\(folder)/project/waybill.yaml", "\(folder)/project/../outside/whole.yaml"], environment: ["TOKEN": "t"])
      #expect((both.output + both.error).contains("outside-project"))
      #expect((both.output + both.error).contains(Self.marker))
    }
  }

  @Test("With --project, a pipeline in a subfolder may use mappings beside that folder")
  func project() async throws {
    try await withFolder { folder in
      try write(Self.whole.replacing(Self.marker, with: "contactName"), "\(folder)/maps/contacts.yaml")
      let path = "\(folder)/pipelines/p.yaml"
      let text = pipeline("../maps/contacts.yaml").replacing(
        "ghl: {location: loc, auth: {token: {env: TOKEN}}}", with: "ndjson: {contact: in.ndjson}")
      try write(text, path)
      try write("{\"id\":\"a\",\"contactName\":\"Ada\"}\n", "\(folder)/pipelines/in.ndjson")
      for arguments in [["check", path], ["test", path], ["plan", path], ["run", path]] {
        let alone = await waybill(arguments + ["--state", "\(folder)/state"])
        #expect(
          alone.code == .wrongFile && (alone.output + alone.error).contains("outside-project"), "\(arguments): \(alone.error)")
        let inside = await waybill(arguments + ["--project", folder])
        #expect(inside.code == .done, "\(arguments): \(inside.output)\(inside.error)")
      }
    }
  }
}
