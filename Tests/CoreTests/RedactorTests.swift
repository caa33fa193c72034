import Foundation
import TestSupport
import Testing

@testable import Core

@Suite struct RedactorTests {
  static let secret = #"pit-5e/c\r"é+t~9Z1x"#

  private func redactor(_ secrets: String...) -> Redactor {
    let redactor = Redactor()
    for secret in secrets { redactor.learn(secret) }
    return redactor
  }

  private static func percent(_ text: String, _ keep: String = "", upper: Bool = true) -> String {
    text.utf8.map { byte in
      let scalar = Character(Unicode.Scalar(byte))
      if keep.contains(scalar) { return String(scalar) }
      let digits = String(byte, radix: 16, uppercase: upper)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// The forms in which a server may return what it was sent.
  static let forms: [String] = [
    secret, secret.lowercased(), secret.uppercased().replacingOccurrences(of: "É", with: "é"), JSONValue.string(secret).text,
    JSONValue.string(JSONValue.string(secret).text).text,
    secret.replacingOccurrences(of: "/", with: "\\/"),
    secret.utf16.map { "\\u" + String(format: "%04x", $0) }.joined(),
    secret.utf16.map { "\\u" + String(format: "%04X", $0) }.joined(),
    percent(secret), percent(secret, upper: false), percent(secret, "pit-abcdefghijklmnopqrstuvwxyz0123456789Z~"),
    percent(secret).replacingOccurrences(of: "%", with: "%25"),
  ]

  @Test(arguments: forms)
  func `a secret is found in every form`(_ form: String) {
    #expect(redactor(Self.secret).redacted("before \(form) behind").contains("<redacted>"))
    #expect(redactor(Self.secret).redacted("[\(form)]").count < 20 + 4)
  }

  @Test(arguments: 0..<6)
  func `a secret is found in Base64 at every alignment, with and without padding, in both alphabets`(_ before: Int) {
    let secret = "pit-12345678?>~"
    for behind in 0..<4 {
      let text = String(repeating: "u", count: before) + secret + String(repeating: ":", count: behind)
      let standard = Data(text.utf8).base64EncodedString()
      let address = standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      for form in [
        standard, address, standard.replacingOccurrences(of: "=", with: ""), standard.replacingOccurrences(of: "/", with: "\\/"),
        Self.percent(standard, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
      ] {
        let shown = redactor(secret).redacted("Basic \(form) x")
        #expect(shown.contains("<redacted>"), "\(form)")
        // What is left of it gives away fewer than four bytes of the secret.
        let rest = shown.replacingOccurrences(of: "<redacted>", with: " ").split(separator: " ").map(String.init)
        for part in rest where part != "Basic" {
          let padded = part + String(repeating: "=", count: (4 - part.count % 4) % 4)
          let text = Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) } ?? ""
          #expect(!text.contains("1234") && !text.contains("pit-"), "\(form) \(shown)")
        }
      }
    }
  }

  @Test func `other text is unchanged`() {
    let redactor = redactor(Self.secret, "short", "another-secret")
    for text in [
      "", "pit-5e", "short", "another-secre", "\\u0070it", "%", "%7", "\\", "c\u{301}", "another_secret", "e30=", "+++",
    ] {
      #expect(redactor.redacted(text) == text)
    }
    #expect(Redactor().redacted(Self.secret) == Self.secret)
  }

  @Test func `several secrets, nested and side by side`() {
    let redactor = redactor("abcdefgh", "abcdefgh-longer", "zyxwvuts")
    #expect(redactor.redacted("abcdefgh-longerzyxwvuts abcdefgh.") == "<redacted><redacted> <redacted>.")
  }

  @Test func `JSON stays JSON, and member names are redacted as well`() {
    let value = JSONValue.object([.init("a abcdefgh", .array([.string("x abcdefgh"), .number(12_345_678), .null]))])
    let shown = redactor("abcdefgh", "12345678").redacted(value)
    #expect(shown.text == #"{"a <redacted>":["x <redacted>",12345678,null]}"#)
  }

  @Test func `a password in an address is learned as written and percent-decoded`() {
    URLPassword.learn(from: "https://somebody:Hu%6Eter-2-Hunter@host.example/path")
    for text in ["Hu%6Eter-2-Hunter", "Hunter-2-Hunter", "at https://somebody:Hu%6Eter-2-Hunter@host"] {
      #expect(!Redactor.process.redacted(text).contains("-2-H"))
    }
  }

  @Test func `canonically equivalent secrets are two secrets`() {
    for (one, other) in [("secret-caf\u{E9}", "secret-cafe\u{301}"), ("\u{212B}-abcdefgh", "\u{C5}-abcdefgh")] {
      for redactor in [redactor(one, other), redactor(other, one)] {
        #expect(redactor.redacted("\(one) \(other)") == "<redacted> <redacted>")
      }
    }
  }

  @Test(.ends(withinMinutes: 5)) func `many backslashes take linear time`() {
    let redactor = redactor(Self.secret, "\\\\server-share")
    let run = String(repeating: "\\", count: 200_000)
    #expect(redactor.redacted(run + " x") == run + " x")
    #expect(redactor.redacted(run + "server-share") == "<redacted>")
  }
}
