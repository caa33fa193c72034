import Core

extension FunctionDefinition {
  static let at = FunctionDefinition(
    name: "at",
    summary: "One element of a list, counted from 0; negative numbers count from the end; null if there is none.",
    parameters: [Parameter("n", .integer, isRequired: true, isPositional: true, "the index; -1 is the last element")],
    takesList: true,
    input: "list", output: "element", formulas: .asInInput,
    examples: [
      Example("{at: 1}", #"["a", "b", "c"]"#, gives: #""b""#),
      Example("{at: {n: -1}}", #"["a", "é"]"#, gives: #""é""#),
      Example("{at: 5}", #"["a"]"#, gives: "null"),
    ],
    bind: { request in
      let place = request.arguments["n"]?.intValue ?? 0
      return request.bindList("at", gives: { $0 }, facts: ResultFacts(.elements, nulls: .added), .at(place))
    })
}
