import Files

/// The first columns of a CSV file that someone may have saved in a spreadsheet: with another delimiter, with quotes, or with a byte
/// order mark.
enum FileHead {
  /// The names of the first row, as far as they are in the first 256 bytes; nil if the file is empty.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  static func names(of path: String) throws -> [String]? {
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
    guard count > 0 else { return nil }
    var text = bytes.prefix(count)[...]
    if text.starts(with: "\u{FEFF}".utf8) { text = text.dropFirst(3) }
    return text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.filter { $0 != UInt8(ascii: "\"") }
      .split(omittingEmptySubsequences: false) { ",;\t|".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
