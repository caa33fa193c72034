package import Core
package import Files
import Glibc
import Records

/// Reads whole small text files: mappings, schemas, pipelines, lookups. Problems are diagnostics.
package enum TextFile {
  /// The text of a file in UTF-8, decompressed and converted if need be. If it is missing, unreadable, too large or empty:
  /// `input-missing`, with the reason. A pipe or a device: `not-regular-file`. If its path comes from another file and leads
  /// outside `boundary`: `outside-project`. What is not text, or not in the declared encoding: `wrong-kind`.
  package static func read(
    _ path: String, at place: SourcePlace? = nil, within boundary: FileBoundary? = nil, encoding: String? = nil,
    _ diagnostics: inout Diagnostics
  ) -> [UInt8]? {
    let place = place ?? SourcePlace(file: path, line: 1, column: 1)
    if let refusal = boundary?.refusal(of: path) {
      diagnostics.add(.init(.error, refusal.code, at: place, "the file '\(path)' \(refusal)", hint: refusal.remedy))
      return nil
    }
    func missing(_ message: String) -> [UInt8]? {
      diagnostics.add(.init(.error, .inputMissing, at: place, message))
      return nil
    }
    switch SmallText.bytes(of: path, encoding: encoding) {
    case .success(let bytes):
      guard !bytes.isEmpty else { return missing("'\(path)' is empty") }
      return bytes
    case .failure(.file(.unreadable(ENOENT))), .failure(.file(.unreadable(ENOTDIR))): return missing("there is no file '\(path)'")
    case .failure(.file(.unreadable(EISDIR))): return missing("'\(path)' is a folder; a file is expected")
    case .failure(.file(.unreadable(EACCES))): return missing("'\(path)' cannot be read; check its permissions")
    case .failure(.file(.notRegular)):
      let refusal = FileBoundary.Refusal.notRegular
      diagnostics.add(.init(.error, refusal.code, at: place, "'\(path)' \(refusal)", hint: refusal.remedy))
      return nil
    case .failure(.file(let failure)): return missing("'\(path)' \(failure)")
    case .failure(.content(let sentence)):
      diagnostics.add(.init(.error, .wrongKind, at: place, sentence))
      return nil
    }
  }

  /// The bytes as text, without a byte order mark; invalid UTF-8 is `yaml-syntax` at the first wrong byte.
  package static func decode(file: String, bytes: [UInt8], _ diagnostics: inout Diagnostics) -> String? {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    if let text = String(validating: body, as: UTF8.self) { return text }
    var line = 1
    var lineStart = body.startIndex
    for (index, byte) in zip(body.indices, body) where byte == UInt8(ascii: "\n") {
      if String(validating: body[lineStart...index], as: UTF8.self) == nil { break }
      line += 1
      lineStart = index + 1
    }
    var end = lineStart
    var column = 1
    while end < body.endIndex {
      let width = min(Self.width(body[end]), body.endIndex - end)
      guard String(validating: body[end..<end + width], as: UTF8.self) != nil else { break }
      end += width
      column += 1
    }
    let hex = end < body.endIndex ? String(body[end], radix: 16, uppercase: true) : "?"
    let message = "invalid UTF-8 (byte 0x\(hex)); save the file as UTF-8"
    diagnostics.add(.init(.error, .yamlSyntax, at: SourcePlace(file: file, line: line, column: column), message))
    return nil
  }

  private static func width(_ lead: UInt8) -> Int {
    switch lead {
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0...: 4
    default: 1
    }
  }
}
