import Core

extension FunctionDefinition {
  static let round = FunctionDefinition(
    name: "round",
    summary: "The number rounded exactly to at most `places` decimal places; a half rounds to the even neighbor.",
    parameters: [
      Parameter("places", .integer, isPositional: true, "-64 to 64; -2 rounds to hundreds; default 0")
    ],
    input: "integer, decimal or number", output: "the same type", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("{round: 2}", "2.675", gives: "2.68"),
      Example("{round: 2}", "0.125", gives: "0.12"),
      Example("round", "-0.5", gives: "0"),
      Example("{round: {places: -2}}", "1250", gives: "1200"),
      Example("{round: 3}", "19.5", gives: "19.5"),
      Example("{round: -1}", "9223372036854775807", raises: .numberInvalid),
    ],
    bind: { request in
      var issues: [BindIssue] = []
      let places = request.integer("places", of: "round", in: -64...64, &issues) ?? 0
      let output: ValueType =
        switch request.input {
        case .any: .oneOf(Set(ValueType.numeric))
        case .oneOf(let members):
          .union(of: members.filter { ValueType.numeric.contains($0.elements ?? $0) }.map { $0.elements ?? $0 })
        default: request.input
        }
      return request.bind("round", takes: ValueType.numeric, gives: output, issues: issues, .round(places: places))
    })
}
