import Core
import Values

/// Which record has which of the destination's IDs, in a fixed amount of memory. If there are too many records, only the most
/// recent ones are kept.
///
/// A false match would be a false warning, so an ID is stored as a 96-bit hash. A key is stored in 32 bits: a shared ID goes
/// unnoticed with a probability of 2^-32.
struct RemoteIDOwners: Sendable {
  private struct Owner {
    /// A hash of the ID; 0 for an empty slot.
    var id: UInt64 = 0
    /// The upper half of another hash of the ID, and the lower half of a hash of the key.
    var own: UInt64 = 0
  }

  private var owners: [Owner]

  private static let keyBits: UInt64 = 0xFFFF_FFFF

  /// - Parameter capacity: a power of two. Half a million takes 8 MiB.
  init(capacity: Int = 1 << 19) { owners = [Owner](repeating: Owner(), count: capacity) }

  /// Returns false if another record already has the ID.
  mutating func claim(_ id: Name, for key: Name) -> Bool {
    let hash = max(1, Hash64.of(id))
    let own = Hash64.of(id, seed: 1) & ~Self.keyBits | Hash64.of(key) & Self.keyBits
    let place = Int(truncatingIfNeeded: hash) & (owners.count - 1)
    let other = owners[place]
    if other.id == hash, (other.own ^ own) & ~Self.keyBits == 0 { return other.own == own }
    owners[place] = Owner(id: hash, own: own)
    return true
  }

  /// The owners that a journal knows.
  static func read(_ journal: any Journal, _ scope: JournalScope) throws -> RemoteIDOwners {
    var found = RemoteIDOwners()
    try journal.forEachRemoteID(in: scope) { id, key in _ = found.claim(id, for: key) }
    return found
  }
}
