import Core
import Files

extension RejectsTable {
  /// What is in a file that a table would replace.
  package enum FileContent: Sendable, Hashable {
    case nothing
    /// A table of rejects, perhaps corrected, or saved with a different delimiter.
    case rejects
    case other
  }

  /// Looks at the beginning of the first row only.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func content(of path: String) throws -> FileContent {
    let input = try FileInput(path: path)
    // The names of our own columns, even with quotes and a byte order mark, take fewer.
    var bytes = [UInt8](repeating: 0, count: 256)
    var count = 0
    try bytes.withUnsafeMutableBufferPointer { buffer in
      while let base = buffer.baseAddress, count < buffer.count {
        let read = try input.read(into: base + count, count: buffer.count - count)
        guard read > 0 else { break }
        count += read
      }
    }
    guard count > 0 else { return .nothing }
    var text = bytes.prefix(count)[...]
    if text.starts(with: "\u{FEFF}".utf8) { text = text.dropFirst(3) }
    let names = text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.filter { $0 != UInt8(ascii: "\"") }
      .split(omittingEmptySubsequences: false) { ",;\t|".utf8.contains($0) }
    return names.prefix(own.count).map { String(decoding: $0, as: UTF8.self) }.isExactly(own) ? .rejects : .other
  }
}
