import Core

/// The appearance of the keys of a program's lookups. Made at the first lookup miss and shared by all workers: a run
/// without misses pays nothing.
final class LookupLooks: Sendable {
  /// Beyond this, an index would take more memory than a hint is worth.
  static let mostKeys = 100_000

  private let indexes = Locked<[Int: LookAlikeIndex]>([:])

  /// The key of the table that looks like `name` but differs from it.
  func key(like name: String, of table: borrowing LookupIndex, number: Int) -> String? {
    guard table.keyCount <= Self.mostKeys else { return nil }
    let index = indexes.withLock { indexes in
      if let known = indexes[number] { return known }
      let made = LookAlikeIndex(table.names)
      indexes[number] = made
      return made
    }
    return index.find(name)
  }
}
