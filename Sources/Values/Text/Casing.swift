package import Core

/// Upper and lower case by Unicode's default case mapping, the full one: `ß` becomes `SS`, `İ` becomes `i` with a dot
/// above, a sigma at the end of a word `ς`. No language's own rules.
///
/// Each function returns false, and appends nothing, if the text is its own result.
package enum Casing {
  package static func lower(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    map(text, toUpper: false, into: &arena)
  }

  package static func upper(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    map(text, toUpper: true, into: &arena)
  }

  @inline(__always)
  private static func map(_ text: Span<UInt8>, toUpper: Bool, into arena: inout ByteArena) -> Bool {
    let first = UInt8(ascii: toUpper ? "a" : "A")
    let last = UInt8(ascii: toUpper ? "z" : "Z")
    let count = text.count
    var index = 0
    // What is neither ASCII of the other case nor beyond ASCII stays.
    while index + 8 <= count {
      let word = ByteWord.load(text, at: index)
      let mask = ByteWord.within(word, from: first, to: last) | word & ByteWord.highs
      if mask != 0 { break }
      index += 8
    }
    // What is left of a longer text, in one look that goes over some of it again.
    if count >= 8, index > count - 8, index < count {
      let word = ByteWord.load(text, at: count - 8)
      if ByteWord.within(word, from: first, to: last) | word & ByteWord.highs == 0 { return false }
    }
    while index < count {
      let byte = unsafe text[unchecked: index]
      if byte >= 0x80 || byte &- first < 26 { break }
      index += 1
    }
    if index == count { return false }

    let mark = arena.pendingCount
    arena.append(text.extracting(0..<index))
    var changed = false
    while index < count {
      if index + 8 <= count {
        let word = ByteWord.load(text, at: index)
        if word & ByteWord.highs == 0 {
          let mask = ByteWord.within(word, from: first, to: last)
          if mask != 0 { changed = true }
          arena.append(word: word ^ mask >> 2)
          index += 8
          continue
        }
      }
      let byte = unsafe text[unchecked: index]
      if byte < 0x80 {
        if byte &- first < 26 {
          changed = true
          arena.append(byte ^ 0x20)
        } else {
          arena.append(byte)
        }
        index += 1
        continue
      }
      let (value, length) = UTF8Scalar.read(text, at: index)
      if toUpper {
        if CaseMapping.appendUpper(value, into: &arena) { changed = true }
      } else if CaseMapping.appendLower(value, at: index, length: length, in: text, into: &arena) {
        changed = true
      }
      index += length
    }
    if !changed { arena.removeLast(arena.pendingCount - mark) }
    return changed
  }

  /// Whether `text` is `lowered` when case is ignored; `lowered` is in lower case already.
  package static func matches(_ text: Span<UInt8>, lowered: Span<UInt8>) -> Bool {
    if text.count == lowered.count {
      var index = 0
      while index < text.count {
        let byte = unsafe text[unchecked: index]
        if byte >= 0x80 { break }
        let folded = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
        if unsafe folded != lowered[unchecked: index] { return false }
        index += 1
      }
      if index == text.count { return true }
    }
    return matchesBeyondASCII(text, lowered: lowered)
  }

  private static func matchesBeyondASCII(_ text: Span<UInt8>, lowered: Span<UInt8>) -> Bool {
    var index = 0
    var other = 0
    while index < text.count {
      let (value, length) = UTF8Scalar.read(text, at: index)
      if CaseMapping.isCapitalSigma(value) {
        // Either small sigma is meant.
        guard other < lowered.count else { return false }
        let (wanted, width) = UTF8Scalar.read(lowered, at: other)
        guard wanted == 0x3C3 || wanted == 0x3C2 else { return false }
        other += width
      } else if let single = CaseMapping.singleLower(value) {
        guard other < lowered.count else { return false }
        let (wanted, width) = UTF8Scalar.read(lowered, at: other)
        guard wanted == single else { return false }
        other += width
      } else {
        for scalar in Unicode.Scalar(read: value).properties.lowercaseMapping.unicodeScalars {
          guard other < lowered.count else { return false }
          let (wanted, width) = UTF8Scalar.read(lowered, at: other)
          guard wanted == scalar.value else { return false }
          other += width
        }
      }
      index += length
    }
    return other == lowered.count
  }
}
