package import Core
import Crypto

/// A namespace of name-based UUIDs: itself a UUID (RFC 9562, section 6.6).
package struct UUIDNamespace: Sendable, Hashable, BitwiseCopyable {
  private let high: UInt64
  private let low: UInt64

  /// The four namespaces of the specification's table.
  package static let words: [(name: String, uuid: String)] = [
    ("dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"), ("url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"),
    ("oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"), ("x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8"),
  ]

  /// `dns`, `url`, `oid`, `x500`, or a UUID as text: 8-4-4-4-12 hexadecimal digits in any case.
  package init?(_ text: String) {
    let uuid = Self.words.first { $0.name.isExactly(text) }?.uuid ?? text
    var halves: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for (index, byte) in uuid.utf8.enumerated() {
      if [8, 13, 18, 23].contains(index) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.digit(byte) else { return nil }
      if digits < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
      digits += 1
    }
    guard digits == 32, uuid.utf8.count == 36 else { return nil }
    (high, low) = halves
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// Appends the version 5 UUID of `name` in this namespace (RFC 9562, section 5.5: the first 128 bits of the SHA-1 of both,
  /// with version and variant put in), in lower case.
  /// Costs one small allocation, the library's own state.
  package func append(version5 name: Span<UInt8>, into arena: inout ByteArena) {
    var digest = Insecure.SHA1()
    unsafe withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { unsafe digest.update(bufferPointer: $0) }
    unsafe name.withUnsafeBufferPointer { unsafe digest.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    unsafe digest.finalize().withUnsafeBytes { bytes in
      for index in 0..<16 {
        var byte = unsafe bytes[index]
        if index == 6 { byte = byte & 0x0F | 0x50 }
        if index == 8 { byte = byte & 0x3F | 0x80 }
        if index == 4 || index == 6 || index == 8 || index == 10 { arena.append(UInt8(ascii: "-")) }
        arena.append(Hexadecimal.digit(byte >> 4))
        arena.append(Hexadecimal.digit(byte & 0x0F))
      }
    }
  }
}
