import Core

extension FunctionDefinition {
  static let last = FunctionDefinition(
    name: "last",
    summary: "The last element of a list; null if it is empty.",
    takesList: true,
    input: "list", output: "element", formulas: .asInInput,
    examples: [
      Example("last", #"["a", "b"]"#, gives: #""b""#),
      Example("last", "[7]", gives: "7"),
    ],
    bind: { $0.bindList("last", gives: { $0 }, facts: ResultFacts(.elements, nulls: .added), .last) })
}
