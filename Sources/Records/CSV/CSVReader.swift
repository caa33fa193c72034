import CLibCSV
import Core

/// Reads CSV (RFC 4180, UTF-8) from chunks of bytes of any size: a byte order mark, LF, CRLF and CR line ends, quoted
/// line breaks; blank lines are passed over. Cells keep every byte; an unquoted empty one is told from `""`.
///
///     var reader = CSVReader()
///     while let chunk = try next() {
///       reader.feed(chunk)
///       for index in 0..<reader.rowCount { take(reader.row(at: index)) }
///     }
///     reader.finish()                       // and the last rows
///
/// A row that cannot be read is a row with a `problem` and its line; reading goes on after the line on which the
/// fault was found, after a row that is too large where it ends. Rows stay until the next `feed` or `finish`. At its working size the reader allocates nothing.
package struct CSVReader: ~Copyable {
  package struct Options: Sendable, Hashable {
    /// One ASCII byte.
    package var delimiter: UInt8
    /// The first row names the columns: it becomes `header` and is no row, and other rows must have as many cells.
    package var hasHeader: Bool
    package var maximumRowBytes: Int

    package init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true, maximumRowBytes: Int = 16 << 20) {
      self.delimiter = delimiter
      self.hasHeader = hasHeader
      self.maximumRowBytes = maximumRowBytes
    }
  }

  /// The column names, once the first row was read; nil for files without a header.
  package private(set) var header: CSVHeader?
  /// Why there is no header: the rows then mean nothing.
  package private(set) var headerFailure: CSVHeader.Failure?

  private let options: Options
  private let parser: UnsafeMutablePointer<csv_parser>
  private let collector: CSVRowCollector
  /// Bytes of a byte order mark seen so far; nil when the question is settled.
  private var markBytes: Int? = 0
  private var isSkippingLine = false
  /// Rows at the front that are not handed out: the header.
  private var hiddenRows = 0
  private var expectedCells: Int?

  package init(options: Options = .init()) {
    self.options = options
    collector = CSVRowCollector(maximumRowBytes: options.maximumRowBytes)
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL))
    csv_set_delim(parser, options.delimiter)
    csv_set_space_func(parser) { _ in 0 }
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
  }

  /// Reads the next bytes; the rows that they complete replace those of the last call.
  package mutating func feed(_ bytes: Span<UInt8>) {
    releaseRows()
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let start = passByteOrderMark(UnsafeBufferPointer(rebasing: buffer[...]))
      parse(base + start, count: buffer.count - start)
    }
    takeHeader()
  }

  /// The file has ended: its last row, if it has no line break, and a quote that was never closed.
  package mutating func finish() {
    releaseRows()
    if let seen = markBytes, seen > 0 { parseByteOrderMark(count: seen) }
    markBytes = nil
    if !isSkippingLine, csv_fini(parser, onCell, onRow, context) != 0 { refuseRow(.unclosedQuote) }
    resetParser()
    takeHeader()
    if options.hasHeader, header == nil, headerFailure == nil { headerFailure = .missing }
  }

  /// Rows that the last `feed` or `finish` completed.
  package var rowCount: Int { collector.rows.count - hiddenRows }

  package func row(at index: Int) -> CSVRow {
    precondition(index >= 0 && index < rowCount)
    return row(collector.rows.base[index + hiddenRows])
  }

  private func row(_ mark: CSVRowCollector.RowMark) -> CSVRow {
    var problem = mark.problem
    if problem == nil, let expectedCells, expectedCells != mark.cellCount { problem = .ragged }
    return CSVRow(
      bytes: UnsafePointer(collector.bytes.base),
      marks: UnsafeBufferPointer(start: collector.cells.base + mark.firstCell, count: mark.cellCount), line: mark.line,
      problem: problem, expected: expectedCells)
  }

  private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(collector).toOpaque() }

  private mutating func releaseRows() {
    collector.releaseRows()
    hiddenRows = 0
  }

  private mutating func takeHeader() {
    guard options.hasHeader, header == nil, headerFailure == nil, collector.rows.count > 0 else { return }
    let first = collector.rows.base[0]
    hiddenRows = 1
    switch CSVHeader.read(row(first)) {
    case .success(let found):
      header = found
      expectedCells = found.names.count
    case .failure(let failure): headerFailure = failure
    }
  }

  // MARK: bytes

  private mutating func parse(_ start: UnsafePointer<UInt8>, count: Int) {
    var position = 0
    while position < count {
      if isSkippingLine {
        while position < count, start[position] != 0x0A, start[position] != 0x0D { position += 1 }
        guard position < count else { return }
        collector.skippedLineBreak(start[position])
        isSkippingLine = false
        position += 1
        continue
      }
      let taken = csv_parse(parser, start + position, count - position, onCell, onRow, context)
      position += taken
      let isTooLarge = collector.isDropping || collector.pendingBytes + parser.pointee.entry_pos > options.maximumRowBytes
      if position < count {
        refuseRow(isTooLarge ? .tooLarge : .strayQuote)
      } else if isTooLarge {
        dropRow()
      }
    }
  }

  /// The row that libcsv is in is too large: what was read of it goes, and libcsv reads on to where the row really ends,
  /// so that line breaks inside of quotes begin no row. Its last byte stays: a closing quote, which libcsv takes off
  /// again, or the first half of a line break.
  private mutating func dropRow() {
    let count = parser.pointee.entry_pos
    guard count > 0, let entry = parser.pointee.entry_buf else { return collector.dropRow(partial: .empty, before: 0) }
    collector.dropRow(partial: Text(start: UnsafePointer(entry), count: count - 1), before: entry[count - 1])
    entry[0] = entry[count - 1]
    parser.pointee.entry_pos = 1
  }

  /// Gives up the row that libcsv is in; what follows on its line is passed over.
  private mutating func refuseRow(_ problem: CSVRow.Problem) {
    let entry = UnsafePointer(parser.pointee.entry_buf)
    let partial = entry.map { Text(start: $0, count: parser.pointee.entry_pos) } ?? .empty
    collector.refuseRow(problem, partial: partial)
    resetParser()
    isSkippingLine = true
  }

  /// Back to the state before a row; libcsv has no call for it and makes its fields public instead.
  private mutating func resetParser() {
    parser.pointee.pstate = 0
    parser.pointee.quoted = 0
    parser.pointee.spaces = 0
    parser.pointee.entry_pos = 0
    parser.pointee.status = 0
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many of the first bytes belong to a byte order mark; one that turns out to be none is parsed as text.
  private mutating func passByteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard var seen = markBytes else { return 0 }
    var position = 0
    while position < bytes.count {
      guard bytes[position] == Self.byteOrderMark[seen] else {
        markBytes = nil
        parseByteOrderMark(count: seen - position)
        return 0
      }
      seen += 1
      position += 1
      if seen == 3 {
        markBytes = nil
        return position
      }
    }
    markBytes = seen
    return position
  }

  /// Parses the first bytes of a mark that never became whole.
  private mutating func parseByteOrderMark(count: Int) {
    Self.byteOrderMark.withUnsafeBufferPointer { mark in
      if let base = mark.baseAddress, count > 0 { parse(base, count: count) }
    }
  }
}

private let onCell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
  bytes, count, context in
  guard let context else { return }
  Unmanaged<CSVRowCollector>.fromOpaque(context)._withUnsafeGuaranteedRef {
    $0.takeCell(bytes.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }, count: count)
  }
}

private let onRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { terminator, context in
  guard let context else { return }
  Unmanaged<CSVRowCollector>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.endRow(terminator) }
}
