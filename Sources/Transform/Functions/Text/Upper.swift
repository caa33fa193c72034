import Core

extension FunctionDefinition {
  static let upper = FunctionDefinition(
    name: "upper",
    summary: "The text in upper case, by Unicode's rules, independent of language.",
    input: "string", output: "string",
    examples: [
      Example("upper", #""gb""#, gives: #""GB""#),
      Example("upper", #""straße""#, gives: #""STRASSE""#),
    ],
    bind: { request in
      request.bind(
        "upper", takes: [.string], gives: .string, facts: ResultFacts(.rewritten(.upper, replacing: .lower) { $0.uppercased() }),
        .upper)
    })
}
