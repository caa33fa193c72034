import Core

/// Bytes as base64 with padding (RFC 4648, section 4).
enum Base64Writing {
  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  static func append(_ text: Text, into arena: inout ByteArena) {
    var index = 0
    while index < text.count {
      let rest = text.count - index
      let first = UInt32(text.start[index])
      let second = rest > 1 ? UInt32(text.start[index + 1]) : 0
      let third = rest > 2 ? UInt32(text.start[index + 2]) : 0
      let word = first << 16 | second << 8 | third
      for place in 0..<4 {
        if place > rest {
          arena.append(UInt8(ascii: "="))
        } else {
          arena.append(alphabet.utf8Start[Int(word >> UInt32(18 - 6 * place) & 63)])
        }
      }
      index += 3
    }
  }
}
