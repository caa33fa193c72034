import Values

/// A set of byte strings that is queried with borrowed bytes: an open-addressing table over one buffer, at most half
/// full. A lookup costs one hash and, as a rule, one comparison.
struct ByteSet: Sendable {
  private var bytes: [UInt8] = []
  /// Where each member ends in `bytes`; the first starts at 0.
  private var ends: [Int] = [0]
  /// Member numbers from 1; 0 is empty.
  private var table: [UInt32]

  init(_ members: [[UInt8]]) {
    var size = 4
    while size < members.count * 2 { size *= 2 }
    table = Array(repeating: 0, count: size)
    for member in members {
      var slot = slot(of: member.span)
      while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
      bytes += member
      ends.append(bytes.count)
      table[slot] = UInt32(ends.count - 1)
    }
  }

  @inline(__always)
  func contains(_ text: Span<UInt8>) -> Bool { position(of: text) != nil }

  /// The number of a member, from 0, in the given order.
  func position(of text: Span<UInt8>) -> Int? {
    var slot = slot(of: text)
    while table[slot] != 0 {
      let member = Int(table[slot])
      if equals(text, from: ends[member - 1], to: ends[member]) { return member - 1 }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  @inline(__always)
  private func slot(of text: Span<UInt8>) -> Int { Int(truncatingIfNeeded: Hash64.of(text)) & (table.count - 1) }

  private func equals(_ text: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    guard text.count == end - start else { return false }
    for index in 0..<text.count where text[index] != bytes[start + index] { return false }
    return true
  }
}
