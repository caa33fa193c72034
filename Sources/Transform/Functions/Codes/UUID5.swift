import Core
import Values

extension FunctionDefinition {
  static let uuid5 = FunctionDefinition(
    name: "uuid5",
    summary: "The name-based UUID (RFC 9562, version 5) of the text in a namespace: equal texts have equal UUIDs.",
    parameters: [
      Parameter(
        "namespace", .text, isRequired: true, isPositional: true, "a UUID of your own, or one of dns, url, oid, x500")
    ],
    takes: ValueType.written, gives: .string, formulas: .impossible,
    examples: [
      Example("{uuid5: dns}", #""www.example.com""#, gives: #""2ed6657d-e927-568b-95e1-2665a8aea6a2""#),
      Example(
        #"{uuid5: {namespace: "6ba7b811-9dad-11d1-80b4-00c04fd430c8"}}"#, #""https://example.com/é""#,
        gives: #""20ecd233-a9e7-5067-a96f-fd6600ca3fda""#),
    ],
    kernel: { arguments in
      let text = arguments.text("namespace") ?? ""
      let namespace = UUIDNamespace(text)
      if namespace == nil {
        let words = UUIDNamespace.words.map(\.name)
        arguments.refuse(
          "namespace", "'namespace' of uuid5 must be a UUID or one of \(words.joined(separator: ", "))",
          hint: NearestName.hint(text, in: words) ?? "create a UUID once and keep it: `uuidgen` prints one")
      }
      return Kernel(ResultFacts(forms: [.lower, .trimmed], longest: { _ in 36 })) { text, result in
        guard let namespace else { return .null }
        namespace.append(version5: text, into: &result)
        return .made
      }
    })
}
