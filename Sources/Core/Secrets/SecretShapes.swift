/// Detects what looks like a secret anywhere in a text: tokens of known services, `Bearer …`, JSON Web Tokens, passwords in
/// addresses, long runs of random letters and digits, and the values of keys named something like `token` or `password`.
///
/// For texts that quote what a person wrote. It errs on the side of hiding: a name hidden by mistake is only an
/// inconvenience.
package enum SecretShapes {
  /// What replaces something hidden.
  package static let replacement = "<hidden>"

  /// The text with everything hidden that looks like a secret, for messages.
  package static func hidden(in text: String) -> String {
    unsafe replacing(in: text) { unsafe ranges(in: $0, withKeys: false) }
  }

  /// The text with users and passwords in addresses hidden.
  package static func withoutCredentials(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
    return unsafe replacing(in: text) { bytes in
      var found: [Range<Int>] = []
      var index = 0
      while index < bytes.count {
        defer { index += 1 }
        guard unsafe bytes[index] == UInt8(ascii: ":"), let address = unsafe credentials(bytes, index) else { continue }
        if let range = address.range { found.append(range) }
        index = address.end - 1
      }
      return found
    }
  }

  /// The path with tokens in it hidden. Other names stay, even random ones: folders may be named by digests, and a message
  /// that does not say where it belongs is useless.
  package static func hiddenInPath(_ path: String) -> String {
    unsafe replacing(in: path) { bytes in
      unsafe ranges(in: bytes, withKeys: false, withWords: false).filter {
        unsafe bytes[$0].contains { (0x30...0x39).contains($0) }
      }
    }
  }

  private static func replacing(
    in text: String, _ find: (UnsafeBufferPointer<UInt8>) -> [Range<Int>]
  ) -> String {
    let bytes = Array(text.utf8)
    let ranges = unsafe bytes.withUnsafeBufferPointer { unsafe HiddenText.merged(find($0)) }
    guard !ranges.isEmpty else { return text }
    var out: [UInt8] = []
    var copied = 0
    for range in ranges {
      out += bytes[copied..<range.lowerBound] + replacement.utf8
      copied = range.upperBound
    }
    return String(decoding: out + bytes[copied...], as: UTF8.self)
  }

  /// Byte ranges of what must be hidden, in no particular order. `withKeys`: include the values of keys named like a
  /// secret. `withWords`: include long random words. Takes time proportional to the text: each search skips what the
  /// previous one of its kind has read.
  static func ranges(in bytes: UnsafeBufferPointer<UInt8>, withKeys: Bool, withWords: Bool = true) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var index = 0
    var (tokenEnd, addressEnd) = (0, 0)
    var ends = SecretKeys.PlainEnds()
    while index < bytes.count {
      let byte = unsafe bytes[index]
      if isWord(byte), unsafe index == 0 || !isWord(bytes[index - 1]) {
        if let range = unsafe (index >= tokenEnd ? token(bytes, index) : nil) ?? scheme(bytes, index) {
          found.append(range)
          tokenEnd = range.upperBound
        }
        if withWords {
          let end = unsafe wordEnd(bytes, index)
          if unsafe isRandom(bytes, index..<end, atLeast: 32) { found.append(index..<end) }
        }
      } else if byte == UInt8(ascii: ":"), index >= addressEnd, let address = unsafe credentials(bytes, index) {
        if let range = address.range { found.append(range) }
        addressEnd = address.end
      }
      if withKeys, byte == UInt8(ascii: ":") || byte == UInt8(ascii: "="),
        let range = unsafe SecretKeys.value(bytes, behind: index, &ends)
      {
        found.append(range)
      }
      index += 1
    }
    return found
  }

  /// Whether a text is too random for a name: a token typed in place of a name.
  package static func looksRandom(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBufferPointer {
      unsafe !ranges(in: $0, withKeys: false).isEmpty || isRandom($0, 0..<$0.count, atLeast: 20)
    }
  }

  /// Whether a variable is named like a secret: `VAULT_TOKEN`.
  package static func isNameOfSecret(_ name: String) -> Bool { SecretKeys.certainty(of: name) != nil }

  // MARK: Shapes

  /// Prefixes of service tokens: GHL's private integrations, GitHub, GitLab, Slack, Stripe and others, AWS, Vault, and JSON
  /// Web Tokens.
  private static let beginnings = [
    "pit-", "eyJ", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xoxs-", "sk-",
    "sk_",
    "rk_", "pk_", "whsec_", "AKIA", "ASIA", "hvs.", "hvb.", "ya29.", "SG.", "shpat_", "npm_", "dop_v1_", "AIza",
  ].map { Array($0.utf8) }

  private static func token(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Range<Int>? {
    let first = unsafe bytes[start]
    for beginning in beginnings
    where unsafe beginning[0] == first && bytes.count - start > beginning.count
      && bytes[start..<start + beginning.count].elementsEqual(beginning)
    {
      var end = start + beginning.count
      while end < bytes.count, unsafe isOfToken(bytes[end]) { end += 1 }
      // No word begins with `pit-`; words may begin with the other prefixes.
      let most = beginning[0] == UInt8(ascii: "p") && beginning[1] == UInt8(ascii: "i") ? 4 : 12
      return end - start - beginning.count >= most ? start..<end : nil
    }
    return nil
  }

  /// The credentials after `Bearer` and `Basic`.
  private static func scheme(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Range<Int>? {
    let end = unsafe wordEnd(bytes, start)
    let word = unsafe bytes[start..<end].map { $0 | 0x20 }
    let isBearer = word.elementsEqual("bearer".utf8)
    guard isBearer || word.elementsEqual("basic".utf8) else { return nil }
    var first = end
    while first < bytes.count, unsafe bytes[first] == 0x20 { first += 1 }
    guard first > end else { return nil }
    var last = first
    while last < bytes.count, unsafe isOfToken(bytes[last]) { last += 1 }
    guard last - first >= 6 else { return nil }
    // `basic information` is prose.
    let isPlain = unsafe bytes[first..<last].allSatisfy { (0x61...0x7A).contains($0) }
    return isPlain && (!isBearer || last - first < 12) ? nil : first..<last
  }

  /// `user:password` in `https://user:password@host`, and how far it was necessary to read. An address that begins before
  /// that end cannot contain anything else: it would be read to the same end at most, with the same last `@`.
  private static func credentials(
    _ bytes: UnsafeBufferPointer<UInt8>, _ colon: Int
  ) -> (range: Range<Int>?, end: Int)? {
    guard colon + 3 < bytes.count, unsafe bytes[colon + 1] == UInt8(ascii: "/"), unsafe bytes[colon + 2] == UInt8(ascii: "/")
    else {
      return nil
    }
    var index = colon + 3
    var sign: Int?
    var hasColon = false
    // A slash ends the host, unless the text before it is not a host with a port: passwords may contain anything.
    while index < bytes.count, unsafe bytes[index] > 0x20, unsafe !"\"'<>`".utf8.contains(bytes[index]) {
      if unsafe bytes[index] == UInt8(ascii: "@") { sign = index }
      if unsafe bytes[index] == UInt8(ascii: ":") {
        let next = unsafe index + 1 < bytes.count ? bytes[index + 1] : 0
        hasColon = hasColon || !(0x30...0x39).contains(next)
      }
      if unsafe "/?#".utf8.contains(bytes[index]), sign != nil || !hasColon { break }
      index += 1
    }
    return (sign.flatMap { $0 > colon + 3 ? colon + 3..<$0 : nil }, index)
  }

  // MARK: Bytes

  /// A run of letters and digits that is unlikely to be a name: at least this long, with letters of both cases, or with many
  /// digits.
  static func isRandom(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, atLeast length: Int) -> Bool {
    guard range.count >= length else { return false }
    var (lower, upper, digits) = (0, 0, 0)
    for index in range {
      switch unsafe bytes[index] {
      case 0x30...0x39: digits += 1
      case 0x41...0x5A: upper += 1
      case 0x61...0x7A: lower += 1
      default: break
      }
    }
    return digits > 0 && lower > 0 && (upper > 0 || digits >= 4)
  }

  private static func wordEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < bytes.count, unsafe isWord(bytes[end]) { end += 1 }
    return end
  }

  /// Letters and digits.
  static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  static func isOfToken(_ byte: UInt8) -> Bool { isWord(byte) || "-._~+/=".utf8.contains(byte) }
}
