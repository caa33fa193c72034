package import Core

/// Characters that no text contains on purpose: those of ASCII (C0) except tab and line breaks, DEL, those of ISO 8859 (C1), which
/// appear when windows-1252 text is read as Latin-1, and the byte order mark.
package enum ControlCharacters {
  /// The first one in any bytes.
  package static func first(in text: Text) -> UInt32? { next(in: text, from: 0)?.character }

  /// Each one that occurs, once, in order of first occurrence.
  static func all(in text: Text) -> [UInt32] {
    var found: [UInt32] = []
    var start = 0
    while let (character, end) = next(in: text, from: start) {
      if !found.contains(character) { found.append(character) }
      start = end
    }
    return found
  }

  /// The first one at or after an offset, and where it ends.
  private static func next(in text: Text, from start: Int) -> (character: UInt32, end: Int)? {
    let bytes = text.buffer
    for index in start..<bytes.count {
      let found: (character: UInt32, end: Int)
      // The bytes that a control character or a byte order mark can begin with.
      switch bytes[index] {
      case let byte where byte < 0x20 || byte == 0x7F: found = (UInt32(byte), index + 1)
      case 0xC2 where index + 1 < bytes.count: found = (UInt32(bytes[index + 1]), index + 2)
      case 0xEF where index + 2 < bytes.count && bytes[index + 1] == 0xBB && bytes[index + 2] == 0xBF: found = (0xFEFF, index + 3)
      default: continue
      }
      if contains(found.character) { return found }
    }
    return nil
  }

  package static func contains(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0x7F..<0xA0, 0xFEFF: true
    default: false
    }
  }

  /// One of them, in a message: `the control character U+0007`.
  package static func name(_ character: UInt32) -> String {
    let digits = String(character, radix: 16, uppercase: true)
    return character == 0xFEFF
      ? "a byte order mark (U+FEFF)" : "the control character U+\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }
}
