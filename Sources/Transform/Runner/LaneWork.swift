import Core
import Profiles
import Records
import Values

/// What a lane does with a batch: a struct, so that its parts are used without the checks that a class's members cost.
struct LaneWork: ~Copyable {
  var output = ByteArena(capacity: 512 * 1024)
  /// How each item ended, where somebody wants to know.
  var items = LaneItems()
  /// What the fields of rejected items became, if that is shown.
  var refused = ByteArena(capacity: 4096)
  var log = ProblemLog()
  var counts = TransformCounts()
  /// Why a reference could not be looked up.
  var failure: OperationFailure? { evaluator.lookupFailure }

  let program: Program
  let encoding: TargetEncoding
  var evaluator: Evaluator
  /// Of each item, where somebody decides over them in the order of the input.
  var sequence: LaneSequence?
  /// Records of a merge's first pass, by their places in `output`.
  var entries: [MergeEntry] = []
  let mergeTime = MergeTime()
  /// Of each item, if changes to its values are recorded.
  var observations: LaneObservations?
  var scratch = ByteArena(capacity: 4096)
  /// Totals for all batches so far.
  private var presence: SlotPresence
  private var itemPresence: SlotPresence
  private let role: Role
  /// What the fields of the records look like; nil if nobody wants to know.
  private let profile: LaneProfile?
  /// Of the current record in the input, from 0; for `profile`.
  var position = 0
  private let recordsItems: Bool
  private let showsRefused: Bool
  private var walker = RecordWalker()
  private var itemWalker = RecordWalker()
  /// Whether a text of the current JSON record has an escape for a control character.
  private var hasControlEscapes = false

  /// The content of a batch and what happens with it.
  enum Role: Sendable {
    /// Source records, which leave as target records.
    case direct
    /// Source records, which are kept for the second pass of a merge.
    case spooling
    /// Records of that second pass.
    case finishing
  }

  init(
    _ program: Program, encoding: TargetEncoding, recordsItems: Bool = false, links: ProgramLinks = .init(),
    role: Role = .direct, showsRefused: Bool = false, observes: Bool = false, profile: LaneProfile? = nil
  ) {
    self.showsRefused = showsRefused
    self.profile = profile
    self.role = role
    self.program = program
    self.encoding = encoding
    evaluator = Evaluator(
      program, references: role == .finishing ? [] : links.resolved(program), isForMerge: role == .spooling)
    // Not read back from `sequence`: in optimized builds (Swift 6.3), reading a member of a noncopyable struct that is not yet
    // whole released an invalid pointer.
    let isSequenced = links.isSequenced && role != .spooling
    if isSequenced { sequence = LaneSequence(program, noticesKeys: links.registry != nil) }
    self.recordsItems = recordsItems || isSequenced
    presence = SlotPresence(program.recordPaths)
    itemPresence = SlotPresence(program.itemPaths)
    program.addRecordPaths(to: &walker)
    for (slot, path) in program.itemPaths.enumerated() { itemWalker.addPath(path, slot: slot) }
    if observes { observe() }
    if role != .finishing { profile?.learn(&walker) }
  }

  /// - Parameter first: the number of the batch's first record in the input, from 0.
  mutating func process(_ batch: RecordBatch, from first: Int = 0) {
    profile?.count(items)
    position = first
    output.reset()
    items.removeAll()
    observations?.removeAll()
    hasControlEscapes = false
    if showsRefused {
      refused.reset()
      refused.begin()
    }
    log.removeAll()
    counts = TransformCounts()
    sequence?.removeAll()
    entries.removeAll(keepingCapacity: true)
    output.begin()
    if role == .finishing {
      finish(batch)
      return count()
    }
    if let rows = batch.rows { work(on: batch, rows) } else { work(on: batch) }
    count()
  }

