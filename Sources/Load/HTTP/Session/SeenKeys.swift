import Core
import Values

/// The keys of a part's records so far, in a fixed amount of memory. A repeated key is noticed if there are fewer than some hundred
/// thousand records between the two; of a million other keys, none is taken for another one, with a probability of 2^-12.
struct SeenKeys: Sendable {
  /// A part of each key's hash, at a place that another part says; 0: none is here.
  private var marks: [UInt32] = []
  private let capacity: Int

  /// - Parameter capacity: a power of two. A million takes 4 MiB, from the first key on.
  init(capacity: Int = 1 << 20) { self.capacity = capacity }

  /// False: an earlier record has the key.
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
