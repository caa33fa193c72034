import Core
import Foundation
import Schema
import Testing
import Transform

@testable import Mapping

/// Schemas and OpenAPI documents in YAML.
struct YAMLSchemaTests {
  private func load(_ text: String, name: String = "openapi.yaml", fragment: String = "") throws -> SchemaCompilation {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    return SchemaCompiler.load(
      path: "\(folder.path)/\(name)\(fragment)", name: "\(name)\(fragment)", options: .init(yaml: YAMLSchemaReader.read))
  }

  @Test func aDocumentInYAMLIsReadAsOneInJSON() throws {
    let result = try load(
      """
      openapi: 3.1.0
      components:
        schemas:
          Contact:
            type: object
            required: [id]
            properties:
              id: {$ref: "#/components/schemas/Id"}
              age: {type: integer, minimum: 18}
            additionalProperties: false
          Id:
            type: string
            maxLength: 3
      """, fragment: "#/components/schemas/Contact")
    #expect(result.diagnostics.map(\.message) == [])
    let found = try #require(result.validator).failures(in: try JSONReader.read(#"{"id": "abcd", "age": 17, "x": 1}"#))
    #expect(
      found.map(\.schema) == [
        "#/components/schemas/Id/maxLength", "#/components/schemas/Contact/properties/age/minimum",
        "#/components/schemas/Contact/additionalProperties",
      ])
  }

  @Test func mistakesStandAtTheirLinesOfTheYAML() throws {
    let result = try load("type: objekt\nproperties:\n  a: {minLength: -1}\n  a: {}\n", name: "s.yaml")
    #expect(result.validator == nil)
    #expect(result.diagnostics.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue)" } == ["4:3 duplicate-key"])
    let other = try load("type: objekt\nproperties:\n  a: {minLength: -1}\n", name: "s.yaml")
    #expect(
      other.diagnostics.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue)" } == [
        "1:7 schema-syntax", "3:18 schema-syntax",
      ])
  }

  @Test func withoutAReaderYAMLIsRefused() {
    let result = SchemaCompiler.compile(file: "s.yaml", text: "type: object")
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported])
  }

  /// `anyOf` and its like do not stop a mapping from being compiled; its records are judged when they are finished.
  @Test func aMappingTakesItsTargetFromAnOpenAPIDocument() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try """
    openapi: 3.1.0
    components:
      schemas:
        Contact:
          type: object
          required: [id]
          allOf: [{$ref: "#/components/schemas/Named"}]
          properties: {id: {type: string, maxLength: 3}, email: {format: email}, phone: {type: string}}
          anyOf: [{required: [email]}, {required: [phone]}]
        Named:
          properties: {name: {type: [string, "null"]}}
          required: [name]
    """.write(to: folder.appending(path: "api.yaml"), atomically: true, encoding: .utf8)
    func compile(_ fields: String) -> MappingCompilation {
      let target = "{entity: x, key: id, schema: \"api.yaml#/components/schemas/Contact\"}"
      let text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: \(target)\nfields:\n\(fields)"
      return MappingCompiler.compile(file: "\(folder.path)/m.yaml", text: text, catalog: TestCatalog())
    }
    let good = compile("  id: {from: id, do: [{truncate: 3}]}\n  email: email\n  name: lastName\n")
    #expect(good.diagnostics.all.filter { $0.severity == .error }.map(\.message) == [])
    let model = try #require(good.model)
    #expect(model.target?.hasRest == true)
    #expect(
      try #require(model.record).failures(in: try JSONReader.read(#"{"id": "c", "name": null}"#)).map(\.code) == [.schemaAnyOf])
    // What `allOf` asks for is known statically.
    #expect(compile("  id: id\n  email: email\n").diagnostics.all.map(\.code).contains(.requiredNotMapped))
    #expect(compile("  id: id\n  name: visits\n").diagnostics.all.map(\.code).contains(.notAssignable))
  }

  @Test func everySlugOfTheSchemaHasItsEntry() {
    for code in ProblemCode.allCases where code.slug.hasPrefix("schema-") {
      #expect(SlugReference.find(code.slug) != nil, "\(code.slug)")
    }
  }
}
