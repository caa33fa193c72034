import Core

/// Characters that no text has on purpose: those of ASCII (C0) except tab and line breaks, DEL, those of ISO 8859 (C1), which
/// are left of text in windows-1252 that was read as Latin-1, and the byte order mark.
enum ControlCharacters {
  /// The first one in any bytes.
  static func first(in text: Text) -> UInt32? {
    let bytes = text.buffer
    for index in bytes.indices {
      let byte = bytes[index]
      if byte < 0x20 {
        if byte != 0x09, byte != 0x0A, byte != 0x0D { return UInt32(byte) }
      } else if byte == 0x7F {
        return UInt32(byte)
      } else if byte == 0xC2 {
        if index + 1 < bytes.count, bytes[index + 1] < 0xA0 { return UInt32(bytes[index + 1]) }
      } else if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBB, bytes[index + 2] == 0xBF {
        return 0xFEFF
      }
    }
    return nil
  }
}
