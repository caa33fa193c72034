package import Core
import Files
import Records
import Values

/// A corrected table of rejects, as a person gives it back: with any delimiter, line breaks and encoding that a spreadsheet
/// writes. Its rows wait in a file without a name; memory has 16 bytes for each of them.
package struct CorrectedFile: Sendable {
  package struct Row: Sendable, Hashable {
    /// In the file, from 1.
    package var line: Int
    fileprivate var start: Int
  }

  package let path: String
  package let header: [String]
  package let rows: [Row]
  /// Of the header and the rows, whatever their form: tells whether the table has changed.
  package let digest: String
  private let spill: SpillFile

  /// - Parameter folder: for temporary data.
  /// - Throws: `OperationFailure` 66 if there is no such file, 65 with the line if it is not a table with rows.
  package init(_ path: String, folder: String) throws {
    self.path = path
    guard FilePath.exists(path) else {
      throw OperationFailure(.inputMissing, "there is no file \(path): check the path")
    }
    guard FileKind.of(path) == .regular else {
      throw OperationFailure(
        .usage, "\(path) is not a regular file: save the table as a file, which a resumed replay can read again")
    }
    var input = try RecordInput.text(of: path)
    var reading = RecordReading()
    // They tell which delimiter it has.
    reading.expectedColumns = ["record", "line"]
    let opening = try CSVOpening(&input, path: path, reading)
    if let failure = opening.failure { throw failure }
    var options = opening.dialect.options(reading)
    // Names of JSON members may be empty, so the header is read like a row.
    options.hasHeader = false
    options.maximumRowBytes = RecordReading.recordBytes.upperBound
    var reader = CSVReader(options: options)
    var content = try Content(path: path, folder: folder)
    reader.feed(opening.head.span)
    try content.take(reader)
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    defer { piece.deallocate() }
    while !opening.isWhole, let base = piece.baseAddress {
      try Task.checkCancellation()
      let count = try input.read(into: base, count: piece.count)
      guard count > 0 else { break }
      reader.feed(Text(start: UnsafePointer(base), count: count).span)
      try content.take(reader)
    }
    reader.finish()
    try content.take(reader)
    guard let header = content.header, !content.rows.isEmpty else {
      throw OperationFailure(.wrongFile, "\(path) has no rows: write the rejects again with `waybill rejects`")
    }
    self.header = header
    rows = content.rows
    digest = String(content.hash, radix: 16)
    spill = content.spill
  }

  /// The cells of a row; nil is an empty one. A row may have fewer cells than the header, but not more.
  ///
  /// - Throws: `OperationFailure`.
  func cells(of index: Int) throws -> [String?] {
    let start = rows[index].start
    let end = index + 1 < rows.count ? rows[index + 1].start : spill.count
    var bytes = [UInt8](repeating: 0, count: end - start)
    try bytes.withUnsafeMutableBytes { try spill.read($0, at: start) }
    guard let cells = (try? JSONReader.read(bytes))?.arrayValue else { throw spill.damage }
    return cells.map(\.stringValue)
  }

  /// - Throws: `OperationFailure` 65 if it has no column of a table of rejects.
  package func checkHeader() throws(OperationFailure) { try RejectColumns.check(header, path) }

  /// The one value that a column has in all rows; nil if there is no such column, or all of its cells are empty.
  ///
  /// - Throws: `OperationFailure` 65 if rows have different values.
  package func value(of name: String) throws -> String? {
    guard let column = header.firstIndex(exactly: name) else { return nil }
    var found: (value: String, line: Int)?
    for index in rows.indices {
      guard let value = try cells(of: index)[safe: column] ?? nil, !value.isEmpty else { continue }
      if let found, !found.value.isExactly(value) {
        throw OperationFailure(
          .wrongFile,
          "\(path):\(rows[index].line): the \(name) is \(value), but \(found.value) on line \(found.line): correct one \(name) at a time"
        )
      }
      found = found ?? (value, rows[index].line)
    }
    return found?.value
  }

  private struct Content {
    let path: String
    let spill: SpillFile
    var header: [String]?
    var rows: [Row] = []
    /// Empty cells at the end of the header.
    private var namelessColumns = 0
    private(set) var hash: UInt64 = 0

    init(path: String, folder: String) throws {
      self.path = path
      spill = try SpillFile(folder: folder)
    }

    mutating func take(_ reader: borrowing CSVReader) throws {
      if let failure = reader.failure { throw OperationFailure(.wrongFile, "\(path):\(failure.line): \(failure.description)") }
      for index in 0..<reader.rowCount { try take(reader.row(at: index)) }
    }

    private mutating func take(_ row: CSVRow) throws {
      if let problem = row.problemText ?? row.resynchronizedText {
        throw OperationFailure(.wrongFile, "\(path):\(row.line): \(problem)")
      }
      var cells = (0..<row.count).map { row.isNull($0) ? nil : row[$0].string }
      func trim(to count: Int) {
        while cells.count > count, let last = cells.last, last?.trimmedExactly.isEmpty ?? true { cells.removeLast() }
      }
      // Spreadsheets write empty rows below a table.
      guard cells.contains(where: { $0?.isEmpty == false }) else { return }
      guard let header else {
        let count = cells.count
        trim(to: 0)
        namelessColumns = count - cells.count
        let names = cells.map { cell in
          let name = (cell ?? "").trimmedExactly
          // Names of the source's columns may have white space.
          return RejectsTable.own.contains(exactly: name) ? name : cell ?? ""
        }
        if let name = names.enumerated().first(where: { names[..<$0.offset].contains(exactly: $0.element) })?.element {
          throw OperationFailure(.wrongFile, "\(path):\(row.line): there are two columns '\(name)': remove one")
        }
        self.header = names
        add(JSONValue.array(names.map { .string($0) }).bytes)
        return
      }
      // They may also write empty columns beside it, in the header as well. Otherwise, an empty cell at the end may be due to a delimiter
      // that is not quoted.
      if cells.count <= header.count + namelessColumns { trim(to: header.count) }
      guard cells.count <= header.count else {
        throw OperationFailure(
          .wrongFile,
          "\(path):\(row.line): the row has \(cells.count) cells, and the header \(header.count): quote cells that contain the delimiter"
        )
      }
      rows.append(Row(line: row.line, start: spill.count))
      let bytes = JSONValue.array(cells.map { $0.map { .string($0) } ?? .null }).bytes
      add(bytes)
      try bytes.withUnsafeBytes { try spill.append($0) }
    }

    private mutating func add(_ bytes: [UInt8]) { hash = Hash64.of(bytes.span, seed: hash) }
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
