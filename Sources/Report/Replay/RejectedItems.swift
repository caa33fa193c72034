import Core

/// The items of a mapping that a table of a run's rejects may be about: those that were rejected, failed or are pending at any
/// destination, as the run's outcomes name them. What today's mapping takes for the key does not matter.
struct RejectedItems {
  /// Each once, in the order of their lines and then of their keys.
  let items: [OpenItems.Item]

  /// - Parameters:
  ///   - path: of the run's `outcomes.ndjson`.
  ///   - lines: of the input: items on others are left out; nil: none is.
  /// - Throws: `OperationFailure` if the file cannot be read; `CancellationError`.
  init(in path: String, of mapping: Name, onLines lines: Set<Int>?) throws {
    var found: [OpenItems.Item] = []
    try OutcomeLine.forEach(in: path) { line in
      try Task.checkCancellation()
      guard line.mapping == mapping, [.rejected, .failed, .pending].contains(line.outcome), lines?.contains(line.line) ?? true
      else { return true }
      found.append(line.item)
      return true
    }
    found.sort(by: Self.precedes)
    var items: [OpenItems.Item] = []
    for item in found where items.last != item { items.append(item) }
    self.items = items
  }

  private static func precedes(_ left: OpenItems.Item, _ right: OpenItems.Item) -> Bool {
    if left.line != right.line { return left.line < right.line }
    if left.record != right.record {
      guard let one = left.record, let other = right.record else { return left.record == nil }
      return one < other
    }
    return (left.element ?? -1) < (right.element ?? -1)
  }

  /// Those on a line.
  func all(onLine line: Int) -> Range<Int> { first { $0.line >= line }..<first { $0.line > line } }

  /// Those with exactly this key, among `range` of one line; nil: those without a key.
  func all(in range: Range<Int>, with key: Name?) -> Range<Int> {
    guard let key else { return range.lowerBound..<first(in: range) { $0.record != nil } }
    return first(in: range) { $0.record.map { $0 >= key } ?? false }..<first(in: range) { $0.record.map { $0 > key } ?? false }
  }

  /// The first item that `isReached` holds for: it holds for all that follow. The end of the range if there is none.
  private func first(in range: Range<Int>? = nil, where isReached: (OpenItems.Item) -> Bool) -> Int {
    var (low, high) = (range?.lowerBound ?? 0, range?.upperBound ?? items.count)
    while low < high {
      let middle = (low + high) / 2
      if isReached(items[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
