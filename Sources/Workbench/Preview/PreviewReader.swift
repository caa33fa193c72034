import Core
import Mapping
import Records
import Report
import Transform

/// Runs one record at a time through a program, and shows what went in and what came out.
final class PreviewReader {
  private let program: Program
  private let lane: TransformLane
  private let lines: ProblemLines
  /// The paths that each target field depends on.
  private let reads: [Name: [String]]

  init(_ compiled: CompiledTransform) {
    program = compiled.program
    reads = Dictionary(compiled.fields.map { (Name($0.target), $0.reads) }, uniquingKeysWith: { $0 + $1 })
    lane = TransformLane(program, encoding: .staged(program), recordsItems: true, showsRefused: true)
    lines = ProblemLines(program, context: .init())
  }

  /// One item, or with `each` one per element. `rows` knows what became of them among all records.
  func items(of item: RecordBatch.Item, in batch: RecordBatch, among rows: PreviewRows) -> [PreviewItem] {
    lane.batch.copy(item, of: batch)
    lane.process()
    let source = source(item.end - item.start)
    var problems: [(element: Int, remark: PreviewItem.Remark)] = []
    rows.problems(of: .init(RecordMark(line: item.line, offset: item.offset))) { problem, log in
      problems.append((problem.record.element, Self.remark(lines.line(of: problem, in: log))))
    }
    let items = lane.items
    return items.items.indices.map { index in
      let mark = RecordMark(line: item.line, offset: item.offset, element: items.items[index].mark.element)
      let row = rows.row(of: mark)
      let element = mark.element
      // What the record gives on its own is all there is for one that is not written.
      let alone = [lane.output.text(items.output(of: index)), lane.refused.text(items.refused(of: index))].first { !$0.isEmpty }
      let (own, unread) = source.items.indices.contains(element) ? source.items[element] : ([], [])
      let read = source.record + own
      let target = (row.flatMap { rows.target(of: $0) } ?? alone).map(target) ?? []
      return PreviewItem(
        key: items.name(of: index), line: item.line, outcome: row.map { rows.rows[$0].outcome } ?? .rejected,
        source: read, target: target, fields: fields(of: target, from: read), readOtherwise: readOtherwise(read),
        unread: source.unread + unread,
        problems: problems.filter { $0.element < 0 || $0.element == element }.map(\.remark))
    }
  }

  private static func remark(_ line: LedgerLine) -> PreviewItem.Remark {
    .init(severity: line.severity, code: line.code, field: line.field, message: line.message)
  }

  private func target(_ line: String) -> [PreviewItem.Pair] {
    guard let record = (try? JSONReader.read(line))?["record"] else { return [] }
    return program.layout.columns.compactMap { column in
      var value: JSONValue? = record
      for name in column.path { value = value?[name] }
      return value.map { .init(name: column.name, text: $0.text) }
    }
  }

  /// Each column with what it depends on.
  private func fields(of target: [PreviewItem.Pair], from source: [PreviewItem.Pair]) -> [PreviewItem.Field] {
    let texts = Dictionary(source.map { (Name($0.name), $0.text) }, uniquingKeysWith: { first, _ in first })
    let values = Dictionary(target.map { (Name($0.name), $0.text) }, uniquingKeysWith: { first, _ in first })
    return program.layout.columns.map { column in
      let paths = reads[Name(column.name)] ?? []
      return .init(
        name: column.name,
        reads: paths.map { .init(path: $0, text: texts[Name($0)] ?? texts[Name(Self.withoutParent($0))]) },
        text: values[Name(column.name)])
    }
  }

  /// `parent.id` and `id` are one path of the record.
  private static func withoutParent(_ path: String) -> String {
    path.hasPrefix("parent.") ? String(path.dropFirst("parent.".count)) : path
  }

  private func readOtherwise(_ source: [PreviewItem.Pair]) -> [PreviewItem.Pair] {
    let known = Set(reads.values.joined().flatMap { [Name($0), Name(Self.withoutParent($0))] })
    return source.filter { !known.contains(Name($0.name)) }
  }

  private typealias Source = (read: [PreviewItem.Pair], unread: [PreviewItem.Pair])

  /// What the program reads of the current record and of each of its elements, and what it does not; nothing if it cannot be
  /// read.
  private func source(_ count: Int) -> (record: [PreviewItem.Pair], unread: [PreviewItem.Pair], items: [Source]) {
    var walker = RecordWalker()
    program.addRecordPaths(to: &walker)
    guard count > 0, walker.index(lane.batch.bytes) else { return ([], [], []) }
    let cells = Self.cells(program.recordPaths.count)
    defer { cells.deallocate() }
    guard walker.walk(0..<count, into: cells) == nil else { return ([], [], []) }
    let list = program.listSlot
    let names = program.recordPathNames.enumerated().filter { $0.offset != list }
    let items = list.map { cells[$0].elements.map { item($0) } } ?? []
    let record = try? JSONReader.read(Array(lane.batch.bytes.prefix(count)))
    return (
      names.compactMap { Self.pair($1, cells[$0]) }, record.map { UnreadFields.all(of: $0, paths: program.recordPaths) } ?? [],
      items
    )
  }

  /// The same for an element.
  private func item(_ element: Cell) -> Source {
    let cells = Self.cells(program.itemPaths.count)
    defer { cells.deallocate() }
    var walker = RecordWalker()
    for (slot, path) in program.itemPaths.enumerated() { walker.addPath(path, slot: slot) }
    if element.kind == .object {
      let bytes = element.text.buffer
      guard walker.indexRecord(bytes) == nil, walker.walk(0..<bytes.count, into: cells) == nil else { return ([], []) }
    } else {
      for (slot, path) in program.itemPaths.enumerated() where path.isEmpty { cells[slot] = element }
    }
    let unread = (try? JSONReader.read(element.text.string)).map {
      UnreadFields.all(of: $0, paths: program.itemPaths, prefix: "item.")
    }
    return (program.itemPathNames.enumerated().compactMap { Self.pair($1, cells[$0]) }, unread ?? [])
  }

  private static func cells(_ count: Int) -> UnsafeMutableBufferPointer<Cell> {
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: max(1, count))
    cells.initialize(repeating: .missing)
    return cells
  }

  private static func pair(_ name: String, _ cell: Cell) -> PreviewItem.Pair? {
    guard cell.kind != .missing else { return nil }
    var cell = cell
    if cell.kind == .blocked {
      // What blocks the path is shown in place of the path's own value.
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

extension ByteArena {
  /// A part of the value being made.
  fileprivate func text(_ range: Range<Int>) -> String { withPending { String(decoding: $0[range].buffer, as: UTF8.self) } }
}
