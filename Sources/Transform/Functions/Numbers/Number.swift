import Core

extension FunctionDefinition {
  static let number = FunctionDefinition(
    name: "number",
    summary: "A number of any kind, with the same digits.",
    input: "string, integer, decimal or number", output: "number", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("number", #""3.14""#, gives: "3.14"),
      Example("number", "100", gives: "100"),
      Example("number", #""a lot""#, raises: .numberInvalid),
    ],
    bind: { $0.bind("number", takes: [.string] + ValueType.numeric, gives: .number, .number) })
}
