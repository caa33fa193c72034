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

  @Test("nothing but misspelt names")
  func slips() {
    let fields = lines { "  f\($0): vars.w\($0)" }
    let vars = lines { "  v\($0): {from: firstName, do: [trim]}" }
    let found = compile("vars:\n", vars, "fields:\n  contactId: id\n", fields)
    #expect(found.diagnostics.all.count { $0.code == .unknownVar } == Self.count)
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
