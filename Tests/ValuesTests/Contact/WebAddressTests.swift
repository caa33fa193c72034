import Core
import Testing

@testable import Values

struct WebAddressTests {
  private func url(_ text: String) -> Result<String, Refused<URLRefusal>> {
    value(text) { WebAddress.normalise($0, into: &$1) }
  }

  @Test(arguments: [
    ("https://example.com", "https://example.com"), ("https://example.com/", "https://example.com/"),
    ("HTTP://Example.COM/About?A=B#C", "http://example.com/About?A=B#C"), ("example.com", "https://example.com"),
    ("www.Example.com/a_B", "https://www.example.com/a_B"), ("  example.com\n", "https://example.com"),
    ("//cdn.example.com/x", "https://cdn.example.com/x"), ("example.com:8080/x", "https://example.com:8080/x"),
    ("example.com?x=1", "https://example.com?x=1"), ("example.com#top", "https://example.com#top"),
    ("http://localhost:3000", "http://localhost:3000"),
    ("http://intranet/x", "http://intranet/x"), ("https://example.com:/x", "https://example.com/x"),
    ("https://example.com:443/", "https://example.com:443/"),
    ("https://example.com.", "https://example.com."), ("http://192.0.2.7/x", "http://192.0.2.7/x"),
    ("192.0.2.7", "https://192.0.2.7"),
    ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]:80/"), ("https://my_shop.example.com", "https://my_shop.example.com"),
    ("https://Bücher.example/", "https://xn--bcher-kva.example/"), ("bücher.example", "https://xn--bcher-kva.example"),
    ("https://bu\u{308}cher.example", "https://xn--bcher-kva.example"),
    ("https://例え.テスト/日", "https://xn--r8jz45g.xn--zckzah/%E6%97%A5"),
    ("https://例え。テスト", "https://xn--r8jz45g.xn--zckzah"), ("https://ＥＸＡＭＰＬＥ.com", "https://example.com"),
    ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ("https://example.com/é?ü#ß", "https://example.com/%C3%A9?%C3%BC#%C3%9F"),
    ("https://example.com/%c3%a9", "https://example.com/%c3%a9"),
    ("https://example.com/a|b{c}<d>\"^`\\", "https://example.com/a%7Cb%7Bc%7D%3Cd%3E%22%5E%60%5C"),
    ("https://example.com/?q[]=1", "https://example.com/?q%5B%5D=1"),
    ("https://example.com/#a#b", "https://example.com/#a%23b"),
    ("https://example.com/../a//b/./", "https://example.com/../a//b/./"),
    ("https://example.com/😀", "https://example.com/%F0%9F%98%80"), ("https://example.com/a@b:c", "https://example.com/a@b:c"),
    ("example.com/http://x", "https://example.com/http://x"),
    ("https://www.linkedin.com/in/ada-lovelace-1815", "https://www.linkedin.com/in/ada-lovelace-1815"),
  ])
  func addressesAreBroughtToOneForm(text: String, expected: String) {
    #expect(url(text) == .success(expected))
    #expect(url(expected) == .success(expected), "a second time")
  }

  @Test(arguments: [
    ("", URLRefusal.empty), ("  ", .empty), ("n/a", .bareWord), ("none", .bareWord), ("facebook", .bareWord), ("-", .bareWord),
    ("/about", .bareWord),
    ("?x", .bareWord), ("a.", .bareWord), (".com", .bareWord), ("call me at example.com", .bareWord), ("1.2", .bareWord),
    ("12.5", .bareWord),
    ("ada@example.com", .userInfo), ("https://ada:secret@example.com", .userInfo), ("mailto:ada@example.com", .scheme),
    ("ftp://example.com", .scheme),
    ("javascript:alert(1)", .scheme), ("data:text/html,x", .scheme), ("tel:+4930901820", .scheme), ("http:example.com", .scheme),
    ("http:/example.com", .scheme),
    ("://example.com", .scheme), ("https://", .host), ("https:///x", .host), ("https://.", .host), ("https://a..b", .host),
    ("https://-a.com", .host), ("https://a-.com", .host),
    ("https://ex%20ample.com", .host), ("https://ex!ample.com", .host), ("https://256.1.1.1", .host), ("https://1.2.3", .host),
    ("http://[::1", .host), ("http://[zz]/", .host),
    ("http://[::1]x/", .host), ("https://exa mple.com", .character), ("https://example.com/a b", .character),
    ("https://example.com/a\u{1}", .character),
    ("https://example.com/a\u{A0}b", .character), ("https://example.com/a\u{3000}b", .character),
    ("https://example.com:99999", .port), ("http://[::1]:a", .port),
    ("https://example.com/100%", .percent), ("https://example.com/%zz", .percent), ("https://example.com/%4", .percent),
    ("https://☃\u{301}a b.example", .character), ("https://\u{301}a.example", .host), ("https://a\u{FFFD}.example", .host),
  ])
  func otherTextIsNoAddress(text: String, refusal: URLRefusal) { #expect(url(text) == .failure(Refused(refusal))) }

  @Test func hostsHaveTheirLimits() {
    let label = String(repeating: "a", count: 63)
    #expect(url("https://\(label).example") == .success("https://\(label).example"))
    #expect(url("https://\(label)a.example") == .failure(Refused(.host)))
    #expect(url("https://" + [label, label, label, label].joined(separator: ".") + ".example") == .failure(Refused(.host)))
    #expect(url("https://" + String(repeating: "ü", count: 70) + ".example") == .failure(Refused(.host)))
    #expect(url("https://" + String(repeating: "ü", count: 100_000)) == .failure(Refused(.host)))
  }
}
