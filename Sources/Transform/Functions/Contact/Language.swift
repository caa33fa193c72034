import Core

extension FunctionDefinition {
  static let language = FunctionDefinition(
    name: "language",
    summary: "A language's ISO 639 code in lower case, from a code, a language tag (without its region) or a name.",
    input: "string", output: "string", errors: [.languageUnknown],
    examples: [
      Example("language", #""English""#, gives: #""en""#),
      Example("language", #""pt_BR""#, gives: #""pt""#),
      Example("language", #""GER""#, gives: #""de""#),
      Example("language", #""Español""#, gives: #""es""#),
      Example("language", #""Elvish""#, raises: .languageUnknown),
    ],
    bind: { $0.bind("language", takes: [.string], gives: .string, .language) })
}
