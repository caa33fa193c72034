import Core
import Values

/// Chooses items of a mapping at random, the same ones for the same seed: those of which the hash of the seed and the key is smallest.
/// An item without a key goes by its line. Filtered and merged items are not chosen: the mapping sends nothing for them.
struct SampleChoice {
  struct Item {
    fileprivate var hash: UInt64
    /// Among all items, in the order of the item log.
    var index: Int
    var entry: ItemLog.Entry
    var key: String?
    /// Among the staged records; nil: it is not one.
    var ordinal: Int?
    /// Its target record in the mapping's staged records.
    var staged: Range<Int>
    /// The start of its lines in the ledger.
    var ledgerStart: Int
  }

  /// The items that could be chosen.
  private(set) var count = 0
  /// In the order of the item log.
  var items: [Item] { chosen.sorted { $0.index < $1.index } }
  private var chosen: [Item] = []
  private let seed: UInt64
  private let size: Int

  /// - Parameters:
  ///   - base: the path of the item log, without its extension.
  ///   - ledgerStart: where the mapping's lines begin.
  /// - Throws: `OperationFailure` if the log cannot be read back.
  init(_ base: String, seed: String, size: Int, ledgerStart: Int) throws {
    self.seed = Hash64.of(Array(seed.utf8).span)
    self.size = size
    var reader = try ItemLogReader(base)
    var (index, ordinal, stagedStart, start) = (0, 0, 0, ledgerStart)
    while let (entry, key) = try reader.next() {
      let isStaged = entry.outcome == .written
      if entry.outcome != .filtered, entry.outcome != .merged {
        count += 1
        consider(
          Item(
            hash: hash(entry, key), index: index, entry: entry, key: key, ordinal: isStaged ? ordinal : nil,
            staged: stagedStart..<max(stagedStart, entry.stagedEnd), ledgerStart: start))
      }
      if isStaged { ordinal += 1 }
      index += 1
      stagedStart = max(stagedStart, entry.stagedEnd)
      start = max(start, entry.ledgerEnd)
    }
  }

  private func hash(_ entry: ItemLog.Entry, _ key: String?) -> UInt64 {
    let own = Array((key ?? "\u{0}\(entry.line)").utf8)
    return Hash64.of(Array("\(entry.element)".utf8).span, seed: Hash64.of(own.span, seed: seed))
  }

  private mutating func consider(_ item: Item) {
    if chosen.count == size {
      guard let last = chosen.last, item.hash < last.hash else { return }
      chosen.removeLast()
    }
    // Of equal hashes the first one counts.
    chosen.insert(item, at: chosen.firstIndex { item.hash < $0.hash } ?? chosen.count)
  }
}
