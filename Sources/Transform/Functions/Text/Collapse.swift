import Core

extension FunctionDefinition {
  static let collapse = FunctionDefinition(
    name: "collapse",
    summary: "The text without white space at its ends, with each inner run of white space replaced by one space.",
    input: "string", output: "string", formulas: .asInInput,
    examples: [
      Example("collapse", #""  12   Main\n St ""#, gives: #""12 Main St""#),
      Example("collapse", #""a b""#, gives: #""a b""#),
    ],
    bind: { $0.bind("collapse", takes: [.string], gives: .string, .collapse) })
}
