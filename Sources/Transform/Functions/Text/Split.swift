import Core

extension FunctionDefinition {
  static let split = FunctionDefinition(
    name: "split",
    summary: "The parts of the text between occurrences of `on`.",
    parameters: [Parameter("on", .text, isRequired: true, isPositional: true, "the text between two parts")],
    input: "string", output: "list of string",
    examples: [
      Example(#"{split: ","}"#, #""a,b,c""#, gives: #"["a","b","c"]"#),
      Example(#"{split: "; "}"#, #""vip""#, gives: #"["vip"]"#),
    ],
    bind: { request in
      let on = request.text("on") ?? ""
      let issues =
        on.isEmpty
        ? [BindIssue(.badArgument, parameter: "on", "'on' of split must not be empty", hint: #"write {split: ","}"#)] : []
      return request.bind("split", takes: [.string], gives: .list(.string), issues: issues, .split(on: on))
    })
}
