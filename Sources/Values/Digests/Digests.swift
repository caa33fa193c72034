package import Core
import Crypto
import FoundationEssentials
import Glibc

/// SHA-256 of bytes that come piece by piece.
package struct SHA256Digest {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }

  /// Of everything so far, 64 lower-case hexadecimal digits.
  package func finish() -> String { Hexadecimal.text(of: Array(state.finalize())) }

  package static func hex(of bytes: Span<UInt8>) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return digest.finish()
  }

  /// Appends the digest of `bytes`, 64 lower-case hexadecimal digits.
  /// Costs one small allocation, the library's own state.
  package static func append(_ bytes: Span<UInt8>, into arena: inout ByteArena) {
    var state = SHA256()
    unsafe bytes.withUnsafeBufferPointer { unsafe state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    unsafe state.finalize().withUnsafeBytes { digest in
      for index in digest.indices {
        let byte = unsafe digest[index]
        arena.append(Hexadecimal.digit(byte >> 4))
        arena.append(Hexadecimal.digit(byte & 0x0F))
      }
    }
  }
}

/// The project's own key for `pii: hash`. Prints as `<redacted>`.
package struct DigestKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
  private let key: SymmetricKey

  package init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

  /// A new one, 256 bits, and its bytes to be stored.
  package static func random() -> (key: DigestKey, bytes: [UInt8]) {
    let bytes = unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Array($0) }
    return (DigestKey(bytes), bytes)
  }

  package var description: String { "<redacted>" }
  package var debugDescription: String { description }

  /// HMAC-SHA-256, 64 lower-case hexadecimal digits.
  package func hex(of bytes: Span<UInt8>) -> String { Hexadecimal.text(of: authenticate(bytes)) }

  /// Appends the first `digits` (an even number, at most 64) hexadecimal digits of the HMAC-SHA-256.
  package func append(_ digits: Int, of bytes: Span<UInt8>, into arena: inout ByteArena) {
    for byte in authenticate(bytes).prefix(digits / 2) {
      arena.append(Hexadecimal.digit(byte >> 4))
      arena.append(Hexadecimal.digit(byte & 0x0F))
    }
  }

  private func authenticate(_ bytes: Span<UInt8>) -> [UInt8] {
    var hmac = HMAC<SHA256>(key: key)
    unsafe bytes.withUnsafeBufferPointer { unsafe hmac.update(data: $0) }
    return Array(hmac.finalize())
  }
}
