import Core
import Foundation
import Testing

@testable import Schema

/// `fixtures/schema/openapi`: schemas of OpenAPI 3.0 and Swagger 2.0, with values that they accept and values that they reject.
struct OpenAPITranslationTests {
  private static let documents = [
    "openapi30": (head: #""openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}"#, version: OpenAPIVersion.v30),
    "swagger2": (head: #""swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {}"#, version: .swagger2),
  ]

  private static let directions = ["request": SchemaOptions.Direction.request, "response": .response]

  private static func document(_ name: String, _ schemas: String) throws -> (text: String, fragment: String) {
    let (head, version) = try #require(documents[name])
    let list = version == .swagger2 ? #""definitions": \#(schemas)"# : #""components": {"schemas": \#(schemas)}"#
    return ("{\(head), \(list)}", "#\(version.schemas)/S")
  }

  private static func load(
    _ document: (text: String, fragment: String), _ direction: SchemaOptions.Direction? = nil, files: [String: String] = [:]
  ) throws -> SchemaCompilation {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try document.text.write(to: folder.appending(path: "api.json"), atomically: true, encoding: .utf8)
    for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8) }
    var options = SchemaOptions()
    (options.direction, options.makesStandalone) = (direction, true)
    return SchemaCompiler.load(
      path: "\(folder.path)/api.json\(document.fragment)", name: "api.json\(document.fragment)", options: options)
  }

  @Test(arguments: ["openapi30", "swagger2"])
  func `A schema accepts and rejects what the original does, and so does its translation as one document`(
    _ name: String
  ) throws {
    for item in try #require(try Fixtures.json("openapi/\(name).json").arrayValue) {
      let about = try #require(item["about"]?.stringValue)
      let direction = try item["direction"]?.stringValue.map { try #require(Self.directions[$0]) }
      let result = try Self.load(try Self.document(name, try #require(item["schemas"]).text), direction)
      #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [], "\(about)")
      let original = try #require(result.validator, "\(about)")
      let text = try #require(result.standalone).json.text
      let translated = SchemaCompiler.compile(file: "translated.json", text: text)
      #expect(translated.diagnostics.map(\.message) == [], "\(about): \(text)")
      let standalone = try #require(translated.validator, "\(about)")
      for isValid in [true, false] {
        for value in try #require(item[isValid ? "valid" : "invalid"]?.arrayValue) {
          let found = original.failures(in: value)
          #expect(found.isEmpty == isValid, "\(about): \(value.text) \(found)")
          #expect(standalone.failures(in: value).isEmpty == isValid, "\(about): \(value.text) of \(text)")
        }
      }
    }
  }

  @Test func `Read-only members are required of responses only, write-only members of requests only`() throws {
    let schemas = """
      {"S": {"type": "object", "required": ["id", "name", "secret"], "properties": {
        "id": {"type": "string", "readOnly": true}, "name": {"type": "string"}, "secret": {"type": "string", "writeOnly": true}}}}
      """
    let document = try Self.document("openapi30", schemas)
    func missing(_ direction: SchemaOptions.Direction?) throws -> [String] {
      let result = try Self.load(document, direction)
      #expect(try #require(result.schema).nodes[0].required.isEmpty == false)
      return try #require(result.validator).failures(in: .object([])).compactMap(\.member)
    }
    #expect(try missing(.request) == ["name", "secret"])
    #expect(try missing(.response) == ["id", "name"])
    #expect(try missing(nil) == ["name"])
  }

  @Test func `What another file declares read-only is not required in a request`() throws {
    let document = try Self.document(
      "openapi30",
      #"{"S": {"allOf": [{"$ref": "base.json#/components/schemas/Base"}, {"required": ["id", "name", "gone"]}, {"$ref": "gone.json"}]}}"#
    )
    let base =
      ##"{"openapi": "3.0.0", "components": {"schemas": {"Base": {"properties": {"id": {"$ref": "#/components/schemas/Id"}}}, "Id": {"readOnly": true}}}}"##
    let files = ["base.json": base, "gone.json": "{}"]
    #expect(
      try #require(try Self.load(document, .request, files: files).validator).failures(in: .object([])).compactMap(\.member)
        == ["name", "gone"])
    // A reference without a target is reported once, however often it is followed.
    let result = try Self.load(document, .request, files: ["base.json": base])
    #expect(result.diagnostics.filter { $0.severity == .error }.count == 1, "\(result.diagnostics.map(\.message))")
  }

