import Core

extension FunctionDefinition {
  static let country = FunctionDefinition(
    name: "country",
    summary: "A country's ISO 3166-1 alpha-2 code, from a code or a name.",
    input: "string", output: "string", errors: [.countryUnknown],
    examples: [
      Example("country", #""United States""#, gives: #""US""#),
      Example("country", #""gb""#, gives: #""GB""#),
      Example("country", #""Atlantis""#, raises: .countryUnknown),
    ],
    bind: { $0.bind("country", takes: [.string], gives: .string, .country) })
}
