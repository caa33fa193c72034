import Testing

@testable import Values

struct PunycodeTests {
  @Test(arguments: [
    ("bücher", "bcher-kva"), ("例え", "r8jz45g"), ("ü", "tda"), ("実例", "fsq470a"), ("straße", "strae-oqa"),
    ("παράδειγμα", "hxajbheg2az3al"), ("испытание", "80akhbyknj4f"), ("a-b", "a-b-"), ("😀", "e28h"), ("", ""),
  ])
  func labelsAreEncodedAndDecoded(_ label: String, _ encoded: String) {
    #expect(String(decoding: Punycode.encoded(Array(label.unicodeScalars)), as: UTF8.self) == encoded)
    let decoded = Punycode.decoded(Array(encoded.utf8))
    #expect(decoded.map { String(String.UnicodeScalarView($0)) } == label)
  }

  @Test(arguments: ["99999999", "ü", "a-ü", "a-9", "x--!", String(repeating: "a", count: 64), "kv"])
  func whatIsNoEncodingIsRefused(_ text: String) { #expect(Punycode.decoded(Array(text.utf8)) == nil) }
}
