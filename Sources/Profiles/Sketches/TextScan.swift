import Core
import Values

/// What a profile needs to know about a text, found in one pass: its hash, whether it has characters outside ASCII, and its first bytes.
struct TextScan: BitwiseCopyable {
  /// The same in every process; see `Hash64`, which is not inlined into this module.
  var hash: UInt64
  /// Some byte is not ASCII.
  var isForeign: Bool
  /// The first eight bytes, the first one highest, zeros behind the end: most texts are put in order by them.
  var prefix: UInt64

  private static let highs: UInt64 = 0x8080_8080_8080_8080
  private static let first: UInt64 = 0xD1B5_4A32_D192_ED03
  private static let second: UInt64 = 0xABCC_5167_CCAD_925F
  private static let third: UInt64 = 0x8CB9_2BA7_2F3D_8DD7

  @inline(__always)
  init(_ text: UnsafeBufferPointer<UInt8>) {
    let count = text.count
    guard let base = text.baseAddress, count > 0 else {
      (hash, isForeign, prefix) = (Self.mix(Self.first, Self.third), false, 0)
      return
    }
    let raw = UnsafeRawPointer(base)
    var state = Self.third ^ UInt64(truncatingIfNeeded: count)
    if count < 8 {
      var word: UInt64 = 0
      if count >= 4 {
        let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
        let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
        word = low | high << UInt64(8 * (count - 4))
      } else {
        word = UInt64(base[0]) | UInt64(base[count >> 1]) << UInt64(8 * (count >> 1))
        word |= UInt64(base[count - 1]) << UInt64(8 * (count - 1))
      }
      isForeign = word & Self.highs != 0
      prefix = word.byteSwapped
      hash = Self.mix(Self.mix(word ^ Self.first, state ^ Self.second), Self.third)
      return
    }
    let head = Self.word(raw, 0)
    prefix = head.byteSwapped
    var seen = head
    var index = 0
    while index + 16 < count {
      let (one, two) = (Self.word(raw, index), Self.word(raw, index + 8))
      seen |= one | two
      state = Self.mix(one ^ Self.first, two ^ state)
      index += 16
    }
    if index + 8 < count {
      let one = Self.word(raw, index)
      seen |= one
      state = Self.mix(one ^ Self.second, state ^ Self.first)
    }
    // The last eight bytes, some of which may have been read before.
    let last = Self.word(raw, count - 8)
    seen |= last
    isForeign = seen & Self.highs != 0
    hash = Self.mix(Self.mix(last ^ Self.first, state ^ Self.second), Self.third)
  }

  @inline(__always)
  private static func word(_ raw: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// Characters as JSON Schema counts them.
  @inline(__always)
  func characters(of text: UnsafeBufferPointer<UInt8>) -> Int {
    isForeign ? CharacterCount.of(Span(_unsafeElements: text)) : text.count
  }

  /// Empty, or nothing but white space.
  @inline(__always)
  static func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.count > 0, text[0] &- 0x21 < 0x5F { return false }
    return Whitespace.isBlank(Span(_unsafeElements: text))
  }
}
