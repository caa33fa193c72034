import HTTP
import Testing

@Suite struct PercentEncodingTests {
  @Test(
    arguments: [
      ("", ""), ("abc-._~09", "abc-._~09"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("a b+c", "a%20b%2Bc"), ("%", "%25"), ("é", "%C3%A9"),
      ("\u{0}\n", "%00%0A"),
    ])
  func `everything but unreserved characters is encoded, and decoded again`(text: String, encoded: String) {
    #expect(PercentEncoding.encoded(text) == encoded)
    #expect(PercentEncoding.decoded(encoded[...]) == text)
    #expect(PercentEncoding.decoded(typed: encoded[...]) == text)
  }

  @Test(
    arguments: [
      ("%c3%a9", "é", "é"), ("a%", nil, "a%"), ("a%2", nil, "a%2"), ("%zz%20", nil, "%zz "), ("%+1", nil, "%+1"),
      ("%2%20", nil, "%2 "), ("%FF", nil, "\u{FFFD}"), ("50%", nil, "50%"),
    ] as [(String, String?, String)])
  func `what is not a valid escape is refused, or kept in a typed text`(text: String, strictly: String?, typed: String) {
    #expect(PercentEncoding.decoded(text[...]) == strictly)
    #expect(PercentEncoding.decoded(typed: text[...]) == typed)
  }
}
