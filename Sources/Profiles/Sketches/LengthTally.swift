/// Lengths: shortest, longest, and how many of each. Up to 16 one by one, then in ranges that double.
struct LengthTally: Sendable {
  private static let single = 17
  private static let ranges = 48

  private(set) var shortest = Int.max
  private(set) var longest = -1
  private let bins = OwnedMemory(LengthTally.single + LengthTally.ranges, 0)

  func release() { bins.release() }

  @inline(__always)
  mutating func add(_ length: Int) {
    if length < shortest { shortest = length }
    if length > longest { longest = length }
    bins[Self.bin(of: length)] &+= 1
  }

  mutating func merge(_ other: LengthTally) {
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    for index in 0..<bins.count { bins[index] += other.bins[index] }
  }

  /// 17 to 32 is the first range.
  @inline(__always)
  private static func bin(of length: Int) -> Int {
    length < single ? length : min(single + ranges - 1, single + (59 - (length - 1).leadingZeroBitCount))
  }

  var summary: FieldSummary.Lengths? {
    guard longest >= 0 else { return nil }
    var filled: [FieldSummary.Bin] = []
    for index in 0..<bins.count where bins[index] > 0 {
      let range = index - Self.single
      filled.append(
        .init(
          from: String(range < 0 ? index : (16 << range) + 1), to: String(range < 0 ? index : 32 << range), count: bins[index]))
    }
    return .init(shortest: shortest, longest: longest, bins: filled)
  }
}
