import Core
import Values

/// The keys of a part's records so far, and what was predicted for them: 16 bytes for each, and room to find them. A key is stored as
/// its 64-bit hash: among a million keys, two have the same one with a probability of 2^-25.
struct ForecastKeys: Sendable {
  /// What is predicted for the last record with a key.
  enum Fate: Sendable, Hashable {
    /// The destination has it as this record of the part says.
    case accepted(ordinal: UInt64)
    /// Nothing changes: it is as the journal says.
    case asBefore
  }

  private var hashes: [UInt64]
  /// 1 for `asBefore`, the ordinal plus 2 for `accepted`; 0: an empty slot.
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
    let fate = fates[place(of: Hash64.of(key))]
    return fate == 0 ? nil : fate == 1 ? .asBefore : .accepted(ordinal: fate - 2)
  }

  /// The key of a record, or of another one with that key. A record that is accepted counts, whatever becomes of later ones.
  mutating func set(_ key: Name, _ fate: Fate) {
    let hash = Hash64.of(key)
    let place = place(of: hash)
    hashes[place] = hash
    switch fate {
    case .accepted(let ordinal): fates[place] = ordinal + 2
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

/// What has been predicted for the mappings of a run, for those whose records refer to them. Safe to use from many tasks.
final class ForecastParents: Sendable {
  private let mappings = Locked<[Name: ForecastKeys]>([:])

  func keep(_ keys: ForecastKeys, of mapping: String) { mappings.withLock { $0[Name(mapping)] = keys } }

  /// The destination will have received the record.
  func hasAccepted(_ key: Name, of mapping: Name) -> Bool {
    mappings.withLock { mappings in
      if case .accepted? = mappings[mapping]?[key] { true } else { false }
    }
  }
}
