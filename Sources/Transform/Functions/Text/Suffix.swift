import Core

extension FunctionDefinition {
  static let suffix = FunctionDefinition(
    name: "suffix",
    summary: "The text, or a number or date as text, with another text after it.",
    parameters: [Parameter("text", .text, isRequired: true, isPositional: true, "the text to put after it")],
    takes: ValueType.written, gives: .string,
    examples: [
      Example(#"{suffix: "-ghl"}"#, #""u1""#, gives: #""u1-ghl""#),
      Example(#"{suffix: "%"}"#, "7", gives: #""7%""#),
      Example(#"{suffix: "%"}"#, #"["a", null, "é"]"#, gives: #"["a%",null,"é%"]"#),
    ],
    kernel: { arguments in
      let text = arguments.text("text") ?? ""
      if text.isEmpty { arguments.refuse("text", "'text' of suffix must not be empty", hint: "remove suffix") }
      let added = Array(text.utf8)
      let length = text.unicodeScalars.count
      return Kernel(ResultFacts(longest: { input in input.map { $0 + length } })) { text, result in
        result.append(text)
        result.append(added.span)
        return .made
      }
    })
}
