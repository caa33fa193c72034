/// Words for text that is not UTF-8, most of which is in a Windows encoding: which byte is wrong, and how to name the encoding.
/// It is never guessed, since a byte means a different character in each.
package enum InvalidUTF8 {
  package static let remedy =
    "if the file uses another encoding, such as windows-1252, specify it with \(CommandOption.encoding); in a pipeline or lookup, write {path: FILE, encoding: windows-1252}"

  /// - Parameter what: `a cell`.
  package static func sentence(_ what: String, _ bytes: Span<UInt8>) -> String {
    let byte = firstInvalid(bytes).map { " (byte 0x\(String($0, radix: 16, uppercase: true)))" } ?? ""
    return "\(what) is not valid UTF-8\(byte): \(remedy)"
  }

  /// The byte that begins no character; nil if the text is valid.
  package static func firstInvalid(_ bytes: Span<UInt8>) -> UInt8? {
    do {
      _ = try UTF8Span(validating: bytes)
      return nil
    } catch {
      return bytes[error.byteOffsets.lowerBound]
    }
  }
}
