import Core

extension FunctionDefinition {
  static let bool = FunctionDefinition(
    name: "bool",
    summary: "True or false, from two lists of words in any case; any other text is refused.",
    parameters: [
      Parameter("yes", .texts, "words for true; default true yes y 1 on"),
      Parameter("no", .texts, "words for false; default false no n 0 off"),
    ],
    input: "string or boolean", output: "boolean", errors: [.wrongType], formulas: .impossible,
    examples: [
      Example("bool", #""Yes""#, gives: "true"),
      Example(#"{bool: {yes: [ja], no: [nein]}}"#, #""nein""#, gives: "false"),
      Example("bool", #""maybe""#, raises: .wrongType),
    ],
    bind: { request in
      let yes = (request.texts("yes") ?? ["true", "yes", "y", "1", "on"]).map { $0.lowercased() }
      let no = (request.texts("no") ?? ["false", "no", "n", "0", "off"]).map { $0.lowercased() }
      var issues: [BindIssue] = []
      for (parameter, words) in [("yes", yes), ("no", no)] where words.isEmpty {
        issues.append(BindIssue(.badArgument, parameter: parameter, "'\(parameter)' of bool must have at least one word"))
      }
      if let both = yes.first(where: { no.contains(exactly: $0) }) {
        issues.append(
          BindIssue(
            .badArgument, parameter: request.arguments["no"] == nil ? "yes" : "no", "'\(both)' would be both yes and no",
            hint: "keep it in one of the two lists"))
      }
      return request.bind("bool", takes: [.string, .boolean], gives: .boolean, issues: issues, .bool(yes: yes, no: no))
    })
}
