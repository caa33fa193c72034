import Core

extension FunctionDefinition {
  static let title = FunctionDefinition(
    name: "title",
    summary: "The text with the first letter of each word in upper case and the others in lower case.",
    input: "string", output: "string",
    examples: [
      Example("title", #""ada LOVELACE""#, gives: #""Ada Lovelace""#),
      Example("title", #""élodie durand""#, gives: #""Élodie Durand""#),
    ],
    bind: { $0.bind("title", takes: [.string], gives: .string, .title) })
}
