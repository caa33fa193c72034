import Core
import Testing

@testable import Workbench

@Suite("The schema of what a request has")
struct RequestSchemaTests {
  /// A schema, and what is left of it for a request.
  static let cases: [(schema: String, left: String)] = [
    (
      ##"{"required":["id","name"],"properties":{"id":{"readOnly":true},"name":{"type":"string"}}}"##,
      ##"{"required":["name"],"properties":{"name":{"type":"string"}}}"##
    ),
    (##"{"required":["id"],"properties":{"id":{"readOnly":true}}}"##, ##"{"properties":{}}"##),
    (##"{"properties":{"id":{"readOnly":false}}}"##, ##"{"properties":{"id":{"readOnly":false}}}"##),
    // One part declares a member, another requires it.
    (
      ##"{"allOf":[{"$ref":"#/$defs/Base"},{"required":["id","name"]}],"$defs":{"Base":{"properties":{"id":{"readOnly":true}}}}}"##,
      ##"{"allOf":[{"$ref":"#/$defs/Base"},{"required":["name"]}],"$defs":{"Base":{"properties":{}}}}"##
    ),
    (
      ##"{"allOf":[{"properties":{"id":{"readOnly":true}}},{"$ref":"#/$defs/Needs"}],"$defs":{"Needs":{"required":["id","a"]}}}"##,
      ##"{"allOf":[{"properties":{}},{"$ref":"#/$defs/Needs"}],"$defs":{"Needs":{"required":["a"]}}}"##
    ),
    // Through a reference of the member itself, in nested objects and in lists.
    (
      ##"{"properties":{"id":{"$ref":"#/$defs/ID"},"a":{"properties":{"id":{"$ref":"#/$defs/ID"},"b":{}}}},"$defs":{"ID":{"readOnly":true}}}"##,
      ##"{"properties":{"a":{"properties":{"b":{}}}},"$defs":{"ID":{"readOnly":true}}}"##
    ),
    (
      ##"{"properties":{"list":{"items":{"required":["id"],"properties":{"id":{"readOnly":true},"x":{}}}}}}"##,
      ##"{"properties":{"list":{"items":{"properties":{"x":{}}}}}}"##
    ),
    // A member that is called like a keyword, and a schema that contains itself.
    (
      ##"{"properties":{"required":{"type":"string"},"readOnly":{"type":"boolean"}}}"##,
      ##"{"properties":{"required":{"type":"string"},"readOnly":{"type":"boolean"}}}"##
    ),
    (
      ##"{"required":["id"],"properties":{"id":{"readOnly":true},"parent":{"$ref":"#"}}}"##,
      ##"{"properties":{"parent":{"$ref":"#"}}}"##
    ),
    (
      ##"{"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/A"}}}"##, ##"{"$ref":"#/$defs/A","$defs":{"A":{"$ref":"#/$defs/A"}}}"##
    ),
    ("true", "true"),
  ]

  @Test(arguments: cases)
  func `Members that the API adds are neither declared nor required`(schema: String, left: String) throws {
    #expect(RequestSchema.writing(try JSONReader.read(schema)).text == left)
  }
}
