import Core

extension FunctionDefinition {
  static let digits = FunctionDefinition(
    name: "digits",
    summary: "Only the digits of the text, as 0 to 9.",
    input: "string", output: "string",
    examples: [
      Example("digits", #""(415) 555-2671""#, gives: #""4155552671""#),
      Example("digits", #""AB-0012""#, gives: #""0012""#),
    ],
    bind: { request in
      request.bind(
        "digits", takes: [.string], gives: .string, facts: ResultFacts(forms: [.digits, .trimmed], longest: { $0 }), .digits)
    })
}
