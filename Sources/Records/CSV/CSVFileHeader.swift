import Core
import Files

/// Reads the names of a CSV file's columns, as a source of its rows sees them.
package enum CSVFileHeader {
  /// - Throws: `OperationFailure`.
  package static func read(_ path: String, _ file: FileReading = .init()) throws -> [String] {
    var input = try RecordInput.text(of: path, encoding: file.encoding)
    var reading = RecordReading()
    reading.file = file
    let opening = try CSVOpening(&input, path: path, reading)
    var reader = CSVReader(options: opening.dialect.options(reading))
    reader.feed(opening.head.span)
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    defer { buffer.deallocate() }
    while reader.header == nil, reader.headerFailure == nil, reader.failure == nil, let base = buffer.baseAddress {
      if let failure = opening.failure { throw failure }
      let count = opening.isWhole ? 0 : try input.read(into: base, count: buffer.count)
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
