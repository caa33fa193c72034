/// Numbers: the smallest, the largest, and how many in each range between 1, 2, 5, 10, 20, … and their negatives.
struct NumberTally: Sendable {
  /// A number with the text that it was written as.
  struct Bound: Sendable {
    var value: Double
    var text: [UInt8]

    func precedes(_ other: Bound) -> Bool {
      value == other.value ? text.lexicographicallyPrecedes(other.text) : value < other.value
    }
  }

  /// 10^-6 to 10^15, and where the next range would begin.
  fileprivate static let edges: [Double] = (-6...15).flatMap { power in
    [1.0, 2, 5].map { power < 0 ? $0 / PowersOfTen.of(-power) : $0 * PowersOfTen.of(power) }
  }
  private static let edgeTexts: [String] = (-6...15).flatMap { power in
    ["1", "2", "5"].map { digit in
      power < 0 ? "0." + String(repeating: "0", count: -power - 1) + digit : digit + String(repeating: "0", count: power)
    }
  }
  /// Longer texts of bounds are cut.
  private static let mostDigits = 64

  private(set) var count = 0
  private var smallest = Bound(value: .infinity, text: [])
  private var largest = Bound(value: -.infinity, text: [])
  /// Below all edges; from each edge on: for positive numbers, then for the magnitudes of negative ones.
  private let bins: OwnedMemory<Int>
  private let table = EdgeTable.shared
  private let isMasked: Bool

  init(isMasked: Bool) {
    self.isMasked = isMasked
    bins = OwnedMemory(isMasked ? 0 : 2 * (Self.edges.count + 1), 0)
  }

  func release() { bins.release() }

  @inline(__always)
  mutating func add(_ value: Double, _ text: UnsafeBufferPointer<UInt8>) {
    count += 1
    if isMasked { return }
    if value <= smallest.value || value >= largest.value { take(value, text) }
    let bin = table.bin(of: value.magnitude)
    bins[value < 0 ? bin &+ table.count &+ 1 : bin] &+= 1
  }

  private mutating func take(_ value: Double, _ text: UnsafeBufferPointer<UInt8>) {
    // Equal numbers may be written differently, but most often are not.
    if value == smallest.value, text.elementsEqual(smallest.text) { return }
    if value == largest.value, text.elementsEqual(largest.text) { return }
    take(Bound(value: value, text: Array(text.prefix(Self.mostDigits))))
  }

  private mutating func take(_ bound: Bound) {
    if smallest.text.isEmpty || bound.precedes(smallest) { smallest = bound }
    if largest.text.isEmpty || largest.precedes(bound) { largest = bound }
  }

  mutating func merge(_ other: NumberTally) {
    count += other.count
    guard !isMasked, other.count > 0 else { return }
    take(other.smallest)
    take(other.largest)
    for index in 0..<bins.count { bins[index] += other.bins[index] }
  }

  var summary: FieldSummary.Numbers? {
    guard count > 0 else { return nil }
    guard !isMasked else { return .init(count: count) }
    return .init(
      count: count, smallest: String(decoding: smallest.text, as: UTF8.self),
      largest: String(decoding: largest.text, as: UTF8.self), bins: filled)
  }

  private var filled: [FieldSummary.Bin] {
    let size = Self.edges.count + 1
    var filled: [FieldSummary.Bin] = []
    func edge(_ index: Int) -> String? { Self.edgeTexts.indices.contains(index) ? Self.edgeTexts[index] : nil }
    for index in (1..<size).reversed() where bins[size + index] > 0 {
      filled.append(.init(from: edge(index).map { "-\($0)" }, to: "-" + edge(index - 1)!, count: bins[size + index]))
    }
    // Everything nearer to zero than the first edge.
    let near = bins[0] + bins[size]
    if near > 0 { filled.append(.init(from: "-" + Self.edgeTexts[0], to: Self.edgeTexts[0], count: near)) }
    for index in 1..<size where bins[index] > 0 {
      filled.append(.init(from: edge(index - 1)!, to: edge(index), count: bins[index]))
    }
    return filled
  }
}

/// Where the ranges of numbers begin, and for each power of two the first of them that may be above.
private struct EdgeTable: Sendable {
  /// Kept as long as the process runs.
  static let shared = EdgeTable()

  let count: Int
  private let edges: OwnedMemory<Double>
  private let first: OwnedMemory<UInt8>

  private init() {
    let edges = NumberTally.edges
    count = edges.count
    let memory = OwnedMemory(edges.count + 1, Double.infinity)
    for (index, edge) in edges.enumerated() { memory[index] = edge }
    let first = OwnedMemory<UInt8>(2048, UInt8(edges.count))
    for exponent in 0..<2047 {
      let least = Double(bitPattern: UInt64(exponent) << 52)
      first[exponent] = UInt8(edges.count { $0 <= least })
    }
    self.edges = memory
    self.first = first
  }

  /// How many edges are not above this magnitude.
  @inline(__always)
  func bin(of magnitude: Double) -> Int {
    var bin = Int(first[Int(truncatingIfNeeded: magnitude.bitPattern >> 52) & 2047])
    while bin < count, magnitude >= edges[bin] { bin &+= 1 }
    return bin
  }
}

enum PowersOfTen {
  private static let table: [Double] = (0...22).map { power in (0..<power).reduce(1.0) { value, _ in value * 10 } }

  /// Up to 10^22 exactly.
  static func of(_ power: Int) -> Double {
    if power <= 22 { return table[power] }
    return (0..<min(power, 400) - 22).reduce(table[22]) { value, _ in value * 10 }
  }
}
