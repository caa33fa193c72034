package import Core

/// White space as Unicode's property White_Space has it: ASCII's, no-break spaces, the typographic and ideographic
/// ones. Zero-width characters are not white space.
package enum Whitespace {
  /// The part between leading and trailing white space; empty (`count..<count` at the latest) if there is nothing else.
  package static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
    let count = text.count
    var first = 0
    while first < count {
      let length = length(in: text, at: first)
      if length == 0 { break }
      first += length
    }
    var last = count
    while last > first {
      let byte = unsafe text[unchecked: last - 1]
      if byte < 0x80 {
        guard isASCIIWhite(byte) else { break }
        last -= 1
      } else {
        let start = UTF8Scalar.start(before: last, in: text)
        guard start >= first, length(in: text, at: start) > 0 else { break }
        last = start
      }
    }
    return first..<last
  }

  /// The text begins and ends in visible ASCII characters, as most do: nothing is to be trimmed. False is inconclusive.
  @inlinable
  @inline(__always)
  package static func isPlainlyTrimmed(_ text: Text) -> Bool {
    guard text.count > 0 else { return false }
    let (first, last) = unsafe (text.start[0], text.start[text.count - 1])
    return first > 0x20 && first < 0x80 && last > 0x20 && last < 0x80
  }

  /// Empty, or nothing but white space.
  package static func isBlank(_ text: Span<UInt8>) -> Bool {
    if text.isEmpty { return true }
    let first = unsafe text[unchecked: 0]
    if first > 0x20 && first < 0x80 { return false }
    return trimmed(text).isEmpty
  }

  /// Appends `text` with each run of white space as one space, none at the ends. False: that is `text` itself, and
  /// nothing was appended.
  package static func collapse(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    if isCollapsed(text) { return false }
    var index = 0
    var run = 0
    var pendingSpace = false
    var hasOutput = false
    let count = text.count
    while index < count {
      let length = length(in: text, at: index)
      if length == 0 {
        index += 1
        continue
      }
      if run < index {
        if pendingSpace && hasOutput { arena.append(UInt8(ascii: " ")) }
        arena.append(text.extracting(run..<index))
        hasOutput = true
      }
      pendingSpace = true
      index += length
      run = index
    }
    if run < count {
      if pendingSpace && hasOutput { arena.append(UInt8(ascii: " ")) }
      arena.append(text.extracting(run..<count))
    }
    return true
  }

  private static func isCollapsed(_ text: Span<UInt8>) -> Bool {
    var isAfterSpace = true
    var index = 0
    while index < text.count {
      let byte = unsafe text[unchecked: index]
      if byte > 0x20 && byte < 0x80 {
        isAfterSpace = false
      } else if byte == 0x20 {
        if isAfterSpace { return false }
        isAfterSpace = true
      } else if length(in: text, at: index) > 0 {
        return false
      } else {
        isAfterSpace = false
      }
      index += 1
    }
    return !isAfterSpace || text.isEmpty
  }

  @inline(__always)
  static func isASCIIWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }

  /// Bytes of the white space scalar at `index`; 0 where another one (or the inside of one) stands there.
  @inline(__always)
  static func length(in text: Span<UInt8>, at index: Int) -> Int {
    let byte = text[index]
    if byte < 0x80 { return isASCIIWhite(byte) ? 1 : 0 }
    guard byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 else { return 0 }
    let (value, length) = UTF8Scalar.read(text, at: index)
    return isWhite(value) ? length : 0
  }

  static func isWhite(_ value: UInt32) -> Bool {
    switch value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}
