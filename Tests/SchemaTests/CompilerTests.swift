import Core
import Foundation
import Testing

@testable import Schema

struct CompilerTests {
  /// `WAYBILL_REWRITE_GOLDEN=1` writes the golden file anew; read it before it is committed.
  @Test func everyMistakeOfASchemaIsToldAtOnceWithItsPlace() throws {
    let file = SourceFile(name: "mistakes.schema.json", text: try Fixtures.text("mistakes.schema.json"))
    let result = SchemaCompiler.compile(file: file.name, text: file.text)
    #expect(result.schema == nil)
    var diagnostics = Diagnostics()
    diagnostics.register(file)
    for diagnostic in result.diagnostics { diagnostics.add(diagnostic) }
    let found = diagnostics.sorted.map { diagnostics.text(of: $0) + "\n" }.joined()
    let golden = "mistakes.expected.txt"
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try found.write(to: Fixtures.folder.appending(path: golden), atomically: true, encoding: .utf8)
    }
    #expect(found == (try Fixtures.text(golden)))
    #expect(diagnostics.all.count == result.diagnostics.count)
  }

  @Test(arguments: ["additionalItems", "$recursiveRef", "$recursiveAnchor", "nullable"])
  func aWordOfAnotherDialectIsAWarningAndSaysNothing(_ word: String) throws {
    let result = SchemaCompiler.compile(file: "s.json", text: ##"{"type": "object", "\##(word)": {}}"##)
    #expect(result.diagnostics.map(\.severity) == [.warning])
    #expect(result.diagnostics.first?.message.contains("'\(word)'") == true)
    #expect(result.diagnostics.first?.place == SourcePlace(file: "s.json", line: 1, column: 20, length: word.utf8.count + 2))
    #expect(try #require(result.validator).failures(in: .object([])).isEmpty)
  }

  @Test(arguments: [
    ("", 1, 1, "empty"), (" \n\t", 1, 1, "empty"), ("{", 1, 2, "JSON"), ("{\n  \"type\": \"ünïcode\", oops}", 2, 22, "JSON"),
    ("{\"a\": 1, \"a\": 2}", 1, 10, "twice"), ("[]", 1, 1, "object, true or false"), ("\"text\"", 1, 1, "object, true or false"),
    ("\u{FEFF}{\"type\": 5}", 1, 10, "'type'"),
  ])
  func aFileThatIsNoSchemaIsASyntaxError(_ text: String, _ line: Int, _ column: Int, _ words: String) throws {
    let result = SchemaCompiler.compile(file: "s.json", text: text)
    #expect(result.schema == nil)
    let diagnostic = try #require(result.diagnostics.first)
    #expect(result.diagnostics.count == 1)
    #expect(diagnostic.code == .schemaSyntax)
    #expect((diagnostic.place.line, diagnostic.place.column) == (line, column))
    #expect(diagnostic.message.contains(words))
  }

  @Test(arguments: [
    ("formt", "format"), ("propertis", "properties"), ("$def", "$defs"), ("additionalproperties", "additionalProperties"),
  ])
  func anUnknownKeywordThatLooksLikeAKnownOneIsAWarning(_ word: String, _ meant: String) {
    let result = SchemaCompiler.compile(file: "s.json", text: ##"{"\##(word)": 1}"##)
    #expect(result.schema != nil)
    #expect(result.diagnostics.map(\.code) == [.unknownKey])
    #expect(result.diagnostics.first?.severity == .warning)
    #expect(result.diagnostics.first?.hint?.hasPrefix("did you mean '\(meant)'?") == true)
  }

  @Test func membersThatOnlyABranchDeclaresAreKnownByName() throws {
    let schema = try compiled(
      ##"{"properties": {"kind": {"enum": ["a", "b"]}}, "oneOf": [{"properties": {"kind": {"const": "a"}, "x": {"type": "string"}}}, {"$ref": "#/$defs/b"}], "if": true, "then": {"properties": {"z": true}}, "$defs": {"b": {"properties": {"y": {"type": "integer"}}, "allOf": [{"properties": {"w": false}}]}}}"##
    )
    let root = schema.nodes[schema.root]
    #expect(root.properties.map(\.name).sorted() == ["kind", "w", "x", "y", "z"])
    // Nothing certain is known of them, and what is certain stays.
    #expect(schema.nodes[try #require(root.property("x")?.node)].types == .all)
    #expect(schema.nodes[try #require(root.property("kind")?.node)].enumeration?.count == 2)
    #expect(schema.hasRest)
    let closed = try compiled(
      ##"{"properties": {"a": true}, "additionalProperties": false, "anyOf": [{"properties": {"b": true}}]}"##)
    #expect(closed.nodes[closed.root].properties.map(\.name) == ["a"])
  }

  @Test func membersThatOccurTwiceAreToldWithEverythingElse() {
    let text = "{\"type\": \"object\", \"type\": \"array\",\n \"properties\": {\"a\": {\"minLength\": -1}, \"a\": {}}}"
    let result = SchemaCompiler.compile(file: "s.json", text: text)
    #expect(result.validator == nil)
    #expect(result.diagnostics.map { "\($0.place.line):\($0.place.column)" } == ["1:20", "2:36", "2:41"])
    #expect(result.diagnostics.count { $0.message.contains("occurs twice") } == 2)
  }

  @Test func anUnknownFormatIsAWarningAndChecksNothing() throws {
    let result = SchemaCompiler.compile(file: "s.json", text: ##"{"format": "colour"}"##)
    #expect(result.diagnostics.map(\.severity) == [.warning])
    #expect(try #require(result.validator).failures(in: .string("blue")).isEmpty)
  }

  @Test func nodesHoldWhatTheMappingCompilerAsksFor() throws {
    let schema = try compiled(
      ##"""
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["id"],
       "properties": {"id": {"type": ["string", "null"], "maxLength": 36}, "score": {"type": "number", "minimum": 0.50},
         "self": {"$ref": "#"}, "source": {"const": "ghl"}}, "additionalProperties": true}
      """##)
    let root = schema.nodes[schema.root]
    #expect(root.types == .object)
    #expect(root.required == ["id"])
    #expect(root.additional == .allowed)
    #expect(root.properties.map(\.name) == ["id", "score", "self", "source"])
    let id = schema.nodes[try #require(root.property("id")?.node)]
    #expect(id.types == [.string, .null])
    #expect(id.maxLength == 36)
    #expect(id.location == "#/properties/id")
    let score = schema.nodes[try #require(root.property("score")?.node)]
    #expect(score.types == [.number, .integer])
    #expect(score.minimum == "0.50")
    #expect(root.property("self")?.node == schema.root)
    let source = schema.nodes[try #require(root.property("source")?.node)]
    #expect(source.isConstant)
    #expect(source.enumeration == [.string("ghl")])
  }

  @Test func aSchemaNestedDeepIsRead() throws {
    let depth = 500
    let text = String(repeating: #"{"items":"#, count: depth) + "false" + String(repeating: "}", count: depth)
    let schema = try compiled(text)
    #expect(schema.nodes.count == depth + 1)
    let value = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    #expect(TargetValidator(schema).failures(in: try JSONReader.read(value)).map(\.code) == [.schemaFalse])
    let tooDeep = String(repeating: #"{"items":"#, count: 2000) + "false" + String(repeating: "}", count: 2000)
    #expect(SchemaCompiler.compile(file: "s.json", text: tooDeep).diagnostics.map(\.code) == [.schemaSyntax])
  }

  /// A step `a` adds the first of a chain to the schemas that apply, each step moves them on: every subset comes up.
  @Test func referencesThatMultiplyComeToAnEnd() throws {
    let again = ##""properties": {"a": {"$ref": "#/$defs/start"}, "b": {"$ref": "#/$defs/rest"}}"##
    var text = ##"{"$ref": "#/$defs/rest", "$defs": {"rest": {\##(again)}, "start": {"$ref": "#/$defs/c0", \##(again)}"##
    for index in 0..<16 {
      let next = ##"{"$ref": "#/$defs/c\##(index + 1)"}"##
      text += ##", "c\##(index)": {"properties": {"a": \##(next), "b": \##(next)}}"##
    }
    text += ##", "c16": {"type": "object"}}}"##
    var library = SchemaLibrary(options: .init())
    let document = try SchemaDocument.read(file: "s.json", text: text).get()
    let resource = library.addMain(document, uri: "memory:///s.json", fallback: .draft2020)
    var reader = SchemaReader(library: library)
    reader.readAll(from: SchemaAddress(document: 0, node: 0), resource: resource)
    #expect(reader.library.diagnostics.isEmpty)
    var merger = SchemaMerger(schemas: reader.raws, maximumNodes: 300)
    merger.makeAll()
    #expect(merger.isTooLarge)
    #expect(merger.nodes.count < 310)
  }

  @Test func filesThatCannotBeReadAreDiagnosed() throws {
    let missing = SchemaCompiler.load(path: "/nowhere/contact.schema.json", name: "schemas/contact.schema.json")
    #expect(missing.diagnostics.map(\.code) == [.inputMissing])
    #expect(missing.diagnostics.first?.place.file == "schemas/contact.schema.json")
    #expect(SchemaCompiler.load(path: Fixtures.folder.path).diagnostics.map(\.code) == [.inputMissing])
    #expect(SchemaCompiler.load(path: "openapi.yaml#/components/schemas/Contact").diagnostics.map(\.code) == [.inputMissing])
    let file = SchemaCompiler.load(path: Fixtures.folder.appending(path: "mistakes.schema.json").path, name: "m.json")
    #expect(file.sources.map(\.name) == ["m.json"])
    #expect(file.diagnostics.allSatisfy { $0.place.file == "m.json" })
  }
}
