import Core

extension FunctionDefinition {
  static let unique = FunctionDefinition(
    name: "unique",
    summary: "The list with only the first of equal elements, in the same order.",
    takesList: true,
    input: "list", output: "same list", formulas: .asInInput,
    examples: [
      Example("unique", #"["vip", "new", "vip"]"#, gives: #"["vip","new"]"#),
      Example("unique", "[1, 2, 1]", gives: "[1,2]"),
    ],
    bind: { $0.bindList("unique", of: ValueType.scalars, gives: { .list($0) }, facts: ResultFacts(.input), .unique) })
}
