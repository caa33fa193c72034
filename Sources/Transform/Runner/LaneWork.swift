import Core
import Records
import Values

/// What a lane does with a batch: a struct, so that its parts are used without the checks that a class's members cost.
struct LaneWork: ~Copyable {
  private(set) var output = ByteArena(capacity: 512 * 1024)
  private(set) var outcomes = ByteArena(capacity: 4096)
  private(set) var log = ProblemLog()
  private(set) var counts = TransformCounts()

  private let program: Program
  private let encoding: TargetEncoding
  private let writesOutcomes: Bool
  private var evaluator: Evaluator
  private var walker = RecordWalker()
  private var itemWalker = RecordWalker()

  init(_ program: Program, encoding: TargetEncoding, writesOutcomes: Bool = false) {
    self.program = program
    self.encoding = encoding
    self.writesOutcomes = writesOutcomes
    evaluator = Evaluator(program)
    program.addRecordPaths(to: &walker)
    for (slot, path) in program.itemPaths.enumerated() { itemWalker.addPath(path, slot: slot) }
  }

  mutating func process(_ batch: RecordBatch) {
    output.reset()
    outcomes.reset()
    log.removeAll()
    counts = TransformCounts()
    output.begin()
    outcomes.begin()
    let isIndexed = walker.index(batch.bytes)
    for item in batch.items {
      if let fault = item.fault {
        refuse(item, RecordWalker.Fault(code: fault, offset: 0), note: item.note >= 0 ? batch.notes[Int(item.note)] : nil)
      } else if isIndexed {
        work(on: item, item.start..<item.end)
      } else {
        // Something in the batch is broken: one by one, to find which.
        let bytes = UnsafeBufferPointer(start: batch.base + item.start, count: item.end - item.start)
        if let fault = walker.indexRecord(bytes) { refuse(item, fault) } else { work(on: item, 0..<bytes.count) }
      }
    }
    for problem in log.problems {
      if problem.code == .rule, let rule = program.clause(problem.field)?.rule {
        counts.rules[rule.id, default: 0] += 1
      } else {
        counts.codes[problem.code, default: 0] += 1
      }
      if problem.severity == .warning { counts.warnings += 1 }
    }
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
    let byte = item.column >= 0 && item.fault == nil ? item.column + fault.offset : -1
    let mark = RecordMark(line: item.line, offset: item.offset, faultOffset: byte)
    let range = note.map { log.copy(note: $0) } ?? 0..<0
    log.append(Problem(fault.code, stage: .transform, record: mark, note: range))
    appendOutcome(.rejected, mark, key: nil)
  }

  private mutating func work(on item: RecordBatch.Item, _ range: Range<Int>) {
    if let fault = walker.walk(range, into: evaluator.slots) { return refuse(item, fault) }
    let mark = RecordMark(line: item.line, offset: item.offset)
    guard let each = program.eachSlot else { return evaluate(mark) }
    let list = evaluator.slots[Int(each)]
    switch list.kind {
    case .missing, .null: break
    case .string where evaluator.isNull(list): break
    case .list: workOnElements(of: list, mark)
    default:
      counts.read += 1
      counts.rejected += 1
      log.append(
        Problem(.wrongType, record: mark, reason: "`each` names a member that is no list in this record", key: copiedKey()))
      appendOutcome(.rejected, mark, key: evaluator.key)
    }
  }

  private mutating func workOnElements(of list: Cell, _ mark: RecordMark) {
    for (index, element) in list.elements.enumerated() {
      var mark = mark
      mark.element = index
      for slot in evaluator.itemSlots.indices { evaluator.itemSlots[slot] = .missing }
      for (slot, path) in program.itemPaths.enumerated() where path.isEmpty { evaluator.itemSlots[slot] = element }
      if element.kind == .object, !program.itemPaths.isEmpty {
        // It was validated with its record, but for members that occur twice in it.
        let bytes = element.text.buffer
        let fault = itemWalker.indexRecord(bytes) ?? itemWalker.walk(0..<bytes.count, into: evaluator.itemSlots)
        // A list in the list keeps its text, too.
        if let fault, fault.code == .notAnObject {
          for (slot, path) in program.itemPaths.enumerated() where path.isEmpty { evaluator.itemSlots[slot] = element }
        } else if let fault {
          counts.read += 1
          counts.rejected += 1
          log.append(Problem(fault.code, record: mark, key: copiedKey()))
          appendOutcome(.rejected, mark, key: evaluator.key)
          continue
        }
      }
      evaluate(mark)
    }
  }

  private mutating func copiedKey() -> Range<Int32> { evaluator.key.map { log.copy(key: $0) } ?? 0..<0 }

  private mutating func evaluate(_ mark: RecordMark) {
    counts.read += 1
    switch evaluator.evaluate(mark, log: &log) {
    case .written: break
    case .filtered:
      counts.filtered += 1
      return appendOutcome(.filtered, mark, key: evaluator.key)
    case .rejected:
      counts.rejected += 1
      return appendOutcome(.rejected, mark, key: evaluator.key)
    }
    let key = evaluator.key ?? .empty
    var keyRange: Range<Int32>?
    encoding.append(UnsafeBufferPointer(evaluator.results), key: key, mark: mark, into: &output) { column in
      let range = keyRange ?? log.copy(key: key)
      keyRange = range
      log.append(
        Problem(
          .formulaEscaped, severity: .warning, stage: .load, field: Int32(column), record: mark,
          value: log.copy(evaluator.results[column].text, as: evaluator.privacy(of: Int32(column))), key: range))
    }
    counts.written += 1
    appendOutcome(.written, mark, key: key)
  }

  /// `{"record":"c1","outcome":"written","line":1}`; what the transform leaves open, the load decides.
  private mutating func appendOutcome(_ outcome: Outcome, _ mark: RecordMark, key: Text?) {
    guard writesOutcomes else { return }
    outcomes.append("{\"mapping\":\"")
    for byte in program.model.name.utf8 { outcomes.append(byte) }
    if let key {
      outcomes.append("\",\"record\":\"")
      RecordKey.append(key, mark, escaped: true, into: &outcomes)
    }
    outcomes.append("\",\"outcome\":\"")
    for byte in outcome.rawValue.utf8 { outcomes.append(byte) }
    outcomes.append("\",\"line\":")
    outcomes.append(decimal: Int64(mark.line))
    outcomes.append("}\n")
  }
}
