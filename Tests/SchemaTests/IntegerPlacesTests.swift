import Core
import Testing

@testable import Schema

/// Where a schema takes integers and no other numbers.
struct IntegerPlacesTests {
  private static func validator(_ schema: String) throws -> SchemaValidator {
    let result = SchemaCompiler.compile(file: "s.json", text: schema)
    return try #require(result.validator, "\(schema): \(result.diagnostics.map(\.message))")
  }

  private static func steps(_ pointer: String) -> [IntegerPlaces.Step] {
    JSONPointer.tokens(pointer).map { token in Int(token).map { .element($0) } ?? .member(Name(token)) }
  }

  private static let integersOnly = [
    #"{"type": "integer"}"#, #"{"type": ["integer", "null"]}"#, #"{"type": ["integer", "string"]}"#,
    #"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, #"{"oneOf": [{"type": "null"}, {"type": "integer", "minimum": 0}]}"#,
    #"{"anyOf": [{"type": "integer"}, {"enum": ["none", 0]}]}"#, #"{"anyOf": [{"anyOf": [{"const": 1}]}, {"type": "string"}]}"#,
    #"{"enum": [1, 2, 3]}"#, #"{"enum": [1, null, "x", 2.0]}"#, #"{"const": 5}"#, #"{"const": 1e2}"#,
    #"{"type": "number", "enum": [1, 2]}"#, #"{"type": "number", "multipleOf": 1}"#, #"{"multipleOf": 10}"#,
    #"{"type": "number", "multipleOf": 5.0}"#, #"{"allOf": [{"type": "number"}, {"type": ["integer", "null"]}]}"#,
    ##"{"$ref": "#/$defs/i", "$defs": {"i": {"type": "integer"}}}"##,
    ##"{"$ref": "#/$defs/i", "type": ["integer", "null"], "$defs": {"i": {"type": ["integer", "number", "null"]}}}"##,
    ##"{"anyOf": [{"$ref": "#/$defs/i"}, {"type": "null"}], "$defs": {"i": {"$ref": "#/$defs/j"}, "j": {"type": "integer"}}}"##,
    #"{"if": {"type": "integer"}, "then": {"minimum": 0}, "else": {"type": "null"}}"#,
    #"{"if": {"minimum": 5}, "then": {"type": "integer"}, "else": {"enum": [1, null]}}"#,
    #"{"anyOf": [false, {"type": "integer"}]}"#,
  ]

  private static let otherNumbersToo = [
    "{}", "true", "false", #"{"type": "number"}"#, #"{"type": ["number", "integer"]}"#, #"{"type": ["string", "null"]}"#,
    #"{"anyOf": [{"type": "integer"}, {"type": "number"}]}"#, #"{"oneOf": [{"type": "integer"}, {}]}"#,
    #"{"enum": [1, 2.5]}"#, #"{"enum": ["1", null]}"#, #"{"const": 0.5}"#, #"{"multipleOf": 0.01}"#, #"{"multipleOf": 2.5}"#,
    #"{"minimum": 1, "maximum": 5}"#, #"{"if": {"type": "integer"}, "then": {"minimum": 0}}"#,
    #"{"if": {"minimum": 5}, "then": {"type": "integer"}}"#, #"{"not": {"type": "integer"}}"#,
    #"{"allOf": [{"type": "number"}, {"minimum": 0}]}"#, #"{"enum": [[1], {"a": 1}]}"#, #"{"type": "integer", "enum": ["a"]}"#,
  ]

  @Test(arguments: integersOnly)
  func `Integers are the only numbers that are valid there`(_ schema: String) throws {
    let places = try Self.validator(schema).integerPlaces
    #expect(places.contain([]))
    #expect(places.mayReach([]))
  }

  @Test(arguments: otherNumbersToo)
  func `Other numbers are valid there, or no number is`(_ schema: String) throws {
    #expect(try !Self.validator(schema).integerPlaces.contain([]))
  }

