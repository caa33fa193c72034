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
/// 5. Otherwise, if a later row looks like the header, the lines above it must be stated.
/// 6. Otherwise the header that no row fits counts, and a header without any delimiter is a single column.
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
    var dialect = CSVDialect(delimiter: reading.file.delimiter ?? usual)
    dialect.skippedLines = reading.file.skipLines
    dialect.linesAbove = reading.file.skipLines
    let separator = try SeparatorLine.find(in: bytes, after: dialect.linesAbove, isOptional: reading.file.delimiter != nil)
    if let separator {
      dialect.linesAbove = separator.line
      if reading.file.delimiter == nil {
        dialect.delimiter = separator.delimiter
        dialect.origin = .separatorLine
      }
    }
    if reading.file.delimiter != nil || separator != nil {
      try check(sample(dialect.delimiter, dialect))
    } else {
      (dialect.delimiter, dialect.origin) = try detect(dialect)
    }
    return dialect
  }

  private func sample(_ delimiter: UInt8, _ dialect: CSVDialect) -> CSVSample {
    CSVSample(bytes, isWhole: isWhole, linesAbove: dialect.linesAbove, delimiter: delimiter)
  }

  private func detect(_ dialect: CSVDialect) throws(Refusal) -> (UInt8, CSVDialect.Origin) {
    func found(_ delimiter: UInt8) -> (UInt8, CSVDialect.Origin) { (delimiter, delimiter == usual ? .given : .detected) }
    let samples = Self.candidates.map { sample($0, dialect) }
    let columns = reading.columns.map(\.name)
    if !columns.isEmpty {
      let having = samples.filter { $0.header?.has(columns) == true }
      if let first = having.first, first.delimiter == UInt8(ascii: ",") || having.count == 1 { return found(first.delimiter) }
    }
    if usual == 0x09, let tabs = samples.first(where: { $0.delimiter == usual }), (tabs.header?.cells.count ?? 0) > 1 {
      return found(usual)
    }
    let tables = samples.filter(\.isTable)
    if let most = tables.map(\.score).max() { return try choose(tables.filter { $0.score == most }, found) }
    if let below = Self.first(samples, with: { $0.headerBelow?.width }) { try check(below) }
    guard let widest = Self.first(samples, with: { $0.header?.isClean == true ? $0.header?.cells.count : nil }),
      let header = widest.header, header.cells.count > 1
    else { return (usual, .given) }
    return found(widest.delimiter)
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
      throw Refusal(line: tables[0].header?.line ?? 1, reason: "the delimiter may be \(names): \(Self.stateDelimiter)")
    }
    return (comma, .assumed(over: Array(cleanest.dropFirst())))
  }

  /// Refuses a file with a preamble, unless the first row has the columns that are read.
  private func check(_ sample: CSVSample) throws(Refusal) {
    guard !sample.isTable, let first = sample.header, let header = sample.headerBelow else { return }
    let columns = reading.columns.map(\.name)
    guard columns.isEmpty || !first.has(columns) else { return }
    let lines = header.line - 1
    let name = CSVDialect.name(of: sample.delimiter)
    throw Refusal(
      line: first.line,
      reason: "the header seems to be on line \(header.line), where \(header.width) cells separated by \(name) begin: "
        + "if so, set skip_lines: \(lines) (\(CommandOption.skipLines) \(lines)); if not, \(Self.stateDelimiter)")
  }

  static let stateDelimiter = "specify the delimiter (\(CommandOption.delimiter))"
}

/// The line `sep=;`, which Excel reads and writes above the header.
struct SeparatorLine {
  var line: Int
  var delimiter: UInt8

  /// The first line with text after `lines`, if it is one. `isOptional`: a line that only begins like one is not refused.
  static func find(in bytes: ArraySlice<UInt8>, after lines: Int, isOptional: Bool) throws(CSVDialectDetection.Refusal)
    -> SeparatorLine?
  {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var rest = bytes
    var line = 1
    while !rest.isEmpty {
      var text = rest.prefix { $0 != 0x0A && $0 != 0x0D }
      rest = rest[text.endIndex...]
      if rest.starts(with: [0x0D, 0x0A]) { rest = rest.dropFirst(2) } else { rest = rest.dropFirst() }
      while text.starts(with: mark) { text = text.dropFirst(3) }
      if line > lines, !text.isEmpty { return try read(text, line, isOptional: isOptional) }
      line += 1
    }
    return nil
  }

  private static func read(
    _ text: ArraySlice<UInt8>, _ line: Int, isOptional: Bool
  ) throws(CSVDialectDetection.Refusal) -> SeparatorLine? {
    let quote = UInt8(ascii: "\"")
    let isQuoted = text.first == quote
    let content = isQuoted ? text.dropFirst() : text
    guard content.count >= 4, content.prefix(4).map({ $0 | 0x20 }) == Array("sep=".utf8).map({ $0 | 0x20 }) else { return nil }
    var after = content.dropFirst(4)
    if let delimiter = after.popFirst(), DelimiterText.byte(String(UnicodeScalar(delimiter))) != nil,
      !isQuoted || after.popFirst() == quote,
      after.allSatisfy({ $0 == delimiter || CSVDialectDetection.candidates.contains($0) })
    {
      return SeparatorLine(line: line, delimiter: delimiter)
    }
    if isOptional { return nil }
    throw CSVDialectDetection.Refusal(
      line: line,
      reason: "the line begins with 'sep=', but does not name one delimiter: \(CSVDialectDetection.stateDelimiter), "
        + "and skip the line with skip_lines: \(line) (\(CommandOption.skipLines) \(line))")
  }
}
