import Core
import Testing

@testable import Values

struct EmailTests {
  @Test(arguments: [
    ("ada@example.com", "ada@example.com"), ("Ada.Lovelace@Example.COM", "Ada.Lovelace@example.com"),
    ("a+b_c-d@sub.example.co.uk", "a+b_c-d@sub.example.co.uk"), ("\"a b\"@x.org", "\"a b\"@x.org"),
    ("\"a\\\"@b\"@x.org", "\"a\\\"@b\"@x.org"), ("用户@例え.jp", "用户@例え.jp"), ("jörg@MÜNCHEN.de", "jörg@münchen.de"),
    ("a@[192.168.0.1]", "a@[192.168.0.1]"), ("a@[IPv6:2001:DB8::1]", "a@[IPv6:2001:DB8::1]"),
    ("a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"), ("!#$%&'*+-/=?^_`{|}~@x.io", "!#$%&'*+-/=?^_`{|}~@x.io"),
    ("1@2.c3", "1@2.c3"),
  ])
  func wellFormedAddresses(text: String, expected: String) {
    #expect(value(text) { Email.normalise($0, into: &$1) } == .success(expected))
  }

  @Test(arguments: [
    ("", EmailRefusal.noAt), ("ada", .noAt), ("@x.com", .emptyLocal), ("ada@", .emptyDomain), (".a@x.com", .badLocal),
    ("a.@x.com", .badLocal), ("a..b@x.com", .badLocal), ("a b@x.com", .badLocal), (" a@x.com", .badLocal),
    ("a@x.com ", .badDomain), ("a@b@x.com", .badLocal), ("Ada <a@x.com>", .badLocal), ("a@x..com", .badDomain),
    ("a@.com", .badDomain), ("a@x.com.", .badDomain), ("a@-x.com", .badDomain), ("a@x-.com", .badDomain),
    ("a@x_y.com", .badDomain),
    ("a@localhost", .oneLabel), ("a@1.2.3.4", .numericDomain), ("a@[1.2.3]", .badLiteral), ("a@[256.1.1.1]", .badLiteral),
    ("a@[IPv6:1::2::3]", .badLiteral), ("a@[]", .badLiteral), ("\"a@x.com", .badLocal), ("\"a\"b@x.com", .badLocal),
    ("a\u{200B}@x.com", .badLocal), ("a\u{A0}@x.com", .badLocal), ("a@ex ample.com", .badDomain), ("a@x.c\u{200B}om", .badDomain),
    ("a,b@x.com", .badLocal), ("a@x.com;b@y.com", .badLocal),
  ])
  func otherTextIsRefused(text: String, refusal: EmailRefusal) {
    #expect(value(text) { Email.normalise($0, into: &$1) } == .failure(Refused(refusal)))
    #expect(!refusal.reason.isEmpty)
  }

  @Test func lengthsHaveLimits() {
    let label = String(repeating: "a", count: 63)
    #expect(of(String(repeating: "a", count: 64) + "@x.com") { Email.check($0) } == nil)
    #expect(of(String(repeating: "a", count: 65) + "@x.com") { Email.check($0) } == .localTooLong)
    #expect(of(String(repeating: "é", count: 33) + "@x.com") { Email.check($0) } == .localTooLong)
    #expect(of("a@\(label).com") { Email.check($0) } == nil)
    #expect(of("a@\(label)a.com") { Email.check($0) } == .badDomain)
    let longest = "a@\(label).\(label).\(label)." + String(repeating: "b", count: 60)
    #expect(longest.utf8.count == 254)
    #expect(of(longest) { Email.check($0) } == nil)
    #expect(of(longest + "b") { Email.check($0) } == .tooLong)
  }

  @Test(arguments: ["0.0.0.0", "255.255.255.255", "1.2.3.4"])
  func addressesOfVersion4(text: String) { #expect(of(text) { IPAddress.isV4($0) }) }

  @Test(arguments: ["", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1..2.3", "1.2.3.", "a.b.c.d"])
  func notAddressesOfVersion4(text: String) { #expect(!of(text) { IPAddress.isV4($0) }) }

  @Test(arguments: [
    "::", "::1", "1::", "2001:db8::8a2e:370:7334", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::",
  ])
  func addressesOfVersion6(text: String) { #expect(of(text) { IPAddress.isV6($0) }) }

  @Test(arguments: [
    "", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:", ":1", "::1%eth0",
    "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7:8::",
  ])
  func notAddressesOfVersion6(text: String) { #expect(!of(text) { IPAddress.isV6($0) }) }
}
