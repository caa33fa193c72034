import Core
import Schema
import Testing
import Values

@testable import Transform

/// A JSON number whose value is whole is an integer in any notation, as JSON Schema has it.
@Suite struct WholeNumberTests {
  private static let values = [
    ("1", "1"), ("1.0", "1"), ("1e2", "100"), ("100E-2", "1"), ("-0.0", "0"), ("-0", "0"), ("1.7040672E12", "1704067200000"),
    ("9007199254740993.0", "9007199254740993"), ("12345678901234567890", "12345678901234567890"),
    ("12345678901234567890.0", "12345678901234567890"), ("1E400", "1E400"),
  ]

  /// `n` is an integer, `l` a list of integers.
  private static let target = """
    {"properties": {"n": {"type": "integer"}, "l": {"type": "array", "items": {"type": "integer"}}}}
    """

  private func run(
    _ value: String, _ fields: [FieldModel], target: String? = nil, lookups: [LookupTable] = []
  ) async throws -> String {
    let schema = target.map { SchemaCompiler.compile(file: "t.json", text: $0) }
    #expect(schema?.diagnostics.map(\.message) ?? [] == [])
    var fields = [TestMapping.field("id", TestMapping.source("id"))] + fields
    if let schema = schema?.schema {
      for index in fields.indices {
        fields[index].node = fields[index].target.reduce(schema.root as Int?) { node, name in
          node.flatMap { schema.nodes[$0].child(name) }
        }
      }
    }
    let model = TestMapping.model(fields, lookups: lookups, target: schema?.schema, record: schema?.validator)
    let result = try await TestMapping.run(model, #"{"id":"c","n":\#(value)}"#)
    guard result.problems.isEmpty else { return result.problems.joined(separator: "; ") }
    return String(result.output.dropFirst(#"{"id":"c","#.count).dropLast(2))
  }

  @Test("a source that declares an integer takes one in any notation", arguments: values)
  func declared(value: String, expected: String) async throws {
    let field = TestMapping.field("n", TestMapping.source("n", [.integer, .absent]))
    #expect(try await run(value, [field]) == #""n":\#(expected)"#)
  }

  @Test("in a list, each element", arguments: values)
  func declaredElements(value: String, expected: String) async throws {
    let source = ValueModel.source(
      SourcePath(steps: [.member("n")]), accepts: [.list, .absent], elements: [.integer, .absent])
    #expect(try await run("[\(value), null]", [TestMapping.field("n", source)]) == #""n":[\#(expected),null]"#)
    #expect(try await run("[\(value), 1.5]", [TestMapping.field("n", source)]) == "1 c error wrong-type n 1.5")
  }

  @Test("a target of integers gets digits alone", arguments: values)
  func target(value: String, expected: String) async throws {
    let fields = [TestMapping.field("n", TestMapping.source("n")), TestMapping.field("l", .list([TestMapping.source("n")]))]
    #expect(try await run(value, fields, target: Self.target) == #""n":\#(expected),"l":[\#(expected)]"#)
  }

  @Test(
    "however the schema says that it takes integers only",
    arguments: [
      #"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, #"{"oneOf": [{"type": "string"}, {"type": "integer"}]}"#,
      #"{"type": ["null", "integer"]}"#, #"{"enum": [1, 100, 0, 1704067200000, null]}"#, #"{"type": "number", "multipleOf": 1}"#,
      #"{"allOf": [{"type": "number"}, {"type": "integer"}]}"#,
      #"{"if": {"minimum": 9}, "then": {"type": "integer"}, "else": {"type": "integer"}}"#,
    ],
    [("1.0", "1"), ("1e2", "100"), ("-0.0", "0"), ("1.7040672E12", "1704067200000")])
  func integersOnly(schema: String, value: (text: String, expected: String)) async throws {
    let (text, expected) = value
    let source = TestMapping.source("n")
    let target = """
      {"properties": {"n": \(schema), "p": {"properties": {"q": \(schema)}}, "l": {"items": \(schema)}, "t": {"prefixItems": [{}, \(schema)]}}}
      """
    let fields = [
      TestMapping.field("n", source), TestMapping.field("p.q", source), TestMapping.field("l", .list([source, source])),
      TestMapping.field("t", .list([source, source, source])),
    ]
    #expect(
      try await run(text, fields, target: target)
        == #""n":\#(expected),"p":{"q":\#(expected)},"l":[\#(expected),\#(expected)],"t":[\#(text),\#(expected),\#(text)]"#)
  }

  @Test(
    "where the schema takes other numbers too, a number keeps its digits",
    arguments: [
      "{}", #"{"type": "number"}"#, #"{"anyOf": [{"type": "integer"}, {"type": "number"}]}"#, #"{"enum": [1, 2.5, 100]}"#,
      #"{"multipleOf": 0.5}"#, #"{"if": {"type": "integer"}, "then": {"minimum": 0}}"#, #"{"minimum": 0}"#,
    ], ["1.0", "1e2", "100.00"])
  func otherNumbers(schema: String, text: String) async throws {
    let source = TestMapping.source("n")
    let target = #"{"properties": {"n": \#(schema), "i": {"type": "integer"}, "l": {"items": \#(schema)}}}"#
    let fields = [TestMapping.field("n", source), TestMapping.field("l", .list([source]))]
    #expect(try await run(text, fields, target: target) == #""n":\#(text),"l":[\#(text)]"#)
  }

  /// `i` is an integer, `d` any number, `o` another such object, `t` a list of an integer and other numbers.
  private static let nested = ##"""
    {"properties": {"n": {"$ref": "#/$defs/o"}}, "$defs": {"o": {"type": ["object", "array", "null"], "properties": {
      "i": {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "d": {"type": "number"}, "o": {"$ref": "#/$defs/o"}, "s": {},
      "t": {"prefixItems": [{"type": "integer"}], "items": {"type": "number"}}, "a\"b\u00e9": {"type": "integer"}},
      "items": {"$ref": "#/$defs/o"}}}}
    """##

  @Test(
    "members of a copied object",
    arguments: [
      (#"{"i":2.0,"d":2.0,"o":{"i":1e2,"d":1e2}}"#, #"{"i":2,"d":2.0,"o":{"i":100,"d":1e2}}"#),
      (#"{"t":[1.0,2.0,3.0],"i":-0}"#, #"{"t":[1,2.0,3.0],"i":0}"#), (#"{"t":[1.5]}"#, nil), (#"{"i":1.5}"#, nil),
      (#"{"s":"2.0,\"i\":2.0","i":2}"#, #"{"s":"2.0,\"i\":2.0","i":2}"#),
      (#"{ "i" : 2.0 , "s" : [ ] }"#, #"{"i":2,"s":[]}"#),
      (#"{"\u0069":2.0,"a\"bé":3.0,"a\"b\u00e9\u0301":3.0}"#, #"{"\u0069":2,"a\"bé":3,"a\"b\u00e9\u0301":3.0}"#),
      (#"{"s":{"i":2.0},"x":{"i":2.0}}"#, #"{"s":{"i":2.0},"x":{"i":2.0}}"#),
      (#"{"i":1E400,"o":null}"#, #"{"i":1E400,"o":null}"#),
      (#"{"i":12345678901234567890.0}"#, #"{"i":12345678901234567890}"#), (#"[{"i":2.0},{"d":2.0}]"#, #"[{"i":2},{"d":2.0}]"#),
      (#"{"o":[[{"i":3.0}],{"o":{"t":[4.0]}}]}"#, #"{"o":[[{"i":3}],{"o":{"t":[4]}}]}"#), ("{}", "{}"),
    ])
  func copied(value: String, expected: String?) async throws {
    let result = try await run(value, [TestMapping.field("n", TestMapping.source("n"))], target: Self.nested)
    if let expected {
      #expect(result == #""n":\#(expected)"#)
    } else {
      #expect(result.contains("schema-"), "\(result)")
    }
  }

  @Test("a number that is not whole is not an integer", arguments: ["1.5", "1e-1", "-0.5"])
  func notWhole(value: String) async throws {
    let field = TestMapping.field("n", TestMapping.source("n", [.integer, .absent]))
    #expect(try await run(value, [field]) == "1 c error wrong-type n \(value)")
    let copied = TestMapping.field("n", TestMapping.source("n"))
    #expect(try await run(value, [copied], target: Self.target) == "1 c error schema-type n \(value)")
  }

  @Test("elsewhere a number keeps its digits", arguments: ["1.0", "1e2", "-0.0", "19.90"])
  func untouched(value: String) async throws {
    #expect(try await run(value, [TestMapping.field("n", TestMapping.source("n"))]) == #""n":\#(value)"#)
  }

  @Test("functions of integers and lookups take them", arguments: ["1", "1.0", "10E-1"])
  func functions(value: String) async throws {
    let table = LookupTable(name: "t", columns: [""], entries: [Name("1"): [.string("one")]], keys: ["1"])
    let source = TestMapping.source("n")
    let fields = [
      TestMapping.field("i", source, [.int(.plain)]), TestMapping.field("b", source, [.bool(yes: ["1"], no: ["0"])]),
      TestMapping.field("l", source, [.lookup(table: 0, column: 0, miss: .error)]),
      TestMapping.field("d", source, [.date(formats: [.excel1900])]),
    ]
    #expect(try await run(value, fields, lookups: [table]) == #""i":1,"b":true,"l":"one","d":"1900-01-01""#)
  }

  @Test("a lookup that has the number as it is written is asked for that first")
  func writtenKey() async throws {
    let table = LookupTable(
      name: "t", columns: [""], entries: [Name("1"): [.string("one")], Name("1.0"): [.string("version")]], keys: ["1", "1.0"])
    let field = TestMapping.field("l", TestMapping.source("n"), [.lookup(table: 0, column: 0, miss: .error)])
    #expect(try await run("1.0", [field], lookups: [table]) == #""l":"version""#)
    #expect(try await run("1.00", [field], lookups: [table]) == #""l":"one""#)
  }

  @Test(
    "a record's key",
    arguments: [("7.0", "7"), ("1e2", "100"), ("7.5", "7.5"), ("12345678901234567890.0", "12345678901234567890")])
  func key(value: String, expected: String) async throws {
    let fields = [
      TestMapping.field("id", TestMapping.source("id")), TestMapping.field("x", TestMapping.source("x"), required: true),
    ]
    let result = try await TestMapping.run(TestMapping.model(fields), #"{"id":\#(value)}"#)
    #expect(result.problems == ["1 \(expected) error required x -"])
  }

  @Test("a text with an exponent is refused unless the function allows it", arguments: ["4.41E+11", "1e2", "4,41E+11"])
  func exponents(text: String) async throws {
    for call in [FunctionCall.int(.plain), .decimal(.plain), .number(.plain)] {
      let field = TestMapping.field("n", TestMapping.source("n"), [call])
      #expect(try await run("\"\(text)\"", [field]) == "1 c error number-invalid n \(text)")
    }
    let phone = TestMapping.field("n", TestMapping.source("n"), [.phone(region: "US", mustBeValid: false)])
    #expect(try await run("\"\(text)\"", [phone]) == "1 c error phone-invalid n \(text)")
    let allowed = FunctionCall.int(
      NumberForm(decimalMark: NumberMark(text.contains(",") ? "," : ".") ?? .point, allowsExponent: true))
    let expected = text == "1e2" ? "100" : "441000000000"
    #expect(try await run("\"\(text)\"", [TestMapping.field("n", TestMapping.source("n"), [allowed])]) == #""n":\#(expected)"#)
  }
}
