import Core
import Testing

@testable import Values

struct NameUUIDTests {
  private func uuid(_ name: String, _ namespace: String) throws -> String {
    let namespace = try #require(UUIDNamespace(namespace))
    let bytes = Array(name.utf8)
    var arena = ByteArena(capacity: 16)
    arena.begin()
    namespace.append(version5: bytes.span, into: &arena)
    return arena.finish().string
  }

  @Test(arguments: [
    // The example of RFC 9562, appendix A.4.
    ("www.example.com", "dns", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    ("www.example.com", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    ("www.example.com", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    ("https://example.com/é", "url", "20ecd233-a9e7-5067-a96f-fd6600ca3fda"),
    ("1.3.6.1", "oid", "1447fa61-5277-5fef-a9b3-fbc6e44f4af3"), ("cn=Ada", "x500", "8e450373-d182-54c2-b29e-22b09e32c8cc"),
    ("", "dns", "4ebd0208-8328-5d69-8c44-ec50939c0967"),
  ])
  func namesHaveTheirUUID(name: String, namespace: String, expected: String) throws {
    #expect(try uuid(name, namespace) == expected)
  }

  @Test(arguments: [
    "", "DNS", "dnss", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8a",
    "6ba7b8109dad11d180b400c04fd430c8",
    "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b810 9dad-11d1-80b4-00c04fd430c8",
    "6ba7b81０-9dad-11d1-80b4-00c04fd430c8",
  ])
  func otherTextIsNoNamespace(text: String) { #expect(UUIDNamespace(text) == nil) }

  @Test(arguments: ["", "abc", "é", String(repeating: "x", count: 1000)])
  func theAppendedDigestIsThatOfTheWholeText(text: String) {
    let bytes = Array(text.utf8)
    var arena = ByteArena(capacity: 16)
    arena.begin()
    SHA256Digest.append(bytes.span, into: &arena)
    #expect(arena.finish().string == SHA256Digest.hex(of: bytes.span))
  }
}
