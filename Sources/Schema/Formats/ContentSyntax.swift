import Core

/// `contentEncoding` and `contentMediaType` as draft-07 lets them be assertions (validation, section 8.2). Later drafts make
/// annotations of them.
enum ContentSyntax {
  /// Whether a media type is checked: JSON, with any parameters.
  static func isJSONType(_ mediaType: String) -> Bool {
    let name = mediaType.prefix { $0 != ";" && $0 != " " }.lowercased()
    return name == "application/json" || name.hasSuffix("+json")
  }

  static func isJSON(_ bytes: [UInt8]) -> Bool { (try? JSONReader.readGatheringDuplicates(bytes)) != nil }

  /// The bytes that a base64 text (RFC 2045, section 6.8) encodes; it may contain line breaks. Nil if it is not base64.
  static func decodedBase64(_ text: Span<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    var padding = 0
    for index in 0..<text.count {
      let byte = text[index]
      if byte == 0x0D || byte == 0x0A { continue }
      if byte == UInt8(ascii: "=") {
        padding += 1
      } else {
        guard padding == 0, let value = value(of: byte) else { return nil }
        bits = bits << 6 | value
        if count % 4 > 0 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(6 - 2 * (count % 4)))) }
      }
      count += 1
    }
    guard count % 4 == 0, padding <= 2 else { return nil }
    return bytes
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
