import CLibCSV
import Core

/// Filled by libcsv's callbacks: the cells of the unfinished row, and finished rows.
///
/// libcsv trims no cells, because our space function recognizes no spaces, and passes a null pointer for an unquoted empty
/// cell (`CSV_EMPTY_IS_NULL`). It does not track lines; the reader does.
///
/// A struct behind a pointer: the members of a class are checked for exclusive access, with each cell.
struct CSVRowCollector: ~Copyable {
  struct RowMark: BitwiseCopyable {
    /// Where the row begins in `bytes`; the places of its cells count from there.
    var firstByte = 0
    var firstCell = 0
    /// The number of cells in `cells`; those beyond `maximumKeptCells` are only counted.
    var keptCells = 0
    var cellCount = 0
    var line = 0
    var problem: CSVRow.Problem?
    /// The line of the quote that `problem` is about; without a problem, of the first quote inside an unquoted cell.
    var quoteLine = 0
    /// How many lines the cell with that quote would have swallowed.
    var swallowed = 0
    /// See `CSVRow.resynchronizedFrom`; 0: none.
    var suspectQuote = 0
    /// The first unquoted cell with a quote inside, and the first cell with a control character; -1: none.
    var bareQuoteCell: Int32 = -1
    var controlCell: Int32 = -1
    /// A byte order mark is in front of the row.
    var followsMark = false
  }

  var bytes = CSVBuffer<UInt8>(capacity: 64 * 1024)
  var cells = CSVBuffer<CSVRow.Mark>(capacity: 1024)
  var rows = CSVBuffer<RowMark>(capacity: 256)
  private let maximumRowBytes: Int
  private let hasHeader: Bool
  private(set) var shape: CSVRowShape
  /// Whether the bytes that are being parsed have an ASCII control character other than a tab or a line break.
  var mayHaveControlCharacters = false
  private var plainLines = CSVBuffer<waybill_csv_line>(capacity: 256)

  /// Bounds a row that contains only delimiters. No real file has this many columns.
  static let maximumKeptCells = 1 << 18

  /// The unfinished row, except for its cells.
  private var row = RowMark()
  /// Bytes of the unfinished row's finished cells, plus one for each: the measure of a row's size.
  private(set) var rowBytes = 0
  /// The unfinished row is too large: its cells are not kept.
  private(set) var isDropping = false
  /// The index of the cell whose size is stored in `watchedBytes` when it ends; -1: none.
  private var watchedCell = -1
  private(set) var watchedBytes = 0

  /// Places of cells have 32 bits, so a row has fewer than 4 GiB.
  init(_ options: CSVReader.Options) {
    maximumRowBytes = min(options.maximumRowBytes, Int(UInt32.max))
    hasHeader = options.hasHeader
    shape = CSVRowShape(keepsEmptyRows: options.keepsEmptyRows)
  }

  /// The number of finished cells in the unfinished row, which is the index of the current cell.
  var cellCount: Int { row.cellCount }
  /// A quoted cell of the unfinished row is at fault, so the row ends with its line.
  private(set) var hasBadQuote = false

  /// Forgets the finished rows; the cells of the unfinished one stay.
  mutating func releaseRows() {
    rows.truncate(to: 0)
    cells.removeFirst(row.firstCell)
    bytes.removeFirst(row.firstByte)
    row.firstCell = 0
    row.firstByte = 0
  }

  /// A row may begin here. `suspectQuote`: see `RowMark`.
  mutating func beginRow(line: Int, suspectQuote: Int) {
    row.line = line
    row.suspectQuote = suspectQuote
    watchedCell = -1
  }

  mutating func watch() { watchedCell = row.cellCount }

  mutating func takeCell(_ source: UnsafePointer<UInt8>?, count: Int) {
    if row.cellCount == watchedCell { watchedBytes = count }
    row.cellCount += 1
    rowBytes += count + 1
    if rowBytes > maximumRowBytes { return dropRow() }
    guard !isDropping, row.problem == nil, row.keptCells < Self.maximumKeptCells else { return }
    let start = bytes.count - row.firstByte
    if let source {
      cells.append(CSVRow.Mark(start: start, count: count))
      bytes.append(source, count: count)
    } else {
      cells.append(CSVRow.Mark(nullAt: start))
    }
    row.keptCells += 1
  }

  /// libcsv has reached the end of a row, or a line break that does not end one.
  mutating func endRow() {
    guard row.cellCount > 0 else {
      // A blank line after a byte order mark separates it from the next row.
      row.followsMark = false
      return
    }
    if row.problem == nil {
      if isDropping { row.problem = .tooLarge } else { checkText() }
      if isDropping { dropCells() }
    }
    if hasHeader, !takesShape() { return passRow() }
    finishRow()
  }

  /// Whether the row is more than empty cells. Notes how it fits the header.
  private mutating func takesShape() -> Bool {
    guard row.problem == nil, row.keptCells == row.cellCount else {
      shape.missHeader()
      return true
    }
    var count = row.cellCount
    let verdict = shape.judge(
      bytes.base + row.firstByte, cells.base + row.firstCell, count: &count, followsMark: row.followsMark)
    if count < row.cellCount {
      row.cellCount = count
      row.keptCells = count
      cells.truncate(to: row.firstCell + count)
    }
    if verdict == .repeatsHeader { row.problem = .repeatedHeader }
    return verdict != .isEmpty
  }

