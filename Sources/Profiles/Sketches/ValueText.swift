/// The beginning of a text, at most `limit` bytes of it, cut between characters.
struct ValueText: Sendable, Hashable, Comparable {
  static let limit = 256

  var bytes: [UInt8]
  var isCut = false

  static let none = ValueText(bytes: [])

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count > Self.limit else {
      bytes = Array(text)
      return
    }
    var end = Self.limit
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    bytes = Array(text[..<end])
    isCut = true
  }

  static func < (left: ValueText, right: ValueText) -> Bool {
    left.bytes == right.bytes ? !left.isCut && right.isCut : left.bytes.lexicographicallyPrecedes(right.bytes)
  }

  /// At most `count` characters of it, and whether that is not all.
  func shown(_ count: Int) -> (text: String, isCut: Bool) {
    let text = String(decoding: bytes, as: UTF8.self)
    let scalars = text.unicodeScalars
    guard scalars.count > count else { return (text, isCut) }
    return (String(String.UnicodeScalarView(scalars.prefix(count))), true)
  }
}
