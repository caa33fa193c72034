import Core
import Files
import Foundation
import Testing

@testable import Schema

/// `fixtures/schema/cases`: schemas with the values that are valid and those that are not.
struct CaseTests {
  private static let roots = [
    SchemaOptions.Root(prefix: "https://remote.example", folder: Fixtures.folder.appending(path: "remotes").path)
  ]

  @Test(arguments: ["applicators", "unevaluated", "references", "values", "names", "draft7", "draft2019", "remotes"])
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
    let older = ##"{"$schema": "http://json-schema.org/draft-07/schema#", "items": {"contentEncoding": "base64"}}"##
    #expect(try validator(older).failures(in: value).map(\.message) == ["must be base64"])
    #expect(try validator(older, options: .init(formats: .annotate)).failures(in: value).isEmpty)
    // A vocabulary that asserts is asserted in any mode.
    let asserting = ##"{"$schema": "https://remote.example/assertion.json", "format": "ipv4"}"##
    #expect(
      try validator(asserting, options: .init(formats: .annotate, roots: Self.roots)).failures(in: .string("x")).count == 1)
  }

  @Test(arguments: [
    ("https://remote.example/missing.json", "there is no usable file"),
    ("https://other.example/x.json", "in no folder that is known"), ("https://remote.example/../../etc/passwd", "no folder"),
    ("https://remote.example/%2e%2e/cases/draft7.json", "no folder"),
    // A slash before a combining mark is still a slash.
    ("https://remote.example/%2e%2e/%CC%81x.json", "no folder"), ("https://remote.example/nested", "no folder"),
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

  @Test(arguments: ["http://json-schema.org/draft-07/schema#", "draft-07", "draft7", "Draft07", "7"])
  func theDialectOfSchemasWithoutOneCanBeGiven(_ name: String) throws {
    let text = ##"{"items": [{"type": "integer"}]}"##
    let value = try JSONReader.read(#"["x"]"#)
    #expect(SchemaCompiler.compile(file: "s.json", text: text).validator == nil)
    let options = SchemaOptions(dialect: name)
    #expect(try validator(text, options: options).failures(in: value).count == 1)
  }

  @Test func locationsAreAbsoluteBelowAnIdentifier() throws {
    let text =
      ##"{"$id": "https://l.example/root.json", "properties": {"a": {"$ref": "part#x"}, "b": {"minimum": 3}}, "$defs": {"p": {"$id": "part", "$defs": {"y": {"$anchor": "x", "type": "string"}}}}}"##
    let found = try validator(text).failures(in: try JSONReader.read(#"{"a": 1, "b": 2}"#))
    #expect(found.map(\.schema) == ["https://l.example/part#/$defs/y/type", "https://l.example/root.json#/properties/b/minimum"])
    #expect(found.map(\.instance) == ["/a", "/b"])
  }

  @Test func neighboursOfAFileWithAnAddressAreFoundBesideIt() throws {
    let path = Fixtures.folder.appending(path: "remotes/neighbour.json").path
    let result = SchemaCompiler.load(path: path)
    // Only what lies in its folder.
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported])
    #expect(result.diagnostics.first?.message.contains("https://n.example/outside.json") == true)
    let text = try Fixtures.text("remotes/neighbour.json").replacingOccurrences(of: "../outside", with: "integer")
    try withFolder(["neighbour.json": text, "integer.json": "{\"type\": \"integer\"}", "nested/folder.json": "{\"maximum\": 3}"])
    { folder in
      let result = SchemaCompiler.load(path: folder + "/neighbour.json")
      let found = try #require(result.validator).failures(in: try JSONReader.read(#"{"i": "x", "n": 4}"#))
      #expect(
        found.map(\.schema) == [
          "https://n.example/schemas/integer.json#/type", "https://n.example/schemas/nested/folder.json#/maximum",
        ])
    }
  }

  @Test func otherFilesAreNamedByTheWayToThem() throws {
    let main = ##"{"properties": {"a": {"$ref": "parts/a b.json"}, "c": {"$ref": "../common.json#/$defs/c"}}}"##
    try withFolder([
      "schemas/main.json": main, "schemas/parts/a b.json": #"{"$ref": "c.json"}"#, "schemas/parts/c.json": #"{"type": "null"}"#,
      "common.json": #"{"$defs": {"c": false}}"#,
    ]) { folder in
      let validator = try #require(
        SchemaCompiler.load(path: folder + "/schemas/main.json", options: .init(boundary: FileBoundary([folder]))).validator)
      let found = validator.failures(in: try JSONReader.read(#"{"a": 1, "c": 1}"#))
      #expect(found.map(\.schema) == ["parts/c.json#/type", "../common.json#/$defs/c"])
    }
  }

  /// A folder with files, by their paths, for as long as `body` runs.
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-schemas-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try body(folder.path)
  }

  @Test(arguments: [
    ("http://json-schema.org/draft/2020-12/schema", "https://json-schema.org/draft/2020-12/schema"),
    ("https://json-schema.org/Draft/2019-09/schema#", "https://json-schema.org/draft/2019-09/schema"),
  ])
  func anAddressThatIsNearlyADraftsHasAHint(_ address: String, _ meant: String) {
    let result = SchemaCompiler.compile(file: "s.json", text: "{\"$schema\": \"\(address)\"}")
    #expect(result.diagnostics.map(\.hint) == ["did you mean '\(meant)'?"])
  }

  @Test func whatAppliesByTwoWaysIsSaidOnce() throws {
    let text =
      ##"{"allOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/s"}, {"allOf": [{"$ref": "#/$defs/s"}]}], "$defs": {"s": {"type": "string"}}}"##
    #expect(try validator(text).failures(in: .null).map(\.schema) == ["#/$defs/s/type"])
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
        "must fit at least one of the 2 schemas of 'anyOf'; nearest (anyOf/1): /c must be string",
        "must fit one of the 2 schemas of 'oneOf', but fits none; nearest (oneOf/1): it must have at least 2 members",
      ])
    #expect(
      try validator(##"{"oneOf": [true, false, true]}"##).failures(in: .null).map(\.message) == [
        "must fit one of the 3 schemas of 'oneOf', but fits 2 (oneOf/0, oneOf/2)"
      ])
  }

  @Test(arguments: [
    (#"{"kind": "b"}"#, "nearest (oneOf/1): /x must have the member 'y'"),
    (#"{"kind": "b", "y": "1"}"#, "nearest (oneOf/1): /x/y must be integer"),
    (#"{"kind": "c", "y": 1}"#, #"nearest: /x/kind must be one of "a", "b", "d""#),
    (#"{"y": 1}"#, "nearest (oneOf/0): /x must have the member 'kind'"), ("7", "nearest (oneOf/0): it must be object"),
  ])
  func branchesAreToldApartByTheirConstants(_ value: String, _ words: String) throws {
    let text = ##"""
      {"properties": {"x": {"oneOf": [
        {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}, "z": {"type": "string"}}},
        {"type": "object", "required": ["kind", "y"], "properties": {"kind": {"enum": ["b", "d"]}, "y": {"type": "integer"}}},
        {"type": "null"}]}}}
      """##
    let found = try validator(text).failures(in: try JSONReader.read(#"{"x": \#(value)}"#))
    let expected = words.replacingOccurrences(of: ": /x must", with: ": it must")
    #expect(found.map(\.message) == ["must fit one of the 3 schemas of 'oneOf', but fits none; \(expected)"])
  }

  @Test func alternativesThatAreConstantsAreListed() throws {
    let constants = (0..<30).map { #"{"const": "c\#($0)", "title": "the number \#($0)"}"# }.joined(separator: ", ")
    let found = try validator(#"{"anyOf": [\#(constants)]}"#).failures(in: .string("x"))
    let message = try #require(found.first?.message)
    #expect(
      message.hasSuffix(
        #"; nearest: it must be one of "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11" and 18 more"#))
  }

  @Test func aWrongNameSaysWhatIsWrongWithIt() throws {
    let schema = #"{"propertyNames": {"pattern": "^[a-z]+$", "maxLength": 3}}"#
    #expect(
      try validator(schema).failures(in: try JSONReader.read(#"{"ok": 1, "Ab": 2}"#)).map { "\($0.instance) \($0.message)" } == [
        "/Ab has a name that 'propertyNames' does not allow: it must match the pattern ^[a-z]+$"
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
