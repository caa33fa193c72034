import Core
import Records

/// Finds the items that the rows of a corrected table are about, by their lines, their keys, or both; then the rows about a source record.
///
/// A row that a spreadsheet has changed is found as well: `7` is the key `007` if nothing else on the line fits.
struct CorrectionMatching {
  /// A row, and the record that it is about.
  private struct Place {
    var line: Int
    /// Without the number of an element; only where several records may be on a line.
    var key: Name?
    /// Index of the row.
    var row: Int
  }

  let rejected: RejectedItems
  /// For each row, its items in `rejected`; empty: none, and there is a fault.
  private(set) var items: [Range<Int>] = []
  private(set) var faults: [(row: Int, text: String)] = []
  /// In the order of their lines and keys.
  private var places: [Place] = []
  private let sharesLines: Bool

  /// - Parameters:
  ///   - outcomes: the path of the run's `outcomes.ndjson`.
  ///   - input: of the mapping.
  /// - Throws: `OperationFailure` 65 if a row does not say which record it is.
  init(
    _ file: borrowing CorrectedFile, _ columns: RejectColumns, of mapping: Name, in outcomes: String, _ input: CorrectedRows.Input
  )
    throws
  {
    sharesLines = input.sharesLines
    var lines: [Int?] = []
    for index in file.rows.indices {
      let cells = try file.cells(of: index)
      lines.append(try Self.line(in: cells, columns, "\(file.path):\(file.rows[index].line)"))
    }
    rejected = try RejectedItems(
      in: outcomes, of: mapping, onLines: columns.line == nil ? nil : Set(lines.compactMap(\.self)))
    var byKey: [Name: [Int]] = [:]
    if columns.line == nil {
      for (index, item) in rejected.items.enumerated() { if let key = item.record { byKey[key, default: []].append(index) } }
    }
    for (index, line) in lines.enumerated() {
      try Task.checkCancellation()
      let key = columns.record.map { Self.cell($0, try? file.cells(of: index)) }
      let found: [Range<Int>]
      if let line {
        found = find(key, in: rejected.all(onLine: line))
      } else {
        found = Self.forms(of: key ?? "").lazy.compactMap { byKey[Name($0)] }.first.map { $0.map { $0..<$0 + 1 } } ?? []
      }
      guard found.count == 1, let range = found.first, !range.isEmpty else {
        items.append(0..<0)
        faults.append((file.rows[index].line, Self.fault(key, line, isKnown: !found.isEmpty)))
        continue
      }
      items.append(range)
      let item = rejected.items[range.lowerBound]
      places.append(Place(line: item.line, key: sharesLines ? recordKey(of: item, input) : nil, row: index))
    }
    places.sort { ($0.line, $0.key ?? "", $0.row) < ($1.line, $1.key ?? "", $1.row) }
  }

  private static func cell(_ column: Int, _ cells: [String?]?) -> String {
    guard let cells, cells.indices.contains(column) else { return "" }
    return cells[column] ?? ""
  }

  /// Nil if the table has no lines.
  private static func line(in cells: [String?], _ columns: RejectColumns, _ place: String) throws -> Int? {
    if let column = columns.line {
      let text = cell(column, cells)
      guard let number = Int(text), number > 0 else {
        throw OperationFailure(
          .wrongFile, "\(place): the line '\(text)' is not a number: restore what `waybill rejects` wrote")
      }
      return number
    }
    if columns.record.map({ cell($0, cells).isEmpty }) ?? true {
      throw OperationFailure(
        .wrongFile, "\(place): the row has no key, so only its line identifies the record: restore the column 'line'")
    }
    return nil
  }

  private func recordKey(of item: OpenItems.Item, _ input: CorrectedRows.Input) -> Name? {
    item.key(element: item.element(hasEach: input.hasElements))
  }

  /// The keys that the table shows as `text`.
  private static func forms(of text: String) -> [String] {
    let plain = FormulaText.unescaped(text)
    return plain.isExactly(text) ? [text] : [plain, text]
  }

  /// - Parameters:
  ///   - text: what the table has as the key; nil: it has no such column.
  ///   - line: the items on the row's line.
  /// - Returns: several if it is not known which they are.
  private func find(_ text: String?, in line: Range<Int>) -> [Range<Int>] {
    guard !line.isEmpty else { return [] }
    guard let text else {
      // All are about one record.
      return !sharesLines || line.count == 1 ? [line] : [line, line]
    }
    if text.isEmpty {
      let range = rejected.all(in: line, with: nil)
      return range.isEmpty ? [] : [range]
    }
    for form in Self.forms(of: text) {
      let range = rejected.all(in: line, with: Name(form))
      if !range.isEmpty { return [range] }
    }
    return line.filter { fits(text, rejected.items[$0].record) }.map { $0..<$0 + 1 }
  }

  private func fits(_ text: String, _ key: Name?) -> Bool {
    guard var key = key?.text else { return false }
    // It was the first cell of a row, where a byte order mark does not belong to the text.
    if key.unicodeScalars.first == "\u{FEFF}", text.unicodeScalars.first != "\u{FEFF}" { key.unicodeScalars.removeFirst() }
    return switch CellCorrection.of(text, .init(kind: .string, text: key, isTable: true)) {
    case .same, .reformatted: true
    case .changed, .refused: false
    }
  }

  private static func fault(_ key: String?, _ line: Int?, isKnown: Bool) -> String {
    let name = [
      key.map { $0.isEmpty ? "a record without a key" : "a record '\($0)'" } ?? "a record", line.map { " on line \($0)" } ?? "",
    ].joined()
    return isKnown
      ? "the run has several rejects that this row may be about (\(name)): restore the columns 'record' and 'line'"
      : "\(name) is not among the run's rejects: restore the columns 'record' and 'line'"
  }

  // MARK: Records

  /// The rows about a record of the source.
  ///
  /// - Parameter key: of the record, as outcomes show it; matters only where several records may be on a line.
  func rows(onLine line: Int, key: Name?) -> [Int] {
    let key = sharesLines ? key ?? "" : ""
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if (places[middle].line, places[middle].key ?? "") < (line, key) { low = middle + 1 } else { high = middle }
    }
    return places[low...].prefix { $0.line == line && ($0.key ?? "") == key }.map(\.row)
  }

  /// Whether there are rows about records on a line.
  func hasRows(onLine line: Int) -> Bool {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].line < line { low = middle + 1 } else { high = middle }
    }
    return low < places.count && places[low].line == line
  }
}
