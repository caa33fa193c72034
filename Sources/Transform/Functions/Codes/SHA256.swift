import Core
import Values

extension FunctionDefinition {
  static let sha256 = FunctionDefinition(
    name: "sha256",
    summary: "The SHA-256 digest of the text's UTF-8 bytes, as 64 hexadecimal digits; short texts can be guessed from it.",
    takes: ValueType.written, gives: .string, formulas: .impossible,
    examples: [
      Example("sha256", #""abc""#, gives: #""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
      Example("sha256", #""é""#, gives: #""4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c""#),
    ],
    kernel: { _ in
      Kernel(ResultFacts(forms: [.lower, .trimmed], longest: { _ in 64 })) { text, result in
        SHA256Digest.append(text, into: &result)
        return .made
      }
    })
}
