import Core
import Values

/// The keys of a part's records so far, in a fixed amount of memory. A repeated key is detected if no more than a few hundred
/// thousand records lie between the two. The probability of a false match among a million distinct keys is 2^-12.
struct SeenKeys: Sendable {
  /// Part of each key's hash, at an index given by another part; 0 for an empty slot.
  private var marks: [UInt32] = []
  private let capacity: Int

  /// - Parameter capacity: a power of two. A million takes 4 MiB, from the first key on.
  init(capacity: Int = 1 << 20) { self.capacity = capacity }

  /// Returns false if an earlier record has the key.
  mutating func insert(_ key: Name) -> Bool {
    if marks.isEmpty { marks = [UInt32](repeating: 0, count: capacity) }
    let hash = Hash64.of(key)
    let place = Int(truncatingIfNeeded: hash) & (capacity - 1)
    let mark = max(1, UInt32(truncatingIfNeeded: hash >> 32))
    defer { marks[place] = mark }
    return marks[place] != mark
  }
}

extension Hash64 {
  static func of(_ name: Name, seed: UInt64 = 0) -> UInt64 {
    var text = name.text
    return text.withUTF8 { of($0.span, seed: seed) }
  }
}
