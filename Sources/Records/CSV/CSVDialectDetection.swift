import Core

/// Finds out how a CSV file is written, from its first lines.
///
/// 1. A stated delimiter is the delimiter. A line `sep=;` above the header declares one.
/// 2. If it is known what is read, the comma wins if its header has all these columns; otherwise the only delimiter whose
///    header has them.
/// 3. The tab wins in a `.tsv` or `.tab` file whose header has one.
/// 4. Among those that give the header several cells and fit at least one row, the one that explains most delimiters wins:
///    cells of the header, times rows that fit. If several explain as many, that with the cleanest names wins (names that
///    contain none of the others, and begin with no space), then the comma, with a note. `;` and `|` alone are refused.
/// 5. Otherwise, if its lines look like a table that none of these delimiters splits (`UnsplitTable`), the file is refused.
/// 6. Otherwise, if a later row looks like the header, the lines above it must be stated.
/// 7. Otherwise, a header that no row fits counts, and a header without any delimiter is a single column.
///
/// A JSON file is refused.
struct CSVDialectDetection {
  /// Why a file is refused.
  struct Refusal: Error {
    var line: Int
    var reason: String
  }

  static let candidates = [UInt8](",;\t|".utf8)

  private let bytes: ArraySlice<UInt8>
  private let isWhole: Bool
  private let reading: RecordReading
  private let usual: UInt8

  /// `bytes`: the first lines; `isWhole`: of the whole file.
  init(_ bytes: ArraySlice<UInt8>, isWhole: Bool, path: String, _ reading: RecordReading) {
    self.bytes = bytes
    self.isWhole = isWhole
    self.reading = reading
    usual = Self.hasTabs(path) ? 0x09 : UInt8(ascii: ",")
  }

  private static func hasTabs(_ path: String) -> Bool {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return name.hasSuffix(".tsv") || name.hasSuffix(".tab")
  }

  func dialect() throws(Refusal) -> CSVDialect {
    if reading.file.skipLines == 0, let form = JSONForm.of(bytes) {
      throw Refusal(line: 1, reason: "the file \(form.sentence(reading.place))")
    }
    if reading.file.skipLines == 0, reading.file.delimiter == nil, ScriptForm.matches(bytes) {
      throw Refusal(line: 1, reason: "the file looks like a Python or JavaScript object, not like CSV: export it as CSV")
    }
    if let end = otherLineEnd {
      throw Refusal(line: 1, reason: "the rows end with \(end), which is not a line break: write the file with LF or CRLF")
    }
    var dialect = CSVDialect(delimiter: reading.file.delimiter ?? usual)
    dialect.skippedLines = reading.file.skipLines
    dialect.linesAbove = reading.file.skipLines
    let separator = try SeparatorLine.find(
      in: bytes, after: dialect.linesAbove, isOptional: reading.file.delimiter != nil, reading.place)
    if let separator {
      dialect.linesAbove = separator.line
      if reading.file.delimiter == nil {
        dialect.delimiter = separator.delimiter
        dialect.origin = .separatorLine
      }
    }
    if reading.file.delimiter != nil || separator != nil {
      let sample = sample(dialect.delimiter, dialect)
      try check(sample)
      if let unsplit = unsplit([sample], dialect, excluding: [dialect.delimiter]) {
        guard reading.file.delimiter != nil else {
          throw Refusal(line: dialect.linesAbove, reason: unsplit.reason(reading.place, declared: dialect.delimiter))
        }
        dialect.origin = .doubtful(unsplit)
      }
    } else {
      (dialect.delimiter, dialect.origin) = try detect(dialect)
    }
    return dialect
  }

  /// What ends the lines of a file without a line break; nil if it may have one line only.
  private var otherLineEnd: String? {
    guard !bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let ends: [(Unicode.Scalar, String)] = [
      ("\u{2028}", "U+2028"), ("\u{2029}", "U+2029"), ("\u{85}", "U+0085"), ("\u{1E}", "U+001E"), ("\u{B}", "U+000B"),
    ]
    return ends.first { text.unicodeScalars.contains($0.0) && reading.file.delimiter.map { Unicode.Scalar($0) } != $0.0 }?.1
  }

  private func sample(_ delimiter: UInt8, _ dialect: CSVDialect) -> CSVSample {
    CSVSample(bytes, isWhole: isWhole, linesAbove: dialect.linesAbove, delimiter: delimiter)
  }

  private func detect(_ dialect: CSVDialect) throws(Refusal) -> (UInt8, CSVDialect.Origin) {
    func found(_ delimiter: UInt8) -> (UInt8, CSVDialect.Origin) { (delimiter, delimiter == usual ? .given : .detected) }
    let samples = Self.candidates.map { sample($0, dialect) }
    let tables = samples.filter(\.isTable)
    // Whatever the header has, its rows are split by something else.
    let defect = CSVHeaderDefect.find(samples, isTable: !tables.isEmpty)
    if let defect, case .otherDelimiter = defect { throw refusal(defect, samples) }
    let columns = reading.columnNames
    if !columns.isEmpty {
      let having = samples.filter { $0.header?.has(columns) == true }
      if let first = having.first, first.delimiter == UInt8(ascii: ",") || having.count == 1 { return found(first.delimiter) }
    }
    if usual == 0x09, let tabs = samples.first(where: { $0.delimiter == usual }), (tabs.header?.cells.count ?? 0) > 1 {
      return found(usual)
    }
    try checkSplit(samples, tables, defect, dialect)
    if let most = tables.map(\.score).max() { return try choose(tables.filter { $0.score == most }, found) }
    if let below = Self.first(samples, with: { $0.headerBelow?.width }) { try check(below) }
    guard let widest = Self.first(samples, with: { $0.header?.isClean == true ? $0.header?.cells.count : nil }),
      let header = widest.header, header.cells.count > 1
    else { return (usual, .given) }
    return found(widest.delimiter)
  }

