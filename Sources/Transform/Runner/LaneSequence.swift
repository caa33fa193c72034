import Core

/// What a lane remembers of each of its items besides `LaneItems`, for those who decide over records in the order of the
/// input: the digests of its keys.
///
/// Only present if a mapping has `unique`, or others reference it.
struct LaneSequence {
  struct Item {
    /// Where its digests and shown values begin: one per rule, of items that were written.
    var first: Int
    /// Of the target's key.
    var target: KeyDigest
    /// Of the survivor's, where the item was merged, and that key as `CellBytes`.
    var survivor: KeyDigest
    var survivorKey: Range<Int>
  }

  private(set) var items: [Item] = []
  private(set) var digests: [KeyDigest] = []
  /// The value that a ledger line of a rule shows, in `bytes`.
  private(set) var shown: [Range<Int>] = []
  private(set) var bytes: [UInt8] = []

  private let rules: [ProgramRules.Unique]
  private let targetKey: [Int]
  private var scratch = ByteArena.Box()

  /// `noticesKeys`: other mappings reference this one's.
  init(_ program: Program, noticesKeys: Bool) {
    rules = program.rules.unique
    targetKey = noticesKeys ? program.keyColumns : []
  }

  mutating func removeAll() {
    items.removeAll(keepingCapacity: true)
    digests.removeAll(keepingCapacity: true)
    shown.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Notes the item that was just recorded in `LaneItems`. `cells`: its target record.
  mutating func append(_ outcome: Outcome, cells: UnsafeMutableBufferPointer<Cell>) {
    var item = Item(first: digests.count, target: .none, survivor: .none, survivorKey: 0..<0)
    if outcome == .written {
      for rule in rules {
        digests.append(KeyText.digest(of: rule.columns, in: cells, &scratch.arena))
        shown.append(rule.columns.first.map { keep(cells[$0].text) } ?? 0..<0)
      }
      if !targetKey.isEmpty { item.target = KeyText.digest(of: targetKey, in: cells, &scratch.arena) }
    }
    items.append(item)
  }

  /// For the last recorded item, which was merged: its own target key and the survivor's.
  mutating func noteMerge(_ own: Cell, into survivor: Cell) {
    guard !targetKey.isEmpty, !items.isEmpty else { return }
    let last = items.count - 1
    items[last].target = KeyText.digest(of: own, &scratch.arena)
    items[last].survivor = KeyText.digest(of: survivor, &scratch.arena)
    scratch.arena.reset()
    scratch.arena.begin()
    CellBytes.append(survivor, into: &scratch.arena)
    items[last].survivorKey = keep(scratch.arena.withPending { $0 })
  }

  private mutating func keep(_ text: Text) -> Range<Int> {
    let start = bytes.count
    bytes.append(contentsOf: text.buffer)
    return start..<bytes.count
  }
}

extension ByteArena {
  /// An arena inside a copyable value.
  final class Box {
    var arena = ByteArena(capacity: 4096)
  }
}
