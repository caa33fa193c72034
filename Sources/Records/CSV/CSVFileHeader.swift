import Core
import Files

/// Reads the names of a CSV file's columns.
package enum CSVFileHeader {
  /// - Throws: `OperationFailure`.
  package static func read(_ path: String, _ file: FileReading = .init()) throws -> [String] {
    var input = try RecordInput.text(of: path, encoding: file.encoding)
    var reader = CSVReader(options: .init(delimiter: file.delimiter ?? UInt8(ascii: ",")))
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    defer { buffer.deallocate() }
    while reader.header == nil, reader.headerFailure == nil, let base = buffer.baseAddress {
      let count = try input.read(into: base, count: buffer.count)
      if count == 0 {
        reader.finish()
        break
      }
      reader.feed(Text(start: UnsafePointer(base), count: count).span)
    }
    if let failure = reader.failure {
      throw OperationFailure.csv(path, line: failure.line, failure.description)
    }
    if let failure = reader.headerFailure {
      throw OperationFailure.csv(path, line: failure.line, failure.description)
    }
    return reader.header?.names ?? []
  }
}
