import Core
import Expressions
import Testing
import Transform

@testable import Commands

/// `waybill functions`: those of mappings and those of expressions.
@Suite struct FunctionsCommandTests {
  @Test func `the list has each function of mappings and of expressions`() async {
    let output = await waybill("functions").output
    let parts = output.split(separator: "\nExpression functions (expr, when, where, assert):\n")
    #expect(parts.count == 2)
    for function in FunctionLibrary.standard.functions { #expect(parts.first?.contains("\n\(function.name)") == true) }
    for entry in ExpressionReference.functions + ExpressionReference.macros {
      #expect(parts.last?.contains("\n\(entry.name) ") == true)
    }
  }

  @Test(
    "one function",
    arguments: [
      ("size", ["string.size() -> int"], ["takes "]), ("exists", ["list.exists(x, condition)"], ["takes "]),
      ("int", ["takes       string", "\nIn expressions:\n\nint: ", "  int(double) -> int\n"], []),
      ("trim", ["takes       string"], ["In expressions"]),
    ] as [(String, [String], [String])])
  func described(name: String, parts: [String], others: [String]) async {
    let ended = await waybill("functions", name)
    #expect(ended.code == .done)
    for part in parts { #expect(ended.output.contains(part), "\(ended.output)") }
    for other in others { #expect(!ended.output.contains(other), "\(ended.output)") }
  }

  @Test func `every function is described in 80 columns, without a break inside a word`() async throws {
    for function in FunctionLibrary.standard.functions {
      let text = Locked("")
      let console = Console(
        writeOutput: { part in text.withLock { $0 += part } }, writeError: { _ in }, isErrorTerminal: false,
        isOutputTerminal: true,
        hasColour: false, width: { 80 })
      _ = await CommandEntry.run(["functions", function.name], in: Surroundings(console: console, environment: [:]))
      let shown = text.withLock { $0 }
      for line in shown.split(separator: "\n") { #expect(CellWidth.of(line) <= 80, "\(line)") }
      func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
      #expect(words(shown) == words(await waybill("functions", function.name).output))
    }
    let decimal = await waybill("functions", "decimal").output
    #expect(
      decimal.contains("\n    {decimal: {symbols: [\"$\"], group_mark: \",\"}}\n      \"$78,526.00\"  ->  78526.00\n"),
      "\(decimal)")
  }

  @Test func `a misspelled name of an expression's function gets a hint`() async {
    let ended = await waybill("functions", "startWith")
    #expect(ended.code == .usage)
    #expect(ended.error.contains("there is no function 'startWith'; did you mean 'startsWith'?"))
  }

  @Test func `JSON has the signatures of expressions beside the members of a mapping's function`() async throws {
    let size = try JSONReader.read(await waybill("functions", "size", "--json").output)
    #expect(size["input"] == nil)
    #expect(size["expression"]?["signatures"]?.arrayValue?.contains(.string("string.size() -> int")) == true)
    let int = try JSONReader.read(await waybill("functions", "int", "--json").output)
    #expect(int["input"]?.stringValue != nil && int["expression"]?["summary"]?.stringValue != nil)
    let trim = try JSONReader.read(await waybill("functions", "trim", "--json").output)
    #expect(trim["input"] == .string("string") && trim["expression"] == nil)
    let names = try JSONReader.read(await waybill("functions", "--json").output).arrayValue?.compactMap {
      $0["name"]?.stringValue
    }
    #expect(Set(names ?? []).count == names?.count)
    #expect(names?.contains("getFullYear") == true)
  }
}
