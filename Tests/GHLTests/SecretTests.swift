import Testing

@testable import GHL
@testable import HTTP

@Suite struct SecretTests {
  @Test("a secret shows nothing, however it is printed")
  func redacted() {
    let secret = Secret("pit-1234")
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
      #expect(!text.contains("pit-1234"))
      #expect(text.contains("<redacted>"))
    }
  }

  @Test(
    "a configuration that would send the token in the clear is refused",
    arguments: [
      ("http://example.com", false), ("http://127.0.0.1.example.com", false), ("http://user@127.0.0.1@example.com", false),
      ("ftp://127.0.0.1", false), ("services.leadconnectorhq.com", false), ("http://127.evil.example", false),
      ("https://", false),
      ("http://127.0.0.1:8080", true), ("http://localhost:1", true), ("http://[::1]:80", true), ("https://example.com", true),
    ])
  func addresses(address: String, isGood: Bool) {
    let configuration = GHLConfiguration(baseURL: address, location: "loc", token: Secret("t"))
    #expect(((try? configuration.check()) != nil) == isGood)
  }
}
