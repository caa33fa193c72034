import Core
import Values

/// How often a source value became a target value, in memory that has a limit.
///
/// Known source values, which the mapping names, are all counted. Of the others those with the smallest hashes are: a value that is among
/// them at the end has been from its first occurrence on, so its counts are exact, whichever worker saw it. The rest is one number.
package struct CrosstabCounts: Sendable {
  /// Known values, of which each is counted.
  package static let mostKnown = 4096
  package static let mostOthers = 64

  package struct Cell: Sendable, Hashable {
    /// Nil: no value.
    package var source: [UInt8]?
    package var target: [UInt8]?
    package var count: Int
    package var isKnown: Bool
  }

  /// In the order of the mapping.
  package let known: [String]
  /// Items whose values are not in `cells`.
  package private(set) var other = 0
  private let knownKeys: Set<[UInt8]>
  private var counts: [Source: [[UInt8]?: Int]] = [:]
  /// The source values that are not known, in ascending order.
  private var others: [Source] = []

  private struct Source: Hashable, Comparable, Sendable {
    var hash: UInt64
    var bytes: [UInt8]?

    init(_ bytes: [UInt8]?) {
      hash = bytes.map { Hash64.of($0.span, seed: 0x5851_F42D_4C95_7F2D) } ?? 0
      self.bytes = bytes
    }

    static func < (left: Source, right: Source) -> Bool {
      left.hash == right.hash ? (left.bytes ?? []).lexicographicallyPrecedes(right.bytes ?? []) : left.hash < right.hash
    }
  }

  package init(known: [String] = []) {
    self.known = known
    knownKeys = Set(known.map { Array($0.utf8) })
  }

  package mutating func addOther(_ count: Int) { other += count }

  package mutating func add(_ source: [UInt8]?, _ target: [UInt8]?, _ count: Int) {
    let key = Source(source)
    if let source, !knownKeys.contains(source), counts[key] == nil {
      if others.count == Self.mostOthers, let last = others.last {
        guard key < last else { return addOther(count) }
        others.removeLast()
        other += counts.removeValue(forKey: last)?.values.reduce(0, +) ?? 0
      }
      others.insert(key, at: others.firstIndex { key < $0 } ?? others.count)
    }
    counts[key, default: [:]][target, default: 0] += count
  }

  /// Items in all cells and beside them.
  package var total: Int { counts.values.reduce(other) { $0 + $1.values.reduce(0, +) } }

  /// The most frequent ones first.
  package var cells: [Cell] {
    let cells = counts.flatMap { source, targets in
      targets.map { target, count in
        Cell(source: source.bytes, target: target, count: count, isKnown: source.bytes.map { knownKeys.contains($0) } ?? false)
      }
    }
    return cells.sorted { left, right in
      if left.count != right.count { return left.count > right.count }
      if left.source != right.source { return Self.precedes(left.source, right.source) }
      return Self.precedes(left.target, right.target)
    }
  }

  /// Known values that did not occur.
  package var unused: [String] { known.filter { counts[Source(Array($0.utf8))] == nil } }

  private static func precedes(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool {
    guard let left, let right else { return left == nil && right != nil }
    return left.lexicographicallyPrecedes(right)
  }
}
