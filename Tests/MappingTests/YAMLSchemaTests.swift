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

  @Test func `Aliases and merge keys of a schema document are resolved`() throws {
    let result = try load(
      """
      openapi: 3.0.3
      x-text: &text {type: string, maxLength: 3}
      x-number: &number
        type: integer
        minimum: 1
      components:
        schemas:
          Contact:
            type: object
            required: &required [id]
            properties:
              id: *text
              name:
                <<: *text
                maxLength: 1
              both:
                <<: [*number, *text]
                nullable: true
              inner: {type: object, required: *required}
      """, fragment: "#/components/schemas/Contact")
    #expect(result.diagnostics.map(\.message) == [])
    let validator = try #require(result.validator)
    #expect(validator.failures(in: try JSONReader.read(#"{"id": "abc", "name": "a", "both": null, "inner": {"id": 1}}"#)).isEmpty)
    let found = validator.failures(in: try JSONReader.read(#"{"id": "abcd", "name": "ab", "both": 0, "inner": {}}"#))
    #expect(
      found.map { "\($0.instance) \($0.code.slug)" } == [
        "/id schema-maxLength", "/name schema-maxLength", "/both schema-minimum", "/inner schema-required",
      ])
  }

  @Test(arguments: ["swagger: 2.0", "swagger: \"2.0\"", "swagger: '2.0'"])
  func `The version may be a number`(_ version: String) throws {
    let result = try load(
      "\(version)\ndefinitions: {A: {type: string, x-nullable: true}}\n", fragment: "#/definitions/A")
    #expect(try #require(result.validator).failures(in: .null).isEmpty)
  }

  @Test(arguments: [
    ("a: *b\n", "there is no anchor '&b' before this alias"), ("a: &a {b: *a}\n", "contains an alias of itself"),
    ("a: {<<: 1}\n", "'<<' merges a map"),
    ("a: &a [x]\nb: {<<: *a}\n", "'<<' merges a map"),
  ])
  func `Aliases that lead nowhere are errors`(_ text: String, _ message: String) throws {
    let result = try load(text, name: "s.yaml")
    #expect(result.validator == nil)
    #expect(result.diagnostics.map(\.code) == [.yamlSyntax])
    #expect(result.diagnostics.first?.message.contains(message) == true, "\(result.diagnostics)")
  }

  @Test func `Aliases cannot stand for more values than memory holds`() throws {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }
    var deep = "a0: &a0 [x]\n"
    for level in 1...200 { deep += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    for (text, message) in [(bomb, "stand for more than"), (deep, "nested deeper than")] {
      let result = try load(text, name: "s.yaml")
      #expect(result.validator == nil)
      #expect(result.diagnostics.first?.message.contains(message) == true, "\(result.diagnostics)")
    }
  }

  @Test func `YAML is recognized by its content, unless the name says that it is JSON`() throws {
    let text = "type: object\nrequired: [id]\n"
    #expect(try #require(try load(text, name: "schema").validator).failures(in: .object([])).count == 1)
    #expect(try #require(try load(text, name: "schema.txt").validator).failures(in: .object([])).count == 1)
    let result = try load(text, name: "schema.json")
    #expect(result.diagnostics.map(\.message) == ["this is YAML, not JSON"])
    #expect(result.diagnostics.first?.hint == "rename the file, so that it ends in .yaml")
    #expect(try load("<html></html>", name: "s.yaml").diagnostics.first?.message.contains("an HTML page") == true)
    #expect(try load("{\"type\": 1,}", name: "s.txt").diagnostics.first?.message.hasPrefix("not valid JSON") == true)
  }

  @Test(
    arguments: ["s.yaml", "s.YML", "s.txt", "schema", "s.schema"],
    [
      "type: object\nrequired: [id]\n", "# a schema\n\n---\n'type': object\nrequired: [id]\n",
      "%YAML 1.1\n---\nrequired:\n- id\n",
      "\u{FEFF}required: [id]\n", "{type: object, required: [id]}\n", "{ # x\n type: object, required: [id]}\n",
      "  # a schema\nrequired: [id]\n", "\u{FEFF}# a schema\n{ # in braces\n  # of YAML\n 'required': [id]}\n",
      "{\n\t\"type\": \"object\", \"required\": [\"id\"], \"title\": \"\\/\\ud83d\\ude00\"}",
    ])
  func `What a schema contains decides how it is read`(_ name: String, _ text: String) throws {
    let result = try load(text, name: name)
    #expect(result.diagnostics.map(\.message) == [])
    #expect(try #require(result.validator).failures(in: .object([])).map(\.member) == ["id"])
  }

  @Test(arguments: [
    ("type: object\nproperties: {a: {\n", DiagnosticCode.yamlSyntax), ("---\na: [\n", .yamlSyntax),
    ("\"type\": \"object\",\n", .yamlSyntax), ("\u{FEFF}type: object\na: {type: string\n", .yamlSyntax),
    ("  # comment\ntype: object\na: [\n", .yamlSyntax), ("\n\u{20}\n  type: object\n  a: [\n", .yamlSyntax),
    ("{type: object", .yamlSyntax), ("{\n  $ref: [\n", .yamlSyntax), ("{ # x\n type: {\n", .yamlSyntax),
    ("{'type': [", .yamlSyntax),
    ("\u{FEFF}# x\n---\na: [\n", .yamlSyntax), ("\u{FEFF}{\"type\": 1,}", .schemaSyntax), ("# x\n{\"type\": 1,}", .schemaSyntax),
    ("root:x:0:0:root:/root:/bin/bash\n", .schemaSyntax), ("hello world\n", .schemaSyntax),
    ("{ // note\n \"type\": \"object\"}", .schemaSyntax),
    ("{", .schemaSyntax), ("{\"type\": 1,}", .schemaSyntax), ("[type: object", .schemaSyntax),
  ])
  func `A mistake is reported in the language that the text begins as`(_ text: String, _ code: DiagnosticCode) throws {
    let result = try load(text, name: "schema.txt")
    #expect(result.validator == nil)
    #expect(result.diagnostics.map(\.code) == [code])
  }

  @Test func `A message about a missing bracket names the bracket`() throws {
    let result = try load("type: {a: 1\n", name: "schema")
    #expect(result.diagnostics.map(\.message) == ["this bracket is not closed: '}' is missing"])
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
