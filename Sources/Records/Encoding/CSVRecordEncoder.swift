package import Core

/// Writes target records as RFC 4180 rows: quotes only where needed, an empty text as `""` to distinguish it from null,
/// lists and objects as JSON.
///
/// A text cell that a spreadsheet would run as a formula gets a leading `'`, unless the column is vouched for; each use is
/// reported, so that it can be counted and added to the ledger.
///
/// A class, so that a worker borrows it: copying its arrays per record would cost reference counting.
package final class CSVRecordEncoder: Sendable {
  package struct Options: Sendable, Hashable {
    /// Rows end in CR LF instead of LF.
    package var crlf = false
    package var escapesFormulas = true
    package init() {}
  }

  package let layout: RecordLayout
  private let options: Options
  private let columnCount: Int

  package init(layout: RecordLayout, options: Options = .init()) {
    self.layout = layout
    self.options = options
    columnCount = layout.columns.count
  }

  package func encodeHeader(into out: inout ByteArena) {
    for (index, column) in layout.columns.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      var name = column.name
      name.withUTF8 { bytes in
        guard let base = bytes.baseAddress else { return }
        appendCell(Text(start: base, count: bytes.count), escaped: false, into: &out)
      }
    }
    appendLineBreak(into: &out)
  }

  /// Writes one row. `onEscape` is called for each column whose text gets a leading `'`.
  package func encode(_ cells: UnsafeBufferPointer<Cell>, into out: inout ByteArena, onEscape: (Int) -> Void) {
    for index in 0..<columnCount {
      let cell = cells[index]
      if index > 0 { out.append(UInt8(ascii: ",")) }
      if cell.kind == .string {
        if appendText(cell.text, column: index, into: &out) { onEscape(index) }
      } else {
        append(cell, into: &out)
      }
    }
    appendLineBreak(into: &out)
  }

  /// Values other than text.
  @inline(__always)
  private func append(_ cell: Cell, into out: inout ByteArena) {
    switch cell.kind {
    case .missing, .null, .blocked:
      // An entirely empty row would be a blank line, which readers skip.
      if columnCount == 1 { out.append("\"\"") }
    case .true: out.append("true")
    case .false: out.append("false")
    case .integer, .decimal, .number, .date, .datetime, .string: out.append(cell.text)
    case .list, .object: appendJSON(cell, into: &out)
    }
  }

  /// Whether the text gets a leading `'`.
  @inline(__always)
  package func escapes(_ text: Text, column: Int) -> Bool {
    options.escapesFormulas && Self.looksLikeFormula(text)
      && !(layout.columns[column].isVouchedFor && Self.isSignedNumber(text))
  }

  /// True if a formula was escaped.
  @inline(__always)
  private func appendText(_ text: Text, column: Int, into out: inout ByteArena) -> Bool {
    let escaped = escapes(text, column: column)
    appendCell(text, escaped: escaped, into: &out)
    return escaped
  }

  /// The extension of a phone number: `;ext=136`.
  private static func isExtension(_ text: Text) -> Bool {
    let word: StaticString = ";ext="
    guard text.count > word.utf8CodeUnitCount else { return false }
    for index in 0..<text.count {
      let isExpected =
        index < word.utf8CodeUnitCount ? text.start[index] == word.utf8Start[index] : text.start[index] &- UInt8(ascii: "0") < 10
      guard isExpected else { return false }
    }
    return true
  }

  /// The only text that a vouching function can produce after a sign; a default or a kept source value may be anything.
  private static func isSignedNumber(_ text: Text) -> Bool {
    guard text.count > 1, text.start[0] == UInt8(ascii: "+") || text.start[0] == UInt8(ascii: "-") else { return false }
    for index in 1..<text.count {
      let byte = text.start[index]
      guard byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") else { return isExtension(text[index..<text.count]) }
    }
    return true
  }

  @inline(__always)
  private static func looksLikeFormula(_ text: Text) -> Bool {
    // Most texts start with a letter.
    guard text.count > 0, text.start[0] <= UInt8(ascii: "@") else { return false }
    switch text.start[0] {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: return true
    default: return false
    }
  }

  private func appendLineBreak(into out: inout ByteArena) {
    if options.crlf { out.append(0x0D) }
    out.append(0x0A)
  }

  @inline(__always)
  private func appendCell(_ text: Text, escaped: Bool, into out: inout ByteArena) {
    guard text.count > 0 else { return out.append("\"\"") }
    if escaped { return appendEscaped(text, into: &out) }
    if CSVQuoting.copy(text, to: out.reserve(text.count)) { appendQuoted(text, into: &out) } else { out.take(text.count) }
  }

  @inline(never)
  private func appendQuoted(_ text: Text, into out: inout ByteArena) {
    out.append(UInt8(ascii: "\""))
    CSVQuoting.append(text, into: &out)
    out.append(UInt8(ascii: "\""))
  }

  /// A formula, which gets a leading `'`.
  @inline(never)
  private func appendEscaped(_ text: Text, into out: inout ByteArena) {
    let isQuoted = CSVQuoting.copy(text, to: out.reserve(text.count))
    if isQuoted { out.append(UInt8(ascii: "\"")) }
    out.append(UInt8(ascii: "'"))
    CSVQuoting.append(text, into: &out)
    if isQuoted { out.append(UInt8(ascii: "\"")) }
  }

  /// JSON has its own quotes, so it is always quoted here: written first, then its quotes are doubled in place.
  private func appendJSON(_ cell: Cell, into out: inout ByteArena) {
    out.append(UInt8(ascii: "\""))
    let start = out.pendingCount
    JSONRecordEncoder.encode(cell, into: &out)
    CSVQuoting.doubleQuotes(from: start, in: &out)
    out.append(UInt8(ascii: "\""))
  }
}
