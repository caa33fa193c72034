package import Core

/// The pieces between the occurrences of a separator, as ranges of the text. A text without the separator is one
/// piece, an empty text one empty piece; an empty separator separates nothing.
///
///     var pieces = TextPieces()
///     while let piece = pieces.next(in: text, on: separator) { … }
package struct TextPieces: Sendable {
  private var position = 0
  private var isDone = false

  package init() {}

  package mutating func next(in text: Span<UInt8>, on separator: Span<UInt8>) -> Range<Int>? {
    if isDone { return nil }
    let start = position
    if let found = TextSearch.first(separator, in: text, from: start) {
      position = found + separator.count
      return start..<found
    }
    isDone = true
    return start..<text.count
  }
}

/// Finds and replaces literal text, byte by byte.
package enum TextSearch {
  /// Where `wanted` begins first at `start` or later; nil also where `wanted` is empty.
  package static func first(_ wanted: Span<UInt8>, in text: Span<UInt8>, from start: Int = 0) -> Int? {
    guard !wanted.isEmpty, start >= 0 else { return nil }
    let head = unsafe wanted[unchecked: 0]
    let end = text.count - wanted.count
    var index = start
    while index <= end {
      while index + 8 <= text.count {
        let hits = ByteWord.equal(ByteWord.load(text, at: index), to: head)
        if hits != 0 {
          index += ByteWord.firstHit(hits)
          break
        }
        index += 8
      }
      if index > end { return nil }
      if unsafe text[unchecked: index] == head, hasBytes(wanted, in: text, at: index) { return index }
      index += 1
    }
    return nil
  }

  /// Appends `text` with every `wanted` replaced, from left to right; false: there is none, and nothing was appended.
  package static func replaceAll(
    _ wanted: Span<UInt8>, with replacement: Span<UInt8>, in text: Span<UInt8>, into arena: inout ByteArena
  ) -> Bool {
    guard var found = first(wanted, in: text) else { return false }
    var copied = 0
    while true {
      arena.append(text.extracting(copied..<found))
      arena.append(replacement)
      copied = found + wanted.count
      guard let next = first(wanted, in: text, from: copied) else { break }
      found = next
    }
    arena.append(text.extracting(copied..<text.count))
    return true
  }

  @inline(__always)
  private static func hasBytes(_ wanted: Span<UInt8>, in text: Span<UInt8>, at index: Int) -> Bool {
    for offset in 0..<wanted.count where unsafe text[unchecked: index + offset] != wanted[unchecked: offset] { return false }
    return true
  }
}
