import Core

extension FunctionDefinition {
  static let int = FunctionDefinition(
    name: "int",
    summary: "A whole number of 64 bits, from digits, a number without a fraction, or a boolean (true is 1).",
    input: "string, integer, decimal, number or boolean", output: "integer", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("int", #""42""#, gives: "42"),
      Example("int", "true", gives: "1"),
      Example("int", #""12.5""#, raises: .numberInvalid),
    ],
    bind: { $0.bind("int", takes: [.string] + ValueType.numeric + [.boolean], gives: .integer, .int) })
}