  /// Rows whose cells go into the slots as they are.
  private mutating func work(on batch: RecordBatch, _ rows: RowShape) {
    let base = UnsafePointer(batch.base)
    for item in batch.items {
      if let fault = item.fault {
        refuse(item, RecordWalker.Fault(code: fault, offset: 0), note: batch.note(of: item, about: fault))
      } else {
        if let profile {
          profile.take(rows, base + item.start, into: evaluator.slots, position: position)
        } else {
          RowCells.load(rows, base + item.start, into: evaluator.slots)
        }
        workOnSlots(of: item, of: batch)
      }
      position += 1
    }
  }

  /// Records as JSON.
  private mutating func work(on batch: RecordBatch) {
    let isIndexed = walker.index(batch.bytes)
    for item in batch.items {
      if let fault = item.fault {
        refuse(item, RecordWalker.Fault(code: fault, offset: 0), note: batch.note(of: item, about: fault))
      } else if isIndexed {
        work(on: item, item.start..<item.end, of: batch)
      } else {
        // Something in the batch is broken: one by one, to find which.
        let bytes = UnsafeBufferPointer(start: batch.base + item.start, count: item.end - item.start)
        if let fault = walker.indexRecord(bytes) { refuse(item, fault) } else { work(on: item, 0..<bytes.count, of: batch) }
      }
      position += 1
    }
  }

  /// Counts problems anew.
  mutating func count() {
    counts.absent = AbsentPaths(record: presence.absent, item: itemPresence.absent)
    counts.count(log.problems, of: program)
  }

  /// To be called after the last batch, whose items have been decided.
  mutating func finishProfile() {
    guard let profile else { return }
    profile.count(items)
    if role != .finishing { profile.source.finish(walker) }
  }

  mutating func recordCoverage() { evaluator.recordCoverage() }

  /// One mark per lookup entry, table after table; empty where none are kept.
  var coverage: [Bool] {
    guard let coverage = evaluator.coverage else { return [] }
    return Array(UnsafeBufferPointer(start: coverage.marks, count: coverage.count))
  }

  private mutating func refuse(_ item: RecordBatch.Item, _ fault: RecordWalker.Fault, note: String? = nil) {
    counts.read += 1
    counts.rejected += 1
    profile?.refused()
    let byte = item.column >= 0 && item.fault == nil ? item.column + fault.offset : -1
    let mark = RecordMark(line: item.line, offset: item.offset, faultOffset: byte)
    let slice = note.map { log.copy(note: $0) } ?? .empty
    log.append(Problem(fault.code, stage: .transform, record: mark, note: slice))
    end(.rejected, mark, key: nil)
  }

  private mutating func work(on item: RecordBatch.Item, _ range: Range<Int>, of batch: RecordBatch) {
    if let fault = walker.walk(range, into: evaluator.slots) { return refuse(item, fault) }
    profile?.source.add(&walker, position: position)
    hasControlEscapes = walker.hasControlEscapes && !item.warnings.contains(.controlCharacter)
    workOnSlots(of: item, of: batch)
  }

  /// The record's values are in the evaluator's slots.
  @inline(__always)
  private mutating func workOnSlots(of item: RecordBatch.Item, of batch: RecordBatch) {
    let mark = RecordMark(line: item.line, offset: item.offset)
    if !presence.isSettled { presence.take(evaluator.slots) }
    // A record without items has no outcome that a warning could belong to.
    if let each = program.eachSlot, evaluator.isEmpty(evaluator.slots[Int(each)]) { return }
    if !item.warnings.isEmpty { warn(of: item, mark, batch) }
    if hasControlEscapes { warnOfControlCharacter(in: evaluator.slots, program.recordPaths, mark) }
    guard let each = program.eachSlot else { return evaluate(mark) }
    let list = evaluator.slots[Int(each)]
    if list.kind == .list { return workOnElements(of: list, mark) }
    counts.read += 1
    counts.rejected += 1
    let path = program.recordPaths[Int(each)]
    let reason =
      list.kind == .blocked
      ? ObstacleText.sentence(list.obstacle, on: path)
      : "\(ObstacleText.text(path[...], nil)) is \(ObstacleText.article(list.kind)), not a list"
    log.append(Problem(.wrongType, record: mark, key: copiedKey(), note: log.copy(note: "source.each: \(reason)")))
    end(.rejected, mark, key: evaluator.key)
  }

