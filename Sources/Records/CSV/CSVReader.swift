import CLibCSV
import Core

/// Reads CSV (RFC 4180, UTF-8) from chunks of any size. Handles a byte order mark, LF, CRLF and CR line breaks, and line
/// breaks inside quoted cells; skips blank lines. Cells keep every byte, and an unquoted empty cell is distinct from `""`.
///
///     var reader = CSVReader()
///     while let chunk = try next() {
///       reader.feed(chunk)
///       for index in 0..<reader.rowCount { take(reader.row(at: index)) }
///     }
///     reader.finish()                       // and the last rows
///
/// A row that cannot be read is returned with a `problem` and its line, and every line of the file belongs to exactly one
/// row, the header or a blank line. Rows stay valid until the next `feed` or `finish`. At its working size the reader
/// allocates nothing.
///
/// **Quotes.** A quote inside an unquoted cell spoils only its own row. A quoted cell that never closes, or whose closing
/// quote is followed by text, spoils its row as well, but the text that it took is not trusted to be one cell: reading
/// resumes on the line after its opening quote. Rows that begin on lines which the cell would have swallowed are marked
/// `resynchronizedFrom` that quote. If the fault shows on the line of the opening quote, and another cell of the row is
/// open at the end of that line, the lines up to that cell's closing quote are suspect in the same way.
///
///     1  id,note            header
///     2  1,"open            a row: never closed, 3 lines swallowed
///     3  2,b                a row, resynchronized from line 2
///     4                     a blank line
///     5  3,c                a row, resynchronized from line 2
///
/// To be able to go back, the reader holds the lines after an open quote, up to `maximumRowBytes` of the cell. If a cell is
/// larger than that when its fault is detected, reading ends (`failure`).
///
/// **Cost.** No byte is read more than twice. A line inside a bad cell contains only runs of quotes of even length, or the
/// cell would have ended there. A cell that begins on such a line therefore starts with an even run of quotes, and closes
/// at once. So no reread line opens a cell that continues onto the next line, except the last one, on which the bad cell
/// ended.
package struct CSVReader: ~Copyable {
  package struct Options: Sendable, Hashable {
    /// One ASCII byte.
    package var delimiter: UInt8
    /// The first row names the columns: it becomes `header` instead of a row, and other rows must have the same number of cells.
    package var hasHeader: Bool
    package var maximumRowBytes: Int

    package init(delimiter: UInt8 = UInt8(ascii: ","), hasHeader: Bool = true, maximumRowBytes: Int = 16 << 20) {
      self.delimiter = delimiter
      self.hasHeader = hasHeader
      self.maximumRowBytes = maximumRowBytes
    }
  }

  /// Why reading cannot continue: a quoted cell took more than `maximumRowBytes` before its fault was detected.
  package struct Failure: DescribedError, Hashable {
    /// The line of the opening quote.
    package let line: Int
    package let limit: Int

    package var description: String {
      "the quoted cell that opens on line \(line) has a missing or misplaced closing quote, and exceeded \(limit) bytes "
        + "(max_record_bytes) before this was detected: close the quote, or double quotes inside a quoted cell"
    }
  }

  /// The column names, once the first row was read; nil for files without a header.
  package private(set) var header: CSVHeader?
  /// Why there is no header: the rows then mean nothing.
  package private(set) var headerFailure: CSVHeader.Failure?
  /// Nothing after the last row was read.
  package private(set) var failure: Failure?

  private let options: Options
  private let parser: UnsafeMutablePointer<csv_parser>
  private let collector: CSVRowCollector
  /// Bytes of a byte order mark seen so far; nil when the question is settled.
  private var markBytes: Int? = 0
  /// Rows at the front that are not handed out: the header.
  private var hiddenRows = 0
  private var expectedCells: Int?

  /// The line of the next byte.
  private var line = 1
  private var isAtLineStart = true
  /// The last byte was a carriage return: a line feed after it belongs to the same line break.
  private var endedWithReturn = false
  /// The last line that a bad cell would have swallowed, and the line of its opening quote.
  private var suspects = (end: 0, quote: 0)

  /// A quoted cell that was still open at the end of a line.
  private struct OpenCell {
    /// The line of its opening quote.
    var line: Int
    /// Its index in the row.
    var cell: Int
  }
  private var openCell: OpenCell?
  /// The bytes from the line after the opening quote of `openCell` to the end of what was fed before.
  private var held = CSVBuffer<UInt8>(capacity: 64)
  private var spare = CSVBuffer<UInt8>(capacity: 64)
  /// The number of bytes dropped from the current cell, and the cell's index.
  private var dropped = (bytes: 0, cell: -1)

  package init(options: Options = .init()) {
    self.options = options
    collector = CSVRowCollector(maximumRowBytes: options.maximumRowBytes)
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    csv_init(parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL))
    csv_set_delim(parser, options.delimiter)
    csv_set_space_func(parser) { _ in 0 }
    // A large cell would grow by 128 bytes at a time.
    csv_set_blk_size(parser, 64 << 10)
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
    while failure == nil, endFile() { replayHeld() }
    takeHeader()
    if options.hasHeader, header == nil, headerFailure == nil, failure == nil { headerFailure = .missing }
  }

  /// Rows that the last `feed` or `finish` completed.
  package var rowCount: Int { collector.rows.count - hiddenRows }

  package func row(at index: Int) -> CSVRow {
    precondition(index >= 0 && index < rowCount)
    return row(collector.rows.base[index + hiddenRows])
  }

  private func row(_ mark: CSVRowCollector.RowMark) -> CSVRow { CSVRow(mark, in: collector, expected: expectedCells) }

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

  // MARK: lines

  /// Feeds libcsv one line at a time, so that every row's first line is known.
  private mutating func parse(_ start: UnsafePointer<UInt8>, count: Int) {
    var position = 0
    /// Where the line after the opening quote of `openCell` begins; 0 if `held` has its beginning.
    var resume = 0
    var breaks = LineBreaks(start, count)
    while position < count, failure == nil {
      if endedWithReturn {
        endedWithReturn = false
        if start[position] == 0x0A {
          if isInRow { _ = csv_parse(parser, start + position, 1, CSVRowCollector.onCell, CSVRowCollector.onRow, context) }
          if held.count == 0, resume == position { resume += 1 }
          position += 1
          continue
        }
      }
      let (end, hasBreak) = breaks.next(from: position)
      if !isInRow {
        dropped = (0, -1)
        collector.beginRow(line: line, suspectQuote: line <= suspects.end ? suspects.quote : 0)
      }
      isAtLineStart = false
      if take(start + position, count: end - position) {
        position = resume
        if held.count > 0 {
          replayHeld()
          position = 0
        }
        resume = position
        continue
      }
      if hasBreak {
        if isInRow, openCell == nil {
          openCell = OpenCell(line: line, cell: collector.cellCount)
          collector.watch()
          held.truncate(to: 0)
          resume = end
        }
        line += 1
        isAtLineStart = true
        endedWithReturn = end == count && start[end - 1] == 0x0D
      }
      if collector.isDropping || collector.rowBytes + parser.pointee.entry_pos > options.maximumRowBytes { dropRow() }
      position = end
    }
    hold(start + resume, count: count - resume)
  }

  /// Processes the bytes of one line. True: a cell that was open before this line has turned out to be bad, and reading
  /// goes back.
  private mutating func take(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
    var at = 0
    while at < count {
      at += csv_parse(parser, bytes + at, count - at, CSVRowCollector.onCell, CSVRowCollector.onRow, context)
      if leaveCell() { return true }
      guard at < count else { break }
      if parser.pointee.quoted == 0 {
        collector.spoil(.strayQuote, line: line)
        // The row is not kept, so the quote need not be kept either.
        at += 1
      } else if let open = openCell {
        goBack(to: open, from: line, .textAfterQuote)
        return true
      } else {
        guard cellBytes <= options.maximumRowBytes else {
          failure = Failure(line: line, limit: options.maximumRowBytes)
          return false
        }
        collector.spoil(.textAfterQuote, line: line)
        // The rest of the cell is read as if it were unquoted.
        parser.pointee.pstate = Self.inCell
        parser.pointee.quoted = 0
      }
    }
    return false
  }

  /// Whether the open cell has ended in a spoiled row, so that reading goes back; otherwise forgets the cell if it has
  /// ended.
  private mutating func leaveCell() -> Bool {
    guard let open = openCell, !isInRow || open.cell != collector.cellCount else { return false }
    let endsRow = !isInRow
    // A row that has ended is the last one that was collected.
    let isBad = endsRow ? collector.rows.base[collector.rows.count - 1].problem == .textAfterQuote : collector.hasBadQuote
    guard isBad else {
      openCell = nil
      held.truncate(to: 0)
      return false
    }
    goBack(to: open, from: line, endsRow ? nil : .textAfterQuote)
    return true
  }

  /// Goes back to the line after the opening quote of `open`. `problem` nil: its row has already been collected.
  private mutating func goBack(to open: OpenCell, from lastLine: Int, _ problem: CSVRow.Problem?) {
    let isClosed = problem == nil || open.cell != collector.cellCount
    let size = isClosed ? collector.watchedBytes + (dropped.cell == open.cell ? dropped.bytes : 0) : cellBytes
    guard size <= options.maximumRowBytes else {
      if problem == nil { collector.dropLastRow() }
      failure = Failure(line: open.line, limit: options.maximumRowBytes)
      return
    }
    let swallowed = lastLine - open.line
    if let problem {
      collector.refuse(problem, quoteLine: open.line, swallowed: swallowed)
    } else {
      collector.amendLastRow(quoteLine: open.line, swallowed: swallowed)
    }
    resetParser()
    if lastLine > suspects.end { suspects = (lastLine, open.line) }
    line = open.line + 1
    isAtLineStart = true
    endedWithReturn = false
    openCell = nil
  }

  /// Rereads the held bytes.
  private mutating func replayHeld() {
    swap(&held, &spare)
    held.truncate(to: 0)
    parse(UnsafePointer(spare.base), count: spare.count)
  }

  /// Keeps the bytes that reading may have to go back to. A cell that is already too large is never gone back to.
  private mutating func hold(_ bytes: UnsafePointer<UInt8>, count: Int) {
    guard openCell != nil, failure == nil else { return }
    guard cellBytes <= options.maximumRowBytes else { return held.truncate(to: 0) }
    held.append(bytes, count: count)
  }

  /// The input has ended. True: reading goes back to what is held.
  private mutating func endFile() -> Bool {
    let lastLine = isAtLineStart ? line - 1 : line
    if parser.pointee.pstate == Self.inCell, parser.pointee.quoted != 0 {
      if let open = openCell {
        goBack(to: open, from: lastLine, .unclosedQuote)
        return true
      }
      if cellBytes > options.maximumRowBytes {
        failure = Failure(line: line, limit: options.maximumRowBytes)
      } else {
        collector.refuse(.unclosedQuote, quoteLine: line, swallowed: 0)
      }
    } else {
      csv_fini(parser, CSVRowCollector.onCell, CSVRowCollector.onRow, context)
      line = lastLine
      if leaveCell() { return true }
    }
    resetParser()
    return false
  }

  // MARK: libcsv

  /// libcsv's `FIELD_BEGUN` and `FIELD_MIGHT_HAVE_ENDED`: it makes its fields public, but not these names.
  private static let inCell: Int32 = 2
  private static let afterQuote: Int32 = 3

  private var isInRow: Bool { parser.pointee.pstate != 0 }

  /// The number of bytes in the current cell.
  private var cellBytes: Int {
    let size = parser.pointee.entry_pos - (parser.pointee.pstate == Self.afterQuote ? 1 : 0)
    return size + (dropped.cell == collector.cellCount ? dropped.bytes : 0)
  }

  /// The row that libcsv is in is too large: what was read of it is dropped, and libcsv reads on to the real end of the
  /// row, so that line breaks inside quotes do not begin a row. The last byte stays: it is a closing quote, which libcsv
  /// removes itself.
  private mutating func dropRow() {
    guard isInRow else { return }
    if dropped.cell != collector.cellCount { dropped = (0, collector.cellCount) }
    let count = parser.pointee.entry_pos
    guard count > 0, let entry = parser.pointee.entry_buf else { return collector.dropRow() }
    collector.dropRow(bytes: count - 1)
    dropped.bytes += count - 1
    entry[0] = entry[count - 1]
    parser.pointee.entry_pos = 1
  }

  /// Back to the state before a row; libcsv has no call for it and makes its fields public instead.
  private mutating func resetParser() {
    parser.pointee.pstate = 0
    parser.pointee.quoted = 0
    parser.pointee.spaces = 0
    parser.pointee.entry_pos = 0
    parser.pointee.status = 0
    dropped = (0, -1)
  }

  // MARK: byte order mark

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How many of the first bytes belong to a byte order mark; bytes that turn out not to be one are parsed as text.
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

  /// Parses the first bytes of an incomplete mark as text.
  private mutating func parseByteOrderMark(count: Int) {
    Self.byteOrderMark.withUnsafeBufferPointer { mark in
      if let base = mark.baseAddress, count > 0 { parse(base, count: count) }
    }
  }
}
