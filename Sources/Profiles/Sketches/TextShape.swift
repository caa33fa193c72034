/// What a text looks like: a digit is `9`, a capital letter `A`, another letter of ASCII `a`; a character outside ASCII, or a control
/// character, is `*`. Five or more of one class in a row are one, followed by `…`.
///
///     +49 (30) 901820    +99 (99) 9…
///     Ada Lovelace       Aaa Aa…
///     ada@example.com    aaa@a….aaa
enum TextShape {
  /// Characters of a shape; the rest of the text is cut.
  static let longest = 32

  struct Shape {
    /// Bytes; 1 stands for `…`.
    var bytes = InlineArray<40, UInt8>(repeating: 0)
    var count = 0
    /// The text has a letter or a digit, a control character, or something outside ASCII.
    var hasContent = false
  }

  private static let runMark: UInt8 = 1

  /// The class of each byte; 0: the byte stays as it is. Continuation bytes are 2: they belong to the character before them.
  private static let classes: [UInt8] = (0...255).map { (byte: UInt8) in
    switch byte {
    case 0x30...0x39: UInt8(ascii: "9")
    case 0x41...0x5A: UInt8(ascii: "A")
    case 0x61...0x7A: UInt8(ascii: "a")
    case 0x20...0x7E: byte
    case 0x80...0xBF: 2
    default: UInt8(ascii: "*")
    }
  }

  /// The only punctuation that shapes of masked fields show.
  private static let harmless: Set<UInt8> = Set("+-()./@:,_# ".utf8)

  private static let maskedClasses: [UInt8] = (0...255).map { (byte: UInt8) in
    let kind = classes[Int(byte)]
    return kind == byte && !harmless.contains(byte) && !(0x30...0x39).contains(byte) && byte != UInt8(ascii: "A")
      && byte != UInt8(ascii: "a") ? UInt8(ascii: "*") : kind
  }

  static func of(_ text: UnsafeBufferPointer<UInt8>, isMasked: Bool) -> Shape {
    of(text, isMasked ? maskedTable : table)
  }

  // Kept as long as the process runs.
  private static let table = Self.memory(classes)
  private static let maskedTable = Self.memory(maskedClasses)

  private static func memory(_ classes: [UInt8]) -> OwnedMemory<UInt8> {
    let memory = OwnedMemory<UInt8>(classes.count, 0)
    for (byte, kind) in classes.enumerated() { memory[byte] = kind }
    return memory
  }

  private static func of(_ text: UnsafeBufferPointer<UInt8>, _ table: OwnedMemory<UInt8>) -> Shape {
    var shape = Shape()
    var (last, run): (UInt8, Int) = (0, 0)
    for byte in text {
      let kind = table[Int(byte)]
      if kind == 2 { continue }
      if kind == last {
        run += 1
        if run > 4 {
          if run == 5 {
            shape.count -= 3
            shape.bytes[shape.count] = runMark
            shape.count += 1
          }
          continue
        }
      } else {
        (last, run) = (kind, 1)
      }
      if shape.count >= longest {
        shape.bytes[shape.count] = runMark
        shape.count += 1
        return shape
      }
      if byte >= 0x80 || byte < 0x20 || isContent(kind) { shape.hasContent = true }
      shape.bytes[shape.count] = kind
      shape.count += 1
    }
    return shape
  }

  @inline(__always)
  private static func isContent(_ kind: UInt8) -> Bool {
    kind == UInt8(ascii: "9") || kind == UInt8(ascii: "A") || kind == UInt8(ascii: "a")
  }

  /// As it is shown.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes { text.unicodeScalars.append(byte == runMark ? "…" : Unicode.Scalar(byte)) }
    return text
  }
}
