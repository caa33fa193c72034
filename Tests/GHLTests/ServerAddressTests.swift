import Core
import Testing

@testable import GHL
@testable import HTTP

/// Addresses that requests go to.
@Suite struct ServerAddressTests {
  @Test(
    arguments: [
      ("https://services.leadconnectorhq.com", "https://services.leadconnectorhq.com", false),
      ("HTTPS://API.Example.COM/", "https://api.example.com", false),
      ("https://api.example.com:443/v2/", "https://api.example.com/v2", false),
      ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true), ("http://127.255.0.9", "http://127.255.0.9", true),
      ("http://localhost:80/a/b-c_d.e~f", "http://localhost/a/b-c_d.e~f", true),
      ("http://[::1]:65535", "http://[::1]:65535", true),
      ("https://[2001:DB8::1]", "https://[2001:db8::1]", false),
      ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", false),
      ("http://0.0.0.0:1", "http://0.0.0.0:1", false), ("http://128.0.0.1", "http://128.0.0.1", false),
      ("http://[::ffff:127.0.0.1]:1", "http://[::ffff:127.0.0.1]:1", false),
      ("http://127.0.0.1.example", "http://127.0.0.1.example", false),
      ("https://3m.example", "https://3m.example", false),
    ])
  func `an address has one canonical form, and only this machine is loopback`(
    _ text: String, _ written: String, _ isLoopback: Bool
  ) throws {
    let address = try ServerAddress(text)
    #expect(address.text == written && address.isLoopback == isLoopback)
    #expect(try ServerAddress(address.text) == address)
  }

  static let refused: [(text: String, reason: String)] = [
    (#"http://127.0.0.1\@127.1:80"#, "backslash"), (#"https://a.example\b"#, "backslash"),
    ("https://u:pa55word@a.example", "password"),
    ("https://@a.example", "password"), ("https://a.example:80@b.example", "password"), ("http://127.1:80", "IPv4"),
    ("http://2130706433", "IPv4"), ("http://0x7f000001", "IPv4"), ("http://0x7f.0.0.1", "IPv4"), ("http://0177.0.0.1", "IPv4"),
    ("http://127.0.0.01", "IPv4"), ("http://127.0.0.256", "IPv4"), ("http://1.2.3.4.5", "IPv4"),
    ("https://a.example:65536", "port"),
    ("https://a.example:", "port"), ("https://a.example:0", "port"), ("https://a.example:080", "port"),
    ("https://a.example:-1", "port"),
    ("https://a.example:+80", "port"), ("https://a.example:99999999999999999999", "port"),
    ("https://a.example: 80", "white space"),
    ("https://a.example\n", "white space"), ("https://a\u{0}.example", "control"), ("https://a\u{7F}.example", "control"),
    ("https://bücher.example", "ASCII"), ("https://１２７.0.0.1", "ASCII"), ("https://a.example?x=1", "query"),
    ("https://a.example/#x", "fragment"), ("https://%61.example", "percent"), ("http://[fe80::1%25eth0]:80", "zone"),
    ("http://[::1", "']'"), ("http://[::1]x", "other than a port"), ("http://[127.0.0.1]", "not an IPv6"),
    ("http://[::1]:", "port"),
    ("http://::1", "more than one ':'"), ("https://", "host"), ("https:///x", "host"), ("https://.example", "host"),
    ("https://a..example", "host"), ("https://a.example.", "host"), ("https://-a.example", "host"),
    ("https://\(String(repeating: "a", count: 64)).example", "host"), ("ftp://a.example", "http(s)"), ("a.example", "http(s)"),
    ("https:/a.example", "http(s)"), ("", "http(s)"), ("https://a.example/../b", "path"), ("https://a.example/b//c", "path"),
    ("https://a.example/./b", "path"), ("https://a.example/b;c", "path"),
  ]

  @Test(arguments: refused)
  func `an ambiguous address is refused, and not repeated`(_ item: (text: String, reason: String)) {
    let failure = #expect(throws: ServerAddress.Failure.self) { try ServerAddress(item.text) }
    #expect(failure?.reason.contains(item.reason) == true, "\(failure?.reason ?? "")")
    #expect(failure.map { ($0.reason + $0.hint).contains("pa55word") } == false)
  }

  @Test(arguments: [
    "http://a.example", "http://0.0.0.0", "http://[::ffff:127.0.0.1]", "http://127.0.0.1.example",
    "http://user:pa55word@localhost",
  ])
  func `plain http is allowed for this machine only`(_ address: String) {
    let configuration = GHLConfiguration(baseURL: address, location: "loc", token: Secret("t"))
    let failure = #expect(throws: GHLFailure.self) { try configuration.check() }
    #expect(failure?.kind == .configuration && failure?.operationFailure.exitCode == .configuration)
    #expect(failure?.description.contains("base_url") == true && failure?.description.contains("pa55word") == false)
  }

  @Test func `requests go to the address as it was parsed`() async throws {
    let transport = ScriptedTransport { _, _ in .success(.json(200, #"{"contact":{"id":"a"}}"#)) }
    let configuration = GHLConfiguration(baseURL: "HTTP://LOCALHOST:80/Sandbox/", location: "loc", token: Secret("t"))
    let client = try GHLClient(configuration, transport: transport, timekeeper: JumpingTimekeeper())
    _ = try await client.contact("a")
    #expect(transport.exchanges.map(\.url) == ["http://localhost/Sandbox/contacts/a"])
  }
}
