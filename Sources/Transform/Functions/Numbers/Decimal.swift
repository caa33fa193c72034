import Core

extension FunctionDefinition {
  static let decimal = FunctionDefinition(
    name: "decimal",
    summary: "An exact decimal number with the same digits.",
    input: "string, integer, decimal or number", output: "decimal", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("decimal", #""1200.50""#, gives: "1200.50"),
      Example("decimal", "7", gives: "7"),
      Example("decimal", #""12,50""#, raises: .numberInvalid),
    ],
    bind: { $0.bind("decimal", takes: [.string] + ValueType.numeric, gives: .decimal, .decimal) })
}
