import Core

extension FunctionDefinition {
  static let int = FunctionDefinition(
    name: "int",
    summary: "A whole number of 64 bits, from digits, a number without a fraction, or a boolean (true is 1).",
    parameters: NumberForms.parameters,
    input: "string, integer, decimal, number or boolean", output: "integer", errors: [.numberInvalid], formulas: .impossible,
    examples: [
      Example("int", #""42""#, gives: "42"),
      Example("int", "1e2", gives: "100"),
      Example("int", "true", gives: "1"),
      Example(#"{int: {group_mark: ","}}"#, #""1,234""#, gives: "1234"),
      Example("int", #""12.5""#, raises: .numberInvalid),
      Example("int", #""1,234""#, raises: .numberInvalid),
    ],
    bind: { request in
      let (form, issues) = NumberForms.read(request, of: "int")
      return request.bind(
        "int", takes: [.string] + ValueType.numeric + [.boolean], gives: .integer, issues: issues, .int(form))
    })
}
