import Core

/// When a CSV cell needs quotes, and how its own quotes are written (RFC 4180, section 2).
enum CSVQuoting {
  /// Copies a text of one byte or more, and says whether a comma, a quote or a line break is in it: one pass, eight bytes
  /// at a time. The last word overlaps the one before, so nothing beyond the text is read.
  @inline(__always)
  static func copy(_ text: Text, to target: UnsafeMutablePointer<UInt8>) -> Bool {
    let (source, target) = (UnsafeRawPointer(text.start), UnsafeMutableRawPointer(target))
    let count = text.count
    var isSpecial = false
    if count >= 8 {
      var index = 0
      while index < count - 8 {
        isSpecial = copyWord(source, target, at: index) || isSpecial
        index += 8
      }
      return copyWord(source, target, at: count - 8) || isSpecial
    }
    for index in 0..<count {
      let byte = source.load(fromByteOffset: index, as: UInt8.self)
      target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D: isSpecial = true
      default: break
      }
    }
    return isSpecial
  }

  @inline(__always)
  private static func copyWord(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, at index: Int) -> Bool {
    let word = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
    return hasSpecial(word)
  }

  @inline(__always)
  private static func hasSpecial(_ word: UInt64) -> Bool {
    zeroBytes(word ^ 0x2C2C_2C2C_2C2C_2C2C) | zeroBytes(word ^ 0x2222_2222_2222_2222)
      | zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A) | zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D) != 0
  }

  /// The top bit of each byte that is zero (and perhaps of bytes above one): enough to say that there is one.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// The text with each quote doubled.
  static func append(_ text: Text, into out: inout ByteArena) {
    var start = 0
    for index in 0..<text.count where text.start[index] == UInt8(ascii: "\"") {
      out.append(text[start..<index + 1])
      start = index
    }
    out.append(text[start..<text.count])
  }

  /// Doubles the quotes in what was appended behind `start`.
  static func doubleQuotes(from start: Int, in out: inout ByteArena) {
    var quotes = 0
    for index in start..<out.pendingCount where out[pending: index] == UInt8(ascii: "\"") { quotes += 1 }
    guard quotes > 0 else { return }
    var from = out.pendingCount - 1
    for _ in 0..<quotes { out.append(UInt8(ascii: "\"")) }
    var to = out.pendingCount - 1
    while from >= start, to > from {
      let byte = out[pending: from]
      out[pending: to] = byte
      to -= 1
      if byte == UInt8(ascii: "\"") {
        out[pending: to] = byte
        to -= 1
      }
      from -= 1
    }
  }
}
