/// 128 bits that stand for a record's ID, or for the whole of a record without one: the first half of a SHA-256 digest.
///
/// The same bytes have the same mark in every process and version, so marks can be stored. Two different records have the same
/// mark with a probability of 2^-128, even if somebody searches for such records: nobody has found two such texts. A lost
/// record would be silent, so a shorter or faster hash is not enough here; marks are made at the pace of an API's responses.
package struct IdentityMark: BitwiseCopyable, Sendable, Hashable, Comparable {
  package let high: UInt64
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  package static func < (left: IdentityMark, right: IdentityMark) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }
}

extension IdentityMark: Codable {
  /// 32 hexadecimal digits, so that equal marks are equal bytes with every encoder.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
    else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "an identity mark needs 32 hexadecimal digits")
    }
    self.init(high: high, low: low)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Self.digits(high) + Self.digits(low))
  }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
