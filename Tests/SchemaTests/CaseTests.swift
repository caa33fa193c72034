import Core
import Foundation
import Testing

@testable import Schema

/// `fixtures/schema/cases`: schemas with the values that are valid and those that are not.
struct CaseTests {
  private static let roots = [
    SchemaOptions.Root(prefix: "https://remote.example", folder: Fixtures.folder.appending(path: "remotes").path)
  ]

  @Test(arguments: ["applicators", "unevaluated", "references", "values", "draft7", "draft2019", "remotes"])
  func everyValueGetsItsVerdict(_ name: String) throws {
    let space = ValidationSpace()
    for table in try #require(try Fixtures.json("cases/\(name).json").arrayValue) {
      let about = try #require(table["about"]?.stringValue)
      let schema = try #require(table["schema"])
      let validator = try validator(schema.text, options: .init(roots: Self.roots))
      for isValid in [true, false] {
        for value in try #require(table[isValid ? "valid" : "invalid"]?.arrayValue) {
          let found = validator.failures(in: value, space)
          #expect(found.isEmpty == isValid, "\(about): \(value.text) \(found)")
          // The same from text.
          let text = Array(value.text.utf8).withUnsafeBufferPointer { validator.failures(in: $0, space) }
          #expect(try text.get() == found, "\(about): \(value.text)")
        }
      }
    }
  }

  @Test func annotationModeChecksNoFormat() throws {
    let schema = ##"{"items": {"format": "ipv4"}, "$defs": {"a": {"format": "uri"}}}"##
    let value = try JSONReader.read(#"["x"]"#)
    #expect(try validator(schema).failures(in: value).map(\.code) == [.schemaFormat])
    #expect(try validator(schema, options: .init(formats: .annotate)).failures(in: value).isEmpty)
    // A vocabulary that asserts is asserted in any mode.
    let asserting = ##"{"$schema": "https://remote.example/assertion.json", "format": "ipv4"}"##
    #expect(
      try validator(asserting, options: .init(formats: .annotate, roots: Self.roots)).failures(in: .string("x")).count == 1)
  }

  @Test(arguments: [
    ("https://remote.example/missing.json", "there is no usable file"),
    ("https://other.example/x.json", "in no folder that is known"), ("https://remote.example/../../etc/passwd", "no folder"),
    ("https://remote.example/%2e%2e/cases/draft7.json", "no folder"), ("https://remote.example/nested", "no folder"),
  ])
  func aDocumentThatIsNotAtHandIsDiagnosedWhereItIsAskedFor(_ address: String, _ words: String) {
    let result = SchemaCompiler.compile(
      file: "s.json", text: "{\"$ref\": \"\(address)\"}", options: .init(roots: Self.roots))
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported])
    #expect(result.diagnostics.first?.place.column == 10)
  }

  @Test func aRequiredVocabularyThatIsUnknownIsAnError() {
    let result = SchemaCompiler.compile(
      file: "s.json", text: ##"{"$schema": "https://remote.example/required.json"}"##, options: .init(roots: Self.roots))
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported])
    #expect(result.diagnostics.first?.message.contains("https://remote.example/vocab/own") == true)
  }

  @Test func aSchemaIsCheckedAgainstAMetaschemaOfOnesOwn() {
    let text = ##"{"$schema": "https://remote.example/strict.json", "title": "t", "properties": {"a": {"type": "string"}}}"##
    let result = SchemaCompiler.compile(file: "s.json", text: text, options: .init(roots: Self.roots))
    #expect(result.validator == nil)
    #expect(result.diagnostics.map(\.code) == [.schemaSyntax])
    #expect(result.diagnostics.first?.message.contains("'title'") == true)
    #expect(result.diagnostics.first?.place.column == 85)
  }

  @Test func theDialectOfSchemasWithoutOneCanBeGiven() throws {
    let text = ##"{"items": [{"type": "integer"}]}"##
    let value = try JSONReader.read(#"["x"]"#)
    #expect(SchemaCompiler.compile(file: "s.json", text: text).validator == nil)
    let options = SchemaOptions(dialect: "http://json-schema.org/draft-07/schema#")
    #expect(try validator(text, options: options).failures(in: value).count == 1)
  }

  @Test func locationsAreAbsoluteBelowAnIdentifier() throws {
    let text =
      ##"{"$id": "https://l.example/root.json", "properties": {"a": {"$ref": "part#x"}, "b": {"minimum": 3}}, "$defs": {"p": {"$id": "part", "$defs": {"y": {"$anchor": "x", "type": "string"}}}}}"##
    let found = try validator(text).failures(in: try JSONReader.read(#"{"a": 1, "b": 2}"#))
    #expect(found.map(\.schema) == ["https://l.example/part#/$defs/y/type", "https://l.example/root.json#/properties/b/minimum"])
    #expect(found.map(\.instance) == ["/a", "/b"])
  }

  @Test func everyFailureIsReported() throws {
    let text =
      ##"{"type": "object", "required": ["id", "x"], "properties": {"a": {"type": "string", "minLength": 2}, "l": {"items": {"maximum": 3}, "maxItems": 1}}, "additionalProperties": false, "allOf": [{"minProperties": 9}]}"##
    let found = try validator(text).failures(in: try JSONReader.read(#"{"a": "", "l": [4, 5], "z/~": 1}"#))
    #expect(
      found.map { "\($0.code.slug) \($0.instance) \($0.schema)" } == [
        "schema-required  #/required", "schema-required  #/required", "schema-minProperties  #/allOf/0/minProperties",
        "schema-minLength /a #/properties/a/minLength", "schema-maxItems /l #/properties/l/maxItems",
        "schema-maximum /l/0 #/properties/l/items/maximum", "schema-maximum /l/1 #/properties/l/items/maximum",
        "schema-additionalProperties /z~1~0 #/additionalProperties",
      ])
  }

  @Test func aFailedAlternativeSaysWhatIsNearest() throws {
    let text =
      ##"{"anyOf": [{"required": ["a", "b"]}, {"properties": {"c": {"type": "string"}}}], "oneOf": [{"type": "null"}, {"minProperties": 2}]}"##
    let found = try validator(text).failures(in: try JSONReader.read(#"{"c": 1}"#))
    #expect(
      found.map(\.message) == [
        "must fit at least one of the 2 schemas of 'anyOf'; nearest: /c must be string",
        "must fit one of the 2 schemas of 'oneOf', and fits none; nearest: it must be null",
      ])
    #expect(
      try validator(##"{"oneOf": [true, true]}"##).failures(in: .null).map(\.message) == [
        "must fit one of the 2 schemas of 'oneOf', and fits 2"
      ])
  }

  /// What the specification's metaschema refuses, the compiler refuses.
  @Test func theCompilerIsAsStrictAsTheMetaschema() throws {
    let metaschema = try validator(##"{"$ref": "https://json-schema.org/draft/2020-12/schema"}"##)
    let values: [JSONValue] = [
      .null, .bool(true), .number(-1), .number("1.5"), .string("x"), .string("("), .array([]), .object([]),
      .array([.string("a"), .string("a")]), .array([.number(1)]), .object([.init("a", .number(1))]),
      .object([.init("a", .array([.number(1)]))]), .object([.init("(", .bool(true))]),
    ]
    var refused = 0
    for keyword in Keyword.allNames where keyword != "$ref" && keyword != "$dynamicRef" && keyword != "$schema" {
      for value in values {
        let schema = JSONValue.object([.init(keyword, value)])
        guard !metaschema.failures(in: schema).isEmpty else { continue }
        refused += 1
        // Words of older drafts have a form in the metaschema and no meaning here.
        if ["$recursiveRef", "$recursiveAnchor"].contains(keyword) { continue }
        #expect(SchemaCompiler.compile(file: "s.json", text: schema.text).validator == nil, "\(schema.text)")
      }
    }
    #expect(refused > 300)
  }
}
