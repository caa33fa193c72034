import CLibCSV
import Core

/// What libcsv's callbacks fill: the cells of the unfinished row, and finished rows.
///
/// libcsv trims no cell, since our space function knows no space, and gives an unquoted empty cell as a null pointer
/// (`CSV_EMPTY_IS_NULL`). It does not keep lines: the reader does.
final class CSVRowCollector {
  struct RowMark: BitwiseCopyable {
    var firstCell = 0
    /// Cells in `cells`; those beyond `maximumKeptCells` are only counted.
    var keptCells = 0
    var cellCount = 0
    var line = 0
    var problem: CSVRow.Problem?
    /// The line of the quote that `problem` is about.
    var quoteLine = 0
    /// How many lines the cell of that quote would have swallowed.
    var swallowed = 0
    /// See `CSVRow.resynchronizedFrom`; 0: nothing.
    var suspectQuote = 0
  }

  var bytes = CSVBuffer<UInt8>(capacity: 64 * 1024)
  var cells = CSVBuffer<CSVRow.Mark>(capacity: 1024)
  var rows = CSVBuffer<RowMark>(capacity: 256)
  private let maximumRowBytes: Int

  /// A row of nothing but delimiters is bounded as well. No real file has as many columns.
  static let maximumKeptCells = 1 << 18

  /// The unfinished row, but for its cells.
  private var row = RowMark()
  private var firstByte = 0
  /// Bytes of the unfinished row's finished cells, one more for each: what a row is measured by.
  private(set) var rowBytes = 0
  private var isInvalid = false
  /// The unfinished row is too large: its cells are not kept.
  private(set) var isDropping = false
  /// The cell whose size is kept in `watchedBytes` when it ends; -1: none.
  private var watchedCell = -1
  private(set) var watchedBytes = 0

  init(maximumRowBytes: Int) { self.maximumRowBytes = maximumRowBytes }

  /// Finished cells of the unfinished row: the number of the cell at hand.
  var cellCount: Int { row.cellCount }
  /// A quoted cell of the unfinished row is at fault, so that the row ends with its line.
  private(set) var hasBadQuote = false

  /// Forgets the finished rows; the cells of the unfinished one stay.
  func releaseRows() {
    rows.truncate(to: 0)
    guard row.firstCell > 0 || firstByte > 0 else { return }
    cells.removeFirst(row.firstCell)
    bytes.removeFirst(firstByte)
    for index in 0..<cells.count { cells.base[index].start -= firstByte }
    row.firstCell = 0
    firstByte = 0
  }

  /// A row may begin here. `suspectQuote`: see `RowMark`.
  func beginRow(line: Int, suspectQuote: Int) {
    row.line = line
    row.suspectQuote = suspectQuote
    watchedCell = -1
  }

  func watch() { watchedCell = row.cellCount }

  func takeCell(_ source: UnsafePointer<UInt8>?, count: Int) {
    if row.cellCount == watchedCell { watchedBytes = count }
    row.cellCount += 1
    rowBytes += count + 1
    if rowBytes > maximumRowBytes { return dropRow() }
    guard !isDropping, row.problem == nil, row.keptCells < Self.maximumKeptCells else { return }
    let start = bytes.count
    if let source, count > 0 {
      bytes.append(source, count: count)
      let cell = Text(start: source, count: count)
      if !Self.isASCII(cell), !Self.isValidUTF8(cell) { isInvalid = true }
    }
    cells.append(CSVRow.Mark(start: start, count: count, isNull: source == nil))
    row.keptCells += 1
  }

  /// libcsv has come to the end of a row, or to a line break that ends none.
  func endRow() {
    guard row.cellCount > 0 else { return }
    if row.problem == nil {
      row.problem = isDropping ? .tooLarge : isInvalid ? .invalidUTF8 : nil
      if isDropping { dropCells() }
    }
    finishRow()
  }

  /// The unfinished row cannot be taken, for a quote on `line`. A quoted cell at fault says more than a stray quote.
  func spoil(_ problem: CSVRow.Problem, line: Int) {
    if problem != .strayQuote { hasBadQuote = true } else if row.problem != nil { return }
    row.problem = problem
    row.quoteLine = line
    row.swallowed = 0
    dropCells()
  }

  /// Ends the row as unreadable in the middle of a cell.
  func refuse(_ problem: CSVRow.Problem, quoteLine: Int, swallowed: Int) {
    spoil(problem, line: quoteLine)
    row.swallowed = swallowed
    finishRow()
  }

  /// The last row has turned out to reach further than its line.
  func amendLastRow(quoteLine: Int, swallowed: Int) {
    guard rows.count > 0 else { return }
    rows.base[rows.count - 1].quoteLine = quoteLine
    rows.base[rows.count - 1].swallowed = swallowed
  }

  /// The last row is not to be trusted.
  func dropLastRow() { rows.truncate(to: max(0, rows.count - 1)) }

  /// Keeps nothing of the unfinished row from now on. `bytes`: of the cell at hand, what the reader has dropped.
  func dropRow(bytes: Int = 0) {
    rowBytes += bytes
    dropCells()
    isDropping = true
  }

  private func dropCells() {
    cells.truncate(to: row.firstCell)
    bytes.truncate(to: firstByte)
    row.keptCells = 0
  }

  private func finishRow() {
    rows.append(row)
    row = RowMark()
    row.firstCell = cells.count
    firstByte = bytes.count
    rowBytes = 0
    isInvalid = false
    isDropping = false
    hasBadQuote = false
  }

  private static func isASCII(_ text: Text) -> Bool {
    var all: UInt8 = 0
    for byte in text.buffer { all |= byte }
    return all < 0x80
  }

  private static func isValidUTF8(_ text: Text) -> Bool {
    do {
      _ = try UTF8Span(validating: text.span)
      return true
    } catch { return false }
  }
}
