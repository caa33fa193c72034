import CLibCSV
import Core

/// Filled by libcsv's callbacks: the cells of the unfinished row, and finished rows.
///
/// libcsv trims no cells, because our space function recognizes no spaces, and passes a null pointer for an unquoted empty
/// cell (`CSV_EMPTY_IS_NULL`). It does not track lines; the reader does.
final class CSVRowCollector {
  struct RowMark: BitwiseCopyable {
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
  private(set) var shape = CSVRowShape()
  /// Whether the bytes that are being parsed have an ASCII control character other than a tab or a line break.
  var mayHaveControlCharacters = false

  /// Bounds a row that contains only delimiters. No real file has this many columns.
  static let maximumKeptCells = 1 << 18

  /// The unfinished row, except for its cells.
  private var row = RowMark()
  private var firstByte = 0
  /// Bytes of the unfinished row's finished cells, plus one for each: the measure of a row's size.
  private(set) var rowBytes = 0
  private var isInvalid = false
  /// The unfinished row is too large: its cells are not kept.
  private(set) var isDropping = false
  /// The index of the cell whose size is stored in `watchedBytes` when it ends; -1: none.
  private var watchedCell = -1
  private(set) var watchedBytes = 0

  init(maximumRowBytes: Int, hasHeader: Bool) {
    self.maximumRowBytes = maximumRowBytes
    self.hasHeader = hasHeader
  }

  /// The number of finished cells in the unfinished row, which is the index of the current cell.
  var cellCount: Int { row.cellCount }
  /// A quoted cell of the unfinished row is at fault, so the row ends with its line.
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
      let isASCII = Self.isASCII(cell)
      if !isASCII, !Self.isValidUTF8(cell) { isInvalid = true }
      if !isASCII || mayHaveControlCharacters, row.controlCell < 0, ControlCharacters.first(in: cell) != nil {
        row.controlCell = Int32(row.keptCells)
      }
    }
    cells.append(CSVRow.Mark(start: start, count: count, isNull: source == nil))
    row.keptCells += 1
  }

  /// libcsv has reached the end of a row, or a line break that does not end one.
  func endRow() {
    guard row.cellCount > 0 else { return }
    if row.problem == nil {
      row.problem = isDropping ? .tooLarge : isInvalid ? .invalidUTF8 : nil
      if isDropping { dropCells() }
    }
    if hasHeader, !takesShape() { return passRow() }
    finishRow()
  }

  /// Whether the row is more than empty cells. Notes how it fits the header.
  private func takesShape() -> Bool {
    guard row.problem == nil, row.keptCells == row.cellCount else {
      shape.missHeader()
      return true
    }
    var count = row.cellCount
    let verdict = shape.judge(
      bytes.base, cells.base + row.firstCell, count: &count, followsMark: row.followsMark)
    if count < row.cellCount {
      row.cellCount = count
      row.keptCells = count
      cells.truncate(to: row.firstCell + count)
    }
    if verdict == .repeatsHeader { row.problem = .repeatedHeader }
    return verdict != .isEmpty
  }

  /// The row is empty: nothing of it is kept.
  private func passRow() {
    dropCells()
    beginNextRow()
  }

  /// The unfinished row has a quote inside an unquoted cell, on `line`.
  func noteBareQuote(line: Int) {
    guard row.bareQuoteCell < 0, row.problem == nil else { return }
    row.bareQuoteCell = Int32(clamping: row.cellCount)
    row.quoteLine = line
  }

  /// A byte order mark is in front of the row that begins here.
  func noteMark() {
    row.followsMark = true
    shape.noteMark()
  }

  /// The unfinished row is unusable because of a quote on `line`. A faulty quoted cell takes precedence over a stray quote.
  func spoil(_ problem: CSVRow.Problem, line: Int) {
    let isStray = problem == .strayQuote || problem == .quoteAfterSpaces
    if !isStray { hasBadQuote = true } else if row.problem != nil { return }
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

  /// The last row turned out to extend beyond its line.
  func amendLastRow(quoteLine: Int, swallowed: Int) {
    guard rows.count > 0 else { return }
    rows.base[rows.count - 1].quoteLine = quoteLine
    rows.base[rows.count - 1].swallowed = swallowed
  }

  /// The last row is suspect.
  func dropLastRow() { rows.truncate(to: max(0, rows.count - 1)) }

  /// From now on, keeps nothing of the unfinished row. `bytes`: what the reader has dropped of the current cell.
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
    beginNextRow()
  }

  private func beginNextRow() {
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
