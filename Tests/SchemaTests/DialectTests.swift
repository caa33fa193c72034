import Core
import Testing

@testable import Schema

/// `$schema` names what a schema is written for.
struct DialectTests {
  @Test(arguments: [
    "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema", "https://nobody.example/meta", "",
  ])
  func aDialectThatIsNotReadIsAnErrorAtItsPlace(_ uri: String) {
    let result = SchemaCompiler.compile(file: "s.json", text: "{\"$schema\": \"\(uri)\"}")
    #expect(result.validator == nil)
    #expect(result.diagnostics.map(\.code) == [.schemaUnsupported])
    #expect(result.diagnostics.first?.place.column == 13)
    #expect(result.diagnostics.first?.message.contains("draft-04") == uri.contains("draft-04"))
  }

  @Test(arguments: Keyword.allCases)
  func everyKeywordIsFoundByItsNameInSomeDraft(_ keyword: Keyword) {
    let drafts: [Draft] = [.draft7, .draft2019, .draft2020]
    #expect(drafts.contains { Keyword.named(keyword.rawValue, in: Dialect($0)) == keyword })
    #expect(drafts.contains { Keyword.named(keyword.rawValue.uppercased(), in: Dialect($0)) != nil } == false)
  }

  @Test(arguments: [
    ("https://a.b/c/d;p?q", "g", "https://a.b/c/g"), ("https://a.b/c/d;p?q", "./g", "https://a.b/c/g"),
    ("https://a.b/c/d;p?q", "g/", "https://a.b/c/g/"), ("https://a.b/c/d;p?q", "/g", "https://a.b/g"),
    ("https://a.b/c/d;p?q", "//g", "https://g"), ("https://a.b/c/d;p?q", "?y", "https://a.b/c/d;p?y"),
    ("https://a.b/c/d;p?q", "g?y", "https://a.b/c/g?y"), ("https://a.b/c/d;p?q", "#s", "https://a.b/c/d;p?q"),
    ("https://a.b/c/d;p?q", ";x", "https://a.b/c/;x"), ("https://a.b/c/d;p?q", "", "https://a.b/c/d;p?q"),
    ("https://a.b/c/d;p?q", ".", "https://a.b/c/"), ("https://a.b/c/d;p?q", "..", "https://a.b/"),
    ("https://a.b/c/d;p?q", "../g", "https://a.b/g"), ("https://a.b/c/d;p?q", "../../../g", "https://a.b/g"),
    ("https://a.b/c/d;p?q", "/./g", "https://a.b/g"), ("https://a.b/c/d;p?q", "g.", "https://a.b/c/g."),
    ("https://a.b/c/d;p?q", "..g", "https://a.b/c/..g"), ("https://a.b/c/d;p?q", "g/../h", "https://a.b/c/h"),
    ("https://a.b/c/d;p?q", "HTTP://X.Y/Z", "http://x.y/Z"), ("https://a.b", "g", "https://a.b/g"),
    ("urn:a:b", "#x", "urn:a:b"), ("urn:a:b", "urn:c:d?=e", "urn:c:d?=e"), ("file:///x/y.json", "z.json", "file:///x/z.json"),
  ])
  func referencesAreResolvedAsRFC3986Says(_ base: String, _ reference: String, _ expected: String) {
    #expect(URIReference(reference).resolved(against: URIReference(base)).resource == expected)
  }
}
