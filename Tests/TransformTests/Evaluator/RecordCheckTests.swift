import Core
import Schema
import Testing
import Values

@testable import Transform

/// Schemas that say more than their columns can: the finished record is validated as a whole.
@Suite struct RecordCheckTests {
  private func problems(_ schema: String, _ records: String) async throws -> (
    output: String, problems: [String], messages: [String]
  ) {
    let result = SchemaCompiler.compile(file: "app.json", text: schema)
    #expect(result.diagnostics.map(\.message) == [])
    let target = try #require(result.schema)
    let root = target.nodes[target.root]
    func field(_ name: String, _ node: Int?, omitsNull: Bool = true) -> FieldModel {
      TestMapping.field(name, TestMapping.source(name), omitsNull: omitsNull, node: node)
    }
    let address = root.property("address").map { target.nodes[$0.node] }
    let model = TestMapping.model(
      [
        field("id", root.property("id")?.node), field("email", root.property("email")?.node),
        field("phone", root.property("phone")?.node),
        TestMapping.field(
          "address.city", TestMapping.source("city"), omitsNull: true, node: address?.property("city")?.node),
        TestMapping.field("address.zip", TestMapping.source("zip"), omitsNull: true, node: address?.property("zip")?.node),
        field("tags", root.property("tags")?.node), field("age", root.property("age")?.node),
      ], target: target, record: result.validator)
    let ran = try await TestMapping.run(model, records)
    #expect(ran.counts.unaccounted == 0)
    return (ran.output, ran.problems, ran.messages)
  }

