import Core

extension FunctionDefinition {
  static let country = FunctionDefinition(
    name: "country",
    summary: "A country's ISO 3166-1 alpha-2 code, from a code or a name.",
    input: "string", output: "string", errors: [.countryUnknown], formulas: .impossible,
    examples: [
      Example("country", #""United States""#, gives: #""US""#),
      Example("country", #""gb""#, gives: #""GB""#),
      Example("country", #""Atlantis""#, raises: .countryUnknown),
    ],
    bind: { request in
      request.bind(
        "country", takes: [.string], gives: .string, facts: ResultFacts(forms: [.upper, .trimmed], longest: { _ in 2 }), .country)
    })
}
