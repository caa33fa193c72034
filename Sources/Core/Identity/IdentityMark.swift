/// 128 bits that stand for a record's ID, or for the whole of a record without one: the first half of a SHA-256 digest.
///
/// The same bytes have the same mark in every process and version, so marks can be stored. Two different records have the same
/// mark with a probability of 2^-128, also if somebody looks for such records: nobody has found two texts with that. A lost
/// record would be silent, so a shorter or faster hash is not enough here; marks are made at the pace of an API's responses.
package struct IdentityMark: BitwiseCopyable, Sendable, Hashable, Comparable, Codable {
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
