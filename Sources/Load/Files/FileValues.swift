import Core
import Records

/// The values of a record as a file has them, made from its cells: the same as if the record were written and read back, at a fraction
/// of the cost.
struct FileValues {
  /// Nil: lines of JSON.
  private let csv: CSVRecordEncoder?
  private let count: Int

  init(_ encoder: RowEncoder, columns: Int) {
    if case .csv(let encoder) = encoder { csv = encoder } else { csv = nil }
    count = columns
  }

  /// By column; nil: what a file makes of the record is only known once it has been read back.
  func values(of cells: UnsafeBufferPointer<Cell>) -> [JSONValue?]? {
    // An empty cell that is alone in its row has quotes.
    if csv != nil, count == 1 { return nil }
    var values: [JSONValue?] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      switch cells[index].kind {
      case .blocked: return nil
      case .missing: values.append(nil)
      case .null: values.append(csv == nil ? .null : nil)
      default:
        guard let value = value(of: cells[index], index) else { return nil }
        values.append(value)
      }
    }
    return values
  }

  private func value(of cell: Cell, _ column: Int) -> JSONValue? {
    switch cell.kind {
    case .true: csv == nil ? .bool(true) : .string("true")
    case .false: csv == nil ? .bool(false) : .string("false")
    case .integer, .decimal, .number: csv == nil ? .number(cell.text.string) : .string(cell.text.string)
    case .date, .datetime: .string(cell.text.string)
    case .string: text(cell.text, column)
    case .list, .object: nested(cell)
    case .missing, .null, .blocked: nil
    }
  }

  private func text(_ text: Text, _ column: Int) -> JSONValue? {
    guard let csv else { return .string(text.string) }
    // What readers may do with line breaks and other control characters is not repeated here.
    guard text.buffer.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return .string(csv.escapes(text, column: column) ? "'" + text.string : text.string)
  }

  private func nested(_ cell: Cell) -> JSONValue? {
    var out = ByteArena(capacity: 256)
    out.begin()
    JSONRecordEncoder.encode(cell, into: &out)
    let text = out.finish()
    return csv == nil ? try? JSONReader.read(Array(text.buffer)) : .string(text.string)
  }
}
