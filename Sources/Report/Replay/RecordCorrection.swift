import Core
import Records

/// What the rows about one source record change in it.
struct RecordCorrection {
  private struct Change {
    var value: JSONValue
    /// Of the row.
    var line: Int
  }

  private let columns: RejectColumns
  private let values: [CellCorrection.Original]
  private let names: [String]?
  private let isReadable: Bool
  private let path: String
  /// By column.
  private var changes: [Int: Change] = [:]
  private var lastLine = 0

  init(_ columns: RejectColumns, _ rendering: borrowing SourceRendering, _ path: String) {
    self.columns = columns
    self.path = path
    values = rendering.values
    names = rendering.names
    isReadable = rendering.isReadable
  }

  /// Takes a row of the record.
  mutating func take(_ cells: [String?], line: Int, _ tally: inout CorrectionTally) {
    lastLine = line
    for (place, column) in columns.source.enumerated() {
      guard let column else { continue }
      let (title, original) = (columns.titles[place], values[place])
      tally.columns[place].rows += 1
      guard cells.indices.contains(column) else {
        // Spreadsheets leave out empty cells at the end of a row.
        if original.text?.isEmpty == false { tally.refuse(line, title, "the row ends before this cell: restore it") }
        continue
      }
      switch CellCorrection.of(cells[column], original) {
      case .same: break
      case .reformatted: tally.columns[place].reformatted += 1
      case .refused(let reason): tally.refuse(line, title, reason)
      case .changed(let value):
        if original.text?.isEmpty == false { tally.columns[place].replaced += 1 }
        if let other = changes[place], other.value != value {
          tally.refuse(line, title, "line \(other.line) has another value for the same record: write the same value in both rows")
        } else if changes[place] == nil {
          changes[place] = Change(value: value, line: line)
        }
      }
    }
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
