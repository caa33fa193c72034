import Core

extension FunctionDefinition {
  static let first = FunctionDefinition(
    name: "first",
    summary: "The first element of a list; null if it is empty.",
    takesList: true,
    input: "list", output: "element", formulas: .asInInput,
    examples: [
      Example("first", #"["a", "b"]"#, gives: #""a""#),
      Example("first", "[]", gives: "null"),
    ],
    bind: { $0.bindList("first", gives: { $0 }, facts: ResultFacts(.elements, nulls: .added), .first) })
}
