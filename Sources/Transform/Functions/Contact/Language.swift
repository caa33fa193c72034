import Core
import Values

extension FunctionDefinition {
  static let language = FunctionDefinition(
    name: "language",
    summary: "A language's ISO 639 code in lower case, from a code, a language tag (without its region) or a name.",
    takes: [.string], gives: .string, errors: [.languageUnknown], formulas: .impossible,
    examples: [
      Example("language", #""English""#, gives: #""en""#),
      Example("language", #""pt_BR""#, gives: #""pt""#),
      Example("language", #""GER""#, gives: #""de""#),
      Example("language", #""Español""#, gives: #""es""#),
      Example("language", #""Elvish""#, raises: .languageUnknown),
    ],
    kernel: { _ in
      Kernel(ResultFacts(forms: [.lower, .trimmed], longest: { _ in Language.longestCode })) { text, _ in
        Language.code(of: text).map { .constant($0) } ?? .refused(.languageUnknown)
      }
    })
}
