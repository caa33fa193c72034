/// Where the members and elements of a text are, down to the members of the records of a response. It is made while the text is
/// checked, so that no byte is scanned again to find them:
///
///     {"contacts": [{"id": "a", "tags": ["x", "y"]}], "count": 1}
///     depth 0      1             2    3                          1
///
/// One entry per value, in the order of the text: the children of an entry are those that follow it, up to `next`. What is deeper
/// than `depth` is found by scanning the value.
struct JSONIndex: Sendable {
  struct Entry: Sendable {
    /// The member's name with its quotes; empty for an element, and for the text itself.
    var key: Range<UInt32>
    var value: Range<UInt32>
    /// The first entry that is not within this value.
    var next: Int32
  }

  /// The members of an element of a list of the response.
  static let depth = 3
  /// A response with more values than this is scanned instead: 24 MiB of entries are enough.
  private static let most = 1 << 20

  private(set) var entries: [Entry] = []
  /// The last entry of each depth.
  private var path = [Int](repeating: 0, count: depth + 1)
  private(set) var isUsable: Bool

  /// - Parameter size: of the text, in bytes.
  init(size: Int) { isUsable = size < Int(UInt32.max) }

  mutating func begin(_ key: Range<Int>, at start: Int, depth: Int) {
    guard isUsable, depth <= Self.depth else { return }
    guard entries.count < Self.most else {
      isUsable = false
      entries = []
      return
    }
    path[depth] = entries.count
    entries.append(
      Entry(key: UInt32(key.lowerBound)..<UInt32(key.upperBound), value: UInt32(start)..<UInt32(start), next: 0))
  }

  mutating func end(at end: Int, depth: Int) {
    guard isUsable, depth <= Self.depth else { return }
    entries[path[depth]].value = entries[path[depth]].value.lowerBound..<UInt32(end)
    entries[path[depth]].next = Int32(entries.count)
  }
}

/// An entry of an index, as a slice refers to it.
struct JSONIndexPlace: Sendable {
  let index: Shared
  let number: Int
  let depth: Int

  final class Shared: Sendable {
    let entries: [JSONIndex.Entry]
    init(_ index: JSONIndex) { entries = index.entries }
  }

  /// Calls `body` with the name, the value and the place of each child, until it returns false. Only for a place whose children
  /// are in the index.
  func eachChild(_ body: (_ key: Range<Int>, _ value: Range<Int>, JSONIndexPlace) -> Bool) {
    var child = number + 1
    let end = Int(index.entries[number].next)
    while child < end {
      let entry = index.entries[child]
      let place = JSONIndexPlace(index: index, number: child, depth: depth + 1)
      guard
        body(
          Int(entry.key.lowerBound)..<Int(entry.key.upperBound), Int(entry.value.lowerBound)..<Int(entry.value.upperBound), place)
      else { return }
      child = Int(entry.next)
    }
  }

  var hasChildren: Bool { depth < JSONIndex.depth }
}
