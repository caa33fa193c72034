import Core

extension FunctionDefinition {
  static let join = FunctionDefinition(
    name: "join",
    summary: "The elements of a list as one text, with `with` between them; nulls are skipped; null if nothing is left.",
    parameters: [Parameter("with", .text, isRequired: true, isPositional: true, "the text between two elements")],
    takesList: true,
    input: "list", output: "string",
    examples: [
      Example(#"{join: " "}"#, #"["Ada", "Lovelace"]"#, gives: #""Ada Lovelace""#),
      Example(#"{join: ";"}"#, #"["vip", null, 7]"#, gives: #""vip;7""#),
      Example(#"{join: ";"}"#, #"[null, null]"#, gives: "null"),
    ],
    bind: { request in
      request.bindList(
        "join", of: ValueType.scalars, gives: { _ in .string },
        facts: ResultFacts(nulls: .ifNothingIsLeft, refusesElements: true), .join(with: request.text("with") ?? ""))
    })
}
