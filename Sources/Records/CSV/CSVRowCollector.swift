import CLibCSV
import Core

/// What libcsv's callbacks fill: cells and rows, and the count of lines, which libcsv does not keep.
///
/// libcsv reports every line break (`CSV_REPALL_NL`): the end of a row, a blank line, and the `\n` of `\r\n`. So lines
/// are counted by its reports and by the line breaks inside of cells. It trims no cell, since our space function knows
/// no space, and gives an unquoted empty cell as a null pointer (`CSV_EMPTY_IS_NULL`).
final class CSVRowCollector {
  struct RowMark: BitwiseCopyable {
    var firstCell: Int
    var cellCount: Int
    var line: Int
    var problem: CSVRow.Problem?
  }

  var bytes = CSVBuffer<UInt8>(capacity: 64 * 1024)
  var cells = CSVBuffer<CSVRow.Mark>(capacity: 1024)
  var rows = CSVBuffer<RowMark>(capacity: 256)
  let maximumRowBytes: Int

  /// Where the unfinished row begins in `cells` and in `bytes`.
  private var firstCell = 0
  private var firstByte = 0
  /// The line on which the next row begins.
  private var line = 1
  private var breaksInRow = 0
  private var isInvalid = false
  /// The unfinished row is too large: its cells are not kept.
  private(set) var isDropping = false
  private var endedWithReturn = false

  init(maximumRowBytes: Int) { self.maximumRowBytes = maximumRowBytes }

  /// Bytes of the unfinished row's finished cells.
  var pendingBytes: Int { bytes.count - firstByte }

  /// Forgets the finished rows; the cells of the unfinished one stay.
  func releaseRows() {
    rows.truncate(to: 0)
    guard firstCell > 0 || firstByte > 0 else { return }
    cells.removeFirst(firstCell)
    bytes.removeFirst(firstByte)
    for index in 0..<cells.count { cells.base[index].start -= firstByte }
    firstCell = 0
    firstByte = 0
  }

  func takeCell(_ source: UnsafePointer<UInt8>?, count: Int) {
    if isDropping {
      if let source { breaksInRow += Self.scan(Text(start: source, count: count)).breaks }
      return
    }
    let start = bytes.count
    if let source, count > 0 {
      bytes.append(source, count: count)
      let cell = Text(start: source, count: count)
      let (breaks, isASCII) = Self.scan(cell)
      breaksInRow += breaks
      if !isASCII, !Self.isValidUTF8(cell) { isInvalid = true }
    }
    cells.append(CSVRow.Mark(start: start, count: count, isNull: source == nil))
  }

  /// `terminator`: the byte that ended the row, or -1 at the end of the file.
  func endRow(_ terminator: Int32) {
    let isLineFeed = terminator == 0x0A
    if cells.count == firstCell, !isDropping {
      // A blank line, or the second half of CRLF, which ended the row before.
      if !(isLineFeed && endedWithReturn) { line += 1 }
      endedWithReturn = terminator == 0x0D
      return
    }
    var problem: CSVRow.Problem?
    if isDropping || pendingBytes > maximumRowBytes { problem = .tooLarge } else if isInvalid { problem = .invalidUTF8 }
    if problem == .tooLarge { dropCells() }
    finishRow(problem)
    line += 1
    endedWithReturn = terminator == 0x0D
  }

  /// Ends the row as unreadable. `partial`: the cell in which libcsv stopped. The line on which it stopped is still
  /// open: `skippedLineBreak` closes it.
  func refuseRow(_ problem: CSVRow.Problem, partial: Text) {
    breaksInRow += Self.scan(partial).breaks
    dropCells()
    finishRow(isDropping ? .tooLarge : problem)
    endedWithReturn = false
  }

  /// Keeps nothing of the unfinished row from now on. `partial`: the cell that libcsv is in, as far as it is dropped, too;
  /// `next`: the byte behind it, which stays. A line break of two bytes is counted with the second.
  func dropRow(partial: Text, before next: UInt8) {
    breaksInRow += Self.scan(partial).breaks
    if next == 0x0A, partial.count > 0, partial.buffer[partial.count - 1] == 0x0D { breaksInRow -= 1 }
    dropCells()
    isDropping = true
  }

  func skippedLineBreak(_ byte: UInt8) {
    line += 1
    endedWithReturn = byte == 0x0D
  }

  private func dropCells() {
    cells.truncate(to: firstCell)
    bytes.truncate(to: firstByte)
  }

  private func finishRow(_ problem: CSVRow.Problem?) {
    rows.append(RowMark(firstCell: firstCell, cellCount: cells.count - firstCell, line: line, problem: problem))
    line += breaksInRow
    firstCell = cells.count
    firstByte = bytes.count
    breaksInRow = 0
    isInvalid = false
    isDropping = false
  }

  /// Counts line breaks (`\n`, `\r`, `\r\n`), and says whether all bytes are ASCII.
  private static func scan(_ text: Text) -> (breaks: Int, isASCII: Bool) {
    var breaks = 0
    var all: UInt8 = 0
    var previous: UInt8 = 0
    for byte in text.buffer {
      all |= byte
      if byte == 0x0A ? previous != 0x0D : byte == 0x0D { breaks += 1 }
      previous = byte
    }
    return (breaks, all < 0x80)
  }

  private static func isValidUTF8(_ text: Text) -> Bool {
    do {
      _ = try UTF8Span(validating: text.span)
      return true
    } catch { return false }
  }
}
