import Core

/// The first rows of a CSV file as one delimiter would split them.
struct CSVSample {
  struct Row {
    var line: Int
    /// As written; none if a quote is at fault.
    var cells: [String]
    /// No quote is where it should not be.
    var isClean: Bool
    /// The number of cells up to the last one that is not empty.
    let width: Int

    init(line: Int, cells: [String], isClean: Bool) {
      self.line = line
      self.cells = cells
      self.isClean = isClean
      width = (cells.lastIndex { !$0.trimmedExactly.isEmpty } ?? -1) + 1
    }

    /// Its names, were it the header.
    var names: [String] { cells.prefix(width).map(\.trimmedExactly) }

    /// Whether it has a value for each column of `header` and for no other.
    func fits(_ header: Row) -> Bool { isClean && cells.count >= header.width && width <= header.width }

    func has(_ columns: [String]) -> Bool {
      let names = Set(names.map { Name($0) })
      return columns.allSatisfy { names.contains(Name($0)) }
    }
  }

  let delimiter: UInt8
  /// Those that are not empty.
  private(set) var rows: [Row] = []

  /// `isWhole`: the bytes are the whole file; otherwise their last line may be incomplete.
  init(_ bytes: ArraySlice<UInt8>, isWhole: Bool, linesAbove: Int, delimiter: UInt8) {
    self.delimiter = delimiter
    var options = CSVReader.Options(delimiter: delimiter, hasHeader: false)
    options.linesAbove = linesAbove
    var reader = CSVReader(options: options)
    reader.feed(bytes.span)
    take(reader)
    guard isWhole || rows.isEmpty else { return }
    reader.finish()
    take(reader)
  }

  private mutating func take(_ reader: borrowing CSVReader) {
    for index in 0..<reader.rowCount {
      let row = reader.row(at: index)
      let isClean = row.bareQuoteCell == nil && (row.problem == nil || row.problem == .invalidUTF8)
      let found = Row(line: row.line, cells: (0..<row.count).map { row[$0].string }, isClean: isClean)
      if found.width > 0 || !isClean { rows.append(found) }
    }
  }

  var header: Row? { rows.first }
  /// How many rows fit the header.
  var fitting: Int { rows.first.map { header in rows.dropFirst().count { $0.fits(header) } } ?? 0 }
  /// The header has the delimiter, and rows fit it if there are any: more than fit a later header.
  var isTable: Bool {
    guard let header, header.isClean, header.cells.count > 1 else { return false }
    let fitting = fitting
    guard let below else { return rows.count == 1 || fitting > 0 }
    // Spreadsheets fill short rows with delimiters.
    return fitting > below.fitting || fitting == below.fitting && header.width > 1
  }
  /// How many delimiters it explains.
  var score: Int { ((header?.cells.count ?? 1) - 1) * max(1, fitting) }

  /// How many names per column look as if they had been split at the wrong places: because they contain one of `others`, or
  /// begin with a space.
  func dirt(_ others: [UInt8]) -> Double {
    guard let header, header.width > 0 else { return 0 }
    let cells = header.cells.prefix(header.width)
    let dirt = cells.reduce(0) { sum, cell in
      let foreign = others.reduce(0) { $0 + (cell.utf8.contains($1) ? ($1 == 0x09 ? 2 : 1) : 0) }
      return sum + foreign + (cell.utf8.first == 0x20 ? 1 : 0)
    }
    return Double(dirt) / Double(header.width)
  }

  /// The row that seems to be the header, because it and most rows after it have more cells than any row before it: the rows
  /// before it are a preamble. Nil if the first row may be the header.
  var headerBelow: Row? { below?.header }

  private var below: (header: Row, fitting: Int)? {
    guard let widest = rows.map(\.width).max(), widest > 1, let index = rows.firstIndex(where: { $0.width == widest }), index > 0
    else { return nil }
    let header = rows[index]
    let rest = rows[(index + 1)...]
    let fitting = rest.count { $0.fits(header) }
    guard fitting > 0, fitting * 5 >= rest.count * 4, header.isClean, Self.areNames(header.cells.prefix(widest)) else {
      return nil
    }
    // A file with one column may have values like this one.
    let isCertain = delimiter == UInt8(ascii: ",") || widest > 2 || index > 1 || rows[0].names.first?.contains(" ") == true
    return isCertain ? (header, fitting) : nil
  }

  /// Whether these may be names of columns: different ones, no numbers or addresses, no parts of a sentence.
  static func areNames(_ cells: ArraySlice<String>) -> Bool {
    guard Set(cells.map { Name($0.trimmedExactly) }).count == cells.count else { return false }
    return cells.allSatisfy { cell in
      let text = cell.trimmedExactly
      guard let first = text.utf8.first, cell.utf8.first != 0x20 else { return false }
      return !text.utf8.contains(UInt8(ascii: "@")) && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    }
  }
}
