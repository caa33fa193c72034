import Core
import Records

/// A source record as a table of rejects shows it, and its key.
struct SourceRendering: ~Copyable {
  private var walker = RecordWalker()
  private let cells: UnsafeMutableBufferPointer<Cell>
  /// A copy with the bytes that the walker may read after the record.
  private let content = RecordBatch()
  private var arena = ByteArena()
  private let isTable: Bool
  private let columnCount: Int

  /// One for each column, then the text of a record that cannot be taken apart, in inputs that have it.
  private(set) var values: [CellCorrection.Original] = []
  /// As the outcomes have it; nil if the record has none.
  private(set) var key: String?
  /// It is a JSON object.
  private(set) var isReadable = false
  let names: [String]?

  init(_ input: CorrectedRows.Input) {
    names = input.names
    isTable = input.isTable
    columnCount = input.names?.count ?? 1
    if let names = input.names {
      for (slot, name) in names.enumerated() { walker.addPath([.member(name)], slot: slot) }
    } else {
      walker.addPath([], slot: 0)
    }
    walker.addPath(input.keyPath, slot: columnCount)
    cells = .allocate(capacity: columnCount + 1)
    cells.initialize(repeating: .missing)
  }

  deinit { cells.deallocate() }

  /// - Parameter isReadable: the source has found no fault in it.
  mutating func take(_ record: [UInt8], isReadable: Bool) {
    content.removeAll()
    content.reserve(record.count)
    record.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { content.base.update(from: base, count: bytes.count) }
    }
    content.count = record.count
    cells.update(repeating: .missing)
    self.isReadable = isReadable && walker.indexRecord(content.bytes) == nil && walker.walk(0..<record.count, into: cells) == nil
    if !self.isReadable { cells.update(repeating: .missing) }
    key = Self.key(cells[columnCount])
    values = (0..<columnCount).map { slot in
      let cell = cells[slot]
      return CellCorrection.Original(kind: cell.kind, text: text(of: cell), isTable: isTable)
    }
    if !isTable {
      let text = self.isReadable || record.isEmpty ? nil : String(decoding: record, as: UTF8.self)
      values.append(CellCorrection.Original(kind: text == nil ? .missing : .string, text: text, isTable: false))
    }
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

  private static func key(_ cell: Cell) -> String? {
    switch cell.kind {
    case .string: cell.text.string.trimmedExactly.isEmpty ? nil : cell.text.string
    case .integer, .number: cell.text.string
    default: nil
    }
  }
}
