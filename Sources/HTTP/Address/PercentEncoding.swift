/// Texts as parts of an address (RFC 3986).
package enum PercentEncoding {
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// Everything but unreserved characters is encoded, so that an ID with `/`, `?` or `+` stays one segment. Clients and servers resolve
  /// the segments `.` and `..` even where they are encoded.
  package static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil: it is not an encoded text.
  package static func decoded(_ text: Substring) -> String? {
    bytes(of: text, keepsMalformed: false).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// Of a text that somebody typed: what is not a valid escape stays as it is.
  package static func decoded(typed text: Substring) -> String {
    String(decoding: bytes(of: text, keepsMalformed: true) ?? [], as: UTF8.self)
  }

  private static func bytes(of text: Substring, keepsMalformed: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), let value = self.byte(rest) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else if byte == UInt8(ascii: "%"), !keepsMalformed {
        return nil
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }

  /// The byte that the first two hexadecimal digits mean.
  package static func byte(_ text: Substring.UTF8View) -> UInt8? {
    let digits = text.prefix(2)
    guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    return UInt8(String(Substring(digits)), radix: 16)
  }
}
