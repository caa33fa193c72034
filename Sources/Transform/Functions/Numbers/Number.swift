import Core

extension FunctionDefinition {
  static let number = FunctionDefinition(
    name: "number",
    summary: "A number of any kind, with the same digits.",
    parameters: NumberForms.parameters,
    input: "string, integer, decimal or number", output: "number", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("number", #""3.14""#, gives: "3.14"),
      Example("number", "100", gives: "100"),
      Example(#"{number: {group_mark: ",", grouping: indian}}"#, #""12,34,567.5""#, gives: "1234567.5"),
      Example("{number: {exponent: allow}}", #""6.02e23""#, gives: "6.02e23"),
      Example("number", #""a lot""#, raises: .numberInvalid),
    ],
    bind: { request in
      let (form, issues) = NumberForms.read(request, of: "number")
      return request.bind("number", takes: [.string] + ValueType.numeric, gives: .number, issues: issues, .number(form))
    })
}
