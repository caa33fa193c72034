import Core

extension FunctionDefinition {
  static let prefix = FunctionDefinition(
    name: "prefix",
    summary: "The text, or a number or date as text, with another text before it.",
    parameters: [Parameter("text", .text, isRequired: true, isPositional: true, "the text to put before it")],
    input: "string, integer, decimal, number, date or datetime", output: "string",
    examples: [
      Example(#"{prefix: "ghl-"}"#, #""u1""#, gives: #""ghl-u1""#),
      Example(#"{prefix: "№"}"#, "7", gives: #""№7""#),
      Example(#"{prefix: "№"}"#, #"["a", null, "é"]"#, gives: #"["№a",null,"№é"]"#),
    ],
    bind: { request in
      let text = request.text("text") ?? ""
      let issues =
        text.isEmpty
        ? [BindIssue(.badArgument, parameter: "text", "'text' of prefix must not be empty", hint: "remove prefix")] : []
      return request.bind("prefix", takes: ValueType.written, gives: .string, issues: issues, .prefix(text))
    })
}