  @Test(
    "each keyword that no column can judge has its code, at the column that it concerns",
    arguments: [
      (
        #"{"anyOf": [{"required": ["email"]}, {"required": ["phone"]}]}"#, #"{"id":"c"}"#, "1 c error schema-anyOf - -"
      ),
      (
        #"{"oneOf": [{"required": ["email"]}, {"required": ["phone"]}]}"#, #"{"id":"c","email":"e","phone":"p"}"#,
        "1 c error schema-oneOf - -"
      ),
      (#"{"properties": {"email": {"not": {"const": "x"}}}}"#, #"{"id":"c","email":"x"}"#, "1 c error schema-not email x"),
      (
        #"{"if": {"required": ["email"]}, "then": {"required": ["phone"]}}"#, #"{"id":"c","email":"e"}"#,
        "1 c error schema-required phone -"
      ),
      (
        #"{"if": {"required": ["email"]}, "else": {"properties": {"age": {"minimum": 18}}}}"#, #"{"id":"c","age":17}"#,
        "1 c error schema-minimum age 17"
      ),
      (
        #"{"dependentRequired": {"email": ["phone"]}}"#, #"{"id":"c","email":"e"}"#,
        "1 c error schema-dependentRequired phone -"
      ),
      (
        #"{"properties": {"address": {"properties": {"city": {}, "zip": {}}, "minProperties": 2}}}"#,
        #"{"id":"c","city":"x"}"#, "1 c error schema-minProperties address.city x"
      ),
      (
        #"{"properties": {"tags": {"contains": {"const": "vip"}}}}"#, #"{"id":"c","tags":["a"]}"#,
        "1 c error schema-contains tags -"
      ),
      (
        #"{"properties": {"id": {}}, "unevaluatedProperties": false}"#, #"{"id":"c","age":1}"#,
        "1 c error schema-unevaluatedProperties age 1"
      ),
      (#"{"patternProperties": {"^a": {"type": "string"}}}"#, #"{"id":"c","age":1}"#, "1 c error schema-type age 1"),
      (#"{"propertyNames": {"maxLength": 4}}"#, #"{"id":"c","email":"e"}"#, "1 c error schema-propertyNames email e"),
      (
        #"{"properties": {"address": {"const": {"city": "x", "zip": "1"}}}}"#, #"{"id":"c","city":"x","zip":"2"}"#,
        "1 c error schema-const address.city x"
      ),
    ])
  func keywords(schema: String, record: String, expected: String) async throws {
    let result = try await problems(schema, record)
    #expect(result.problems == [expected])
    #expect(result.output.isEmpty)
  }

  @Test(
    "failures of the whole schema are reported with its message, and with the place unless it is the column's own value",
    arguments: [
      (
        #"{"properties": {"id": {}}, "unevaluatedProperties": false}"#, #"{"id":"c","age":1}"#,
        "'age': is not allowed here: no part of the schema declares this member, according to the target schema"
      ),
      (
        #"{"if": {"required": ["email"]}, "then": {"properties": {"age": {"minimum": 18}}}}"#, #"{"id":"c","email":"e","age":1}"#,
        "'age': must be 18 or more, according to the target schema"
      ),
      (
        #"{"anyOf": [{"required": ["email"]}, {"required": ["phone", "age"]}]}"#, #"{"id":"c"}"#,
        "the record must fit at least one of the 2 schemas of 'anyOf'; nearest (anyOf/0): it must have the member 'email', according to the target schema"
      ),
      (
        #"{"dependentRequired": {"email": ["phone"]}}"#, #"{"id":"c","email":"e"}"#,
        "'phone': the record must have the member 'phone', because it has 'email', according to the target schema"
      ),
      (
        #"{"properties": {"address": {"properties": {"city": {}, "zip": {}}, "minProperties": 2}}}"#, #"{"id":"c","city":"x"}"#,
        "'address.city': at /address, must have at least 2 members, according to the target schema"
      ),
      (
        #"{"if": {"required": ["email"]}, "then": {"required": ["phone"]}}"#, #"{"id":"c","email":"e"}"#,
        "'phone' is required by the target schema and is missing"
      ),
    ])
  func words(schema: String, record: String, expected: String) async throws {
    #expect(try await problems(schema, record).messages == [expected])
  }

  @Test("a valid record is written without a report")
  func fits() async throws {
    let schema = #"{"anyOf": [{"required": ["email"]}, {"required": ["phone"]}], "unevaluatedProperties": {"type": "string"}}"#
    let result = try await problems(schema, #"{"id":"c","phone":"p"}"#)
    #expect(result.problems.isEmpty)
    #expect(result.output == #"{"id":"c","phone":"p"}"# + "\n")
  }

  @Test("a failure of a column's own check is not reported again")
  func onlyOnce() async throws {
    let schema =
      #"{"properties": {"age": {"type": "string"}, "email": {"maxLength": 1}}, "required": ["phone"], "anyOf": [{"required": ["phone"]}, false]}"#
    let result = try await problems(schema, #"{"id":"c","age":1,"email":"ee"}"#)
    #expect(
      result.problems == [
        "1 c error schema-maxLength email ee", "1 c error schema-type age 1", "1 c error schema-required phone -",
        "1 c error schema-anyOf - -",
      ])
  }

  @Test("a record with a field that failed is not judged as a whole")
  func failedField() async throws {
    let result = SchemaCompiler.compile(file: "app.json", text: #"{"anyOf": [{"required": ["n"]}]}"#)
    let model = TestMapping.model(
      [TestMapping.field("id", TestMapping.source("id")), TestMapping.field("n", TestMapping.source("n"), [.int(.plain)])],
      target: result.schema, record: result.validator)
    #expect(try await TestMapping.run(model, #"{"id":"c","n":"x"}"#).problems == ["1 c error number-invalid n x"])
  }

  @Test("a schema that its columns judge completely has no such check")
  func noRest() throws {
    for (text, hasRest) in [
      (
        #"{"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}, "additionalProperties": false}"#, false
      ),
      (
        ##"{"allOf": [{"properties": {"id": {"maxLength": 3}}}], "$ref": "#/$defs/a", "$defs": {"a": {"required": ["id"]}}}"##,
        false
      ),
      (#"{"$defs": {"unused": {"anyOf": [true]}}}"#, false), (#"{"properties": {"id": {"anyOf": [true]}}}"#, true),
    ] { #expect(try #require(SchemaCompiler.compile(file: "s.json", text: text).schema).hasRest == hasRest, "\(text)") }
  }

  @Test func `a problem of the whole record has no field, so its value is never shown`() throws {
    let program = try Program(TestMapping.model([TestMapping.field("id", TestMapping.source("id"))]))
    let evaluator = Evaluator(program)
    let subjects: [Problem.Subject] = [.record, .key, .updateTime, .filter, .merge, .rule(0)]
    for subject in subjects { #expect(evaluator.privacy(of: subject) == .never) }
    #expect(evaluator.privacy(of: .field(0)) != .never)
  }
}
