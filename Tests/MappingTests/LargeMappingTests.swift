import Core
import Testing
import Transform

@testable import Mapping

/// Thousands of fields: nothing here takes the square of their number. Seconds where it did, so a slow one is seen without a clock.
@Suite struct LargeMappingTests {
  private static let count = 3_000

  private func compile(_ parts: String...) -> MappingCompilation {
    let head = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: contact, key: contactId}\n"
    return MappingCompiler.compile(file: "m.yaml", text: head + parts.joined(), catalog: TestCatalog())
  }

  private func lines(_ line: (Int) -> String) -> String { (0..<Self.count).map { line($0) + "\n" }.joined() }

  @Test("vars that read one another in a row, the last one first")
  func vars() {
    let vars = lines { "  v\($0): {from: \($0 == Self.count - 1 ? "firstName" : "vars.v\($0 + 1)"), do: [trim]}" }
    let found = compile("vars:\n", vars, "fields:\n  contactId: id\n  first: vars.v0\n")
    #expect(found.model?.vars.count == Self.count)
  }

  @Test("fields with conditions, and rules about them")
  func expressions() {
    let fields = lines { "  f\($0): {expr: \"'x\($0)'\", when: \"type == 'x\($0)'\"}" }
    let rules = lines { "  - {id: r\($0), assert: \"f\($0) != 'q'\"}" }
    let found = compile("fields:\n  contactId: id\n", fields, "validate:\n", rules)
    #expect(found.model?.rules.count == Self.count, "\(found.diagnostics.sorted.prefix(3))")
  }

  @Test("a long expression in a block", arguments: ["|", ">"])
  func block(style: String) {
    let terms = (0..<Self.count).map { "          firstName == 'x\($0)'" }.joined(separator: " ||\n")
    let found = compile("fields:\n  contactId: id\n  long:\n    expr: \(style)\n\(terms)\n")
    #expect(found.model?.fields.count == 2, "\(found.diagnostics.sorted.prefix(3))")
  }

  @Test("only misspelled names")
  func slips() {
    let fields = lines { "  f\($0): vars.w\($0)" }
    let vars = lines { "  v\($0): {from: firstName, do: [trim]}" }
    let found = compile("vars:\n", vars, "fields:\n  contactId: id\n", fields)
    #expect(found.diagnostics.all.count { $0.code == .unknownVar } == Self.count)
  }

  @Test("lists of paths and long chains")
  func longLists() {
    let paths = (0..<Self.count * 3).map { "custom.k\($0)" }.joined(separator: ", ")
    let steps = [String](repeating: "trim", count: Self.count * 3).joined(separator: ", ")
    var catalog = TestCatalog()
    catalog.definitions = nil
    let head = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: contact, key: contactId}\n"
    let fields = "fields:\n  contactId: id\n  list: {from: [\(paths)]}\n  chain: {from: city, do: [\(steps)]}\n"
    let found = MappingCompiler.compile(file: "m.yaml", text: head + fields, catalog: catalog)
    #expect(found.model?.fields.last?.steps.count == Self.count * 3, "\(found.diagnostics.sorted.prefix(3))")
  }

  @Test("a case of thousands of branches")
  func branches() {
    let branches = lines { "      - {when: \"type == 'x\($0)'\", value: v\($0)}" }
    let found = compile("fields:\n  contactId: id\n  long:\n    case:\n", branches)
    #expect(found.model?.fields.count == 2, "\(found.diagnostics.sorted.prefix(3))")
  }

  static let deep: [(name: String, line: String, code: DiagnosticCode)] = [
    ("a path of names", "city" + String(repeating: ".x", count: 40_000), .badPath),
    ("a path of elements", "tags" + String(repeating: "[0]", count: 40_000), .badPath),
    ("a path under custom fields", "custom.ltv" + String(repeating: ".x", count: 40_000), .badPath),
    ("an expression", "{expr: \"city" + String(repeating: ".x", count: 40_000) + "\"}", .expressionSyntax),
    ("lists in lists", "{const: " + String(repeating: "[", count: 40_000), .yamlSyntax),
    ("maps in maps", "{const: " + String(repeating: "{a: ", count: 40_000), .yamlSyntax),
    ("an anchor and aliases", "{const: [&a [x, x], *a, *a]}", .yamlSyntax),
  ]

  @Test("anything nested too deeply is one diagnostic", arguments: deep.indices)
  func nesting(index: Int) throws {
    let found = compile("fields:\n  contactId: id\n  deep: \(Self.deep[index].line)\n")
    let errors = found.diagnostics.all.filter { $0.severity == .error }
    let first = try #require(errors.first)
    #expect(first.code == Self.deep[index].code, "\(errors.map(\.message))")
    #expect(found.diagnostics.text(of: first).count < 2_000)
  }

  @Test("a target field with more levels than a record can have is a diagnostic")
  func deepTarget() {
    let found = compile("fields:\n  contactId: id\n  ? a\(String(repeating: ".x", count: 2_000))\n  : city\n")
    #expect(found.diagnostics.all.contains { $0.code == .badPath && $0.message.contains("2001 levels") })
  }

  @Test("one line of megabytes")
  func oneLine() {
    let fields = (0..<Self.count).map { "\"ä\($0)\": {from: firstNam, do: [trim]}" }.joined(separator: ", ")
    let found = compile("fields: {contactId: id, \(fields)}\n")
    let shown = found.diagnostics.sorted.map { found.diagnostics.text(of: $0) }
    #expect(shown.count > Self.count)
    #expect(shown.allSatisfy { $0.count < 1_000 })
  }
}
