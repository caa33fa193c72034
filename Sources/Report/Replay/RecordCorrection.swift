import Core
import Records

/// What the rows about one source record change in it.
struct RecordCorrection {
  private struct Change {
    var value: JSONValue
    /// Of the row.
    var line: Int
  }

  /// A row that was taken, for those that follow.
  private struct Row {
    /// What it is about: several destinations, or several elements, have rows of their own.
    var identity: [Name?]
    var cells: [Name?]
    var line: Int
  }

  private let columns: RejectColumns
  private let confirmed: Set<Int>
  private let kinds: ColumnKinds
  private let values: [CellCorrection.Original]
  private let names: [String]?
  private let isReadable: Bool
  /// By column.
  private var changes: [Int: Change] = [:]
  private var rows: [Row] = []
  private var lastLine = 0

  /// - Parameter confirmed: the places of columns in which every difference is a correction.
  init(_ columns: RejectColumns, confirmed: Set<Int>, _ kinds: ColumnKinds, _ rendering: borrowing SourceRendering) {
    self.columns = columns
    self.confirmed = confirmed
    self.kinds = kinds
    values = rendering.values
    names = rendering.names
    isReadable = rendering.isReadable
  }

  /// What a row has, by the places of the source's columns.
  struct Finding {
    var changed: [Int] = []
    var reformatted: [Int] = []
  }

  /// Takes a row of the record.
  ///
  /// - Throws: `OperationFailure` if the source cannot be read.
  mutating func take(_ cells: [String?], line: Int, _ tally: inout CorrectionTally) throws -> Finding {
    lastLine = line
    var finding = Finding()
    guard isConsistent(cells, line, &tally) else { return finding }
    for (place, column) in columns.source.enumerated() {
      guard let column else { continue }
      let (title, original) = (columns.titles[place], values[place])
      tally.columns[place].rows += 1
      guard cells.indices.contains(column) else {
        // Spreadsheets leave out empty cells at the end of a row.
        if original.text?.isEmpty == false { tally.refuse(line, title, "the row ends before this cell: restore it") }
        continue
      }
      switch CellCorrection.of(cells[column], try known(original, cells[column], place), isConfirmed: confirmed.contains(place)) {
      case .same: break
      case .reformatted: finding.reformatted.append(place)
      case .refused(let reason): tally.refuse(line, title, reason)
      case .changed(let value):
        finding.changed.append(place)
        if let text = original.text, SpreadsheetForm.isFormattable(text) { tally.columns[place].suspect += 1 }
        if let other = changes[place], other.value != value {
          tally.refuse(line, title, "line \(other.line) has another value for the same record: write the same value in both rows")
        } else if changes[place] == nil {
          changes[place] = Change(value: value, line: line)
        }
      }
    }
    return finding
  }

  /// A value that is filled in has the kind that the column has elsewhere.
  private func known(_ original: CellCorrection.Original, _ cell: String?, _ place: Int) throws -> CellCorrection.Original {
    guard !original.isTable, original.text == nil, cell?.isEmpty == false else { return original }
    var original = original
    original.kind = try kinds.kind(of: place)
    return original
  }

  /// Whether the row has values at all, and is not a copy of another one that differs from it.
  private mutating func isConsistent(_ cells: [String?], _ line: Int, _ tally: inout CorrectionTally) -> Bool {
    func cell(_ column: Int?) -> Name? { column.flatMap { cells.indices.contains($0) ? Name(cells[$0] ?? "") : nil } }
    let own = columns.source.map { cell($0) }
    let row = Row(identity: [cell(columns.record), cell(columns.destination)], cells: own, line: line)
    defer { rows.append(row) }
    let filled = zip(values, columns.source).filter { $1 != nil && $0.text?.isEmpty == false }
    if filled.count > 1, own.allSatisfy({ $0?.text.isEmpty ?? true }) {
      tally.refuse(line, nil, "all of the source's cells are empty: restore them, or remove the row")
      return false
    }
    for other in rows where other.identity == row.identity {
      guard let place = zip(other.cells, own).enumerated().first(where: { $1.0 != $1.1 })?.offset else { continue }
      tally.refuse(
        line, columns.titles[place], "line \(other.line) is about the same record and has another value: remove one of the rows")
      return false
    }
    return true
  }

  /// The corrected record; nil if nothing was changed, or it cannot be.
  ///
  /// - Parameter bytes: the record in the source.
  func record(_ bytes: [UInt8], _ tally: inout CorrectionTally) -> [UInt8]? {
    guard !changes.isEmpty else { return nil }
    let whole = names == nil ? 0 : nil
    let unread = values.count > (names?.count ?? 1) ? values.count - 1 : nil
    for place in [whole, unread].compactMap(\.self) {
      guard let change = changes[place] else { continue }
      guard changes.count == 1 else {
        tally.refuse(change.line, columns.titles[place], "it has the whole record, so the other columns must stay empty")
        return nil
      }
      guard let object = Self.object(change.value) else {
        tally.refuse(change.line, columns.titles[place], "the record must be a JSON object, such as {\"id\":\"c1\"}")
        return nil
      }
      return object.bytes
    }
    var record: ObjectText
    if isReadable {
      guard let object = ObjectText(bytes) else {
        tally.refuse(lastLine, nil, "the record is not a JSON object, so its values cannot be corrected")
        return nil
      }
      record = object
    } else if unread == nil {
      // A row of a table has all columns.
      record = ObjectText()
      for name in names ?? [] { record.set(name, .null) }
    } else {
      tally.refuse(
        lastLine, nil, "the record could not be read: correct its text in the column '\(columns.titles[unread ?? 0])'")
      return nil
    }
    for (place, change) in changes.sorted(by: { $0.key < $1.key }) {
      if let names, names.indices.contains(place) { record.set(names[place], change.value) }
    }
    return record.bytes
  }

  /// A whole record is a text where its source had none that could be read.
  private static func object(_ value: JSONValue) -> JSONValue? {
    let value = value.stringValue.flatMap { try? JSONReader.read($0) } ?? value
    return value.objectValue == nil ? nil : value
  }
}
