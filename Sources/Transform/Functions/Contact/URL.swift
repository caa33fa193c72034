import Core

extension FunctionDefinition {
  static let url = FunctionDefinition(
    name: "url",
    summary: "An absolute http or https URL: scheme and host in lower case, with https:// added to a bare domain.",
    input: "string", output: "string", errors: [.urlInvalid],
    examples: [
      Example("url", #""HTTP://Example.COM/About?a=B""#, gives: #""http://example.com/About?a=B""#),
      Example("url", #""www.example.com""#, gives: #""https://www.example.com""#),
      Example("url", #""https://Bücher.example/ä""#, gives: #""https://xn--bcher-kva.example/%C3%A4""#),
      Example("url", #""ada@example.com""#, raises: .urlInvalid),
      Example("url", #""n/a""#, raises: .urlInvalid),
    ],
    bind: { $0.bind("url", takes: [.string], gives: .string, .url) })
}