  /// Refuses a file whose lines look like a table that no detected delimiter splits: `tables` is empty, or all of its headers have
  /// empty names.
  private func checkSplit(
    _ samples: [CSVSample], _ tables: [CSVSample], _ defect: CSVHeaderDefect?, _ dialect: CSVDialect
  ) throws(Refusal) {
    if let defect, !isRead(samples) { throw refusal(defect, samples) }
    if tables.isEmpty, let delimiter = UnsplitTable.quoted(lines(after: dialect.linesAbove)), !isRead(samples) {
      throw Refusal(
        line: samples.first?.header?.line ?? 1, reason: UnsplitTable.quotedLines(delimiter).reason(reading.place))
    }
    let isSplit = tables.contains { $0.header?.names.contains("") != true }
    guard !isSplit, let unsplit = unsplit(samples, dialect, excluding: tables.isEmpty ? Self.candidates : []) else { return }
    throw Refusal(line: samples.first?.header?.line ?? 1, reason: unsplit.reason(reading.place))
  }

  private func refusal(_ defect: CSVHeaderDefect, _ samples: [CSVSample]) -> Refusal {
    Refusal(line: samples.first?.header?.line ?? 1, reason: defect.reason(reading.place))
  }

  /// What the lines look like if the header of `samples` is one cell, and not a column that is read.
  private func unsplit(_ samples: [CSVSample], _ dialect: CSVDialect, excluding delimiters: [UInt8]) -> UnsplitTable? {
    guard !isRead(samples) else { return nil }
    guard samples.allSatisfy({ ($0.header?.cells.count ?? 0) < 2 || $0.header?.names.contains("") == true }) else { return nil }
    return UnsplitTable(lines(after: dialect.linesAbove), excluding: delimiters)
  }

  /// Whether one of these headers has all columns that are read.
  private func isRead(_ samples: [CSVSample]) -> Bool {
    let columns = reading.columnNames
    return !columns.isEmpty && samples.contains { $0.header?.has(columns) == true }
  }

  /// The lines that are not empty, without the last one if it may be incomplete.
  private func lines(after count: Int) -> [String] {
    var lines: [String] = []
    var rest = bytes
    var number = 1
    while !rest.isEmpty {
      var line = rest.prefix { $0 != 0x0A && $0 != 0x0D }
      rest = rest[line.endIndex...]
      if rest.isEmpty, !isWhole, !lines.isEmpty { break }
      rest = rest.dropFirst(rest.starts(with: [0x0D, 0x0A]) ? 2 : 1)
      while line.starts(with: UnicodeForm.utf8.mark) { line = line.dropFirst(3) }
      let text = String(decoding: line, as: UTF8.self)
      if number > count, !text.trimmedExactly.isEmpty { lines.append(text) }
      number += 1
    }
    return lines
  }

  /// The first sample with the largest size, among those that have one.
  private static func first(_ samples: [CSVSample], with size: (CSVSample) -> Int?) -> CSVSample? {
    guard let largest = samples.compactMap(size).max() else { return nil }
    return samples.first { size($0) == largest }
  }

  /// One of several that explain as many delimiters.
  private func choose(
    _ tables: [CSVSample], _ found: (UInt8) -> (UInt8, CSVDialect.Origin)
  ) throws(Refusal) -> (UInt8, CSVDialect.Origin) {
    let rated = tables.map { table in
      (table.delimiter, table.dirt(tables.map(\.delimiter).filter { $0 != table.delimiter }))
    }
    let least = rated.map(\.1).min() ?? 0
    let cleanest = rated.filter { $0.1 == least }.map(\.0)
    guard cleanest.count > 1 else { return found(cleanest[0]) }
    guard let comma = cleanest.first, comma == UInt8(ascii: ",") else {
      let names = cleanest.map(CSVDialect.name(of:)).joined(separator: " or ")
      throw Refusal(line: tables[0].header?.line ?? 1, reason: "the delimiter may be \(names): \(reading.place.unknownDelimiter)")
    }
    return (comma, .assumed(over: Array(cleanest.dropFirst())))
  }

  /// Refuses a file with a preamble, unless the first row has the columns that are read.
  private func check(_ sample: CSVSample) throws(Refusal) {
    guard !sample.isTable, let first = sample.header, let header = sample.headerBelow else { return }
    let columns = reading.columnNames
    guard columns.isEmpty || !first.has(columns) else { return }
    let lines = header.line - 1
    let name = CSVDialect.name(of: sample.delimiter)
    throw Refusal(
      line: first.line,
      reason: "the header seems to be on line \(header.line), where \(header.width) cells separated by \(name) begin: "
        + "if so, \(reading.place.setting(.skipLines, String(lines))); "
        + (first.cells.count == 1
          ? "if it has one column, \(reading.place.setting(.delimiter, ","))" : "if not, \(reading.place.unknownDelimiter)"))
  }
}
