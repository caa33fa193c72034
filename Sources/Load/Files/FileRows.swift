import Core
import Files
import Records

/// Reads the records of a file that a part was written to, as they stand there: nothing is detected.
struct FileRows {
  let part: LoadPart
  let format: FileFormat

  struct Row {
    /// By column.
    var values: [JSONValue?]
    var line: Int
  }

  var readsTexts: Bool { format.recordFormat == .csv }

  /// - Throws: `OperationFailure`, `CancellationError`, what `take` throws.
  func read(_ input: any ByteInput, path: String, _ take: ([Row]) throws -> Void) throws {
    var source = source(of: input, path)
    let batch = RecordBatch()
    while try source.fill(batch) {
      try Task.checkCancellation()
      try take(batch.items.map { Row(values: values(of: $0, in: batch), line: $0.line) })
    }
  }

  private func source(of input: any ByteInput, _ path: String) -> any RecordSource {
    var reading = RecordReading()
    reading.maximumRecordBytes = 1 << 29
    switch format {
    case .csv:
      reading.file.delimiter = UInt8(ascii: ",")
      reading.file.encoding = "UTF-8"
      reading.file.keepsEmptyRows = true
      return CSVSource(input, path: path, reading: reading)
    case .ndjson: return NDJSONSource(input, maximumRecord: reading.maximumRecordBytes)
    case .json: return JSONSource(input, path: path, maximumRecord: reading.maximumRecordBytes)
    }
  }

  /// What cannot be read has no values, and so no key.
  private func values(of item: RecordBatch.Item, in batch: RecordBatch) -> [JSONValue?] {
    guard item.fault == nil, let record = try? JSONReader.read(Array(batch.bytes[item.start..<item.end])) else {
      return part.columns.map { _ in nil }
    }
    guard readsTexts else { return RecordValues.values(of: record, part.columns) }
    return part.columns.map { record[$0.name] }
  }

  /// - Parameter line: of the row in the file, if it has no key.
  func key(of row: Row, line: Int? = nil) -> Name {
    let parts = part.key.map { row.values[$0].flatMap { $0 == .null ? nil : $0 } }
    guard !parts.allSatisfy({ $0 == nil }) else { return Name("(line \(line ?? row.line))") }
    let texts = parts.map { $0.map { $0.idText ?? $0.text } ?? "" }
    return Name(texts.count == 1 ? texts[0] : JSONValue.array(texts.map { .string($0) }).text)
  }
}
