/// Finds a set of secrets in bytes, each in all its forms. Checks every pair of bytes once, and in detail only where a form may begin
/// with it.
struct SecretFinder: Sendable {
  /// By the byte that a form begins with.
  private let texts: [[SecretText]]
  private let codes: [[Base64Text]]
  /// Whether some form begins with these two bytes: the first one times 256 plus the second one.
  private let begins: [Bool]

  init(_ secrets: Set<Name>) {
    var texts = [[SecretText]](repeating: [], count: 256)
    var codes = [[Base64Text]](repeating: [], count: 256)
    var begins = [Bool](repeating: false, count: 1 << 16)
    for secret in secrets.sorted().map(\.text) {
      let text = SecretText(secret)
      Self.note(text.beginnings, &begins) { texts[Int($0)].append(text) }
      for code in Base64Text.all(of: Array(secret.utf8)) { Self.note(code.beginnings, &begins) { codes[Int($0)].append(code) } }
    }
    (self.texts, self.codes, self.begins) = (texts, codes, begins)
  }

  /// `body` gets each first byte once.
  private static func note(
    _ pair: (first: Set<UInt8>, second: Set<UInt8>), _ begins: inout [Bool], _ body: (UInt8) -> Void
  ) {
    for first in pair.first {
      body(first)
      // Behind an escape stands anything.
      let isEscape = first == UInt8(ascii: "\\") || first == UInt8(ascii: "%")
      for second in isEscape ? Set(UInt8.min...UInt8.max) : pair.second { begins[Int(first) << 8 | Int(second)] = true }
    }
  }

  /// The bytes with the secrets replaced; nil where there are none.
  func redacted(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var (copied, index) = (0, 0)
    begins.withUnsafeBufferPointer { begins in
      while index + 1 < bytes.count {
        guard begins[Int(bytes[index]) << 8 | Int(bytes[index + 1])], let end = end(in: bytes, index) else {
          index += 1
          // Of a run of backslashes, the first one stands for all: each form that begins with one skips them. Base64 has one only.
          if bytes[index - 1] == UInt8(ascii: "\\") {
            while index + 1 < bytes.count, bytes[index] == bytes[index + 1], bytes[index] == UInt8(ascii: "\\") { index += 1 }
          }
          continue
        }
        out += bytes[copied..<index]
        out += Redactor.replacement.utf8
        (copied, index) = (end, end)
      }
    }
    guard copied > 0 else { return nil }
    return out + bytes[copied...]
  }

  /// Where the longest secret that begins at `start` ends.
  private func end(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var longest: Int?
    let first = Int(bytes[start])
    for text in texts[first] { if let end = text.end(in: bytes, start) { longest = max(longest ?? 0, end) } }
    for code in codes[first] { if let end = code.end(in: bytes, start) { longest = max(longest ?? 0, end) } }
    return longest
  }
}
