/// The user and the password in an address (`https://user:password@host`), where neither belongs.
package enum URLPassword {
  /// Adds the password, both as written and percent-decoded, to the process's redactor, so that no message about the
  /// address shows it.
  package static func learn(from address: String) {
    guard let start = address.firstRange(of: "://")?.upperBound, let sign = address[start...].lastIndex(of: "@") else { return }
    let user = address[start..<sign]
    let password = user.firstIndex(of: ":").map { user[user.index(after: $0)...] } ?? user
    Redactor.process.learn(String(password))
    Redactor.process.learn(String(user))
    if let plain = decoded(password) { Redactor.process.learn(plain) }
  }

  private static func decoded(_ text: Substring) -> String? {
    var out: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        out.append(byte)
        continue
      }
      guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else { return nil }
      rest = rest.dropFirst(2)
      out.append(value)
    }
    return String(validating: out, as: UTF8.self)
  }
}
