import Core

extension FunctionDefinition {
  static let compact = FunctionDefinition(
    name: "compact",
    summary: "The list without its nulls, and without blank texts unless `blank_is_null` is false.",
    takesList: true,
    input: "list", output: "same list", formulas: .asInInput,
    examples: [
      Example("compact", #"["a", null, " ", "é"]"#, gives: #"["a","é"]"#),
      Example("compact", "[null]", gives: "[]"),
    ],
    bind: { $0.bindList("compact", gives: { .list($0) }, facts: ResultFacts(.input, nulls: .removed), .compact) })
}
