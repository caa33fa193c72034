/// Tells names of environment variables, which are not secrets, from values: frames show `${GHL_TOKEN}`, and GHL_TOKEN in
/// `{env: GHL_TOKEN}`, because messages are about these names.
enum EnvironmentName {
  /// Whether a scalar, with or without quotes, has the usual form of a name: capitals and underscores, digits only at the end of a
  /// part. A value pasted in place of a name rarely does, and what looks like a secret never counts.
  static func isName(_ scalar: some StringProtocol) -> Bool {
    let name = unquoted(scalar)
    guard !name.isEmpty, name.utf8.count <= 64 else { return false }
    for part in name.split(separator: "_", omittingEmptySubsequences: true) {
      let letters = part.utf8.prefix { (0x41...0x5A).contains($0) }
      let digits = part.utf8.dropFirst(letters.count)
      guard digits.count <= 2, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
    }
    guard name.utf8.contains(where: { (0x41...0x5A).contains($0) }) else { return false }
    return HiddenText.shapes(in: name).isEmpty
  }

  /// Whether a scalar is nothing but `${NAME}`, perhaps after an authentication scheme: `Bearer ${APP_TOKEN}`.
  static func isReference(_ scalar: some StringProtocol) -> Bool {
    var text = unquoted(scalar)
    for scheme in ["Bearer ", "Basic ", "Token "] where text.hasPrefix(exactly: scheme) {
      text = String(text.dropFirst(scheme.count))
    }
    guard text.hasPrefix(exactly: "${"), text.utf8.last == UInt8(ascii: "}") else { return false }
    return isName(text.dropFirst(2).dropLast())
  }

  private static func unquoted(_ scalar: some StringProtocol) -> String {
    var text = String(scalar)
    while text.utf8.last == 0x20 { text.removeLast() }
    for quote in ["\"", "'"] where text.utf8.count > 1 && text.hasPrefix(exactly: quote) && text.utf8.last == quote.utf8.first {
      return String(text.dropFirst().dropLast())
    }
    return text
  }
}
