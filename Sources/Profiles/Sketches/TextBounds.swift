/// The smallest and the largest text, by bytes, as far as their beginnings tell them apart.
struct TextBounds: Sendable {
  private(set) var smallest: ValueText?
  private(set) var largest: ValueText?
  /// The first eight bytes of each, the first one highest: most texts are decided by them.
  private var low = UInt64.max
  private var high = UInt64.min

  @inline(__always)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, prefix: UInt64) {
    if prefix > low, prefix < high { return }
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
      low = text.bytes.withUnsafeBufferPointer { TextScan($0).prefix }
    }
    if largest.map({ $0 < text }) ?? true {
      largest = text
      high = text.bytes.withUnsafeBufferPointer { TextScan($0).prefix }
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
