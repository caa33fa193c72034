/// The smallest and the largest text, by bytes, as far as their beginnings tell them apart.
struct TextBounds: Sendable {
  /// The first eight bytes of each, the first one highest: most texts are decided by them.
  private var low = UInt64.max
  private var high = UInt64.min
  /// The hashes of both: a frequent value may well be one of them.
  private var hashes: (smallest: UInt64, largest: UInt64) = (0, 0)
  private(set) var smallest: ValueText?
  private(set) var largest: ValueText?

  @inline(__always)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ scan: TextScan) {
    if scan.prefix > low, scan.prefix < high { return }
    if scan.hash == hashes.smallest || scan.hash == hashes.largest { return }
    take(text)
  }

  @inline(never)
  private mutating func take(_ text: UnsafeBufferPointer<UInt8>) {
    if let smallest, let largest {
      let isBelow = text.lexicographicallyPrecedes(smallest.bytes)
      let isAbove = text.count > 0 && largest.bytes.lexicographicallyPrecedes(text.prefix(ValueText.limit))
      guard isBelow || isAbove else { return }
    }
    take(ValueText(text))
  }

  private mutating func take(_ text: ValueText) {
    if smallest.map({ text < $0 }) ?? true {
      smallest = text
      (low, hashes.smallest) = Self.marks(of: text)
    }
    if largest.map({ $0 < text }) ?? true {
      largest = text
      (high, hashes.largest) = Self.marks(of: text)
    }
  }

  private static func marks(of text: ValueText) -> (UInt64, UInt64) {
    text.bytes.withUnsafeBufferPointer { bytes in
      let scan = TextScan(bytes)
      return (scan.prefix, scan.hash)
    }
  }

  mutating func merge(_ other: TextBounds) {
    if let text = other.smallest { take(text) }
    if let text = other.largest { take(text) }
  }

  var summary: FieldSummary.Texts? {
    guard let smallest, let largest else { return nil }
    return .init(smallest: smallest.shown(64).text, largest: largest.shown(64).text)
  }
}
