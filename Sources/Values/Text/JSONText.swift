package import Core

/// JSON text as encoders write it.
package enum JSONText {
  /// Appends `text` as a JSON string with its quotation marks.
  @inline(__always)
  package static func appendString(_ text: Span<UInt8>, into arena: inout ByteArena) {
    arena.append(UInt8(ascii: "\""))
    appendEscaped(text, into: &arena)
    arena.append(UInt8(ascii: "\""))
  }

  /// Appends `text` with quotation marks, backslashes and control characters escaped (RFC 8259, section 7); everything else
  /// is unchanged.
  package static func appendEscaped(_ text: Span<UInt8>, into arena: inout ByteArena) {
    let count = text.count
    var copied = 0
    var index = 0
    while true {
      index = nextEscape(in: text, from: index)
      if index > copied { arena.append(text.extracting(copied..<index)) }
      if index == count { return }
      unsafe appendEscape(text[unchecked: index], into: &arena)
      index += 1
      copied = index
    }
  }

  /// Appends a JSON text without the white space between its tokens; false: there is none, and nothing was appended.
  /// The text is valid JSON already.
  package static func minify(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    let count = text.count
    var copied = 0
    var index = 0
    var changed = false
    while index < count {
      let byte = unsafe text[unchecked: index]
      if byte == UInt8(ascii: "\"") {
        index = endOfString(in: text, from: index + 1)
      } else if byte > 0x20 {
        index += 1
      } else {
        changed = true
        if index > copied { arena.append(text.extracting(copied..<index)) }
        repeat { index += 1 } while unsafe index < count && text[unchecked: index] <= 0x20
        copied = index
      }
    }
    if changed && copied < count { arena.append(text.extracting(copied..<count)) }
    return changed
  }

  /// Index of the first byte from `start` on that must be escaped; `count` if there is none.
  private static func nextEscape(in text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    let count = text.count
    while index + 8 <= count {
      let word = ByteWord.load(text, at: index)
      let hits =
        ByteWord.equal(word, to: UInt8(ascii: "\"")) | ByteWord.equal(word, to: UInt8(ascii: "\\"))
        | ByteWord.less(word, than: 0x20)
      if hits != 0 { return index + ByteWord.firstHit(hits) }
      index += 8
    }
    while index < count {
      let byte = unsafe text[unchecked: index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return count
  }

  /// Index after the quotation mark that ends the string whose content begins at `start`.
  private static func endOfString(in text: Span<UInt8>, from start: Int) -> Int {
    var index = start
    let count = text.count
    while index < count {
      if index + 8 <= count {
        let word = ByteWord.load(text, at: index)
        let hits = ByteWord.equal(word, to: UInt8(ascii: "\"")) | ByteWord.equal(word, to: UInt8(ascii: "\\"))
        if hits == 0 {
          index += 8
          continue
        }
        index += ByteWord.firstHit(hits)
      }
      let byte = unsafe text[unchecked: index]
      if byte == UInt8(ascii: "\"") { return index + 1 }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return count
  }

  private static func appendEscape(_ byte: UInt8, into arena: inout ByteArena) {
    arena.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: arena.append(UInt8(ascii: "b"))
    case 0x09: arena.append(UInt8(ascii: "t"))
    case 0x0A: arena.append(UInt8(ascii: "n"))
    case 0x0C: arena.append(UInt8(ascii: "f"))
    case 0x0D: arena.append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      arena.append("u00")
      arena.append(UInt8(ascii: "0") + byte >> 4)
      let low = byte & 0x0F
      arena.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default: arena.append(byte)
    }
  }
}