  private mutating func workOnElements(of list: Cell, _ mark: RecordMark) {
    for (index, element) in list.elements.enumerated() {
      var mark = mark
      mark.element = index
      takeItem(element)
      if element.kind == .object, !program.itemPaths.isEmpty {
        // It was validated with its record, except for duplicate members.
        let bytes = element.text.buffer
        let fault = itemWalker.indexRecord(bytes) ?? itemWalker.walk(0..<bytes.count, into: evaluator.itemSlots)
        // A nested list also keeps its text.
        if let fault, fault.code == .notAnObject {
          takeItem(element)
        } else if let fault {
          counts.read += 1
          counts.rejected += 1
          log.append(Problem(fault.code, record: mark, key: copiedKey()))
          end(.rejected, mark, key: evaluator.key)
          continue
        }
      }
      if !itemPresence.isSettled { itemPresence.take(evaluator.itemSlots) }
      if hasControlEscapes { warnOfControlCharacter(in: evaluator.itemSlots, program.itemPaths, mark) }
      evaluate(mark)
    }
  }

  /// An element that is not an object: paths that continue into it meet an unexpected shape.
  private mutating func takeItem(_ element: Cell) {
    let rest = evaluator.isEmpty(element) ? Cell.missing : .blocked(by: element)
    for (slot, path) in program.itemPaths.enumerated() { evaluator.itemSlots[slot] = path.isEmpty ? element : rest }
  }

  mutating func copiedKey() -> LogSlice { evaluator.key.map { log.copy(key: $0) } ?? .empty }

  private mutating func evaluate(_ mark: RecordMark) {
    if role == .spooling { return spool(mark) }
    counts.read += 1
    let verdict = evaluator.evaluate(mark, log: &log)
    let key = evaluator.key
    if verdict == .filtered {
      counts.filtered += 1
      return end(.filtered, mark, key: key)
    }
    guard verdict == .written else {
      counts.rejected += 1
      if showsRefused, evaluator.hasResults, let key {
        encoding.append(UnsafeBufferPointer(evaluator.results), key: key, mark: mark, into: &refused) { _ in }
      }
      return end(.rejected, mark, key: key)
    }
    write(mark, key: key ?? .empty)
  }

  /// The record in the evaluator's results is let through.
  mutating func write(_ mark: RecordMark, key: Text) {
    if let profile {
      if sequence == nil {
        profile.write(evaluator.results, mark.element, of: position)
      } else {
        profile.keep(evaluator.results, mark.element, of: position, item: items.items.count)
      }
    }
    var copiedKey: LogSlice?
    encoding.append(UnsafeBufferPointer(evaluator.results), key: key, mark: mark, into: &output) { column in
      let keySlice = copiedKey ?? log.copy(key: key)
      copiedKey = keySlice
      log.append(
        Problem(
          .formulaEscaped, severity: .warning, stage: .load, subject: .field(Int32(column)), record: mark,
          value: log.copy(evaluator.results[column].text, as: evaluator.privacy(of: .field(Int32(column)))), key: keySlice))
    }
    counts.written += 1
    end(.written, mark, key: key)
  }

  /// Ends the item with this outcome.
  mutating func end(_ outcome: Outcome, _ mark: RecordMark, key: Text?) {
    if role == .spooling { return keep(outcome == .filtered ? .filtered : .rejected, mark, key: key) }
    if recordsItems {
      items.append(
        outcome, mark, key: key, output: output.pendingCount, refused: refused.pendingCount, problems: log.count)
    }
    if observations != nil { observe(outcome) }
    sequence?.append(outcome, cells: evaluator.results)
  }
}
