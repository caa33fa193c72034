package import Core

/// A value as ledgers, logs and reports may show it. Only for problems, never for values that go on their way.
package enum Masking {
  package static let longestShown = 200
  package static let longestMask = 40
  package static let hidden: StaticString = "<hidden>"

  /// Appends `text` as `privacy` allows.
  ///
  /// `show`: as it is, at most 200 characters. `last4`: `…2671`, where more than six characters leave something to
  /// hide, else like `mask`. `mask`: the shape, `x` and `X` for letters, `9` for digits, `*` for symbols beyond ASCII,
  /// at most 40 characters. `hash`: `hmac:` and 16 hexadecimal digits; without a key like `never`. `never`: `<hidden>`.
  package static func append(_ text: Span<UInt8>, as privacy: Privacy, key: DigestKey?, into arena: inout ByteArena) {
    switch privacy {
    case .show:
      let end = CharacterCount.prefix(of: text, limit: longestShown)
      arena.append(text.extracting(0..<end))
      if end < text.count { arena.append("…") }
    case .last4:
      guard CharacterCount.exceeds(6, text) else { return appendShape(of: text, into: &arena) }
      arena.append("…")
      arena.append(text.extracting(startOfLast4(text)..<text.count))
    case .mask:
      appendShape(of: text, into: &arena)
    case .hash:
      guard let key else { return arena.append(hidden) }
      arena.append("hmac:")
      key.append(16, of: text, into: &arena)
    case .never:
      arena.append(hidden)
    }
  }

  package static func string(_ text: Span<UInt8>, as privacy: Privacy, key: DigestKey?) -> String {
    var arena = ByteArena(capacity: 1024)
    arena.begin()
    append(text, as: privacy, key: key, into: &arena)
    return arena.finish().string
  }

  private static func startOfLast4(_ text: Span<UInt8>) -> Int {
    var index = text.count
    for _ in 0..<4 where index > 0 { index = UTF8Scalar.start(before: index, in: text) }
    return index
  }

  private static func appendShape(of text: Span<UInt8>, into arena: inout ByteArena) {
    var index = 0
    var shown = 0
    while index < text.count {
      let (value, length) = UTF8Scalar.read(text, at: index)
      index += length
      guard let sign = shape(of: value) else { continue }
      if shown == longestMask { return arena.append("…") }
      arena.append(sign)
      shown += 1
    }
  }

  /// Nil: a mark or a character without width, which belongs to the one before.
  private static func shape(of value: UInt32) -> UInt8? {
    if value < 0x80 {
      let byte = UInt8(truncatingIfNeeded: value)
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): return UInt8(ascii: "x")
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): return UInt8(ascii: "X")
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt8(ascii: "9")
      case 0..<0x20, 0x7F: return UInt8(ascii: " ")
      default: return byte
      }
    }
    let properties = Unicode.Scalar(read: value).properties
    switch properties.generalCategory {
    case .uppercaseLetter, .titlecaseLetter: return UInt8(ascii: "X")
    case .lowercaseLetter, .modifierLetter, .otherLetter: return UInt8(ascii: "x")
    case .decimalNumber, .letterNumber, .otherNumber: return UInt8(ascii: "9")
    case .nonspacingMark, .spacingMark, .enclosingMark, .format: return nil
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control: return UInt8(ascii: " ")
    default: return UInt8(ascii: "*")
    }
  }
}
