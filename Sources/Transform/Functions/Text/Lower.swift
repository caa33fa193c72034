import Core

extension FunctionDefinition {
  static let lower = FunctionDefinition(
    name: "lower",
    summary: "The text in lower case, by Unicode's rules, independent of language.",
    input: "string", output: "string",
    examples: [
      Example("lower", #""ADA@Example.COM""#, gives: #""ada@example.com""#),
      Example("lower", #""ÅSE Öst""#, gives: #""åse öst""#),
    ],
    bind: { request in
      request.bind(
        "lower", takes: [.string], gives: .string, facts: ResultFacts(.rewritten(.lower, replacing: .upper) { $0.lowercased() }),
        .lower)
    })
}
