import Core
import Files

/// The second pass of a merge: gives the spooled records again, in the order of the input, as batches for lanes to finish. A
/// group's survivor comes at the place of the group's first record, with the values that the rule gives it; those that it
/// swallowed come later, at their own places.
struct MergedSource: RecordSource {
  private let rule: ProgramRules.Merge
  private let targetKey: Int?
  private let file: SpillFile
  private let members: SpillFile
  private var decisions: EntrySorter<MergeDecision>.Sorted
  private var next: MergeDecision?
  private var position = 0
  /// The spool is this process's own: there are no lines or bytes to return to.
  private(set) var cursor = RecordCursor(records: 0)
  private var window: SpoolWindow
  private var others: SpoolWindow
  private var survivors: SpoolWindow
  private let out = ByteArena.Box()
  private var composer: MergeComposer

  private static let batchSize = 256 * 1024

  /// - Throws: `OperationFailure`.
  init(_ program: Program, _ rule: ProgramRules.Merge, _ spool: MergeSpool) throws(OperationFailure) {
    self.rule = rule
    targetKey = program.keyColumns.count == 1 ? program.keyColumns[0] : nil
    file = spool.file
    (decisions, members) = try spool.finish()
    window = SpoolWindow(file, size: 1 << 20)
    others = SpoolWindow(file, size: 4096)
    survivors = SpoolWindow(file, size: 4096)
    composer = MergeComposer(rule)
    next = try decisions.next()
  }

  mutating func fill(_ batch: RecordBatch) throws -> Bool {
    batch.removeAll()
    batch.shrink(to: Self.batchSize * 2)
    while position < file.count, batch.count < Self.batchSize {
      let record = SpooledRecord(try window.record(at: position))
      if let decision = next, decision.offset == position {
        next = try decisions.next()
        if decision.count > 0 { try addSurvivor(of: decision, to: batch) }
        if decision.survivor != position { try addMerged(record, into: decision.survivor, to: batch) }
      } else {
        add(UnsafeBufferPointer(start: record.bytes, count: record.size), to: batch)
      }
      position += record.size
    }
    cursor.records += batch.items.count
    return !batch.items.isEmpty
  }

  private func add(_ bytes: UnsafeBufferPointer<UInt8>, to batch: RecordBatch) {
    let start = batch.count
    batch.reserve(start + bytes.count)
    if let base = bytes.baseAddress { (batch.base + start).update(from: base, count: bytes.count) }
    batch.count += bytes.count
    batch.items.append(RecordBatch.Item(start: start, end: batch.count, line: 0, offset: 0))
  }

  private mutating func addSurvivor(of decision: MergeDecision, to batch: RecordBatch) throws(OperationFailure) {
    let survivor = SpooledRecord(try survivors.record(at: decision.survivor))
    guard composer.hasPreferences else {
      return add(UnsafeBufferPointer(start: survivor.bytes, count: survivor.size), to: batch)
    }
    composer.begin()
    var place = decision.members
    let end = decision.members + decision.count
    while place < end {
      let part: [MergeEntry] = try members.entries(place..<min(place + 4096, end))
      for entry in part { composer.take(entry, SpooledRecord(try others.record(at: entry.offset))) }
      place += part.count
    }
    out.arena.reset()
    out.arena.begin()
    composer.append(survivor, into: &out.arena)
    add(out.arena.withPending { $0 }.buffer, to: batch)
  }

  private mutating func addMerged(_ record: SpooledRecord, into offset: Int, to batch: RecordBatch) throws(OperationFailure) {
    let survivor = SpooledRecord(try survivors.record(at: offset))
    out.arena.reset()
    out.arena.begin()
    if let key = survivor.key { RecordKey.append(key, survivor.mark, escaped: false, into: &out.arena) }
    let name = out.arena.finish()
    out.arena.begin()
    let column = targetKey
    record.append(as: .merged, into: &out.arena) { arena in
      CellBytes.append(Cell(kind: .string, text: name, number: Int64(survivor.mark.line)), into: &arena)
      for one in [survivor, record] { Self.appendCell(column, of: one, into: &arena) }
    }
    add(out.arena.withPending { $0 }.buffer, to: batch)
  }

  private static func appendCell(_ column: Int?, of record: SpooledRecord, into arena: inout ByteArena) {
    guard let column else { return CellBytes.append(.missing, into: &arena) }
    var place = record.cells
    for _ in 0..<column { place += CellBytes.size(place) }
    arena.append(Text(start: place, count: CellBytes.size(place)))
  }
}

/// A part of the spool in memory: that from a record on which was asked for last.
struct SpoolWindow {
  private let file: SpillFile
  private let size: Int
  private var buffer: [UInt8] = []
  private var start = 0

  init(_ file: SpillFile, size: Int) {
    self.file = file
    self.size = size
  }

  /// A whole record, whose bytes stay where they are until the next is asked for.
  ///
  /// - Throws: `OperationFailure`.
  mutating func record(at offset: Int) throws(OperationFailure) -> UnsafePointer<UInt8> {
    if let place = place(offset) { return place }
    try load(offset, size)
    if let place = place(offset) { return place }
    // Larger than the window: the next one makes it small again.
    try load(offset, buffer.withUnsafeBytes { $0.loadUnaligned(as: Int.self) })
    guard let place = place(offset) else { throw file.damage }
    return place
  }

  /// The place of a record, if all of it is here. The buffer is the window's own: its address holds until it is loaded anew.
  private func place(_ offset: Int) -> UnsafePointer<UInt8>? {
    guard offset >= start, offset - start + SpooledRecord.headSize <= buffer.count else { return nil }
    return buffer.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      let record = SpooledRecord(base + (offset - start))
      return offset - start + record.size <= bytes.count ? record.bytes : nil
    }
  }

  private mutating func load(_ offset: Int, _ wanted: Int) throws(OperationFailure) {
    start = offset
    buffer = try file.entries(offset..<min(offset + wanted, file.count))
  }
}
