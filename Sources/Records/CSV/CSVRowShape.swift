import Glibc

/// How the cells of a row fit the header, in files with one.
///
///     id,name,          the header: two columns, one nameless
///     1,Ann,            fits: the cell after the last column is empty
///     2,Bob,x           does not: `ragged`
///     3,Cy,,            does not fit either: it has more cells than the header
///     ,,                an empty row, skipped like a blank line
///     id,name,          the header again (files that were joined): `repeatedHeader`
///
/// Rows may have empty cells after the last column: up to as many as the header has or, if the header has none, any number if
/// the first row has some. Some programs write files this way. Otherwise, an empty cell at the end is taken as a sign of an
/// unquoted delimiter (`2,Bob, Jr,`): reading the row would put values into the wrong columns, so it is `ragged`.
///
/// In a file with a single column, a value may equal the header, and `""` is a value (a row without the quotes would be a blank
/// line): there, only a header after a byte order mark is a repeated one, and only rows with more cells can be empty.
struct CSVRowShape {
  /// Whether rows of empty cells count as rows.
  private let keepsEmptyRows: Bool
  private(set) var tally = CSVTally()
  /// The number of columns; nil until the header was read.
  private(set) var columns: Int?
  private var headerBytes: [UInt8] = []
  private var headerSizes: [Int] = []
  /// How many empty cells a row may have after the last column; nil until the first row has been read.
  private var surplus: Int?

  init(keepsEmptyRows: Bool) { self.keepsEmptyRows = keepsEmptyRows }

  enum Verdict {
    case fits, isEmpty, repeatsHeader
  }

  /// Judges a row without a problem of its own, and drops its empty cells after the last column: `count` becomes the number of
  /// those that remain. Cells lie one after another.
  @inline(__always)
  mutating func judge(
    _ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>, count: inout Int, followsMark: Bool
  ) -> Verdict {
    if Self.size(cells, count) == 0 || Self.isSpace(bytes[cells[0].start]), isEmpty(bytes, cells, count),
      !keepsEmptyRows || columns == nil
    {
      tally.emptyRows += 1
      return .isEmpty
    }
    guard let columns else {
      readHeader(bytes, cells, &count)
      return .fits
    }
    if surplus == nil { noteFirstRow(cells: count) }
    if count != columns { trim(bytes, cells, &count, to: columns) }
    guard count == columns, Self.size(cells, count) == headerBytes.count, repeatsHeader(bytes, cells),
      columns > 1 || followsMark
    else { return .fits }
    return .repeatsHeader
  }

  /// Bytes of the first `count` cells.
  @inline(__always)
  private static func size(_ cells: UnsafePointer<CSVRow.Mark>, _ count: Int) -> Int {
    cells[count - 1].start + cells[count - 1].count - cells[0].start
  }

  /// Whether no row after the header has been checked yet.
  var hasNoRow: Bool { surplus == nil }

  /// Takes the number of cells of the first readable row after the header.
  mutating func noteFirstRow(cells count: Int) {
    guard surplus == nil, let columns else { return }
    surplus = tally.namelessColumns > 0 ? tally.namelessColumns : count > columns ? .max : 0
  }

  /// A row that cannot be read takes the place of the header.
  mutating func missHeader() { if columns == nil { columns = 0 } }

  mutating func noteMark() { if columns != nil { tally.innerMarks += 1 } }

  @inline(never)
  private func isEmpty(_ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>, _ count: Int) -> Bool {
    if columns == 1, count == 1 { return false }
    return Self.areBlank(bytes, cells, 0..<count)
  }

  private mutating func readHeader(_ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>, _ count: inout Int) {
    let all = count
    while count > 1, Self.areBlank(bytes, cells, count - 1..<count) { count -= 1 }
    tally.namelessColumns = all - count
    columns = count
    for cell in UnsafeBufferPointer(start: cells, count: count) {
      headerBytes += UnsafeBufferPointer(start: bytes + cell.start, count: cell.count)
      headerSizes.append(cell.count)
    }
  }

  @inline(never)
  private mutating func trim(
    _ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>, _ count: inout Int, to columns: Int
  ) {
    guard count > columns, columns > 0, count - columns <= surplus ?? 0, Self.areBlank(bytes, cells, columns..<count) else {
      return
    }
    count = columns
    tally.longRows += 1
  }

  private func repeatsHeader(_ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>) -> Bool {
    guard memcmp(bytes + cells[0].start, headerBytes, headerBytes.count) == 0 else { return false }
    return headerSizes.indices.allSatisfy { cells[$0].count == headerSizes[$0] }
  }

  private static func areBlank(_ bytes: UnsafePointer<UInt8>, _ cells: UnsafePointer<CSVRow.Mark>, _ range: Range<Int>) -> Bool {
    range.allSatisfy { isBlank(bytes + cells[$0].start, count: cells[$0].count) }
  }

  /// Empty, or only spaces and tabs.
  static func isBlank(_ bytes: UnsafePointer<UInt8>, count: Int) -> Bool { (0..<count).allSatisfy { isSpace(bytes[$0]) } }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
