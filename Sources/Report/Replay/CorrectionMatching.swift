import Core
import Records

/// Finds the rows of a corrected table that are about a source record: by its line, its key, or both.
struct CorrectionMatching {
  private struct Identity {
    var row: Int
    var line: Int?
    /// Nil: the table has no such column. Empty: the record has no key.
    var key: String?
    /// Records that it fits, and the line of the last one.
    var matches = 0
    var found = 0
  }

  private var identities: [Identity] = []
  private var byLine: [Int: [Int]] = [:]
  private var byKey: [Name: [Int]] = [:]
  private let hasElements: Bool

  /// - Throws: `OperationFailure` 65 if a row does not say which record it is.
  init(_ file: borrowing CorrectedFile, _ columns: RejectColumns, hasElements: Bool) throws {
    self.hasElements = hasElements
    for index in file.rows.indices {
      let cells = try file.cells(of: index)
      func cell(_ column: Int?) -> String? { column.map { cells.indices.contains($0) ? cells[$0] ?? "" : "" } }
      let row = file.rows[index].line
      let key = cell(columns.record)
      var line: Int?
      if let text = cell(columns.line) {
        guard let number = Int(text), number > 0 else {
          throw OperationFailure(
            .wrongFile, "\(file.path):\(row): the line '\(text)' is not a number: restore what `waybill rejects` wrote")
        }
        line = number
        byLine[number, default: []].append(index)
      } else {
        guard let key, !key.isEmpty else {
          throw OperationFailure(
            .wrongFile,
            "\(file.path):\(row): the row has no key, so that only its line says which record it is: restore the column 'line'")
        }
        for name in Self.keys(of: key, hasElements: hasElements) { byKey[Name(name), default: []].append(index) }
      }
      identities.append(Identity(row: row, line: line, key: key))
    }
  }

  /// What the key of a record may be that the table calls `name`.
  private static func keys(of name: String, hasElements: Bool) -> [String] {
    var keys = [name]
    if !FormulaText.unescaped(name).isExactly(name) { keys.append(FormulaText.unescaped(name)) }
    guard hasElements else { return keys }
    return keys
      + keys.compactMap { key in
        key.utf8.lastIndex(of: UInt8(ascii: "#")).map { String(key[..<$0]) }.flatMap { ItemName.isItem(key, of: $0) ? $0 : nil }
      }
  }

  /// Whether there are rows without a line.
  var needsKey: Bool { !byKey.isEmpty }

  func hasRows(onLine line: Int) -> Bool { byLine[line] != nil }

  /// The rows about the next record of the source.
  mutating func take(line: Int, key: String?) -> [Int] {
    let shown = key.map { Redactor.process.redacted($0) }
    let rows = (byLine[line] ?? []).filter { fits($0, key: shown) } + (shown.flatMap { byKey[Name($0)] } ?? [])
    for row in rows {
      identities[row].matches += 1
      identities[row].found = line
    }
    return rows
  }

  private func fits(_ row: Int, key: String?) -> Bool {
    guard let name = identities[row].key else { return true }
    guard var key else { return name.isEmpty }
    // It was the first cell of a row, where a byte order mark does not belong to the text.
    if key.unicodeScalars.first == "\u{FEFF}", name.unicodeScalars.first != "\u{FEFF}" { key.unicodeScalars.removeFirst() }
    return Self.keys(of: name, hasElements: hasElements).contains { name in
      switch CellCorrection.of(name, .init(kind: .string, text: key, isTable: true)) {
      case .same, .reformatted: true
      case .changed, .refused: false
      }
    }
  }

  /// Rows that are about no record of the source, or about several.
  func faults() -> [(row: Int, text: String)] {
    identities.filter { $0.matches != 1 }.map { identity in
      let name = [
        identity.key.map { $0.isEmpty ? "a record without a key" : "a record '\($0)'" } ?? "a record",
        identity.line.map { " on line \($0)" } ?? "",
      ].joined()
      return (
        identity.row,
        identity.matches == 0
          ? "the run has not read \(name): restore the columns 'record' and 'line'"
          : "the run has read several records that this row may be about (\(name)): they cannot be told apart"
      )
    }
  }

  /// Once all rows were found.
  var records: [CorrectedRows.Record] {
    identities.map { identity in
      let key = identity.key.flatMap { $0.isEmpty ? nil : Name(FormulaText.unescaped($0)) }
      return CorrectedRows.Record(line: identity.found, key: key, row: identity.row)
    }
  }
}
