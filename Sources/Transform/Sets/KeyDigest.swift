package import Core
import Values

/// 128 bits that stand for a key: SipHash-2-4 of its canonical text, under a key that each process draws anew, so that nobody
/// can make two texts that meet. Among ten million keys, any two are confused with a probability of one in 10^24.
///
/// Good within one process only; never shown, never stored for another.
package struct KeyDigest: BitwiseCopyable, Sendable, Hashable, Comparable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// No key: what a key with a null in it has.
  package static let none = KeyDigest(high: 0, low: 0)

  package var isNone: Bool { high | low == 0 }

  package static func of(_ text: Text) -> KeyDigest {
    let hash = SipHash.hash(text.span, key: processKey)
    // One of 2^128 texts would read as none.
    return KeyDigest(high: hash.0, low: hash.0 | hash.1 == 0 ? 1 : hash.1)
  }

  @inlinable
  package static func < (left: KeyDigest, right: KeyDigest) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  private static let processKey: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))
}

/// SipHash-2-4 with a result of 128 bits, as its authors publish it (Aumasson and Bernstein, "SipHash: a fast short-input PRF").
enum SipHash {
  static func hash(_ bytes: Span<UInt8>, key: (UInt64, UInt64)) -> (UInt64, UInt64) {
    var state = State(key)
    let count = bytes.count
    var index = 0
    bytes.withUnsafeBytes { raw in
      while index + 8 <= count {
        state.absorb(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
        index += 8
      }
    }
    var last = UInt64(truncatingIfNeeded: count) << 56
    var shift: UInt64 = 0
    while index < count {
      last |= UInt64(bytes[index]) << shift
      shift += 8
      index += 1
    }
    state.absorb(last)
    return state.finish()
  }

  private struct State {
    var v0, v1, v2, v3: UInt64

    init(_ key: (UInt64, UInt64)) {
      v0 = 0x736F_6D65_7073_6575 ^ key.0
      v1 = 0x646F_7261_6E64_6F6D ^ key.1 ^ 0xEE
      v2 = 0x6C79_6765_6E65_7261 ^ key.0
      v3 = 0x7465_6462_7974_6573 ^ key.1
    }

    @inline(__always)
    mutating func absorb(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }

    mutating func finish() -> (UInt64, UInt64) {
      v2 ^= 0xEE
      for _ in 0..<4 { round() }
      let first = v0 ^ v1 ^ v2 ^ v3
      v1 ^= 0xDD
      for _ in 0..<4 { round() }
      return (first, v0 ^ v1 ^ v2 ^ v3)
    }

    @inline(__always)
    private mutating func round() {
      v0 &+= v1
      v1 = v1 << 13 | v1 >> 51
      v1 ^= v0
      v0 = v0 << 32 | v0 >> 32
      v2 &+= v3
      v3 = v3 << 16 | v3 >> 48
      v3 ^= v2
      v0 &+= v3
      v3 = v3 << 21 | v3 >> 43
      v3 ^= v0
      v2 &+= v1
      v1 = v1 << 17 | v1 >> 47
      v1 ^= v2
      v2 = v2 << 32 | v2 >> 32
    }
  }
}
