/// Lengths: shortest, longest, and how many of each. Up to 16 one by one, then in ranges that double.
struct LengthTally: Sendable {
  private static let single = 17
  private static let ranges = 48

  private(set) var shortest = Int.max
  private(set) var longest = -1
  private var bins: [Int] = []

  @inline(__always)
  mutating func add(_ length: Int) {
    if length < shortest { shortest = length }
    if length > longest { longest = length }
    if bins.isEmpty { bins = [Int](repeating: 0, count: Self.single + Self.ranges) }
    bins[Self.bin(of: length)] += 1
  }

  mutating func merge(_ other: LengthTally) {
    guard !other.bins.isEmpty else { return }
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    guard !bins.isEmpty else { return bins = other.bins }
    for index in bins.indices { bins[index] += other.bins[index] }
  }

  /// 17 to 32 is the first range.
  @inline(__always)
  private static func bin(of length: Int) -> Int {
    length < single ? length : min(single + ranges - 1, single + (59 - (length - 1).leadingZeroBitCount))
  }

  var summary: FieldSummary.Lengths? {
    guard longest >= 0 else { return nil }
    let filled = bins.indices.filter { bins[$0] > 0 }.map { index in
      let range = index - Self.single
      return FieldSummary.Bin(
        from: String(range < 0 ? index : (16 << range) + 1), to: String(range < 0 ? index : 32 << range), count: bins[index])
    }
    return .init(shortest: shortest, longest: longest, bins: filled)
  }
}
