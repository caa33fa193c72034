import Core
import Files

/// Reads the header of a CSV file, as a source of its rows sees it.
package enum CSVFileHeader {
  /// - Throws: `OperationFailure`.
  package static func read(_ path: String, _ reading: RecordReading = .init()) throws -> TableHeader {
    var input = try RecordInput.text(of: path, encoding: reading.file.encoding)
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
    return TableHeader(columns: reader.header?.names ?? [], dialect: opening.dialect)
  }
}
