import Core
import Values

/// The keys of a part's records so far, and what was predicted for them: 24 to 48 bytes for each record of the part. A key is stored as
/// its 64-bit hash: among a million keys, two have the same one with a probability of 2^-25.
struct ForecastKeys: Sendable {
  /// What is predicted for the last record with a key.
  enum Fate: Sendable, Hashable {
    /// The destination has it as this record of the part says.
    case accepted(ordinal: UInt64)
    /// The load finds out that the destination no longer has it.
    case removed
    /// Nothing changes: it is as the journal says.
    case asBefore
  }

  private var hashes: [UInt64]
  /// 1 for `asBefore`, 2 for `removed`, the ordinal plus 3 for `accepted`; 0: an empty slot.
  private var fates: [UInt64]

  /// - Parameter count: of keys, at most.
  init(count: Int) {
    var capacity = 16
    while capacity < count + count / 2 { capacity *= 2 }
    hashes = [UInt64](repeating: 0, count: capacity)
    fates = [UInt64](repeating: 0, count: capacity)
  }

  /// Nil if no record had the key.
  subscript(key: Name) -> Fate? {
    switch fates[place(of: Hash64.of(key))] {
    case 0: nil
    case 1: .asBefore
    case 2: .removed
    case let fate: .accepted(ordinal: fate - 3)
    }
  }

  /// The key of a record, or of another one with that key. A record that is accepted or removed counts, whatever becomes of later ones.
  mutating func set(_ key: Name, _ fate: Fate) {
    let hash = Hash64.of(key)
    let place = place(of: hash)
    hashes[place] = hash
    switch fate {
    case .accepted(let ordinal): fates[place] = ordinal + 3
    case .removed: fates[place] = 2
    case .asBefore: if fates[place] == 0 { fates[place] = 1 }
    }
  }

  /// Where the hash is, or would be.
  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash) & (hashes.count - 1)
    while fates[place] != 0, hashes[place] != hash { place = (place + 1) & (hashes.count - 1) }
    return place
  }
}
