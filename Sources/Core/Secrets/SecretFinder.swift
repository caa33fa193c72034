/// Finds a set of secrets in bytes, in all their forms. Checks every pair of bytes once, and looks closer only where a form
/// may begin with that pair.
struct SecretFinder: Sendable {
  /// Keyed by the byte that a form begins with.
  private let texts: [[SecretText]]
  private let codes: [[Base64Text]]
  /// Whether any form begins with these two bytes: the first times 256 plus the second.
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

  /// Calls `body` with each possible first byte once.
  private static func note(
    _ pair: (first: Set<UInt8>, second: Set<UInt8>), _ begins: inout [Bool], _ body: (UInt8) -> Void
  ) {
    for first in pair.first {
      body(first)
      // After an escape, any byte may follow.
      let isEscape = first == UInt8(ascii: "\\") || first == UInt8(ascii: "%")
      for second in isEscape ? Set(UInt8.min...UInt8.max) : pair.second { begins[Int(first) << 8 | Int(second)] = true }
    }
  }

  /// The bytes with the secrets replaced; nil if there are none.
  func redacted(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var (copied, index) = (0, 0)
    unsafe begins.withUnsafeBufferPointer { begins in
      while index + 1 < bytes.count {
        guard unsafe begins[Int(bytes[index]) << 8 | Int(bytes[index + 1])], let end = unsafe end(in: bytes, index) else {
          index += 1
          // In a run of backslashes, the first stands for all: every form that begins with one skips the rest. Base64 has
          // at most one.
          if unsafe bytes[index - 1] == UInt8(ascii: "\\") {
            while index + 1 < bytes.count, unsafe bytes[index] == bytes[index + 1], unsafe bytes[index] == UInt8(ascii: "\\") {
              index += 1
            }
          }
          continue
        }
        unsafe out += bytes[copied..<index]
        out += Redactor.replacement.utf8
        (copied, index) = (end, end)
      }
    }
    guard copied > 0 else { return nil }
    return unsafe out + bytes[copied...]
  }

  /// The end of the longest secret that begins at `start`.
  private func end(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var longest: Int?
    let first = unsafe Int(bytes[start])
    for text in texts[first] { if let end = unsafe text.end(in: bytes, start) { longest = max(longest ?? 0, end) } }
    for code in codes[first] { if let end = unsafe code.end(in: bytes, start) { longest = max(longest ?? 0, end) } }
    return longest
  }
}
