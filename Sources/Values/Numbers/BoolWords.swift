import Core

/// The words that `bool` accepts, case-insensitive: prepared once, matched without allocation.
package struct BoolWords: Sendable {
  package static let standard = BoolWords(yes: ["true", "yes", "y", "1", "on"], no: ["false", "no", "n", "0", "off"])

  private let yes: [[UInt8]]
  private let no: [[UInt8]]

  /// A word in both lists counts as one of `yes`.
  package init(yes: [String], no: [String]) {
    self.yes = yes.map(Self.lowered)
    self.no = no.map(Self.lowered)
  }

  /// Nil: neither.
  package func value(of text: Span<UInt8>) -> Bool? {
    for word in yes where Casing.matches(text, lowered: word.span) { return true }
    for word in no where Casing.matches(text, lowered: word.span) { return false }
    return nil
  }

  private static func lowered(_ word: String) -> [UInt8] {
    var arena = ByteArena(capacity: 256)
    let bytes = Array(word.utf8)
    arena.begin()
    guard Casing.lower(bytes.span, into: &arena) else { return bytes }
    return unsafe Array(arena.finish().buffer)
  }
}
