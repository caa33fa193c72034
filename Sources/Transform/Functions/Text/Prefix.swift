import Core

extension FunctionDefinition {
  static let prefix = FunctionDefinition(
    name: "prefix",
    summary: "The text, or a number or date as text, with another text before it.",
    parameters: [Parameter("text", .text, isRequired: true, isPositional: true, "the text to put before it")],
    takes: ValueType.written, gives: .string,
    examples: [
      Example(#"{prefix: "ghl-"}"#, #""u1""#, gives: #""ghl-u1""#),
      Example(#"{prefix: "№"}"#, "7", gives: #""№7""#),
      Example(#"{prefix: "№"}"#, #"["a", null, "é"]"#, gives: #"["№a",null,"№é"]"#),
    ],
    kernel: { arguments in
      let text = arguments.text("text") ?? ""
      if text.isEmpty { arguments.refuse("text", "'text' of prefix must not be empty", hint: "remove prefix") }
      let added = Array(text.utf8)
      let length = text.unicodeScalars.count
      return Kernel(ResultFacts(longest: { input in input.map { $0 + length } })) { text, result in
        result.append(added.span)
        result.append(text)
        return .made
      }
    })
}
