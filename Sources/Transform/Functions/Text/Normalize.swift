import Core
import Values

extension FunctionDefinition {
  static let normalize = FunctionDefinition(
    name: "normalize",
    summary: "The text in a Unicode normalization form (UAX 15), so that equal characters have equal bytes.",
    parameters: [
      Parameter(
        "form", .words(NormalizationForm.allCases.map(\.rawValue)), isPositional: true,
        "NFC composes, NFD decomposes; NFKC and NFKD also replace compatibility characters (ﬁ, Ａ, ²); default NFC")
    ],
    takes: [.string], gives: .string,
    examples: [
      Example("normalize", #""Zoe\u0308""#, gives: #""Zo\u00eb""#),
      Example("{normalize: NFKC}", #""\uff21\ufb01\u00b2""#, gives: #""Afi2""#),
      Example("{normalize: {form: NFD}}", #""\u00e9""#, gives: #""e\u0301""#),
    ],
    kernel: { arguments in
      let form = arguments.text("form").flatMap(NormalizationForm.init) ?? .nfc
      return Kernel { text, result in Normalization.normalize(text, to: form, into: &result) ? .made : .same }
    })
}
