import Core
import Values

/// Which record has which of the destination's IDs, as far as it fits into a fixed amount of memory: of more records than that, the
/// last ones.
///
/// A record that is taken for another one fails, so 96 bits stand for an ID. Keys have 32: a shared ID goes unnoticed with a
/// probability of 2^-32.
struct RemoteIDOwners: Sendable {
  private struct Owner {
    /// A hash of the ID; 0: none is here.
    var id: UInt64 = 0
    /// Of another hash of the ID, and of one of the key.
    var own: UInt64 = 0
  }

  private var owners: [Owner]

  private static let keyBits: UInt64 = 0xFFFF_FFFF

  /// - Parameter capacity: a power of two. Half a million takes 8 MiB.
  init(capacity: Int = 1 << 19) { owners = [Owner](repeating: Owner(), count: capacity) }

  /// False: another record has the ID, and keeps it.
  mutating func claim(_ id: Name, for key: Name) -> Bool {
    let hash = max(1, Hash64.of(id))
    let own = Hash64.of(id, seed: 1) & ~Self.keyBits | Hash64.of(key) & Self.keyBits
    let place = Int(truncatingIfNeeded: hash) & (owners.count - 1)
    let other = owners[place]
    if other.id == hash, (other.own ^ own) & ~Self.keyBits == 0 { return other.own == own }
    owners[place] = Owner(id: hash, own: own)
    return true
  }

  /// Those that a journal knows.
  static func read(_ journal: any Journal, _ scope: JournalScope) throws -> RemoteIDOwners {
    var found = RemoteIDOwners()
    try journal.forEachRecord(in: scope) { records in
      for record in records where record.known.isPresent {
        if let id = record.known.remoteID { _ = found.claim(id, for: record.key) }
      }
    }
    return found
  }
}
