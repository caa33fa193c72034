/// Reads CSV by the rules of `CSVReader`, slowly and simply: the whole file in memory, one byte at a time.
struct PlainCSVReader {
  struct Row: Equatable {
    /// The lines that belong to this row alone.
    var lines: ClosedRange<Int>
    var cells: [[UInt8]?] = []
    /// A quote is at fault: its line, and how many lines its cell would have swallowed.
    var fault: [Int]?
    /// The line of the quote of a bad cell that would have swallowed the first line.
    var from: Int?
    /// The line of the first quote that is taken as text.
    var bareQuote: Int?
    var followsMark = false
  }

  private(set) var rows: [Row] = []
  private(set) var blankLines: [Int] = []
  private(set) var lineCount = 0

  private let bytes: [UInt8]
  private let isStrict: Bool
  /// Where each line begins.
  private var starts: [Int] = []

  init(_ file: [UInt8], isStrict: Bool = false) {
    bytes = file
    self.isStrict = isStrict
    var start = 0
    while start < bytes.count {
      starts.append(start)
      var end = start
      while end < bytes.count, !isBreak(end) { end += 1 }
      start = end < bytes.count ? afterBreak(end) : end
    }
    lineCount = starts.count
    var line = 1
    var doubt = (end: 0, quote: 0)
    while line <= lineCount {
      let first = afterMarks(starts[line - 1])
      if first == bytes.count || isBreak(first) {
        blankLines.append(line)
        line += 1
        continue
      }
      var (row, lastLine) = self.row(at: line)
      if line <= doubt.end { row.from = doubt.quote }
      rows.append(row)
      if lastLine > row.lines.upperBound, lastLine > doubt.end { doubt = (lastLine, row.lines.upperBound) }
      line = row.lines.upperBound + 1
    }
  }

  /// The first byte after byte order marks.
  private func afterMarks(_ start: Int) -> Int {
    var index = start
    while bytes[index...].starts(with: [0xEF, 0xBB, 0xBF]) { index += 3 }
    return index
  }

  private func isBreak(_ index: Int) -> Bool { bytes[index] == 0x0A || bytes[index] == 0x0D }

  private func afterBreak(_ index: Int) -> Int {
    bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? index + 2 : index + 1
  }

  private func line(of index: Int) -> Int { (starts.lastIndex { $0 <= index } ?? 0) + 1 }

  /// A quoted cell: its content, where reading continues after its closing quote, and whether it is properly closed.
  private func quotedCell(at start: Int) -> (content: [UInt8], next: Int, isGood: Bool) {
    var content: [UInt8] = []
    var index = start + 1
    while index < bytes.count {
      if bytes[index] != 0x22 {
        content.append(bytes[index])
        index += 1
      } else if index + 1 < bytes.count, bytes[index + 1] == 0x22 {
        content.append(0x22)
        index += 2
      } else {
        let next = index + 1
        return (content, next, next == bytes.count || bytes[next] == 0x2C || isBreak(next))
      }
    }
    return (content, bytes.count, false)
  }

  /// The row, and the last line that its bad cell would have swallowed.
  private func row(at firstLine: Int) -> (row: Row, lastLine: Int) {
    var row = Row(lines: firstLine...firstLine)
    var stray: Int?
    /// The line of the first bad cell.
    var bad: Int?
    var index = afterMarks(starts[firstLine - 1])
    row.followsMark = index > starts[firstLine - 1]
    while true {
      let cellLine = line(of: index)
      if index < bytes.count, bytes[index] == 0x22 {
        let (content, next, isGood) = quotedCell(at: index)
        // Without a closing quote it takes the rest of the file; otherwise it ends on the line of that quote.
        let lastLine = next < bytes.count || isGood ? line(of: next - 1) : lineCount
        if lastLine > cellLine, bad != nil || !isGood {
          row.lines = firstLine...cellLine
          row.fault = [cellLine, lastLine - cellLine]
          return (row, lastLine)
        }
        index = next
        if !isGood {
          bad = cellLine
          while index < bytes.count, bytes[index] != 0x2C, !isBreak(index) { index += 1 }
        }
        row.cells.append(content)
      } else {
        let start = index
        while index < bytes.count, bytes[index] != 0x2C, !isBreak(index) {
          if bytes[index] == 0x22 {
            let isAfterSpaces = bytes[start..<index].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x22 }
            if isStrict || isAfterSpaces { stray = stray ?? cellLine } else { row.bareQuote = row.bareQuote ?? cellLine }
          }
          index += 1
        }
        row.cells.append(index == start ? nil : Array(bytes[start..<index]))
      }
      guard index < bytes.count, bytes[index] == 0x2C else { break }
      index += 1
    }
    let lastLine = line(of: max(starts[firstLine - 1], index - 1))
    row.lines = firstLine...lastLine
    row.fault = (bad ?? stray).map { [$0, 0] }
    return (row, lastLine)
  }
}
