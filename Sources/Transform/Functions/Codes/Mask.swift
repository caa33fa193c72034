import Core
import Values

extension FunctionDefinition {
  static let mask = FunctionDefinition(
    name: "mask",
    summary: "The shape of the text: X and x for letters, 9 for digits, at most 40 characters.",
    takes: ValueType.written, gives: .string,
    examples: [
      Example("mask", #""Ada Lovelace""#, gives: #""Xxx Xxxxxxxx""#),
      Example("mask", #""+49 30 901820""#, gives: #""+99 99 999999""#),
      Example("mask", #""Élodie""#, gives: #""Xxxxxx""#),
    ],
    kernel: { _ in
      // The shape and, where it was cut, an ellipsis.
      let longest = Masking.longestMask + 1
      return Kernel(ResultFacts(longest: { input in input.map { min($0, longest) } ?? longest })) { text, result in
        Masking.append(text, as: .mask, key: nil, into: &result)
        return .made
      }
    })
}