  @Test func `Failures are reported at the place in the original`() throws {
    let schemas = """
      {"S": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0, "exclusiveMinimum": true},
       "i": {"type": "integer", "format": "int32"}, "b": {"type": "string", "format": "byte"}, "t": {"$ref": "#/components/schemas/T"}}},
       "T": {"type": "string", "nullable": true}}
      """
    let validator = try #require(try Self.load(try Self.document("openapi30", schemas)).validator)
    let found = validator.failures(in: try JSONReader.read(#"{"n": 0, "i": 9999999999, "b": "?", "t": 1}"#))
    let root = "#/components/schemas"
    #expect(
      found.map { "\($0.instance) \($0.schema) \($0.message)" } == [
        "/n \(root)/S/properties/n/exclusiveMinimum must be more than 0",
        "/i \(root)/S/properties/i/format must be 2147483647 or less",
        "/b \(root)/S/properties/b/format must be base64", "/t \(root)/T/type must be string or null",
      ])
  }

  struct Remark: Sendable {
    var name: String
    var schema: String
    var message: String
    var severity = Severity.warning
    init(_ name: String, _ schema: String, _ message: String, _ severity: Severity = .warning) {
      (self.name, self.schema, self.message, self.severity) = (name, schema, message, severity)
    }
  }

  private static let remarks: [Remark] = [
    Remark(
      "openapi30", #"{"nullable": true, "allOf": [{"type": "string"}]}"#,
      "'nullable' has no effect without 'type' in the same schema"),
    Remark("openapi30", #"{"type": "string", "nullable": true, "enum": ["a"]}"#, "'enum' does not list null"),
    Remark("openapi30", ##"{"$ref": "#/components/schemas/T", "nullable": true}"##, "no effect beside '$ref' in OpenAPI 3.0"),
    Remark(
      "openapi30", ##"{"properties": {"a": {"$ref": "#/components/schemas/T", "readOnly": true}}}"##,
      "'readOnly' has no effect beside '$ref' in OpenAPI 3.0"),
    Remark("openapi30", #"{"type": "string", "pattern": "/^a$/"}"#, "the slashes around it are part of it"),
    Remark("openapi30", #"{"type": "integer", "exclusiveMaximum": true}"#, "no effect without 'maximum'"),
    Remark("openapi30", #"{"const": 1}"#, "'const' has no effect in OpenAPI 3.0"),
    Remark("openapi30", #"{"type": "string", "x-nullable": true}"#, "'x-nullable' has no effect in OpenAPI 3.0"),
    Remark("openapi30", #"{"type": "array"}"#, "needs 'items' in OpenAPI 3.0"),
    Remark(
      "openapi30", #"{"type": "object", "discriminator": {"propertyName": "a"}}"#, "'discriminator' is an annotation", .note),
    Remark(
      "openapi30", #"{"required": ["a"], "properties": {"a": {"readOnly": true}}}"#,
      "read-only are not required here: they are required of responses only", .note),
    Remark(
      "openapi30", #"{"required": ["a"], "properties": {"a": {"writeOnly": true}}}"#,
      "write-only are not required here: they are required of requests only", .note),
    Remark("openapi30", #"{"maxLenght": 1}"#, "unknown keyword 'maxLenght'"),
    Remark(
      "openapi30", #"{"properties": {"a": {"const": 1}, "b": {"const": 2}, "c": {"const": 3}}}"#,
      "'const' has no effect in OpenAPI 3.0 (here and in 2 other places)"),
    Remark("swagger2", #"{"type": "string", "nullable": true}"#, "'nullable' has no effect in Swagger 2.0"),
    Remark("swagger2", #"{"oneOf": [{"type": "string"}]}"#, "'oneOf' has no effect in Swagger 2.0"),
    Remark("swagger2", #"{"type": "array", "items": {}, "collectionFormat": "csv"}"#, "'collectionFormat' has no effect", .note),
  ]

  @Test(arguments: remarks.indices)
  func `What has no effect is reported`(_ index: Int) throws {
    let remark = Self.remarks[index]
    let result = try Self.load(try Self.document(remark.name, #"{"S": \#(remark.schema), "T": {"type": "string"}}"#))
    #expect(result.validator != nil)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.message.contains(remark.message) == true, "\(result.diagnostics)")
    #expect(result.diagnostics.first?.severity == remark.severity)
  }

  @Test(arguments: [
    ("openapi30", #"{"type": ["string", "null"]}"#, "'type' must be one type in OpenAPI 3.0, not a list"),
    ("openapi30", #"{"type": "null"}"#, "OpenAPI 3.0 has no type 'null'"),
    ("openapi30", #"{"exclusiveMinimum": 0}"#, "'exclusiveMinimum' must be true or false in OpenAPI 3.0"),
    ("openapi30", #"{"minimum": "0", "exclusiveMinimum": true}"#, "'minimum' must be a number"),
    ("openapi30", #"{"type": "array", "items": [{"type": "string"}]}"#, "'items' must be one schema"),
    ("openapi30", #"{"properties": {"a": true}}"#, "a schema must be an object in OpenAPI 3.0"),
    ("openapi30", #"{"type": "string", "nullable": "yes"}"#, "'nullable' must be true or false"),
    ("openapi30", #"{"type": "strng"}"#, "unknown type 'strng'"),
    ("openapi30", #"{"required": true}"#, "'required' must be a list of member names"),
    ("openapi30", ##"{"$ref": "#/components/schemas/Q"}"##, "'$ref' has no target"),
    ("openapi30", ##"{"$ref": "#/components/schemas/S"}"##, "'$ref' refers to its own schema"),
    ("swagger2", #"{"type": "file"}"#, "'type: file' is allowed only for a form parameter or a response"),
  ])
  func `What the version does not allow is an error`(_ name: String, _ schema: String, _ message: String) throws {
    let result = try Self.load(try Self.document(name, #"{"S": \#(schema)}"#))
    #expect(result.validator == nil)
    #expect(result.diagnostics.filter { $0.severity == .error }.count == 1)
    #expect(result.diagnostics.contains { $0.message.contains(message) }, "\(result.diagnostics)")
  }

  @Test(arguments: [
    (
      "openapi30", "#/components/responses/R", "which is not a schema, but contains one",
      "did you mean '#/components/responses/R/content/application~1json/schema'?"
    ),
    (
      "openapi30", "#/components/parameters/P", "is not a schema, but contains one",
      "did you mean '#/components/parameters/P/schema'?"
    ),
    ("openapi30", "T", "refers to another document", "did you mean '#/components/schemas/T'?"),
    ("openapi30", "#T", "has no target", "did you mean '#/components/schemas/T'?"),
    ("openapi30", "#/components/schema/T", "has no target", "did you mean '#/components/schemas/T'?"),
    ("openapi30", "#/definitions/T", "has no target", "did you mean '#/components/schemas/T'?"),
    ("openapi30", "models.json#/T", "refers to another document", "did you mean '#/components/schemas/T'?"),
    ("openapi31", "#/components/responses/R", "is not a schema, but contains one", "application~1json/schema'?"),
    ("swagger2", "#/responses/R", "is not a schema, but contains one", "did you mean '#/responses/R/schema'?"),
    ("swagger2", "T", "refers to another document", "did you mean '#/definitions/T'?"),
    ("swagger2", "Q", "refers to another document", "only local files are read"),
  ])
  func `A reference that leads to something other than a schema is an error`(
    _ name: String, _ reference: String, _ message: String, _ hint: String
  ) throws {
    let schemas = ##"{"S": {"type": "object", "properties": {"r": {"$ref": "\##(reference)"}}}, "T": {"type": "string"}}"##
    let parts = #"{"R": {"description": "r", "content": {"application/json": {"schema": {"type": "object"}}}}}"#
    let text =
      switch name {
      case "swagger2":
        #"{"swagger": "2.0", "definitions": \#(schemas), "responses": {"R": {"description": "r", "schema": {"type": "object"}}}}"#
      default:
        #"{"openapi": "3.\#(name.last ?? "0").0", "components": {"schemas": \#(schemas), "responses": \#(parts), "parameters": {"P": {"in": "query", "schema": {}}}}}"#
      }
    let result = try Self.load((text, name == "swagger2" ? "#/definitions/S" : "#/components/schemas/S"))
    #expect(result.validator == nil)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.message.contains(message) == true, "\(result.diagnostics)")
    #expect(result.diagnostics.first?.hint?.contains(hint) == true, "\(result.diagnostics)")
  }

  @Test(arguments: [
    ("any", "for any value, leave out 'type'"), ("int", "did you mean 'integer'?"), ("float", "did you mean 'number'?"),
    ("strng", "did you mean 'string'?"), ("zzz", "the types are null, boolean"),
  ])
  func `An unknown type has a hint`(_ name: String, _ hint: String) throws {
    let result = try Self.load(try Self.document("openapi30", #"{"S": {"type": "\#(name)"}}"#))
    #expect(result.diagnostics.first?.hint?.hasPrefix(hint) == true, "\(result.diagnostics)")
  }

  @Test func `A file that a document refers to is read in the same language, unless it names another`() throws {
    let document = try Self.document(
      "openapi30",
      #"{"S": {"type": "object", "properties": {"a": {"$ref": "part.json"}, "b": {"$ref": "parts.json#/x/B%20b"}, "c": {"$ref": "other.json#/components/schemas/C"}, "d": {"$ref": "new.json#/components/schemas/D"}, "e": {"$ref": "plain.json"}}}}"#
    )
    let files = [
      "part.json": #"{"type": "string", "nullable": true}"#,
      "parts.json": #"{"x": {"B b": {"type": "integer", "minimum": 1, "exclusiveMinimum": true}}}"#,
      "other.json": #"{"swagger": "2.0", "components": {"schemas": {"C": {"type": "string", "x-nullable": true}}}}"#,
      "new.json": #"{"openapi": "3.1.0", "components": {"schemas": {"D": {"type": ["string", "null"], "const": null}}}}"#,
      "plain.json": #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": ["null", "boolean"]}"#,
    ]
    let result = try Self.load(document, files: files)
    #expect(result.diagnostics.map(\.message) == [])
    let whole = try #require(result.validator)
    #expect(
      whole.failures(in: try JSONReader.read(#"{"a": null, "b": 2, "c": null, "d": null, "e": null}"#)).map(\.message) == [])
    #expect(
      whole.failures(in: try JSONReader.read(#"{"a": 1, "b": 1, "c": 1, "d": "x", "e": 1}"#)).map(\.instance) == [
        "/a", "/b", "/c", "/d", "/e",
      ])
    let text = try #require(result.standalone).json.text
    let standalone = try validator(text)
    #expect(standalone.failures(in: try JSONReader.read(#"{"a": null, "b": 2, "c": null, "d": null, "e": null}"#)).isEmpty)
    #expect(standalone.failures(in: try JSONReader.read(#"{"a": 1, "b": 1, "c": 1, "d": "x", "e": 1}"#)).count == 5)
  }

  @Test func `A translation says what it has changed`() throws {
    let schemas = """
      {"S": {"type": "object", "nullable": true, "required": ["id"], "discriminator": {"propertyName": "k"}, "properties": {
        "id": {"type": "string", "readOnly": true, "example": "x"}, "n": {"type": "number", "maximum": 1, "exclusiveMaximum": true},
        "i": {"type": "integer", "format": "int64"}, "b": {"type": "string", "format": "byte"}, "p": {"format": "password"},
        "r": {"$ref": "#/components/schemas/T", "nullable": true}, "c": {"const": 1}, "s": {"$ref": "#/components/schemas/S"}}},
       "T": {"type": "string", "nullable": true}}
      """
    let standalone = try #require(try Self.load(try Self.document("openapi30", schemas), .request).standalone)
    #expect(
      standalone.changes.map { "\($0.count) \($0.change)" } == [
        "2 nullable", "1 exclusiveLimits", "1 directions", "1 integerFormats", "1 base64", "1 examples", "1 formats",
        "1 discriminators", "1 siblings", "1 ineffective",
      ])
    #expect(standalone.origin == "OpenAPI 3.0")
    #expect(
      standalone.json.text
        == ##"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":["object","null"],"required":[],"properties":{"id":{"type":"string","readOnly":true,"examples":["x"]},"n":{"type":"number","exclusiveMaximum":1},"i":{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807},"b":{"type":"string","pattern":"\##(OpenAPIFormat.base64)"},"p":{},"r":{"$ref":"#/$defs/T"},"c":{},"s":{"$ref":"#"}},"$defs":{"T":{"type":["string","null"]}}}"##
    )
  }

  /// The official documents are OpenAPI 3.0; they are not part of the repository.
  @Test func `Every schema of GHL's documents compiles`() throws {
    let folder = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst() + "/../shared/ghl"
    guard let files = FileManager.default.enumerator(atPath: String(folder)) else {
      print("not checked: documents not beside this checkout")
      return
    }
    var count = 0
    for case let file as String in files where file.hasPrefix("v") && file.hasSuffix(".json") {
      let document = try JSONReader.read(String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8))
      guard document["openapi"] != nil, let components = document["components"] else { continue }
      // One schema that refers to all of them, so that a document is read once and not for each.
      let pointers = (components["schemas"]?.objectValue ?? []).map {
        JSONPointer.appending($0.name, to: "#/components/schemas")
      }
      let all = JSONValue.object([
        .init("type", .string("object")),
        .init(
          "properties",
          .object(pointers.enumerated().map { .init("p\($0)", .object([.init("$ref", .string($1))])) })),
      ])
      let schemas = JSONValue.object((components["schemas"]?.objectValue ?? []) + [.init("AllOfThem", all)])
      let text = JSONValue.object([
        .init("openapi", document["openapi"] ?? .null), .init("info", document["info"] ?? .null), .init("paths", .object([])),
        .init("components", .object([.init("schemas", schemas)])),
      ])
      let path = NSTemporaryDirectory() + "waybill-\(getpid())-\(file.replacing("/", with: "-"))"
      defer { try? FileManager.default.removeItem(atPath: path) }
      try text.text.write(toFile: path, atomically: true, encoding: .utf8)
      let result = SchemaCompiler.load(path: path + "#/components/schemas/AllOfThem")
      #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [], "\(file)")
      #expect(result.validator != nil, "\(file)")
      count += pointers.count
    }
    if count == 0 { print("not checked: documents not beside this checkout") }
  }
}
