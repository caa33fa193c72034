import Core
import Records

/// The columns of a corrected table of rejects: which cells name the record, and which have its values.
struct RejectColumns {
  /// Cells of a row; nil where the table has no such column.
  let record: Int?
  let line: Int?
  let destination: Int?
  /// In the order of the source's columns, then the text of a record that could not be read.
  let source: [Int?]
  /// What the table calls them.
  let titles: [String]

  /// - Parameters:
  ///   - header: of the file at `path`.
  ///   - names: of the source's columns; nil: one column with whole records.
  ///   - keyColumn: the source's column with the key, if it is one: it names the record where nothing else does.
  /// - Throws: `OperationFailure` 65 if there are other columns, or nothing names the record.
  init(_ header: [String], names: [String]?, isTable: Bool, keyColumn: Int?, path: String) throws {
    let plain = ItemTable.titles(names, isTable: isTable)
    titles = RejectsTable.titles(plain)
    // A reject file in the folder of a run has fewer columns of its own.
    let isTableOfRejects = header.contains(exactly: "run") || header.contains(exactly: "mapping")
    if !isTableOfRejects, let name = zip(plain, titles).first(where: { !$0.isExactly($1) && header.contains(exactly: $0) })?.0 {
      throw OperationFailure(
        .wrongFile,
        "\(path):1: the column '\(name)' may belong to the source or to the table: correct a table that `waybill rejects` wrote"
      )
    }
    // Nor does a table of an earlier version have the advice, so that it called a column of the source so.
    let renamed = zip(plain, titles).first { $0.0.isExactly(RejectsTable.advice) }?.1
    if let renamed, header.contains(exactly: RejectsTable.advice), !header.contains(exactly: renamed) {
      throw OperationFailure(
        .wrongFile,
        "\(path):1: the column '\(RejectsTable.advice)' may belong to the source or to the table: "
          + "call the source's column '\(renamed)', or write the table again with `waybill rejects`")
    }
    var places: [Name: Int] = [:]
    for (place, title) in titles.enumerated() {
      places[Name(title)] = place
      // A spreadsheet may have dropped the ' before it.
      let bare = Name(FormulaText.unescaped(title))
      if places[bare] == nil { places[bare] = place }
    }
    var source = [Int?](repeating: nil, count: titles.count)
    for (cell, name) in header.enumerated() where !RejectsTable.own.contains(exactly: name) {
      guard let place = places[Name(name)] ?? places[Name(name.trimmedExactly)] else {
        try Self.check(header, path)
        let hint = NearestName.hint(name, in: titles + RejectsTable.own) ?? "remove it; the source's names cannot be changed here"
        throw OperationFailure(.wrongFile, "\(path):1: the rejects have no column '\(name)'; \(hint)")
      }
      if source[place] != nil { throw OperationFailure(.wrongFile, "\(path):1: there are two columns '\(name)': remove one") }
      source[place] = cell
    }
    self.source = source
    line = header.firstIndex(exactly: "line")
    destination = header.firstIndex(exactly: "destination")
    let key = header.firstIndex(exactly: "record")
    record = key ?? (line == nil ? keyColumn.flatMap { source[$0] } : nil)
    if line == nil, record == nil {
      throw OperationFailure(
        .wrongFile,
        "\(path):1: there is neither a column 'line' nor a column 'record', which would identify the record: restore one")
    }
  }

  /// - Throws: `OperationFailure` 65 if a file's header has no column of a table of rejects.
  static func check(_ header: [String], _ path: String) throws(OperationFailure) {
    guard RejectsTable.own.contains(where: { header.contains(exactly: $0) }) else {
      throw OperationFailure(
        .wrongFile, "\(path):1: this is not a table of rejects: correct one that `waybill rejects --output` wrote")
    }
  }

  /// Columns of the source that the table does not have: their values stay.
  var missing: [String] { zip(titles, source).filter { $1 == nil }.map(\.0) }

  /// The places of columns that a person has named.
  ///
  /// - Throws: `OperationFailure` 64 if there is no such column.
  func places(of names: [String]) throws(OperationFailure) -> Set<Int> {
    var places: Set<Int> = []
    for name in names {
      guard let place = titles.firstIndex(exactly: name), source[place] != nil else {
        let known = zip(titles, source).filter { $1 != nil }.map(\.0)
        let hint = NearestName.hint(name, in: known) ?? "it has: \(known.prefix(20).joined(separator: ", "))"
        throw OperationFailure(.usage, "--changed: the table has no column '\(name)' of the source; \(hint)")
      }
      places.insert(place)
    }
    return places
  }
}
