import TestSupport
import Testing

@testable import Core

/// Code frames and messages about files in which someone has written a secret.
@Suite struct SecretShapesTests {
  static let token = "pit-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

  /// A file's lines as shown in frames.
  private func shown(_ text: String, _ hidesSections: Bool = true) -> String {
    let file = SourceFile(name: "f", text: text, hidesSections: hidesSections)
    return (1...text.split(separator: "\n", omittingEmptySubsequences: false).count).map { number in
      CodeFrame(file.line(number) ?? "", column: 1, length: 1, hidden: file.hiddenRanges(ofLine: number)).line
    }.joined(separator: "\n")
  }

  @Test(arguments: [
    "auth: \(token)", "  auth: {token: \(token)}", "tokn: \(token)", "a: b # \(token)", "a: |\n  \(token)",
    "x: [1, '\(token)', 2]",
    "Authorization: Bearer \(token)", "{\"a\": \"\(token)\"}", "\(token): x", "a: Bearer abcDEF123456==",
    "a: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "a: ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "base_url: https://user:\(token)@host", "base_url: https://\(token)@host/x", "a: https://u:pa/ss:w@host",
    "password: \"correct horse, battery\"", "api_key: A1b2C3d4E5f6G7h8I9j0K1", "apiKey: A1b2C3d4E5f6G7h8I9j0K1",
    "tokne: abcdef123456",
    "key: A1b2C3d4E5f6G7h8I9j0K1", "a: b # token=abcdef123456", "x: aB3dE5gH7jK9mN1pQ3sT5vW7yZ9aB1cD3",
    "auth:\n  token: some opaque text\n  fallback:\n    file: other", "auth:\n- opaque1\n- opaque2",
    "auth: {token:\n  opaque text,\n  x: opaque}",
    "a: {auth: {token: {command: [vault, -token=opaque]}}, b: c}", "headers: {X-Key: opaque, X-Other: 'opa''que'}",
    "headers:\n  X-Api-Key: opaque\n  Cookie: a=opaque", "auth: |\n  opaque: text\n  more", "auth: >-\n   opaque\n",
    "\"auth\": {\"token\": \"opaque\"}",
    "auth:\n  # opaque comment\n  token: {env: opaque}", "auth : opaque", "AUTH: opaque",
  ])
  func `secrets and text that looks like one are not shown`(_ text: String) {
    let shown = shown(text)
    for part in [
      Self.token, "opaque", "0f1e2d3c", "abcDEF", "eyJ", "16C7e42F", "pa/ss", "battery", "A1b2C3", "abcdef1", "aB3dE5",
    ] {
      #expect(!shown.contains(part), "\(shown)")
    }
    #expect(shown.contains("<hidden>"))
  }

