import CLibCSV

/// What the reader does with libcsv's own state, which libcsv makes public for lack of calls.
extension CSVReader {
  /// libcsv's `FIELD_BEGUN` and `FIELD_MIGHT_HAVE_ENDED`: it makes its fields public, but not these names.
  static let inCell: Int32 = 2
  static let afterQuote: Int32 = 3
  static let strictOptions = UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL | CSV_EMPTY_IS_NULL)

  var isInRow: Bool { parser.pointee.pstate != 0 }

  /// The number of bytes in the current cell.
  var cellBytes: Int {
    let size = parser.pointee.entry_pos - (parser.pointee.pstate == Self.afterQuote ? 1 : 0)
    return size + (dropped.cell == collector.cellCount ? dropped.bytes : 0)
  }

  /// The row that libcsv is in is too large: what was read of it is dropped, and libcsv reads on to the real end of the
  /// row, so that line breaks inside quotes do not begin a row. The last byte stays: it is a closing quote, which libcsv
  /// removes itself.
  mutating func dropRow() {
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
  mutating func resetParser() {
    parser.pointee.pstate = 0
    parser.pointee.quoted = 0
    parser.pointee.spaces = 0
    parser.pointee.entry_pos = 0
    parser.pointee.status = 0
    dropped = (0, -1)
  }

  mutating func beginRow() {
    dropped = (0, -1)
    collector.beginRow(line: line, suspectQuote: line <= suspects.end ? suspects.quote : 0)
  }

  /// Whether the current cell consists of spaces so far: a quote after them was meant to open it.
  var isAfterSpaces: Bool {
    guard dropped.cell != collector.cellCount, let entry = parser.pointee.entry_buf else { return false }
    return CSVRowShape.isBlank(UnsafePointer(entry), count: parser.pointee.entry_pos)
  }

  /// Takes a byte order mark in front of a row, of which earlier chunks may have had a part. Returns how many of these bytes
  /// belong to one; if none do, earlier ones were text, and have become the beginning of the row.
  mutating func takeMark(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
    switch mark.take(bytes, count: count) {
    case .whole(let taken):
      collector.noteMark()
      isAtLineStart = false
      return taken
    case .part(let taken):
      isAtLineStart = false
      return taken
    case .none:
      takePartialMark()
      return 0
    }
  }

  mutating func takePartialMark() {
    let text = mark.release()
    guard !text.isEmpty else { return }
    beginRow()
    isAtLineStart = false
    text.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { _ = take(base, count: bytes.count) }
    }
  }
}
