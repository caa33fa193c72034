import Core
import Testing
import Transform

@testable import Mapping
@testable import Report

/// What becomes of values that are not what the source declares, and of numbers that no double holds: in fields, and in expressions.
@Suite struct DeclaredTypeTests {
  /// Vars, fields and whatever follows them, over one record: the output without its key, and a line per problem.
  private func run(_ body: String, _ record: String, source: String = "{entity: contact, key: id}") async throws -> [String] {
    let text = """
      mapping: 1
      name: m
      source: \(source)
      target: {key: key}
      \(body)

      """
    let compilation = MappingCompiler.compile(file: "m.yaml", text: text, catalog: PropertySource())
    let errors = compilation.diagnostics.all.filter { $0.severity == .error }
    try #require(errors.isEmpty, "\(errors.map(\.message))")
    let program = try Program(try #require(compilation.model))
    let lane = TransformLane(program, encoding: .ndjson(program))
    lane.batch.reserve(record.utf8.count + 1)
    for byte in record.utf8 + [0x0A] {
      lane.batch.base[lane.batch.count] = byte
      lane.batch.count += 1
    }
    lane.batch.items = [.init(start: 0, end: record.utf8.count, line: 1, offset: 0)]
    lane.process()
    let encoder = ProblemLines(program, context: .init())
    return lane.output.withPending(\.string).split(separator: "\n").map(String.init)
      + lane.log.problems.map { problem in
        let line = encoder.line(of: problem, in: lane.log)
        return "\(problem.severity) \(line.code) \(line.field ?? "-")"
      }
  }

  @Test(
    "an expression reads a declared field by its type, or is refused",
    arguments: [
      // An integer of expressions is one of 64 bits, in any notation.
      ("count", "12", "12"), ("count", "12.5", nil), ("count", "1e3", "1000"), ("count", "12345678901234567890", nil),
      ("count", "9007199254740993.0", "9007199254740993"), ("count", "1E400", nil), ("count", "1e-1", nil),
      ("count", "\"12\"", nil), ("count", "null", "null"), ("count", "\" \"", "null"), ("count == 12", "12", "true"),
      ("count == 12", "\"12\"", nil), ("count != null ? count + 1 : 0", "12.0", "13"),
      // A test for its presence, and what decides without it, have no need of its type.
      ("has(record.count)", "\"12\"", "true"), ("id == 'k' || count == 1", "\"12\"", "true"),
      ("id != 'k' && count == 1", "[]", "false"),
    ] as [(String, String, String?)])
  func integers(expression: String, value: String, expected: String?) async throws {
    let found = try await run("fields:\n  key: id\n  f: {expr: \"\(expression)\"}", "{\"id\":\"k\",\"count\":\(value)}")
    #expect(found == [expected.map { "{\"key\":\"k\",\"f\":\($0)}" } ?? "error wrong-type f"])
  }

  @Test(
    "a decimal is compared and written exactly, whatever its digits",
    arguments: [
      ("amount != null && amount > 0.1", "0.1", "false"),
      ("amount != null && amount > 0.1", "0.10000000000000000000000000000001", "true"),
      ("amount == 123456789012345678901234567890.0", "123456789012345678901234567891", "false"),
      ("amount == 9223372036854775807", "9223372036854775808", "false"),
      ("amount == 9223372036854775807", "9223372036854775807", "true"),
      ("amount == 100000", "1e5", "true"), ("amount != null && amount < 1", "1e-400", "true"),
      ("amount != null && amount > 1", "1e400", "true"),
      ("amount", "0.10000000000000000000000000000001", "0.10000000000000000000000000000001"), ("amount", "12.50", "12.50"),
      ("amount != null ? string(amount) : ''", "1.50e1", "\"15.0\""), ("amount != null ? int(amount) : 0", "12.7", "12"),
    ])
  func decimals(expression: String, value: String, expected: String) async throws {
    // Once as a field of the record, once as a var that copies it, once on the finished record.
    let record = "{\"id\":\"k\",\"amount\":\(value)}"
    #expect(
      try await run("fields:\n  key: id\n  f: {expr: \"\(expression)\"}", record) == ["{\"key\":\"k\",\"f\":\(expected)}"])
    let ofVar = expression.replacing("amount", with: "vars.a")
    #expect(
      try await run("vars:\n  a: amount\nfields:\n  key: id\n  f: {expr: \"\(ofVar)\"}", record) == [
        "{\"key\":\"k\",\"f\":\(expected)}"
      ])
    guard ["true", "false"].contains(expected) else { return }
    let ofTarget = expression.replacing("amount", with: "f")
    let rule = "validate:\n  - {id: r, assert: \"f != null && (\(ofTarget)) == \(expected)\"}"
    #expect(try await run("fields:\n  key: id\n  f: amount\n\(rule)", record) == ["{\"key\":\"k\",\"f\":\(value)}"])
  }

  @Test(
    "a list has the elements that it declares, or is refused by the first other one",
    arguments: [
      ("tags", "[\"a\",null,\" \"]", "[\"a\",null,null]"), ("tags", "[\"a\",1]", nil), ("tags", "[[\"a\"]]", nil),
      ("tags", "[{}]", nil),
      ("marks", "[1,-0]", "[1,0]"), ("marks", "[1,1.0,2e1]", "[1,1,20]"), ("marks", "[1,1.5]", nil),
      ("rates", "[1,1.0,1e400]", "[1,1.0,1e400]"),
      ("rates", "[true]", nil),
      ("parts", "[{\"kind\":1}]", "[{\"kind\":1}]"), ("parts", "[[]]", nil), ("frees", "[1,\"a\",[],{}]", "[1,\"a\",[],{}]"),
    ] as [(String, String, String?)])
  func lists(name: String, value: String, expected: String?) async throws {
    let record = "{\"id\":\"k\",\"\(name)\":\(value)}"
    let wanted = [expected.map { "{\"key\":\"k\",\"f\":\($0)}" } ?? "error wrong-type f"]
    #expect(try await run("fields:\n  key: id\n  f: \(name)", record) == wanted)
    #expect(try await run("fields:\n  key: id\n  f: {expr: \(name)}", record) == wanted)
  }

  @Test(
    "what a macro takes out of declared objects is of its type, or refused",
    arguments: [("\"x\"", true), ("7", false), ("null", true)])
  func members(kind: String, isFine: Bool) async throws {
    let found = try await run(
      "fields:\n  key: id\n  f: {expr: \"parts != null ? parts.map(p, p.kind) : ['none']\"}",
      "{\"id\":\"k\",\"parts\":[{\"kind\":\(kind)}]}")
    #expect(found == [isFine ? "{\"key\":\"k\",\"f\":[\(kind)]}" : "error wrong-type f"])
  }

  @Test("keep keeps every part of a list as the source has it")
  func keptParts() async throws {
    let body = "fields:\n  key: id\n  f: {from: [name, city, zip], on_error: keep, default: [x]}"
    let found = try await run(
      body.replacing("city", with: "email"), #"{"id":"k","name":-1,"email":" "}"#)
    #expect(found == [#"{"key":"k","f":[-1,null,null]}"#, "warning wrong-type f"])
  }

  @Test("a var that keeps values of other types is of any type")
  func keptVars() async throws {
    let body = "vars:\n  v: {from: name, on_error: keep}\nfields:\n  key: id\n  f: {from: vars.v, do: [lower], on_error: nullify}"
    #expect(
      try await run(body, #"{"id":"k","name":12}"#) == [
        #"{"key":"k","f":null}"#, "warning wrong-type vars.v", "warning wrong-type f",
      ])
  }

  @Test("a literal beside whole numbers of undeclared values makes numbers of both")
  func literalBesideUndeclared() async throws {
    let body = "vars:\n  v: {from: free.kind, do: [int], default: 0.50}\nfields:\n  key: id\n  f: vars.v"
    #expect(try await run(body, #"{"id":"k"}"#) == [#"{"key":"k","f":0.50}"#])
    let text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {key: key}\n\(body)\n"
    let model = MappingCompiler.compile(file: "m.yaml", text: text, catalog: PropertySource()).model
    #expect(model?.vars.first?.type.name.contains("number") == true)
  }

  @Test("an element of `each` that is a list is not an object")
  func listAsItem() async throws {
    let found = try await run(
      "fields:\n  key: parent.id\n  f: item", #"{"id":"k","parts":[[1],{"size":1}]}"#,
      source: "{entity: contact, key: id, each: parts}")
    #expect(found == [#"{"key":"k","f":{"size":1}}"#, "error wrong-type f"])
  }

  @Test("a list with undeclared elements may be refused by join and sort", arguments: ["{join: x}", "sort"])
  func undeclaredElements(step: String) async throws {
    let body = "fields:\n  key: id\n  f: {from: [free], do: [\(step)], on_error: nullify}"
    let text = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {key: key}\n\(body)\n"
    let compilation = MappingCompiler.compile(file: "m.yaml", text: text, catalog: PropertySource())
    let explanation = compilation.explanation.first { $0.target == "f" }
    #expect(explanation?.errors.contains("wrong-type") == true && explanation?.isNullable == true)
    #expect(try await run(body, #"{"id":"k","free":[1,2]}"#).last == "warning wrong-type f")
  }

  @Test("a target key is never missing, whatever its condition")
  func conditionalKey() async throws {
    let body = "fields:\n  key: {from: id, when: \"name != null\"}\n  f: name"
    #expect(try await run(body, #"{"id":"k","name":"n"}"#) == [#"{"key":"k","f":"n"}"#])
    #expect(try await run(body, #"{"id":"k"}"#) == ["error required key"])
  }

  @Test("minus zero is an integer, and written as one", arguments: [("int", "0"), ("decimal", "0"), ("number", "0")])
  func minusZero(function: String, expected: String) async throws {
    let body = "fields:\n  key: id\n  f: {from: count, do: [\(function)]}"
    #expect(try await run(body, #"{"id":"k","count":-0}"#) == ["{\"key\":\"k\",\"f\":\(expected)}"])
  }

  @Test(
    "case and join can be null where one of their ways is",
    arguments: [
      ("{case: [{when: \"dnd == true\", value: x}], else: {from: name}}", true),
      ("{case: [{when: \"dnd == true\", value: x}], else: y}", false),
      ("{case: [{when: \"dnd == true\", value: x}]}", true), ("{expr: \"tags != null ? tags : []\", do: [{join: x}]}", true),
      ("{from: [name, zip], do: [{join: x}]}", true), ("{from: [name, id], do: [{join: x}]}", false),
      ("{from: name, default: a, do: [trim]}", false),
      ("{const: [a b], do: [{name: {part: family}}, {join: x}]}", true), ("{const: [a b], do: [trim, {join: x}]}", false),
      ("{const: [a], do: [{lookup: l}, {join: x}]}", true), ("{const: [], do: [{join: x}]}", true),
      ("{const: [null], do: [{join: x}]}", true), ("{const: [null, a], do: [{join: x}]}", false),
    ])
  func nullability(field: String, isNullable: Bool) throws {
    let text = """
      mapping: 1
      name: m
      source: {entity: contact}
      target: {key: key}
      lookups: {l: {a: null, b: c}}
      fields:
        key: id
        f: \(field)
      """
    let compilation = MappingCompiler.compile(file: "m.yaml", text: text, catalog: PropertySource())
    #expect(try #require(compilation.explanation.last).isNullable == isNullable, "\(compilation.diagnostics.all)")
  }
}
