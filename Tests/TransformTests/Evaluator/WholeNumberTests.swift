import Core
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
  private static let target: TargetSchema = {
    var (root, integer, list) = (TargetNode(), TargetNode(), TargetNode())
    integer.types = [.integer]
    list.types = [.array]
    list.items = 1
    root.properties = [.init(name: "n", node: 1), .init(name: "l", node: 2)]
    return TargetSchema(file: "x.json", nodes: [root, integer, list])
  }()

  private func run(
    _ value: String, _ fields: [FieldModel], target: TargetSchema? = nil, lookups: [LookupTable] = []
  ) async throws -> String {
    let model = TestMapping.model([TestMapping.field("id", TestMapping.source("id"))] + fields, lookups: lookups, target: target)
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
    let fields = [
      TestMapping.field("n", TestMapping.source("n"), node: 1), TestMapping.field("l", .list([TestMapping.source("n")]), node: 2),
    ]
    #expect(try await run(value, fields, target: Self.target) == #""n":\#(expected),"l":[\#(expected)]"#)
  }

  @Test("a number that is not whole is not an integer", arguments: ["1.5", "1e-1", "-0.5"])
  func notWhole(value: String) async throws {
    let field = TestMapping.field("n", TestMapping.source("n", [.integer, .absent]))
    #expect(try await run(value, [field]) == "1 c error wrong-type n \(value)")
    let copied = TestMapping.field("n", TestMapping.source("n"), node: 1)
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
