/// Finds the records that make a destination refuse a batch, if it stores a batch as a whole or not at all. No I/O.
///
/// A refused batch is halved until the culprits stand alone; every other record is in a part that is accepted. For `k` culprits
/// in `n` records and batches of `b` records, this takes at most `2k⌈log2 b⌉ + ⌈n/b⌉` requests, the first ones included.
///
///     var split = BatchSplit(0..<100)
///     while let part = split.next() {
///       if try await isRefused(part) { split.refused(part) }
///     }
///     split.culprits
package struct BatchSplit: Sendable, Hashable {
  /// Parts that are still to be sent; the last one is the next.
  private var waiting: [Range<Int>]
  /// Records that were refused individually, in ascending order.
  package private(set) var culprits: [Int] = []

  package init(_ records: Range<Int>) { waiting = records.isEmpty ? [] : [records] }

  /// The next part to send; nil when every record has been accepted or refused. Parts come in the order of their records.
  package mutating func next() -> Range<Int>? { waiting.popLast() }

  /// The destination refused `part`, all of it.
  package mutating func refused(_ part: Range<Int>) {
    guard part.count > 1 else { return culprits.append(part.lowerBound) }
    let middle = part.lowerBound + part.count / 2
    waiting.append(middle..<part.upperBound)
    waiting.append(part.lowerBound..<middle)
  }
}
