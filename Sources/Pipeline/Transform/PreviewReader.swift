import Core
import Records
import Transform

/// Takes one record at a time through a program and gives what went in and what came out.
final class PreviewReader {
  private let program: Program
  private let lane: TransformLane
  private let encoder: LedgerLineEncoder

  init(_ program: Program) {
    self.program = program
    lane = TransformLane(program, encoding: .staged(program), writesOutcomes: true)
    encoder = LedgerLineEncoder(program, context: .init())
  }

  /// One item, or with `each` one per element.
  func items(of item: RecordBatch.Item, in batch: RecordBatch) -> [PreviewJob.Item] {
    let count = item.end - item.start
    lane.batch.copy(item, of: batch)
    lane.process()
    let source = source(count)
    var number = -1
    var records = lane.output.withPending { $0 }.string.split(separator: "\n")[...]
    let problems = lane.log.problems.map { encoder.line(of: $0, in: lane.log) }
    return lane.outcomes.withPending { $0 }.string.split(separator: "\n").map { line in
      let outcome = (try? JSONReader.read(String(line))) ?? .null
      let key = outcome["record"]?.stringValue
      number += 1
      let isWritten = outcome["outcome"]?.stringValue == Outcome.written.rawValue
      return PreviewJob.Item(
        key: key, line: item.line, outcome: isWritten ? .written : .rejected,
        source: source.record + (source.items.indices.contains(number) ? source.items[number] : []),
        target: isWritten ? records.popFirst().map { target(String($0)) } ?? [] : [],
        problems: problems.filter { $0["record"]?.stringValue == key }.map(Self.remark))
    }
  }

  private static func remark(_ line: JSONValue) -> PreviewJob.Remark {
    .init(
      severity: line["severity"]?.stringValue.flatMap { Severity(rawValue: $0) } ?? .error, code: line["code"]?.stringValue ?? "",
      field: line["field"]?.stringValue, message: line["message"]?.stringValue ?? "")
  }

  private func target(_ line: String) -> [PreviewJob.Pair] {
    guard let record = (try? JSONReader.read(line))?["record"] else { return [] }
    return program.layout.columns.compactMap { column in
      var value: JSONValue? = record
      for name in column.path { value = value?[name] }
      return value.map { .init(name: column.name, text: $0.text) }
    }
  }

  /// What the program reads of the record at hand, and of each of its elements; nothing where it cannot be read.
  private func source(_ count: Int) -> (record: [PreviewJob.Pair], items: [[PreviewJob.Pair]]) {
    var walker = RecordWalker()
    program.addRecordPaths(to: &walker)
    guard count > 0, walker.index(lane.batch.bytes) else { return ([], []) }
    let cells = Self.cells(program.recordPaths.count)
    defer { cells.deallocate() }
    guard walker.walk(0..<count, into: cells) == nil else { return ([], []) }
    let list = program.listSlot
    let names = program.recordPathNames.enumerated().filter { $0.offset != list }
    let items = list.map { cells[$0].elements.map { item($0) } } ?? []
    return (names.compactMap { Self.pair($1, cells[$0]) }, items)
  }

  /// What the program reads of an element.
  private func item(_ element: Cell) -> [PreviewJob.Pair] {
    let cells = Self.cells(program.itemPaths.count)
    defer { cells.deallocate() }
    var walker = RecordWalker()
    for (slot, path) in program.itemPaths.enumerated() { walker.addPath(path, slot: slot) }
    if element.kind == .object {
      let bytes = element.text.buffer
      guard walker.indexRecord(bytes) == nil, walker.walk(0..<bytes.count, into: cells) == nil else { return [] }
    } else {
      for (slot, path) in program.itemPaths.enumerated() where path.isEmpty { cells[slot] = element }
    }
    return program.itemPathNames.enumerated().compactMap { Self.pair($1, cells[$0]) }
  }

  private static func cells(_ count: Int) -> UnsafeMutableBufferPointer<Cell> {
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: max(1, count))
    cells.initialize(repeating: .missing)
    return cells
  }

  private static func pair(_ name: String, _ cell: Cell) -> PreviewJob.Pair? {
    guard cell.kind != .missing else { return nil }
    var cell = cell
    if cell.kind == .blocked {
      // What stands in the path's way is shown where the path's own value would be.
      let isText = cell.obstacle.kind == .string
      guard isText || cell.count > 0 else { return nil }
      cell = Cell(kind: isText ? .string : .object, text: cell.text)
    }
    var arena = ByteArena(capacity: 4096)
    arena.begin()
    JSONRecordEncoder.encode(cell, into: &arena)
    return .init(name: name, text: arena.finish().string)
  }
}
