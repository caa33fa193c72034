import Core

extension FunctionDefinition {
  static let suffix = FunctionDefinition(
    name: "suffix",
    summary: "The text, or a number or date as text, with another text after it.",
    parameters: [Parameter("text", .text, isRequired: true, isPositional: true, "the text to put after it")],
    input: "string, integer, decimal, number, date or datetime", output: "string",
    examples: [
      Example(#"{suffix: "-ghl"}"#, #""u1""#, gives: #""u1-ghl""#),
      Example(#"{suffix: "%"}"#, "7", gives: #""7%""#),
      Example(#"{suffix: "%"}"#, #"["a", null, "é"]"#, gives: #"["a%",null,"é%"]"#),
    ],
    bind: { request in
      let text = request.text("text") ?? ""
      let issues =
        text.isEmpty
        ? [BindIssue(.badArgument, parameter: "text", "'text' of suffix must not be empty", hint: "remove suffix")] : []
      return request.bind("suffix", takes: ValueType.written, gives: .string, issues: issues, .suffix(text))
    })
}
