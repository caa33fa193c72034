import Core

extension FunctionDefinition {
  static let trim = FunctionDefinition(
    name: "trim",
    summary: "The text without white space at its ends.",
    input: "string", output: "string", formulas: .asInInput,
    examples: [
      Example("trim", #"" Ada  ""#, gives: #""Ada""#),
      Example("trim", #"[" vip", "new\n"]"#, gives: #"["vip","new"]"#),
      Example("trim", #""\u00a0Zoë\u3000""#, gives: #""Zoë""#),
    ],
    bind: { request in
      request.bind(
        "trim", takes: [.string], gives: .string, facts: ResultFacts(.rewritten(.trimmed) { $0.trimmed }), .trim)
    })
}
