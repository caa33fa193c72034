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
    input: "string, integer, decimal, number, date or datetime", output: "string",
    examples: [
      Example("{uuid5: dns}", #""www.example.com""#, gives: #""2ed6657d-e927-568b-95e1-2665a8aea6a2""#),
      Example(
        #"{uuid5: {namespace: "6ba7b811-9dad-11d1-80b4-00c04fd430c8"}}"#, #""https://example.com/é""#,
        gives: #""20ecd233-a9e7-5067-a96f-fd6600ca3fda""#),
    ],
    bind: { request in
      let text = request.text("namespace") ?? ""
      let namespace = UUIDNamespace(text)
      var issues: [BindIssue] = []
      if namespace == nil {
        let words = UUIDNamespace.words.map(\.name)
        issues.append(
          BindIssue(
            .badArgument, parameter: "namespace",
            "'namespace' of uuid5 must be a UUID or one of \(words.joined(separator: ", "))",
            hint: NearestName.hint(text, in: words) ?? "create a UUID once and keep it: `uuidgen` prints one"))
      }
      // An issue refuses the binding, so that the stand-in is never used.
      guard let usable = namespace ?? UUIDNamespace("dns") else { return .refused(issues) }
      return request.bind(
        "uuid5", takes: ValueType.written, gives: .string, issues: issues, .uuid5(namespace: usable))
    })
}
