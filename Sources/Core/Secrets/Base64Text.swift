/// A secret inside Base64, at one of its three possible alignments to the bytes before it: the characters that the secret
/// alone determines. `+/` and `-_` are equivalent here, and padding is optional.
struct Base64Text: Sendable {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private let characters: [UInt8]
  /// The character after them has some of the secret's last bits.
  private let sharesNext: Bool

  static func all(of secret: [UInt8]) -> [Base64Text] { (0..<3).map { Base64Text(secret, offset: $0) } }

  private init(_ secret: [UInt8], offset: Int) {
    let bytes = [UInt8](repeating: 0, count: offset) + secret
    let bits = bytes.count * 8
    let whole = (offset * 8 + 5) / 6..<bits / 6
    characters = whole.map { index in
      let bit = index * 6
      let pair = UInt16(bytes[bit / 8]) << 8 | (bit / 8 + 1 < bytes.count ? UInt16(bytes[bit / 8 + 1]) : 0)
      return Self.alphabet[Int(pair >> (10 - UInt16(bit % 8)) & 0x3F)]
    }
    sharesNext = bits % 6 != 0
  }

  /// The possible first two bytes.
  var beginnings: (first: Set<UInt8>, second: Set<UInt8>) {
    guard characters.count > 1 else { return ([], []) }
    return (Self.spellings(characters[0]), Self.spellings(characters[1]))
  }

  private static func spellings(_ character: UInt8) -> Set<UInt8> {
    switch character {
    case UInt8(ascii: "+"): Set("+-%".utf8)
    case UInt8(ascii: "/"): Set("/_%\\".utf8)
    default: [character]
    }
  }

  func end(in bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    var index = start
    for character in characters {
      guard let next = unsafe Self.character(bytes, index), next.value == character else { return nil }
      index = next.end
    }
    if sharesNext, let next = unsafe Self.character(bytes, index), next.value != UInt8(ascii: "=") { index = next.end }
    while let next = unsafe Self.character(bytes, index), next.value == UInt8(ascii: "=") { index = next.end }
    return index
  }

  /// A Base64 character as it may appear in an address or in JSON: `/`, `_`, `\/` and `%2F` are equivalent.
  private static func character(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> (value: UInt8, end: Int)? {
    guard start < bytes.count else { return nil }
    switch unsafe bytes[start] {
    case UInt8(ascii: "-"): return (UInt8(ascii: "+"), start + 1)
    case UInt8(ascii: "_"): return (UInt8(ascii: "/"), start + 1)
    case UInt8(ascii: "\\"):
      return unsafe start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/") ? (UInt8(ascii: "/"), start + 2) : nil
    case UInt8(ascii: "%"):
      guard start + 2 < bytes.count else { return nil }
      switch unsafe (bytes[start + 1], bytes[start + 2] & ~0x20) {
      case (UInt8(ascii: "2"), UInt8(ascii: "B")): return (UInt8(ascii: "+"), start + 3)
      case (UInt8(ascii: "2"), UInt8(ascii: "F")): return (UInt8(ascii: "/"), start + 3)
      case (UInt8(ascii: "3"), UInt8(ascii: "D")): return (UInt8(ascii: "="), start + 3)
      default: return nil
      }
    case let byte where SecretShapes.isWord(byte) || "+/=".utf8.contains(byte): return (byte, start + 1)
    default: return nil
    }
  }
}
