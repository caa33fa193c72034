import Core
import Files
import Records

/// Files of records: whatever the bytes, and however they are split into pieces, the same records or the same refusal.
enum RecordsCheck {
  static func csv(_ input: inout FuzzInput) throws(FuzzFinding) {
    let sizes = (input.choice(40) + 1, input.choice(400) + 8)
    let limit = input.choice(4) == 0 ? 64 : 1 << 20
    let bytes = input.rest()
    let whole = read { CSVSource(MemoryInput(bytes), path: "f", maximumRecord: limit) }
    let pieces = read { CSVSource(MemoryInput(bytes, pieceSize: sizes.0), path: "f", batchSize: sizes.1, maximumRecord: limit) }
    try FuzzFinding.unless(
      whole == pieces || hasTooLarge(whole) || hasTooLarge(pieces),
      "CSV in pieces of \(sizes.0) and batches of \(sizes.1): \(difference(whole, pieces))")
  }

  static func json(_ input: inout FuzzInput) throws(FuzzFinding) {
    let sizes = (input.choice(40) + 1, input.choice(400) + 8)
    let kind = input.choice(3)
    let limit = input.choice(4) == 0 ? 64 : 1 << 20
    let bytes = input.rest()
    if kind == 0 { try agree(bytes) }
    func source(_ piece: Int, _ batch: Int) -> any RecordSource {
      let memory = MemoryInput(bytes, pieceSize: piece)
      if kind == 1 { return JSONSource(memory, batchSize: batch, maximumRecord: limit) }
      return NDJSONSource(memory, batchSize: batch, maximumRecord: limit)
    }
    let whole = read { source(.max, 1 << 16) }
    let pieces = read { source(sizes.0, sizes.1) }
    try FuzzFinding.unless(
      whole == pieces || hasTooLarge(whole) || hasTooLarge(pieces),
      "JSON in pieces of \(sizes.0) and batches of \(sizes.1): \(difference(whole, pieces))")
  }

  /// The three JSON readers: what the strictest accepts, the others accept.
  private static func agree(_ bytes: [UInt8]) throws(FuzzFinding) {
    let slice = try? JSONSlicer.slice(bytes)
    let value = try? JSONReader.read(bytes)
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    try FuzzFinding.unless(value == nil || slice != nil || hasMark, "JSONReader takes what JSONSlicer refuses")
    guard let slice else { return }
    // Cutting up what was checked must stay within its bounds.
    for member in slice.members {
      _ = member.value.elements.count + member.value.members.count + member.value.line.count
      _ = (member.value.stringValue, member.value.doubleValue, slice[member.name]?.kind)
    }
    for element in slice.elements { _ = (element.kind, element.line.count, element.stringValue) }
  }

  /// A line over the limit is refused without being examined if it does not fit into a batch, but recognized as blank if it
  /// does. Real limits are far above batch sizes, so it never fits; here both are small.
  private static func hasTooLarge(_ lines: [Line]) -> Bool {
    lines.contains { line in
      if case .fault(let text) = line { text.contains(ProblemCode.recordTooLarge.slug) } else { false }
    }
  }

  private static func difference(_ whole: [Line], _ pieces: [Line]) -> String {
    let index = zip(whole, pieces).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(whole.count, pieces.count)
    func text(_ lines: [Line]) -> String { lines.dropFirst(index).first.map { "\($0)" } ?? "nothing" }
    return "record \(index) is \(text(pieces)) instead of \(text(whole))"
  }

  private enum Line: Equatable {
    case record([UInt8], CellKind, CellKind)
    case fault(String)
    case end(String)
  }

  /// The records as a program would see them after the walk; faults with their codes; how the input ended.
  private static func read(_ open: () -> any RecordSource) -> [Line] {
    var source = open()
    var walker = RecordWalker()
    walker.addPath([.member("id")], slot: 0)
    walker.addPath([.member("a"), .element(0)], slot: 1)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 2)
    defer { cells.deallocate() }
    cells.initialize(repeating: .missing)
    let batch = RecordBatch(capacity: 4_096)
    var lines: [Line] = []
    do {
      while try source.fill(batch) {
        let isWhole = walker.index(batch.bytes)
        for item in batch.items {
          guard item.fault == nil else {
            lines.append(.fault("\(item.line) \(item.fault?.slug ?? "")"))
            continue
          }
          let bytes = UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end])
          if !isWhole, let fault = walker.indexRecord(bytes) {
            lines.append(.fault("\(item.line) \(fault.code.slug) \(fault.offset)"))
            continue
          }
          let range = isWhole ? item.start..<item.end : 0..<bytes.count
          if let fault = walker.walk(range, into: cells) {
            lines.append(.fault("\(item.line) \(fault.code.slug)"))
          } else {
            lines.append(.record(Array(bytes), cells[0].kind, cells[1].kind))
          }
        }
      }
    } catch {
      lines.append(.end("\(error)"))
    }
    return lines
  }
}
