import Core

extension FunctionDefinition {
  static let truncate = FunctionDefinition(
    name: "truncate",
    summary: "At most the first `max` characters of the text.",
    parameters: [
      Parameter("max", .integer, isRequired: true, isPositional: true, "the largest number of characters, 1 or more")
    ],
    input: "string", output: "string",
    examples: [
      Example("{truncate: 5}", #""Lovelace""#, gives: #""Lovel""#),
      Example("{truncate: 5}", #""Ada""#, gives: #""Ada""#),
      Example("{truncate: {max: 3}}", #""Zoë Öst""#, gives: #""Zoë""#),
    ],
    bind: { request in
      let max = request.arguments["max"]?.intValue ?? 0
      let issues =
        max >= 1 ? [] : [BindIssue(.badArgument, parameter: "max", "'max' of truncate must be 1 or more, not \(max)")]
      return request.bind(
        "truncate", takes: [.string], gives: .string, issues: issues,
        facts: ResultFacts(longest: { input in input.map { min($0, max) } ?? max }), .truncate(max: max))
    })
}
