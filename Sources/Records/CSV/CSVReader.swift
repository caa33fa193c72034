import CLibCSV
import Core

/// Reads CSV (RFC 4180, UTF-8) from chunks of any size. Handles LF, CRLF and CR line breaks, line breaks inside quoted cells,
/// and byte order marks at the beginning of rows (`cat a.csv b.csv`); skips blank lines. Cells keep every byte, and an unquoted
/// empty cell is distinct from `""`.
///
///     var reader = CSVReader()
///     while let chunk = try next() {
///       reader.feed(chunk)
///       for index in 0..<reader.rowCount { take(reader.row(at: index)) }
///     }
///     reader.finish()                       // and the last rows
///
/// A row that cannot be read is returned with a `problem` and its line, and every line of the file belongs to exactly one
/// row, the header, the lines above it, or a blank line. Rows stay valid until the next `feed` or `finish`. At its working
/// size the reader allocates nothing.
///
/// **Rows.** With a header, a row whose cells are all empty counts as a blank line, empty cells after the last column are
/// dropped, and a row that equals the header is not data (`repeatedHeader`). See `CSVRowShape`.
///
/// **Quotes.** A quote inside an unquoted cell (`6'2"`) is text, unless `quotes` is strict or only spaces precede it: then it
/// invalidates its own row. A quoted cell that never closes, or whose closing quote is followed by text, does so as well, but
/// the text that it took is not trusted to be one cell: reading resumes on the line after its opening quote. Rows that begin
/// on lines which the cell would have swallowed are marked `resynchronizedFrom` that quote. If the fault shows on the line of
/// the opening quote, and another cell of the row is open at the end of that line, the lines up to that cell's closing quote
/// are suspect in the same way.
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
/// **Plain lines.** A line without quotes has nothing to parse but its delimiters. Runs of such lines are taken without libcsv
/// (`waybill_csv_plain_lines`), once the header is known.
///
/// **Cost.** No byte is read more than twice. A line inside a bad cell contains only runs of quotes of even length, or the
/// cell would have ended there. A cell that begins on such a line therefore starts with an even run of quotes, and closes
/// at once. So no reread line opens a cell that continues onto the next line, except the last one, on which the bad cell
/// ended.
package struct CSVReader: ~Copyable {
  /// The column names, once the first row was read; nil for files without a header.
  package private(set) var header: CSVHeader?
  /// Why there is no header: the rows then mean nothing.
  package private(set) var headerFailure: CSVHeader.Failure?
  /// Nothing after the last row was read.
  package private(set) var failure: Failure?

  let options: Options
  let parser: UnsafeMutablePointer<csv_parser>
  let collected: UnsafeMutablePointer<CSVRowCollector>
  /// Rows at the front that are not handed out: the header.
  var hiddenRows = 0
  var expectedCells: Int?
  /// Of lines that need no parser; nil as long as none may be taken.
  var plainRule: waybill_csv_rule?
  let usesParserAlone: Bool

  /// How many of the next lines are above the header.
  var linesAbove: Int
  var mark = ByteOrderMarkScan()
  /// The line of the next byte.
  var line = 1
  var isAtLineStart = true
  /// The last byte was a carriage return: a line feed after it belongs to the same line break.
  var endedWithReturn = false
  /// The last line that a bad cell would have swallowed, and the line of its opening quote.
  var suspects = (end: 0, quote: 0)

  var openCell: OpenCell?
  /// The bytes from the line after the opening quote of `openCell` to the end of what was fed before.
  var held = CSVBuffer<UInt8>(capacity: 64)
  var spare = CSVBuffer<UInt8>(capacity: 64)
  /// The number of bytes dropped from the current cell, and the cell's index.
  var dropped = (bytes: 0, cell: -1)

  package init(options: Options = .init()) { self.init(options: options, usesParserAlone: false) }

  /// `usesParserAlone`: libcsv reads plain lines, too, to compare with.
  init(options: Options, usesParserAlone: Bool) {
    self.options = options
    self.usesParserAlone = usesParserAlone
    linesAbove = options.linesAbove
    collected = .allocate(capacity: 1)
    collected.initialize(to: CSVRowCollector(options))
    parser = .allocate(capacity: 1)
    parser.initialize(to: csv_parser())
    csv_init(parser, Self.strictOptions)
    csv_set_delim(parser, options.delimiter)
    csv_set_space_func(parser) { _ in 0 }
    // A large cell would grow by 128 bytes at a time.
    csv_set_blk_size(parser, 64 << 10)
    if !options.hasHeader { plainRule = rule(columns: 0, headerSize: .max) }
  }

  func rule(columns: Int, headerSize: UInt32) -> waybill_csv_rule? {
    guard !usesParserAlone else { return nil }
    return waybill_csv_rule(
      delimiter: options.delimiter, columns: UInt32(columns), header_size: headerSize, row_limit: UInt64(options.maximumRowBytes))
  }

  deinit {
    csv_free(parser)
    parser.deallocate()
    collected.deinitialize(count: 1)
    collected.deallocate()
  }

  /// Reads the next bytes; the rows that they complete replace those of the last call.
  package mutating func feed(_ bytes: Span<UInt8>) {
    releaseRows()
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      // A row that began in an earlier chunk may have one there.
      let mayHaveOne = isInRow && collector.mayHaveControlCharacters
      collector.mayHaveControlCharacters = mayHaveOne || waybill_csv_has_control_character(base, buffer.count)
      parse(base, count: buffer.count)
    }
    takeHeader()
  }

  /// The file has ended: its last row, if it has no line break, and a quote that was never closed.
  package mutating func finish() {
    releaseRows()
    while failure == nil, endFile() { replayHeld() }
    takeHeader()
    if options.hasHeader, header == nil, headerFailure == nil, failure == nil {
      headerFailure = options.linesAbove > 0 ? .skipped(lines: options.linesAbove) : .missing
    }
  }

  /// Rows that the last `feed` or `finish` completed.
  package var rowCount: Int { collector.rows.count - hiddenRows }

  /// What has been skipped so far, or dropped from rows.
  package var tally: CSVTally { collector.shape.tally }

  package func row(at index: Int) -> CSVRow {
    precondition(index >= 0 && index < rowCount)
    return row(collector.rows.base[index + hiddenRows])
  }

  func row(_ mark: CSVRowCollector.RowMark) -> CSVRow { CSVRow(mark, in: collector, expected: expectedCells) }

  var collector: CSVRowCollector {
    _read { yield collected.pointee }
    nonmutating _modify { yield &collected.pointee }
  }

  var context: UnsafeMutableRawPointer { UnsafeMutableRawPointer(collected) }

  mutating func releaseRows() {
    collector.releaseRows()
    hiddenRows = 0
  }

  mutating func takeHeader() {
    guard options.hasHeader, header == nil, headerFailure == nil, collector.rows.count > 0 else { return }
    let first = collector.rows.base[0]
    hiddenRows = 1
    switch CSVHeader.read(row(first)) {
    case .success(let found):
      header = found
      expectedCells = found.names.count
      let size = (0..<found.names.count).reduce(0) { $0 + row(first)[$1].count }
      plainRule = rule(columns: found.names.count, headerSize: UInt32(size))
    case .failure(let failure): headerFailure = failure
    }
  }

  // MARK: lines

  /// Feeds libcsv one line at a time, so that every row's first line is known.
  mutating func parse(_ start: UnsafePointer<UInt8>, count: Int) {
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
      if linesAbove > 0 {
        let (end, hasBreak) = breaks.next(from: position)
        if hasBreak {
          line += 1
          linesAbove -= 1
          endedWithReturn = end == count && start[end - 1] == 0x0D
        }
        position = end
        continue
      }
      if !isInRow, mark.isPending || start[position] == ByteOrderMarkScan.firstByte {
        let taken = takeMark(start + position, count: count - position)
        position += taken
        // Another mark may follow; without any, these bytes are text.
        if taken > 0 { continue }
      }
      if let rule = plainRule, !isInRow, line > suspects.end {
        let taken = collector.takePlainLines(start + position, count: count - position, line: line, rule)
        if taken.lines > 0 {
          position += taken.bytes
          line += taken.lines
          isAtLineStart = true
          continue
        }
      }
      let (end, hasBreak) = breaks.next(from: position)
      if !isInRow { beginRow() }
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
  mutating func take(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool {
    var at = 0
    while at < count {
      at += csv_parse(parser, bytes + at, count - at, CSVRowCollector.onCell, CSVRowCollector.onRow, context)
      if leaveCell() { return true }
      guard at < count else { break }
      if parser.pointee.quoted == 0 {
        if options.quotes == .lenient, !isAfterSpaces {
          collector.noteBareQuote(line: line)
          csv_set_opts(parser, Self.strictOptions & ~UInt8(CSV_STRICT))
          at += csv_parse(parser, bytes + at, 1, CSVRowCollector.onCell, CSVRowCollector.onRow, context)
          csv_set_opts(parser, Self.strictOptions)
        } else {
          collector.spoil(isAfterSpaces ? .quoteAfterSpaces : .strayQuote, line: line)
          // The row is not kept, so the quote need not be kept either.
          at += 1
        }
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
  mutating func leaveCell() -> Bool {
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
  mutating func goBack(to open: OpenCell, from lastLine: Int, _ problem: CSVRow.Problem?) {
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
  mutating func replayHeld() {
    swap(&held, &spare)
    held.truncate(to: 0)
    parse(UnsafePointer(spare.base), count: spare.count)
  }

  /// Keeps the bytes that reading may have to go back to. A cell that is already too large is never gone back to.
  mutating func hold(_ bytes: UnsafePointer<UInt8>, count: Int) {
    guard openCell != nil, failure == nil else { return }
    guard cellBytes <= options.maximumRowBytes else { return held.truncate(to: 0) }
    held.append(bytes, count: count)
  }

  /// The input has ended. True: reading goes back to what is held.
  mutating func endFile() -> Bool {
    takePartialMark()
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
}
