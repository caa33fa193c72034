import Core
import Records
import Transform

/// The source values of some items: reads the input up to the last of them, and takes only their records apart.
final class SampledSources {
  /// A source path: of the record, or of the element of `each`.
  struct Path: Hashable {
    var isItem: Bool
    var name: Name

    init(_ path: SourcePath) {
      isItem = path.root == .item
      name = Name(path.text)
    }

    init(name: String, isItem: Bool) {
      self.isItem = isItem
      self.name = Name(name)
    }
  }

  private let program: Program
  private var walker = RecordWalker()
  private var itemWalker = RecordWalker()
  private let cells: UnsafeMutableBufferPointer<Cell>
  private let itemCells: UnsafeMutableBufferPointer<Cell>
  private var arena = ByteArena()
  private let keySlot: Int?
  /// By the index of the item: the values of the paths that the program reads. Absent where the record could not be read.
  private(set) var values: [Int: [Path: String]] = [:]

  /// - Throws: `OperationFailure` if the input cannot be read.
  init(_ columns: SourceColumns, _ items: [SampleChoice.Item]) throws {
    program = columns.program
    program.addRecordPaths(to: &walker)
    for (slot, path) in program.itemPaths.enumerated() { itemWalker.addPath(path, slot: slot) }
    cells = .allocate(capacity: program.recordPaths.count + 1)
    itemCells = .allocate(capacity: program.itemPaths.count + 1)
    cells.initialize(repeating: .missing)
    itemCells.initialize(repeating: .missing)
    let key = program.model.key.text
    keySlot = program.recordPathNames.firstIndex { $0.isExactly(key) }
    try read(columns, Dictionary(grouping: items) { $0.entry.line })
  }

  deinit {
    cells.deallocate()
    itemCells.deallocate()
  }

  private func read(_ columns: SourceColumns, _ wanted: [Int: [SampleChoice.Item]]) throws {
    guard let last = wanted.keys.max() else { return }
    var source = try columns.open()
    let batch = RecordBatch()
    while try source.fill(batch) {
      for item in batch.items where item.fault == nil {
        guard let items = wanted[item.line] else { continue }
        let bytes = UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])
        cells.update(repeating: .missing)
        guard walker.indexRecord(bytes) == nil, walker.walk(0..<bytes.count, into: cells) == nil else { continue }
        for item in items where !columns.records.sharesLines || isKey(item.key) { take(item) }
      }
      if let end = batch.items.last?.line, end > last { return }
    }
  }

  /// Where several records are on one line, their keys say which is which.
  private func isKey(_ key: String?) -> Bool {
    guard let key, let keySlot else { return false }
    return cells[keySlot].text.string.isExactly(key)
  }

  private func take(_ item: SampleChoice.Item) {
    guard values[item.index] == nil else { return }
    var found: [Path: String] = [:]
    for (slot, name) in program.recordPathNames.enumerated() { found[Path(name: name, isItem: false)] = text(of: cells[slot]) }
    if item.entry.element >= 0, let slot = program.listSlot, cells[slot].elements.indices.contains(item.entry.element) {
      takeElement(cells[slot].elements[item.entry.element])
      for (slot, name) in program.itemPathNames.enumerated() { found[Path(name: name, isItem: true)] = text(of: itemCells[slot]) }
    }
    values[item.index] = found
  }

  private func takeElement(_ element: Cell) {
    for (slot, path) in program.itemPaths.enumerated() { itemCells[slot] = path.isEmpty ? element : .missing }
    guard element.kind == .object, !program.itemPaths.isEmpty else { return }
    let bytes = element.text.buffer
    if itemWalker.indexRecord(bytes) == nil { _ = itemWalker.walk(0..<bytes.count, into: itemCells) }
  }

  /// A text as it is, anything else as JSON; nil: no value.
  private func text(of cell: Cell) -> String? {
    switch cell.kind {
    case .missing, .null, .blocked: return nil
    case .string, .date, .datetime: return cell.text.string
    default:
      arena.reset()
      arena.begin()
      JSONRecordEncoder.encode(cell, into: &arena)
      return arena.finish().string
    }
  }
}
