import Core

extension FunctionDefinition {
  static let decimal = FunctionDefinition(
    name: "decimal",
    summary: "An exact decimal number with the same digits.",
    parameters: NumberForms.parameters,
    input: "string, integer, decimal or number", output: "decimal", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("decimal", #""1200.50""#, gives: "1200.50"),
      Example("decimal", "7", gives: "7"),
      Example(#"{decimal: {symbols: ["$"], group_mark: ","}}"#, #""$78,526.00""#, gives: "78526.00"),
      Example(#"{decimal: {decimal_mark: ",", group_mark: ".", symbols: ["€"]}}"#, #""1.234,56 €""#, gives: "1234.56"),
      Example("{decimal: {negatives: [parentheses]}}", #""(12.00)""#, gives: "-12.00"),
      Example("decimal", #""12,50""#, raises: .numberInvalid),
      Example("decimal", #""4.41E+11""#, raises: .numberInvalid),
    ],
    bind: { request in
      let (form, issues) = NumberForms.read(request, of: "decimal")
      return request.bind("decimal", takes: [.string] + ValueType.numeric, gives: .decimal, issues: issues, .decimal(form))
    })
}
