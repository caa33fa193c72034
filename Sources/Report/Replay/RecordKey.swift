import Core
import Records
import Values

/// The key of a source record, as today's mapping reads it. Nothing else is read, so other faults of the record do not matter.
struct RecordKey: ~Copyable {
  private var walker = RecordWalker()
  private let cells: UnsafeMutableBufferPointer<Cell>
  /// A copy with the bytes that the walker may read after the record.
  private let content = RecordBatch()

  init(_ path: [RecordWalker.Step]) {
    walker.addPath(path, slot: 0)
    cells = .allocate(capacity: 1)
    cells.initialize(repeating: .missing)
  }

  deinit { cells.deallocate() }

  /// As outcomes show it; nil if the record has none.
  mutating func of(_ record: [UInt8]) -> Name? {
    content.take(record)
    cells.update(repeating: .missing)
    guard walker.indexRecord(content.bytes) == nil, walker.walk(0..<record.count, into: cells) == nil else { return nil }
    return text(of: cells[0]).map { Name(Redactor.process.redacted($0)) }
  }

  private func text(of cell: Cell) -> String? {
    switch cell.kind {
    case .string: return cell.text.string.trimmedExactly.isEmpty ? nil : cell.text.string
    case .integer: return cell.text.string
    case .number:
      // `1.0` is the key 1.
      if case .value(let number) = Numbers.integer(cell.text.span) { return String(number) }
      return cell.text.string
    default: return nil
    }
  }
}

extension RecordBatch {
  /// Makes it hold the bytes of one record.
  func take(_ record: [UInt8]) {
    removeAll()
    reserve(record.count)
    record.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { base.update(from: start, count: bytes.count) }
    }
    count = record.count
  }
}
