import Core
import Values

extension FunctionDefinition {
  static let url = FunctionDefinition(
    name: "url",
    summary: "An absolute http or https URL: scheme and host in lower case, with https:// added to a bare domain.",
    takes: [.string], gives: .string, errors: [.urlInvalid], formulas: .impossible,
    examples: [
      Example("url", #""HTTP://Example.COM/About?a=B""#, gives: #""http://example.com/About?a=B""#),
      Example("url", #""www.example.com""#, gives: #""https://www.example.com""#),
      Example("url", #""https://Bücher.example/ä""#, gives: #""https://xn--bcher-kva.example/%C3%A4""#),
      Example("url", #""ada@example.com""#, raises: .urlInvalid),
      Example("url", #""n/a""#, raises: .urlInvalid),
    ],
    kernel: { _ in
      Kernel { text, result in
        WebAddress.normalise(text, into: &result).map { .refused(.urlInvalid, .url($0)) } ?? .made
      }
    })
}
