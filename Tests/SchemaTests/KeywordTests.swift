import Core
import Testing

@testable import Schema

/// `fixtures/schema/keywords`: schemas, values, and the codes that each value must get, with the place where that is not
/// the value itself.
struct KeywordTests {
  @Test(arguments: ["values", "strings", "numbers", "containers", "references"])
  func everyValueGetsTheCodesOfItsTable(_ name: String) throws {
    let tables = try #require(try Fixtures.json("keywords/\(name).json").arrayValue)
    var cases = 0
    for table in tables {
      let keyword = try #require(table["keyword"]?.stringValue)
      let schema = try #require(table["schema"])
      let validator = try validator(schema.text)
      for entry in try #require(table["cases"]?.arrayValue) {
        let value = try #require(entry["value"])
        let expected = try #require(entry["codes"]?.arrayValue).compactMap(\.stringValue)
        let found = validator.failures(in: value).map { $0.instance.isEmpty ? $0.code.slug : "\($0.code.slug) \($0.instance)" }
        #expect(found == expected, "\(keyword): \(value.text)")
        cases += 1
      }
    }
    #expect(cases > 10)
  }

  @Test func failuresNameTheSchemaTheMemberAndTheRequirement() throws {
    let validator = try validator(
      ##"{"required": ["id"], "properties": {"age": {"$ref": "#/$defs/age"}}, "$defs": {"age": {"maximum": 150}}}"##)
    let failures = validator.failures(in: try JSONReader.read(#"{"age": 151}"#))
    #expect(
      failures == [
        SchemaFailure(
          code: .schemaRequired, instance: "", schema: "#/required", message: "must have the member 'id'", member: "id"),
        SchemaFailure(code: .schemaMaximum, instance: "/age", schema: "#/$defs/age/maximum", message: "must be 150 or less"),
      ])
  }

  @Test(arguments: [
    (#"{"cafe\u0301": 1}"#, ", and has 'cafe\u{301}': the same letters in another Unicode form: 'e\u{301}' is U+00E9 here"),
    (#"{"CAF\u00c9": 1}"#, ", and has 'CAF\u{C9}': differs only in case"), (#"{"cafe": 1}"#, "'caf\u{E9}'"),
  ])
  func aMissingMemberIsHeldAgainstThoseThatAreThere(_ value: String, _ words: String) throws {
    let failures = try validator(#"{"required": ["caf\u00e9"]}"#).failures(in: try JSONReader.read(value))
    #expect(failures.count == 1)
    #expect(failures.first?.message.contains(words) == true, "\(failures)")
    #expect(failures.first?.message.contains(", and has") == words.contains(", and has"))
  }

  @Test func aNodeInTheMiddleIsValidatedByItself() throws {
    let schema = try compiled(##"{"properties": {"a": {"type": "array", "items": {"type": "string"}}}}"##)
    let node = try #require(schema.nodes[schema.root].property("a")?.node)
    let value = try JSONReader.read(#"["x", 1]"#)
    #expect(TargetValidator(schema).failures(in: value, node: node).map(\.instance) == ["/1"])
  }

  @Test func deepRecursiveInstancesAreValidatedToTheBottom() throws {
    let validator = try validator(##"{"type": ["object", "null"], "properties": {"next": {"$ref": "#"}}}"##)
    let depth = 1000
    let text = String(repeating: #"{"next":"#, count: depth) + "7" + String(repeating: "}", count: depth)
    let failures = validator.failures(in: try JSONReader.read(text))
    #expect(failures.map(\.code) == [.schemaType])
    #expect(failures.first?.instance == String(repeating: "/next", count: depth))
  }
}
