import Core

extension FunctionDefinition {
  static let sort = FunctionDefinition(
    name: "sort",
    summary: "The list in ascending order: numbers by value, times by instant, texts by code point.",
    takesList: true,
    input: "list", output: "same list", formulas: .asInInput,
    examples: [
      Example("sort", #"["new", "Vip", "active"]"#, gives: #"["Vip","active","new"]"#),
      Example("sort", "[10, 9, 2]", gives: "[2,9,10]"),
    ],
    bind: { request in
      request.bindList(
        "sort", of: ValueType.scalars.filter { $0 != .boolean }, gives: { .list($0) },
        facts: ResultFacts(.input, refusesElements: true), .sort)
    })
}
