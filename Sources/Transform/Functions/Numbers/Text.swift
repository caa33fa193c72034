import Core
import Values

extension FunctionDefinition {
  static let text = FunctionDefinition(
    name: "text",
    summary: "The value as text: a number's digits without an exponent, a date as it is written, `true` or `false`.",
    parameters: [
      Parameter(
        "decimals", .integer, isPositional: true,
        "digits after the decimal mark, 0 to 64, rounded as `round` does; default: those of the number"),
      Parameter("decimal_mark", .text, "the mark before the fraction; default \".\""),
      Parameter("group_mark", .text, "the mark between groups of digits; default none"),
      NumberForms.groupingParameter,
    ],
    input: "any plain value; with parameters a number", output: "string", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("text", after: "decimal", #""1.10""#, gives: #""1.10""#),
      Example("text", "1.7e3", gives: #""1700""#),
      Example("{text: 2}", "7", gives: #""7.00""#),
      Example(#"{text: {decimals: 2, decimal_mark: ",", group_mark: "."}}"#, "-1234567.5", gives: #""-1.234.567,50""#),
      Example("text", "true", gives: #""true""#),
      Example("text", "1e99", raises: .numberInvalid),
    ],
    bind: { request in
      var issues: [BindIssue] = []
      let decimals = request.integer("decimals", of: "text", in: 0...64, &issues)
      let marks = NumberForms.marks(request, of: "text", &issues)
      let writer = NumberWriter(
        decimals: decimals, decimalMark: marks.decimal.text, groupMark: marks.group?.text,
        grouping: request.text("grouping").flatMap(NumberForm.Grouping.init) ?? .thousands)
      return request.bind(
        "text", takes: request.arguments.isEmpty ? ValueType.scalars : ValueType.numeric, gives: .string, issues: issues,
        facts: ResultFacts(longest: { request.input == .string ? $0 : nil }), .text(writer))
    })
}
