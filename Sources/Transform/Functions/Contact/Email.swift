import Core

extension FunctionDefinition {
  static let email = FunctionDefinition(
    name: "email",
    summary: "An e-mail address by RFC 5321 and 6531: syntax and lengths checked, the domain in lower case.",
    input: "string", output: "string", errors: [.emailInvalid],
    examples: [
      Example("email", #""Ada@Example.COM""#, gives: #""Ada@example.com""#),
      Example("email", #""ada.example.com""#, raises: .emailInvalid),
    ],
    bind: { $0.bind("email", takes: [.string], gives: .string, .email) })
}
