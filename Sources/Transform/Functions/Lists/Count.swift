import Core

extension FunctionDefinition {
  static let count = FunctionDefinition(
    name: "count",
    summary: "The number of elements of a list, including nulls.",
    takesList: true,
    input: "list", output: "integer", formulas: .impossible,
    examples: [
      Example("count", #"["a", "b", null]"#, gives: "3"),
      Example("count", "[]", gives: "0"),
    ],
    bind: { $0.bindList("count", gives: { _ in .integer }, .count) })
}
