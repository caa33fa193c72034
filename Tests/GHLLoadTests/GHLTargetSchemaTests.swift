import Core
import Foundation
import GHL
import Testing

@testable import Load

/// The target schemas in `mappings/schemas` describe what the routes take.
@Suite struct GHLTargetSchemaTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("mappings/schemas").path

  static let schemas: [(target: GHLPartDocument.Target, name: String, create: GHLRoute, update: GHLRoute)] = [
    (.contacts, "contact", .createContact, .updateContact), (.tasks, "task", .createTask, .updateTask),
    (.notes, "note", .createNote, .updateNote),
  ]

  static func schema(_ name: String) throws -> JSONValue {
    try JSONReader.read(String(contentsOfFile: "\(folder)/ghl.\(name).schema.json", encoding: .utf8))
  }

  @Test("fields, and what is required or may be null, are those of the documents", arguments: schemas.indices)
  func fields(index: Int) throws {
    let (target, name, create, update) = Self.schemas[index]
    let schema = try Self.schema(name)
    let properties = try #require(schema["properties"]?.objectValue)
    let ours = target == .contacts ? ["key"] : ["key", "contactId"]
    #expect(properties.map(\.name).sorted() == (ours + GHLFields.names(of: target)).sorted())
    #expect(schema["required"]?.arrayValue?.compactMap(\.stringValue) == ours + GHLFields.required(target))
    #expect(schema["additionalProperties"] == .bool(false))
    for property in properties where !ours.contains(property.name) {
      #expect(create.body(in: .dated)?.member(named: property.name) != nil)
      // A null that only an update accepts clears the field; a create leaves it out.
      let isNullable = [create, update].contains { $0.body(in: .dated)?.member(named: property.name)?.isNullable ?? false }
      let types = property.value["type"]?.arrayValue?.compactMap(\.stringValue) ?? []
      #expect(types.contains("null") == isNullable, "\(property.name)")
    }
  }

  @Test func `channels are those of both generations`() throws {
    let schema = try Self.schema("contact")
    let channels = try #require(schema["properties"]?["dndSettings"]?["properties"]?.objectValue)
    var expected: [String] = []
    for generation in GHLVersions.Generation.allCases {
      let member = try #require(GHLRoute.createContact.body(in: generation)?.member(named: "dndSettings"))
      guard case .object(let shape) = member.form else { continue }
      expected += shape.members.map(\.name)
    }
    #expect(expected.count == 12)
    #expect(channels.map(\.name).sorted() == expected.sorted())
  }

  @Test func `countries are alpha-2 codes, each once`() throws {
    let schema = try Self.schema("contact")
    let list = try #require(schema["properties"]?["country"]?["enum"]?.arrayValue)
    let codes = list.compactMap(\.stringValue)
    #expect(codes.count == 247)
    #expect(Set(codes).count == codes.count)
    #expect(codes.allSatisfy { $0.utf8.count == 2 && $0.utf8.allSatisfy { 0x41...0x5A ~= $0 } })
    #expect(Set(codes).isSuperset(of: ["US", "GB", "DE", "JP", "ZA"]))
  }
}
