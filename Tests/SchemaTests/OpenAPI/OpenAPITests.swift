import Core
import Foundation
import Testing

@testable import Schema

/// Schemas inside OpenAPI documents, and files by their path.
struct OpenAPITests {
  private static let document = ##"""
    {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
     "components": {"schemas": {
       "Contact": {"type": "object", "required": ["id"], "discriminator": {"propertyName": "kind"}, "example": {"id": 1},
         "properties": {"id": {"$ref": "#/components/schemas/Id"}, "tag": {"$ref": "#tag"}, "home": {"$ref": "address.json"}},
         "externalDocs": {"url": "https://a.example"}},
       "Id": {"type": ["string", "null"], "maxLength": 3},
       "Tag": {"$anchor": "tag", "enum": ["a", "b"]},
       "Address": {"$id": "address.json", "properties": {"city": {"type": "string"}}}}}}
    """##

  private func load(_ text: String, name: String = "openapi.json", fragment: String) throws -> SchemaCompilation {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    try #"{"type": "integer"}"#.write(to: folder.appending(path: "beside.json"), atomically: true, encoding: .utf8)
    return SchemaCompiler.load(path: "\(folder.path)/\(name)\(fragment)", name: "\(name)\(fragment)")
  }

  @Test func aSchemaOfADocumentIsCompiledWithItsReferences() throws {
    let result = try load(Self.document, fragment: "#/components/schemas/Contact")
    #expect(result.diagnostics.map(\.message) == [])
    let validator = try #require(result.validator)
    #expect(validator.failures(in: try JSONReader.read(#"{"id": "abc", "tag": "a", "home": {"city": "x"}}"#)).isEmpty)
    let found = validator.failures(in: try JSONReader.read(#"{"id": "abcd", "tag": "c", "home": {"city": 1}}"#))
    #expect(
      found.map { "\($0.code.slug) \($0.instance) \($0.schema.split(separator: "/").suffix(3).joined(separator: "/"))" } == [
        "schema-maxLength /id schemas/Id/maxLength", "schema-enum /tag schemas/Tag/enum",
        "schema-type /home/city properties/city/type",
      ])
    #expect(found.first?.schema == "#/components/schemas/Id/maxLength")
    let schema = try #require(result.schema)
    #expect(schema.file == "openapi.json")
    #expect(schema.nodes[schema.root].required == ["id"])
    #expect(!schema.hasRest)
  }

  @Test(arguments: [
    (
      ##"{"openapi": "3.2.0", "components": {"schemas": {"A": {}}}}"##, "#/components/schemas/A",
      "OpenAPI 3.2.0 is not supported", 13
    ),
    (##"{"openapi": 3, "components": {"schemas": {"A": {}}}}"##, "#/components/schemas/A", "OpenAPI 3 is not supported", 13),
    (##"{"swaggerVersion": "1.2", "models": {"A": {}}}"##, "#/models/A", "Swagger 1.2 is not supported", 20),
    (
      ##"{"openapi": "3.0.3", "components": {"schemas": {"A": {}}}}"##, "",
      "name the schema in it, as FILE#/components/schemas/NAME", 2
    ),
    (##"{"swagger": "2.0", "definitions": {"A": {}}}"##, "", "name the schema in it, as FILE#/definitions/NAME", 2),
    (##"{"swagger": 2.0, "definitions": {"A": {}}}"##, "#/definitions", "is the list of schemas: name one of them", 18),
    (##"{"swagger": "2.0", "definitions": {"A": {}}}"##, "#A", "is not a JSON pointer", 2),
    (##"{"openapi": "3.1.0", "components": {"schemas": {"A": {}}}}"##, "#A", "is not a JSON pointer", 2),
    (
      ##"{"openapi": "3.0.0", "components": {"parameters": {"P": {"in": "query", "schema": {}}}}}"##, "#/components/parameters/P",
      "is not a schema, but contains one", 52
    ),
    (##"{"openapi": "3.1.0", "components": {"schemas": {"A": {}}}}"##, "", "name the schema", 2),
    (##"{"openapi": "3.1.0", "components": {"schemas": {"Contact": {}}}}"##, "#/components/schemas/Contcat", "has no target", 1),
    (
      ##"{"openapi": "3.1.0", "jsonSchemaDialect": "https://nobody.example/x", "components": {"schemas": {"A": {}}}}"##,
      "#/components/schemas/A", "https://nobody.example/x", 43
    ),
    (##"{"openapi": "3.1.0", "components": {"schemas": {"A": {"type": 1}}}}"##, "#/components/schemas/A", "'type'", 63),
  ])
  func whatCannotBeUsedIsSaid(_ text: String, _ fragment: String, _ words: String, _ column: Int) throws {
    let result = try load(text, fragment: fragment)
    #expect(result.validator == nil)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.message.contains(words) == true, "\(result.diagnostics)")
    #expect(result.diagnostics.first?.place.column == column)
    #expect(result.diagnostics.first?.place.file == "openapi.json")
  }

  @Test func theDialectOfADocumentCanBeAnOlderDraft() throws {
    let text =
      ##"{"openapi": "3.1.0", "jsonSchemaDialect": "http://json-schema.org/draft-07/schema#", "components": {"schemas": {"A": {"items": [{"type": "integer"}]}}}}"##
    let result = try load(text, fragment: "#/components/schemas/A")
    #expect(try #require(result.validator).failures(in: try JSONReader.read(#"["x"]"#)).map(\.code) == [.schemaType])
  }

  @Test func aSchemaInsideASchemaFileCanBeNamed() throws {
    let result = try load(##"{"$defs": {"a": {"minimum": 3}}}"##, name: "s.json", fragment: "#/$defs/a")
    #expect(try #require(result.validator).failures(in: .number("2")).map(\.schema) == ["#/$defs/a/minimum"])
  }

  @Test func aFileBesideTheSchemaCanBeReferredTo() throws {
    let result = try load(##"{"$ref": "beside.json"}"##, name: "s.json", fragment: "")
    #expect(result.diagnostics.map(\.message) == [])
    #expect(try #require(result.validator).failures(in: .string("x")).map(\.schema) == ["beside.json#/type"])
    #expect(result.sources.count == 2)
  }
}