  @Test(arguments: integersOnly + otherNumbersToo)
  func `No number with a fraction is valid where only integers are, wherever the schema appears`(_ schema: String) throws {
    let number = try Self.validator(schema)
    let isPlace = number.integerPlaces.contain([])
    for text in ["0.5", "2.5", "-1e-3", "1.01", "0.01"] where isPlace {
      #expect(!number.failures(in: .number(text)).isEmpty, "\(text)")
    }
    // References in it would lead elsewhere.
    guard !schema.contains("$ref") else { return }
    let wrapped: [(schema: String, pointer: String)] = [
      (#"{"properties": {"a": \#(schema)}}"#, "/a"), (#"{"additionalProperties": \#(schema)}"#, "/a"),
      (#"{"patternProperties": {"^a": \#(schema)}}"#, "/a"), (#"{"items": \#(schema)}"#, "/7"),
      (#"{"prefixItems": [true, \#(schema)]}"#, "/1"), (#"{"prefixItems": [true], "items": \#(schema)}"#, "/3"),
      (#"{"properties": {"a": {"items": {"properties": {"b~/": \#(schema)}}}}}"#, "/a/0/b~0~1"),
      (#"{"anyOf": [{"type": "null"}, {"type": "object", "properties": {"a": \#(schema)}}]}"#, "/a"),
      (#"{"allOf": [{"properties": {"a": \#(schema)}}, {"properties": {"a": true}}]}"#, "/a"),
      (##"{"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": \##(schema)}}"##, "/a"),
      (##"{"$dynamicAnchor": "n", "properties": {"n": {"$dynamicRef": "#n"}, "v": \##(schema)}}"##, "/n/n/v"),
    ]
    for (schema, pointer) in wrapped {
      let places = try Self.validator(schema).integerPlaces
      #expect(places.contain(Self.steps(pointer)) == isPlace, "\(schema)")
      for length in 0...JSONPointer.tokens(pointer).count where isPlace {
        #expect(places.mayReach(Array(Self.steps(pointer).prefix(length))), "\(schema)")
      }
    }
  }

  @Test(arguments: [
    (#"{"properties": {"a": {"type": "integer"}}}"#, "/b"),
    (#"{"properties": {"a": {"type": "integer"}}, "additionalProperties": {"type": "number"}}"#, "/b"),
    (#"{"properties": {"a": {"type": "number"}}, "additionalProperties": {"type": "integer"}}"#, "/a"),
    (#"{"patternProperties": {"^x": {"type": "number"}}, "additionalProperties": {"type": "integer"}}"#, "/x"),
    (#"{"prefixItems": [{"type": "integer"}]}"#, "/1"), (#"{"items": {"type": "integer"}}"#, ""),
    (#"{"properties": {"a": {"type": "integer"}}}"#, ""), (#"{"properties": {"a": {"type": "integer"}}}"#, "/a/b"),
    (#"{"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"required": ["b"]}]}"#, "/a"),
    (#"{"if": {"properties": {"k": {"const": 1}}}, "then": {"properties": {"a": {"type": "integer"}}}}"#, "/a"),
  ])
  func `Other places take any number`(_ schema: String, _ pointer: String) throws {
    #expect(try !Self.validator(schema).integerPlaces.contain(Self.steps(pointer)))
  }

  @Test(arguments: [
    (#"{"const": {"a": [1, {"b": 2}]}}"#, "/a/1/b"),
    (#"{"anyOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"type": ["integer", "null"]}}}]}"#, "/a"),
    (#"{"properties": {"o": {"enum": [{"a": 1}, null]}}}"#, "/o/a"),
    (##"{"properties": {"n": {"$ref": "#"}, "a": {"type": "integer"}}}"##, "/n/n/n/a"),
  ])
  func `Places within values`(_ schema: String, _ pointer: String) throws {
    let places = try Self.validator(schema).integerPlaces
    #expect(places.contain(Self.steps(pointer)))
    #expect(places.mayReach(Self.steps(pointer)))
  }

  @Test func `A schema without such places is not searched`() throws {
    let schema = """
      {"properties": {"id": {"enum": ["a", null]}, "price": {"type": "number", "multipleOf": 0.01}, "n": {"type": "integer"},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}}}}
      """
    let places = try Self.validator(schema).integerPlaces
    #expect(["id", "price", "address", "other"].filter { places.mayReach([.member(Name($0))]) } == [])
    #expect(places.mayReach([]))
  }
}