  @Test func `keys, and what is beside a secret, are shown`() {
    #expect(
      shown("ghl: {location: abc, auth: {tokn: \(Self.token)}, budget: {daily_percent: 7}}")
        == "ghl: {location: abc, auth: {tokn: <hidden>}, budget: {daily_percent: 7}}")
    #expect(
      shown("auth: {token: {envv: GHL_TOKEN}} # x\nmappings: [a.yaml] # x\nfoo: bar")
        == "auth: {token: {envv: <hidden>}} <hidden>\nmappings: [a.yaml] # x\nfoo: bar")
    #expect(shown("a:\n  auth:\n    token: abc\n  location: xyz") == "a:\n  auth:\n    token: <hidden>\n  location: xyz")
  }

  @Test(
    arguments: [
      ("auth: {token: {env: GHL_TOKEN}, key: {'env': \"APP_KEY_2\"}}", nil),
      ("  auth:\n    token:\n      env: GHL_TOKEN\n", nil),
      ("headers: {Authorization: \"Bearer ${APP_TOKEN}\", X-Key: '${APP_KEY}'}", nil), ("auth: {token: ${GHL_TOKEN}}", nil),
      ("token: ${GHL_TOKEN}", nil),
      // A value in place of a name, and more than a reference.
      ("auth: {env: abcdef}", "auth: {env: <hidden>}"), ("auth: {env: JBSWY3DPEHPK3PXP}", "auth: {env: <hidden>}"),
      ("auth: {env: hunter2, x: GHL_TOKEN}", "auth: {env: <hidden>, x: <hidden>}"),
      ("auth: {token: \"abc${GHL_TOKEN}\"}", "auth: {token: <hidden>}"), ("auth: {token: ${ghl token}}", nil),
    ] as [(String, String?)])
  func `names of environment variables are shown`(text: String, expected: String?) {
    if text.contains("${ghl token}") {
      #expect(!shown(text).contains("ghl token"))
    } else {
      #expect(shown(text) == expected ?? text)
    }
  }

  @Test(arguments: [
    "  name: {from: [fristName, lastName], do: [trim, {join: \" \"}]}", "source: {entity: contact, key: contactId}",
    "location: ve9EPM428h8vShlRW1KT", "$schema: https://json-schema.org/draft/2020-12/schema", "author: {from: authorName}",
    "  authors: x", "keyword: {from: key, do: [trim]}", "tokenCount: {from: fristName}",
    "a: 0123456789012345678901234567890123456789",
    "- {when: \"type == 'x'\", value: basic}", "basic information about a bearer of news",
  ])
  func `normal mapping text is shown`(_ line: String) { #expect(shown(line) == line) }

  @Test(arguments: [
    ("no address 'https://me:pw@host:1/x'", "no address 'https://<hidden>@host:1/x'"),
    ("http://a@b and ftp://c:d@e", "http://<hidden>@b and ftp://<hidden>@e"),
    ("mail me@host, https://host/@path", "mail me@host, https://host/@path"),
  ])
  func `users and passwords in addresses are hidden in messages`(text: String, shown: String) {
    #expect(SecretShapes.withoutCredentials(text) == shown)
  }

  @Test func `members of a schema are not sections`() {
    #expect(shown(#"{"auth": {"type": "strng"}}"#, false) == #"{"auth": {"type": "strng"}}"#)
    #expect(shown(#"{"default": "\#(Self.token)"}"#, false) == #"{"default": "<hidden>"}"#)
  }

  @Test func `carets point at the place, before, in and after something hidden`() {
    let line = "{a: \(Self.token), b: c}"
    func frame(_ column: Int, _ length: Int) -> CodeFrame {
      CodeFrame(line[...], column: column, length: length, hidden: SourceFile(name: "f", text: line).hiddenRanges(ofLine: 1))
    }
    #expect(frame(2, 1).line == "{a: <hidden>, b: c}")
    #expect(frame(2, 1).carets == " ^")
    #expect(frame(5, 40).carets == "    ^^^^^^^^")
    #expect(frame(10, 2).carets == "    ^^^^^^^^")
    #expect(frame(47, 1).carets == "              ^")
  }

  @Test func `a secret is hidden completely even if a long line is cut inside it`() {
    for before in [0, 40, 61, 100, 150] {
      let line = String(repeating: "x ", count: 100) + Self.token + String(repeating: " y", count: 100)
      let hidden = SourceFile(name: "f", text: line).hiddenRanges(ofLine: 1)
      let frame = CodeFrame(line[...], column: 101 + before, length: 1, hidden: hidden)
      for start in 0..<(Self.token.count - 4) { #expect(!frame.line.contains(Self.token.dropFirst(start).prefix(5))) }
    }
  }

  @Test func `a message does not repeat a token typed in place of a name`() {
    var diagnostics = Diagnostics()
    let place = SourcePlace(file: "f", line: 1, column: 1)
    diagnostics.add(.init(.error, .unknownKey, at: place, "no key '\(Self.token)' in source", hint: "write \(Self.token)"))
    #expect(diagnostics.all.map(\.message) == ["no key '<hidden>' in source"])
    #expect(diagnostics.all.map(\.hint) == ["write <hidden>"])
  }

  @Test(
    .ends(withinMinutes: 2),
    arguments: [
      "a=b ", "abc=b ", "tokens: ", "token=b ", "tokn=b ", "key=b ", "key=\"b ", "token=\"b ", "token='b=c\" ", "://:x",
      "x://y:z@",
      "://", "a://b ", "sk-", "sk-a", "bearer-", "bearer ", "basic abcdef1 ", "eyJ.", "header: x, ", "{auth: x, ", "{header: x, ",
      "auth ", "\\", "\"", "{[", "a:", "=", ": ", "1",
    ])
  func `a long line takes linear time`(_ part: String) {
    let line = String(repeating: part, count: 100_000 / part.utf8.count)
    // The last one is still hidden.
    let file = SourceFile(name: "f", text: line + ", '" + Self.token + "'", hidesSections: true)
    let frame = CodeFrame(file.line(1) ?? "", column: line.count + 5, length: 1, hidden: file.hiddenRanges(ofLine: 1))
    #expect(!frame.line.contains("0f1e2d3c"))
    var diagnostics = Diagnostics()
    diagnostics.add(.init(.error, .unknownKey, at: SourcePlace(file: "f", line: 1, column: 1), line))
    #expect(SecretShapes.withoutCredentials(line + "@").utf8.count > 0)
  }

  @Test(arguments: [
    ("token: abc def, secret: 'x, opaque'", "opaque"), ("secret: abc token: \"def, opaque\"", "opaque"),
    ("key: a b key: A1b2C3d4E5f6G7h8I9j0K1", "A1b2"), ("key: aaa token: opaque", "opaque"), ("key: aaa, token: opaque", "opaque"),
    ("x://a:b@c ://opaque@d", "opaque"), ("sk-aaaaaaaaaaaaa-bearer opaque1", "opaque"),
    ("{headers: {X: opaque}, auth: {Y: opaque}}", "opaque"), ("{auth: {Y: opaque}, headers: {X: opaque}}", "opaque"),
  ])
  func `what is after or inside something hidden is hidden as well`(_ line: String, _ secret: String) {
    let shown = shown(line)
    #expect(!shown.contains(secret), "\(shown)")
  }

  @Test(arguments: [
    "auth: {token: {env: T}} opaque", "auth: {token: {env: T}} # old opaque", "auth: {tokn: x} # opaque", "auth: 'a''bopaque",
    "auth: 'a''b''opaque'", "auth:\n\topaque", "auth:\n\t- opaque", "  auth:\n\t  token: opaque", "auth: [\n a\n] opaque",
    "ghl: {auth: {token: {env: T}}, base: x} # opaque", "headers: {A: b} opaque", "auth: \"a\\\"opaque",
  ])
  func `everything beside or below auth is hidden, however malformed`(_ text: String) {
    let file = SourceFile(name: "f", text: text)
    for number in 1...4 {
      guard let line = file.line(number) else { continue }
      let frame = CodeFrame(line, column: 1, length: 1, hidden: file.hiddenRanges(ofLine: number))
      #expect(!frame.line.contains("opaque"), "\(frame.line)")
    }
  }

  @Test func `what follows the brackets of auth in the same map stays visible`() {
    let file = SourceFile(name: "f", text: "ghl: {auth: {token: {env: T}}, base_url: x, location: y}")
    let frame = CodeFrame(file.line(1) ?? "", column: 1, length: 1, hidden: file.hiddenRanges(ofLine: 1))
    #expect(frame.line.contains("}}, base_url: x, location: y}"))
  }
}
