package import Core

/// `pad_left`: a text brought to a width, measured in code points as `truncate` and JSON Schema measure it.
package enum Padding {
  /// Appends `text` with as many `filler`s (one code point) before it as `width` asks for; false: it is as wide already,
  /// and nothing was appended. Nothing is ever cut.
  package static func padLeft(
    _ text: Span<UInt8>, width: Int, with filler: Span<UInt8>, into arena: inout ByteArena
  ) -> Bool {
    // A text has no more code points than bytes, and no fewer than a fourth of them.
    guard text.count < 4 * width else { return false }
    let missing = width - CharacterCount.of(text)
    guard missing > 0 else { return false }
    for _ in 0..<missing { arena.append(filler) }
    arena.append(text)
    return true
  }
}