  /// The row is empty: nothing of it is kept.
  private mutating func passRow() {
    dropCells()
    beginNextRow()
  }

  /// The unfinished row has a quote inside an unquoted cell, on `line`.
  mutating func noteBareQuote(line: Int) {
    guard row.bareQuoteCell < 0, row.problem == nil else { return }
    row.bareQuoteCell = Int32(clamping: row.cellCount)
    row.quoteLine = line
  }

  /// A byte order mark is in front of the row that begins here.
  mutating func noteMark() {
    row.followsMark = true
    shape.noteMark()
  }

  /// The unfinished row is unusable because of a quote on `line`. A faulty quoted cell takes precedence over a stray quote.
  mutating func spoil(_ problem: CSVRow.Problem, line: Int) {
    let isStray = problem == .strayQuote || problem == .quoteAfterSpaces
    if !isStray { hasBadQuote = true } else if row.problem != nil { return }
    row.problem = problem
    row.quoteLine = line
    row.swallowed = 0
    dropCells()
  }

  /// Ends the row as unreadable in the middle of a cell.
  mutating func refuse(_ problem: CSVRow.Problem, quoteLine: Int, swallowed: Int) {
    spoil(problem, line: quoteLine)
    row.swallowed = swallowed
    finishRow()
  }

  /// The last row turned out to extend beyond its line.
  mutating func amendLastRow(quoteLine: Int, swallowed: Int) {
    guard rows.count > 0 else { return }
    rows.base[rows.count - 1].quoteLine = quoteLine
    rows.base[rows.count - 1].swallowed = swallowed
  }

  /// The last row is suspect.
  mutating func dropLastRow() { rows.truncate(to: max(0, rows.count - 1)) }

  /// From now on, keeps nothing of the unfinished row. `bytes`: what the reader has dropped of the current cell.
  mutating func dropRow(bytes: Int = 0) {
    rowBytes += bytes
    dropCells()
    isDropping = true
  }

  private mutating func dropCells() {
    cells.truncate(to: row.firstCell)
    bytes.truncate(to: row.firstByte)
    row.keptCells = 0
  }

  private mutating func finishRow() {
    rows.append(row)
    beginNextRow()
  }

  private mutating func beginNextRow() {
    row = RowMark()
    row.firstCell = cells.count
    row.firstByte = bytes.count
    rowBytes = 0
    isDropping = false
    hasBadQuote = false
  }

  /// Checks the row's cells one by one: half a character at the end of one does not go with half a character in the next.
  private mutating func checkText() {
    let text = bytes.base + row.firstByte
    guard mayHaveControlCharacters || !UTF8Text.isASCII(text, bytes.count - row.firstByte) else { return }
    for index in 0..<row.keptCells {
      let mark = cells.base[row.firstCell + index]
      let cell = Text(start: text + mark.start, count: mark.count)
      if !UTF8Text.isValid(cell.start, cell.count) { row.problem = .invalidUTF8 }
      if row.controlCell < 0, ControlCharacters.first(in: cell) != nil { row.controlCell = Int32(index) }
    }
  }
}

/// Lines that need no parser.
extension CSVRowCollector {
  /// The most bytes that are searched at once: there must be room for as many cells.
  private static let plainBytes = 64 << 10

  /// Takes the plain lines at the beginning of these bytes as rows; no row is unfinished. Returns how many bytes and lines it
  /// took, which are none if the first line is not plain, not whole, or does not follow the rule.
  mutating func takePlainLines(
    _ start: UnsafePointer<UInt8>, count: Int, line: Int, _ rule: waybill_csv_rule
  ) -> (bytes: Int, lines: Int) {
    let count = min(count, Self.plainBytes)
    cells.reserve(count)
    plainLines.reserve(count)
    let run = cells.end.withMemoryRebound(to: waybill_csv_cell.self, capacity: count) { cells in
      waybill_csv_plain_lines(start, count, rule, cells, plainLines.base)
    }
    guard run.line_count > 0 else { return (0, 0) }
    let isValid = run.is_ascii || UTF8Text.isValid(start, run.byte_count)
    rows.reserve(run.row_count)
    var isFirst = shape.hasNoRow
    for index in 0..<run.row_count {
      let found = plainLines.base[index]
      var row = RowMark()
      row.firstByte = bytes.count + Int(found.start)
      row.firstCell = cells.count + Int(found.first_cell)
      row.keptCells = Int(found.cell_count)
      row.cellCount = Int(found.cell_count)
      row.line = line + Int(found.number)
      if !isValid {
        let end = index + 1 < run.row_count ? Int(plainLines.base[index + 1].start) : run.byte_count
        if !UTF8Text.isValid(start + Int(found.start), end - Int(found.start)) { row.problem = .invalidUTF8 }
      }
      if isFirst, row.problem == nil {
        shape.noteFirstRow(cells: row.cellCount)
        isFirst = false
      }
      rows.append(row)
    }
    cells.take(run.cell_count)
    bytes.append(start, count: run.byte_count)
    // What was noted for the row that began here belongs to the first row of this run.
    row = RowMark()
    row.firstCell = cells.count
    row.firstByte = bytes.count
    return (run.byte_count, run.line_count)
  }
}
