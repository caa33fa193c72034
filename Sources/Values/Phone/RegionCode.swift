import CPhoneTables
package import Core

/// A region as ISO 3166-1 alpha-2 writes it: two upper-case ASCII letters, in two bytes.
///
/// Any two letters make a code; `isSupported` says whether there are numbering plans for it.
package struct RegionCode: BitwiseCopyable, Hashable, Sendable {
  /// First letter in the upper byte, second in the lower.
  package let packed: UInt16

  /// Nil unless the bytes are exactly two upper-case ASCII letters.
  @inlinable
  package init?(_ text: Span<UInt8>) {
    guard text.count == 2 else { return nil }
    self.init(text[0], text[1])
  }

  @inlinable
  package init?(_ text: Text) { self.init(text.span) }

  @inlinable
  package init?(_ text: String) {
    var bytes = text.utf8.makeIterator()
    guard let first = bytes.next(), let second = bytes.next(), bytes.next() == nil else { return nil }
    self.init(first, second)
  }

  /// What `packed` gave before; nil for 0.
  @inlinable
  package init?(packed: UInt16) { self.init(UInt8(packed >> 8), UInt8(truncatingIfNeeded: packed)) }

  @usableFromInline
  init?(_ first: UInt8, _ second: UInt8) {
    guard 0x41...0x5A ~= first, 0x41...0x5A ~= second else { return nil }
    packed = UInt16(first) << 8 | UInt16(second)
  }

  /// Whether libphonenumber's metadata knows the region's numbers. For any other region, as without a region, only
  /// numbers in international form can be read.
  package var isSupported: Bool { plan != nil }

  /// Index of the region's numbering plan.
  var plan: Int? {
    let index = unsafe waybill_phone_region()[(Int(packed >> 8) - 0x41) * 26 + Int(packed & 0xFF) - 0x41]
    return index == PhonePlan.none ? nil : Int(index)
  }
}

extension RegionCode: CustomStringConvertible {
  package var description: String { String(decoding: [UInt8(packed >> 8), UInt8(packed & 0xFF)], as: UTF8.self) }
}
