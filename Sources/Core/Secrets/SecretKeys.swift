/// Keys named like a secret, including misspelled ones (`tokn`), and the values after them.
enum SecretKeys {
  private static let names = [
    "token", "secret", "password", "passwd", "passphrase", "bearer", "credential", "credentials", "authorization", "apikey",
  ]
  private static let shortNames: Set<String> = ["auth", "pwd", "pat", "jwt"]

  /// How certain a name is: that of a secret, a misspelling of one, or one that may be a secret's (`key`).
  enum Certainty { case sure, near, possible }

  static func certainty(of key: some StringProtocol) -> Certainty? {
    let parts = parts(of: key)
    let whole = parts.joined()
    if shortNames.contains(whole) || names.contains(whole)
      || parts.contains(where: { names.contains($0) || shortNames.contains($0) })
    {
      return .sure
    }
    for part in parts + [whole] where part.utf8.count >= 4 {
      if NearestName.find(part, in: names.filter { abs($0.utf8.count - part.utf8.count) <= 1 }) != nil { return .near }
    }
    return parts.contains { $0 == "key" || $0 == "keys" } ? .possible : nil
  }

  /// What is known of plain values that end at a given place: a later value may begin inside them and has the same end.
  /// This way a long line with many keys is read once, not once per key.
  struct PlainEnds {
    /// The value is hidden.
    var hidden = 0
    /// The value is not random enough for a `key`, and neither is any part of it.
    var notRandom = 0
  }

  /// The value of the key that ends before the `:` or `=` at `sign`, if it must be hidden and is not hidden yet. Pass the
  /// same `ends` for all signs of a text, in order.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>, behind sign: Int, _ ends: inout PlainEnds) -> Range<Int>? {
    guard let key = unsafe key(bytes, before: sign), let certainty = certainty(of: key) else { return nil }
    var first = sign + 1
    while first < bytes.count, unsafe bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
    let isPlain = unsafe first < bytes.count && bytes[first] != UInt8(ascii: "\"") && bytes[first] != UInt8(ascii: "'")
    if isPlain, first < ends.hidden || (certainty == .possible && first < ends.notRandom) { return nil }
    guard let range = unsafe scalar(bytes, from: first), range.count >= 6 || certainty == .possible else { return nil }
    let isHidden =
      switch certainty {
      case .sure: true
      case .near: unsafe range.count >= 16 || bytes[range].contains { (0x30...0x39).contains($0) }
      case .possible: unsafe SecretShapes.isRandom(bytes, range, atLeast: 20)
      }
    if isPlain, isHidden { ends.hidden = range.upperBound }
    if isPlain, !isHidden, certainty == .possible { ends.notRandom = range.upperBound }
    return isHidden ? range : nil
  }

  private static func key(_ bytes: UnsafeBufferPointer<UInt8>, before sign: Int) -> String? {
    var end = sign
    while end > 0, unsafe [0x20, 0x22, 0x27].contains(bytes[end - 1]) { end -= 1 }
    var start = end
    while start > 0, end - start < 40, unsafe SecretShapes.isWord(bytes[start - 1]) || "-_".utf8.contains(bytes[start - 1]) {
      start -= 1
    }
    guard end - start >= 3 else { return nil }
    return unsafe String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// A plain or quoted value on the same line; nil if a map, a list or nothing follows.
  private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Range<Int>? {
    var start = start
    guard start < bytes.count, unsafe !"{[\n\r|>&*!#".utf8.contains(bytes[start]) else { return nil }
    let quote = unsafe bytes[start]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      start += 1
      var end = start
      while end < bytes.count, unsafe bytes[end] != quote, unsafe bytes[end] != 0x0A {
        unsafe end += bytes[end] == UInt8(ascii: "\\") && end + 1 < bytes.count ? 2 : 1
      }
      return start..<min(end, bytes.count)
    }
    var end = start
    while end < bytes.count, unsafe !",}]\n\r".utf8.contains(bytes[end]) { end += 1 }
    while end > start, unsafe bytes[end - 1] == 0x20 { end -= 1 }
    return start..<end
  }

  /// `apiKey` and `API_KEY`: `api`, `key`.
  private static func parts(of key: some StringProtocol) -> [String] {
    var parts: [String] = []
    var part = ""
    var wasLower = false
    for character in key {
      if !character.isLetter && !character.isNumber || (wasLower && character.isUppercase) {
        if !part.isEmpty { parts.append(part) }
        part = ""
      }
      wasLower = character.isLowercase
      if character.isLetter || character.isNumber { part += character.lowercased() }
    }
    if !part.isEmpty { parts.append(part) }
    return parts
  }
}
