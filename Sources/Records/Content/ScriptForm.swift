import Core

/// An object as Python and JavaScript write it, which is not JSON: `{'id': 1}`, `[{id: 1}]`.
enum ScriptForm {
  static func matches(_ text: ArraySlice<UInt8>) -> Bool {
    let inner = text.drop { "{[".utf8.contains($0) || $0 <= 0x20 }
    guard text[..<inner.startIndex].contains(UInt8(ascii: "{")), let first = inner.first,
      first == UInt8(ascii: "'") || first == UInt8(ascii: "_") || isLetter(first)
    else { return false }
    return inner.prefix { $0 != 0x0A }.contains(UInt8(ascii: ":"))
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}
