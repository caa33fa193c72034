import Core
import Values

/// The distinct pairs of a source value and a target value in a batch, by column: each has a number, counted from 0.
struct ValuePairs: Sendable {
  struct Pair: Sendable {
    var column: Int
    /// In `bytes`; nil: no value.
    var source: Range<Int>?
    var target: Range<Int>?
    fileprivate var hash: UInt64
  }

  private(set) var pairs: [Pair] = []
  private(set) var bytes: [UInt8] = []
  private var buckets = [Int32](repeating: -1, count: 256)

  /// No number: a list, an object, or a text that is too long to be one of a few values.
  static let none = UInt32.max
  private static let longest = 200

  mutating func removeAll() {
    guard !pairs.isEmpty else { return }
    pairs.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    for index in buckets.indices { buckets[index] = -1 }
  }

  /// The number of a pair.
  mutating func number(_ column: Int, _ source: Cell, _ target: Cell) -> UInt32 {
    guard let source = Self.text(of: source), let target = Self.text(of: target) else { return Self.none }
    let first = Hash64.of(source.text.span, seed: UInt64(column) << 2 | (source.isAbsent ? 1 : 0))
    let hash = Hash64.of(target.text.span, seed: first ^ (target.isAbsent ? 1 : 0))
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash) & mask
    while buckets[bucket] >= 0 {
      let pair = pairs[Int(buckets[bucket])]
      if pair.hash == hash, pair.column == column, isSame(pair.source, source), isSame(pair.target, target) {
        return UInt32(buckets[bucket])
      }
      bucket = (bucket + 1) & mask
    }
    buckets[bucket] = Int32(pairs.count)
    pairs.append(Pair(column: column, source: keep(source), target: keep(target), hash: hash))
    if pairs.count * 2 > buckets.count { grow() }
    return UInt32(pairs.count - 1)
  }

  private typealias Value = (text: Text, isAbsent: Bool)

  /// Nil: it is not counted.
  private static func text(of cell: Cell) -> Value? {
    switch cell.kind {
    case .missing, .null: (.empty, true)
    case .true: (Evaluator.trueText, false)
    case .false: (Evaluator.falseText, false)
    case .list, .object, .blocked: nil
    case .integer, .decimal, .number, .string, .date, .datetime: cell.count <= longest ? (cell.text, false) : nil
    }
  }

  private func isSame(_ known: Range<Int>?, _ value: Value) -> Bool {
    guard let known else { return value.isAbsent }
    guard !value.isAbsent, known.count == value.text.count else { return false }
    for index in 0..<known.count where bytes[known.lowerBound + index] != value.text.start[index] { return false }
    return true
  }

  private mutating func keep(_ value: Value) -> Range<Int>? {
    guard !value.isAbsent else { return nil }
    let start = bytes.count
    bytes.append(contentsOf: value.text.buffer)
    return start..<bytes.count
  }

  private mutating func grow() {
    let mask = buckets.count * 2 - 1
    buckets = [Int32](repeating: -1, count: mask + 1)
    for (index, pair) in pairs.enumerated() {
      var bucket = Int(truncatingIfNeeded: pair.hash) & mask
      while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
      buckets[bucket] = Int32(index)
    }
  }
}
