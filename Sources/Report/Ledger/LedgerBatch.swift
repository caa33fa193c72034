package import Core

/// The lines of a batch, encoded one after the other, so that one write takes them all. They contain no secrets, whichever
/// ledger they go to.
package struct LedgerBatch: ~Copyable {
  private var arena = ByteArena()
  /// The end of each line, after its line break.
  package private(set) var ends: [Int] = []

  package init() { arena.begin() }

  /// Keeps the allocated memory.
  package mutating func removeAll() {
    arena.reset()
    arena.begin()
    ends.removeAll(keepingCapacity: true)
  }

  /// Returns the line as it was encoded: without secrets.
  @discardableResult
  package mutating func append(_ line: LedgerLine) -> LedgerLine {
    let line = line.redacted(by: .process)
    line.encode(into: &arena)
    arena.append(0x0A)
    ends.append(arena.pendingCount)
    return line
  }

  /// Whole lines with their line breaks; valid until the batch changes.
  package var text: Text { arena.withPending { $0 } }

  /// One line without its line break.
  func json(of index: Int) -> String { text[(index == 0 ? 0 : ends[index - 1])..<ends[index] - 1].string }
}
