import Core
import Glibc

/// Whether one text occurs in another, in time linear in both.
enum TextSearch {
  /// Up to this length a needle is compared at each place of its first byte.
  private static let short = 16

  static func contains(_ text: Text, _ needle: Text) -> Bool {
    guard needle.count > 0 else { return true }
    guard text.count >= needle.count else { return false }
    return needle.count <= short ? containsShort(text, needle) : containsLong(text, needle)
  }

  private static func containsShort(_ text: Text, _ needle: Text) -> Bool {
    var index = 0
    let last = text.count - needle.count
    while index <= last {
      guard let found = memchr(text.start + index, Int32(needle.start[0]), last - index + 1) else { return false }
      index = UnsafeRawPointer(found) - UnsafeRawPointer(text.start)
      if memcmp(text.start + index, needle.start, needle.count) == 0 { return true }
      index += 1
    }
    return false
  }

  /// A hash of the window rolls along (Rabin and Karp); bytes are compared where it fits.
  private static func containsLong(_ text: Text, _ needle: Text) -> Bool {
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var wanted: UInt64 = 0
    var hash: UInt64 = 0
    /// Weight of the byte that leaves the window.
    var weight: UInt64 = 1
    for index in 0..<needle.count {
      wanted = wanted &* factor &+ UInt64(needle.start[index])
      hash = hash &* factor &+ UInt64(text.start[index])
      if index > 0 { weight = weight &* factor }
    }
    var index = 0
    while true {
      if hash == wanted, memcmp(text.start + index, needle.start, needle.count) == 0 { return true }
      guard index + needle.count < text.count else { return false }
      hash = (hash &- UInt64(text.start[index]) &* weight) &* factor &+ UInt64(text.start[index + needle.count])
      index += 1
    }
  }
}
