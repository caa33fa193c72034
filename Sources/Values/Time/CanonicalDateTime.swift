import Core

/// The most frequent form of timestamps, `yyyy-MM-ddTHH:mm:ss.SSSZ` with a last digit that is not zero: it is RFC 3339
/// already, so it is only checked, eight bytes at a time, and the source's own bytes are the result. Everything else is
/// `DateTimeReader`'s.
package enum CanonicalDateTime {
  /// Seconds since 1970-01-01T00:00:00Z; nil is inconclusive.
  package static func seconds(of text: Span<UInt8>) -> Int64? {
    guard text.count == 24 else { return nil }
    return unsafe text.withUnsafeBufferPointer { bytes in
      guard let base = unsafe UnsafeRawPointer(bytes.baseAddress) else { return nil }
      // `0000-00-`, `00T00:00` and `:00.000Z`: signs become 0, digits their values, anything else more than 9.
      let first = unsafe UInt64(littleEndian: base.loadUnaligned(as: UInt64.self)) ^ 0x2D30_302D_3030_3030
      let second = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) ^ 0x3030_3A30_3054_3030
      let third = unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: 16, as: UInt64.self)) ^ 0x5A30_3030_2E30_303A
      let signs = first & 0xFF00_00FF_0000_0000 | second & 0x0000_FF00_00FF_0000 | third & 0xFF00_0000_FF00_00FF
      guard signs == 0, isDigits(first), isDigits(second), isDigits(third), third >> 48 & 0xFF != 0 else { return nil }
      let date = CivilDate(
        year: Int(digit(first, 0) * 1000 + digit(first, 1) * 100 + pair(first, 2)), month: Int(pair(first, 5)),
        day: Int(pair(second, 0)))
      let (hour, minute, seconds) = (pair(second, 3), pair(second, 6), pair(third, 1))
      guard date.isValid, hour < 24, minute < 60, seconds < 60 else { return nil }
      return Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + seconds)
    }
  }

  /// No byte is above 9.
  @inline(__always)
  private static func isDigits(_ word: UInt64) -> Bool {
    (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080 == 0
  }

  @inline(__always)
  private static func digit(_ word: UInt64, _ index: UInt64) -> UInt64 { word >> (index * 8) & 0xFF }

  @inline(__always)
  private static func pair(_ word: UInt64, _ index: UInt64) -> UInt64 { digit(word, index) * 10 + digit(word, index + 1) }
}
