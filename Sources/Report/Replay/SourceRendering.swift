import Core
import Records

/// A source record as a table of rejects shows it.
struct SourceRendering: ~Copyable {
  private var walker = RecordWalker()
  private let cells: UnsafeMutableBufferPointer<Cell>
  private let content = RecordBatch()
  private var arena = ByteArena()
  private let isTable: Bool

  /// One for each column, then the text of a record that cannot be taken apart, in inputs that have it.
  private(set) var values: [CellCorrection.Original] = []
  /// It is a JSON object.
  private(set) var isReadable = false
  let names: [String]?

  init(_ input: CorrectedRows.Input) {
    names = input.names
    isTable = input.isTable
    if let names = input.names {
      for (slot, name) in names.enumerated() { walker.addPath([.member(name)], slot: slot) }
    } else {
      walker.addPath([], slot: 0)
    }
    cells = .allocate(capacity: max(1, input.names?.count ?? 1))
    cells.initialize(repeating: .missing)
  }

  deinit { cells.deallocate() }

  /// - Parameter isReadable: the source has found no fault in it.
  mutating func take(_ record: [UInt8], isReadable: Bool) {
    read(record, isReadable: isReadable)
    let count = names?.count ?? 1
    values = (0..<count).map { slot in
      CellCorrection.Original(kind: cells[slot].kind, text: text(of: cells[slot]), isTable: isTable)
    }
    if !isTable {
      let text = self.isReadable || record.isEmpty ? nil : String(decoding: record, as: UTF8.self)
      values.append(CellCorrection.Original(kind: text == nil ? .missing : .string, text: text, isTable: false))
    }
  }

  /// The kinds of a record's values, by column.
  mutating func kinds(of record: [UInt8]) -> [CellKind] {
    read(record, isReadable: true)
    return cells.prefix(names?.count ?? 1).map(\.kind)
  }

  private mutating func read(_ record: [UInt8], isReadable: Bool) {
    content.take(record)
    cells.update(repeating: .missing)
    self.isReadable = isReadable && walker.indexRecord(content.bytes) == nil && walker.walk(0..<record.count, into: cells) == nil
    if !self.isReadable { cells.update(repeating: .missing) }
  }

  /// As `CSVRecordEncoder` writes it.
  private mutating func text(of cell: Cell) -> String? {
    switch cell.kind {
    case .missing, .null, .blocked: return nil
    case .true: return "true"
    case .false: return "false"
    case .integer, .decimal, .number, .date, .datetime, .string: return cell.text.string
    case .list, .object:
      arena.reset()
      arena.begin()
      JSONRecordEncoder.encode(cell, into: &arena)
      return arena.finish().string
    }
  }
}
