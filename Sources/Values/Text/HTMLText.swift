package import Core

/// `strip_html`: the text of an HTML fragment, as a person reads it.
///
/// `<br>` and the borders of blocks (`p div li tr h1` …) become line breaks, table cells a space; other tags vanish.
/// `script`, `style` and `title` vanish with their content, comments too. Character references are decoded, once; unknown
/// ones stay as they are. White space is collapsed within each line, lines are trimmed, no more than one empty line stays.
/// Line breaks of the source are white space, as in HTML, but stay inside `pre`, and where there is no `<` at all: that
/// is plain text.
///
/// A tag is a `<`, then at once a name (or `/` and a name) of letters, digits, `-` and `:`, and a `>` somewhere. So
/// `a < b`, `x <3` and `<ada@example.com>` are text. A comment or script without an end hides nothing.
package enum HTMLText {
  /// Appends the text; false: that is `text` itself, and nothing was appended.
  package static func strip(_ text: Span<UInt8>, into arena: inout ByteArena) -> Bool {
    let mark = arena.pendingCount
    var writer = LineWriter(keepsBreaks: !contains(UInt8(ascii: "<"), text))
    var scanner = TagScanner()
    var index = 0
    var run = 0
    while index < text.count {
      let byte = unsafe text[unchecked: index]
      if byte == UInt8(ascii: "<"), let tag = scanner.tag(in: text, at: index) {
        writer.write(text.extracting(run..<index), into: &arena)
        apply(tag, to: &writer)
        index = tag.end
        run = index
      } else if byte == UInt8(ascii: "&"), let (scalar, length) = reference(in: text, at: index) {
        writer.write(text.extracting(run..<index), into: &arena)
        writer.write(scalar, into: &arena)
        index += length
        run = index
      } else {
        index += 1
      }
    }
    writer.write(text.extracting(run..<text.count), into: &arena)
    guard arena.pendingEquals(text, from: mark) else { return true }
    arena.removeLast(arena.pendingCount - mark)
    return false
  }

  private static func contains(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
    for index in 0..<text.count where unsafe text[unchecked: index] == byte { return true }
    return false
  }

  private static func apply(_ tag: TagScanner.Tag, to writer: inout LineWriter) {
    switch tag.kind {
    case .lineBreak: writer.breakLine()
    case .block: writer.endLine()
    case .preformatted:
      writer.endLine()
      writer.preformatted(begins: !tag.isClosing)
    case .cell: writer.space()
    case .other: break
    }
  }

  /// The character reference at `index`, which has an `&`; nil if it is not one.
  private static func reference(in text: Span<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    var end = index + 1
    // `&#x10FFFF;` is the longest, but for leading zeros.
    let limit = min(text.count, index + 16)
    while end < limit, text[end] != UInt8(ascii: ";") { end += 1 }
    guard end < limit, end > index + 1 else { return nil }
    let body = text.extracting(index + 1..<end)
    let scalar = body[0] == UInt8(ascii: "#") ? numeric(body) : HTMLEntities.standard.scalar(named: body)
    return scalar.map { ($0, end + 1 - index) }
  }

  private static func numeric(_ body: Span<UInt8>) -> Unicode.Scalar? {
    let isHex = body.count > 1 && body[1] | 0x20 == UInt8(ascii: "x")
    let start = isHex ? 2 : 1
    guard start < body.count else { return nil }
    var value: UInt32 = 0
    for index in start..<body.count {
      let byte = body[index]
      var digit = UInt32(byte &- UInt8(ascii: "0"))
      if digit >= 10 {
        guard isHex, (byte | 0x20) &- UInt8(ascii: "a") < 6 else { return nil }
        digit = UInt32((byte | 0x20) - UInt8(ascii: "a") + 10)
      }
      value = value * (isHex ? 16 : 10) + digit
      guard value <= 0x10FFFF else { return nil }
    }
    // The HTML standard reads this range as Windows-1252, as browsers always did.
    if (0x80...0x9F).contains(value) {
      value = UInt32(windows1252[Int(value - 0x80)])
      return value == 0 ? nil : Unicode.Scalar(value)
    }
    // Control characters have no place in text.
    if value < 0x20, !Whitespace.isWhite(value) { return nil }
    return value == 0x7F ? nil : Unicode.Scalar(value)
  }

  private static let windows1252: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]
}

/// Writes text line by line: white space is held back until something follows it on its line, line breaks until
/// something follows them at all.
private struct LineWriter {
  /// Line breaks of the text itself count.
  let keepsBreaks: Bool
  private var preformattedDepth = 0
  private var pendingBreaks = 0
  private var pendingSpace = false
  private var hasOutput = false
  private var isAfterReturn = false

  init(keepsBreaks: Bool) { self.keepsBreaks = keepsBreaks }

  mutating func breakLine() {
    pendingBreaks = min(pendingBreaks + 1, 2)
    pendingSpace = false
  }

  /// A break, unless the line has just ended.
  mutating func endLine() {
    pendingBreaks = max(pendingBreaks, 1)
    pendingSpace = false
  }

  mutating func space() { pendingSpace = true }

  mutating func preformatted(begins: Bool) { preformattedDepth = max(0, preformattedDepth + (begins ? 1 : -1)) }

  mutating func write(_ text: Span<UInt8>, into arena: inout ByteArena) {
    var index = 0
    var run = 0
    while index < text.count {
      let length = Whitespace.length(in: text, at: index)
      if length == 0 {
        index += 1
        continue
      }
      if run < index { emit(text.extracting(run..<index), into: &arena) }
      white(text[index])
      index += length
      run = index
    }
    if run < text.count { emit(text.extracting(run..<text.count), into: &arena) }
  }

  mutating func write(_ scalar: Unicode.Scalar, into arena: inout ByteArena) {
    if Whitespace.isWhite(scalar.value) { return white(UInt8(truncatingIfNeeded: min(scalar.value, 0x20))) }
    flush(into: &arena)
    arena.append(scalar: scalar)
  }

  private mutating func white(_ first: UInt8) {
    let isReturn = first == 0x0D
    if keepsBreaks || preformattedDepth > 0, first == 0x0A || isReturn {
      if !(first == 0x0A && isAfterReturn) { breakLine() }
    } else {
      pendingSpace = true
    }
    isAfterReturn = isReturn
  }

  private mutating func emit(_ bytes: Span<UInt8>, into arena: inout ByteArena) {
    flush(into: &arena)
    arena.append(bytes)
  }

  private mutating func flush(into arena: inout ByteArena) {
    if hasOutput {
      if pendingBreaks > 0 {
        for _ in 0..<pendingBreaks { arena.append(UInt8(ascii: "\n")) }
      } else if pendingSpace {
        arena.append(UInt8(ascii: " "))
      }
    }
    hasOutput = true
    pendingBreaks = 0
    pendingSpace = false
    isAfterReturn = false
  }
}
