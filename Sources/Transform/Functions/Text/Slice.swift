import Core

extension FunctionDefinition {
  static let slice = FunctionDefinition(
    name: "slice",
    summary: "The characters from index `from` up to but not including `to`; negative indices count from the end.",
    parameters: [
      Parameter("from", .integer, "the first index, counted from 0; default 0"),
      Parameter("to", .integer, "the index after the last; default: the end"),
    ],
    input: "string", output: "string",
    examples: [
      Example("{slice: {from: 0, to: 5}}", #""94103-1234""#, gives: #""94103""#),
      Example("{slice: {from: -4}}", #""Zoë Öst""#, gives: #"" Öst""#),
      Example("{slice: {from: 3, to: 99}}", #""AB-0012""#, gives: #""0012""#),
      Example("{slice: {from: 9}}", #""Ada""#, gives: #""""#),
    ],
    bind: { request in
      let from = request.arguments["from"]?.intValue
      let to = request.arguments["to"]?.intValue
      var issues: [BindIssue] = []
      if from == nil, to == nil {
        issues.append(BindIssue(.badArgument, "slice needs 'from' or 'to'", hint: "write {slice: {from: 0, to: 5}}"))
      } else if let to, (to < 0) == ((from ?? 0) < 0), to <= from ?? 0 {
        issues.append(
          BindIssue(
            .badArgument, parameter: "to", "'to' of slice must be after 'from', or nothing is left",
            hint: "'to' is the index after the last character that is kept"))
      }
      return request.bind("slice", takes: [.string], gives: .string, issues: issues, .slice(from: from ?? 0, to: to))
    })
}
