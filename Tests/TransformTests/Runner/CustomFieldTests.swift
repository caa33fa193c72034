import Core
import Records
import Testing

@testable import Transform

/// `custom.KEY` through the location's definitions.
@Suite struct CustomFieldTests {
  private static let definitions = [
    CustomFieldDefinition(id: "F1", key: "plan", name: "Plan", dataType: .text),
    CustomFieldDefinition(id: "F2", key: "tags", name: "Tags", dataType: .multipleOptions),
  ]

  private func run(_ customFields: String, onError: FieldModel.OnError = .reject) async throws -> (
    output: String, messages: [String]
  ) {
    func custom(_ key: String, _ kinds: CellKinds) -> FieldModel {
      TestMapping.field(
        key, .source(SourcePath(root: .custom(key: key)), accepts: CellKinds.absent.union(kinds)), onError: onError)
    }
    let model = TestMapping.model([
      TestMapping.field("id", TestMapping.source("id")), custom("plan", .string), custom("tags", .list), custom("other", .any),
    ])
    let result = try await TestMapping.run(
      model, #"{"id":"1","customFields":\#(customFields)}"#, context: .init(customFields: Self.definitions))
    return (String(result.output.dropFirst(#"{"id":"1""#.count).dropLast(2)), result.messages)
  }

  @Test(
    "values are read by their definitions' ids, under any of their names",
    arguments: [
      (#"[{"id":"F1","value":"a"},{"id":"F2","fieldValueArray":["b"]}]"#, #","plan":"a","tags":["b"]"#),
      (#"[{"id":"F1","field_value":"a"},{"id":"FX","value":7}]"#, #","plan":"a""#), ("[]", ""), ("null", ""), ("{}", ""),
      (#""""#, ""), (#""  ""#, ""),
      (#"[{"id":"F1","value":[]},{"id":"F2","value":""}]"#, #","tags":null"#), (#"[{"id":"F1"}]"#, ""), ("[null,{}]", ""),
      (#"[{"id":"F1","fieldValueType":"string"}]"#, ""),
    ])
  func values(customFields: String, members: String) async throws {
    let result = try await run(customFields)
    #expect(result == (members, []))
  }

  @Test(
    "anything but a list of items is wrong-type in every field that is read",
    arguments: [
      (#"{"F1":"obj"}"#, "'customFields' is an object, not a list"), (#""F1""#, "'customFields' is a text, not a list"),
      ("5", "'customFields' is a number, not a list"),
      (#"[["F1","x"]]"#, "an element of 'customFields' is a list, not an object"),
      (#"["F1"]"#, "an element of 'customFields' is a text, not an object"),
      (#"[{"value":"x"}]"#, "an element of 'customFields' has no usable 'id'"),
      (#"[{"id":{"x":1},"value":"x"}]"#, "an element of 'customFields' has no usable 'id'"),
    ])
  func shapes(customFields: String, message: String) async throws {
    let result = try await run(customFields)
    #expect(result.output == "")
    #expect(result.messages == ["'plan': \(message)", "'tags': \(message)"])
    #expect(try await run(customFields, onError: .nullify).output == #","plan":null,"tags":null"#)
  }

  @Test(
    "a field that occurs several times with differences is wrong-type; the others are read",
    arguments: [
      (
        #"[{"id":"F1","value":"1"},{"id":"F1","value":"2"},{"id":"F2","value":["x"]}]"#,
        "'customFields' has several elements with this id, and they differ"
      ),
      (
        #"[{"id":"F1","value":"1","fieldValue":"2"},{"id":"F2","value":["x"]}]"#,
        "the custom field has different values under several names"
      ),
      (
        #"[{"id":"F1","Value":"1"},{"id":"F2","value":["x"]}]"#, "the custom field has no value under a known name"
      ),
      (
        #"[{"id":"F1","value":["1"]},{"id":"F2","value":["x"]}]"#, "the source declares a text, but the value is a list"
      ),
    ])
  func several(customFields: String, message: String) async throws {
    #expect(try await run(customFields).messages == ["'plan': \(message)"])
    #expect(try await run(customFields, onError: .nullify).output == #","plan":null,"tags":["x"]"#)
  }
}
