import Core

extension FunctionDefinition {
  static let mask = FunctionDefinition(
    name: "mask",
    summary: "The shape of the text: X and x for letters, 9 for digits, at most 40 characters.",
    input: "string, integer, decimal, number, date or datetime", output: "string",
    examples: [
      Example("mask", #""Ada Lovelace""#, gives: #""Xxx Xxxxxxxx""#),
      Example("mask", #""+49 30 901820""#, gives: #""+99 99 999999""#),
      Example("mask", #""Élodie""#, gives: #""Xxxxxx""#),
    ],
    bind: { $0.bind("mask", takes: ValueType.written, gives: .string, .mask) })
}
