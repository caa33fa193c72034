import Core
import Foundation
import Testing

@testable import Commands

/// A source of one's own, of which no schema is given: CSV has its header, other files what their records show.
@Suite struct OwnSourceTests {
  static func mapping(_ entity: String, _ fields: String) -> String {
    "mapping: 1\nname: people\nsource: {entity: \(entity), key: Id}\ntarget: {entity: person, key: id}\nfields: {id: Id, \(fields)}\n"
  }

  static func pipeline(_ source: String) -> String {
    "pipeline: p\nsource: \(source)\nmappings: [people.yaml]\ndestinations: {f: {csv: {path: out.csv}}}\n"
  }

  static let inputs: [(entity: String, file: String, text: String)] = ["person", "contact"].flatMap { entity in
    [
      (entity, "in.ndjson", #"{"Id":"1","Full Name":"Ada","Stage":{"Name":"new"}}"# + "\n"),
      (entity, "in.json", #"[{"Id":"1","Full Name":"Ada","Stage":{"Name":"new"}}]"#),
      (entity, "in.csv", "Id,Full Name,Stage\n1,Ada,new\n"),
    ]
  }

  static func withProject<Value>(
    _ input: (entity: String, file: String, text: String), fields: String? = nil, _ body: (String) async throws -> Value
  ) async throws -> Value {
    try await withFolder { folder in
      let own = input.file.hasSuffix(".csv") ? "Stage" : "Stage.Name"
      let format = input.file.split(separator: ".")[1]
      for (name, text) in [
        ("people.yaml", mapping(input.entity, fields ?? "name: Full Name, stage: \(own)")), (input.file, input.text),
        ("waybill.yaml", pipeline("{\(format): {\(input.entity): \(input.file)}}")),
      ] {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      return try await body(folder)
    }
  }

  @Test(arguments: inputs)
  func `every command reads it without a schema`(_ input: (entity: String, file: String, text: String)) async throws {
    try await Self.withProject(input) { folder in
      let project = ["--project", folder]
      for command in [
        ["check"] + project, ["check", folder + "/people.yaml"], ["test", folder + "/people.yaml"], ["run"] + project,
        ["transform", "--mapping", folder + "/people.yaml", "--input", "\(folder)/\(input.file)", "--output", folder + "/t.csv"],
        ["preview", folder + "/people.yaml", "--input", "\(folder)/\(input.file)"],
        ["preview", folder + "/people.yaml"] + project,
        ["run", "--snapshot", "latest"] + project,
      ] {
        let ended = await waybill(command)
        #expect(ended.code == .done, "\(command.prefix(2)): \(ended.error)")
      }
      for file in ["out.csv", "t.csv"] {
        #expect(TransformCommandTests.text("\(folder)/\(file)") == "id,name,stage\n1,Ada,new\n")
      }
      try Self.pipeline("{snapshot: latest}").write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
      for command in ["check", "run"] {
        let ended = await waybill([command] + project)
        #expect(ended.code == .done, "\(command) over the snapshot: \(ended.error)")
      }
    }
  }

  @Test(arguments: inputs.filter { !$0.file.hasSuffix(".csv") })
  func `check says that the fields are inferred, how to describe them, and what looks misspelled`(
    _ input: (entity: String, file: String, text: String)
  ) async throws {
    try await Self.withProject(input, fields: "name: \"Full N\u{430}me\"") { folder in
      let ended = await waybill("check", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(ended.error.contains("source-inferred: nothing describes '\(input.entity)'"), "\(ended.error)")
      #expect(ended.error.contains("source: {schema: FILE}"), "\(ended.error)")
      #expect(ended.error.contains("similar-names"), "\(ended.error)")
    }
  }

  @Test func `an export of GHL keeps the shape of GHL's entity`() async throws {
    let input = ("contact", "in.ndjson", #"{"Id":"1","id":"1","firstName":"Ada","email":"a@x.example","phone":"1"}"# + "\n")
    try await Self.withProject(input, fields: "name: firstNam") { folder in
      let ended = await waybill("check", "--project", folder)
      #expect(ended.code == .wrongFile && ended.error.contains("unknown-source-field"), "\(ended.error)")
    }
  }

  @Test func `a mapping by itself over an entity of one's own is refused with the ways to describe it`() async throws {
    try await withFolder { folder in
      try Self.mapping("person", "name: Name").write(toFile: folder + "/people.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("check", folder + "/people.yaml", "--project", folder)
      #expect(ended.code == .wrongFile, "\(ended.error)")
      #expect(ended.error.contains("source: {schema: FILE}"), "\(ended.error)")
    }
  }
}
