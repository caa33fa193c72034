package import Core
import Expressions
import Records
import Schema
import Values

/// Runs a program on one record after another: the hot path. One evaluator per worker.
///
/// A record's cells come in by slot, its target cells go out by column; both point into the record's bytes, the
/// evaluator's arenas or the program's constants, and are good until the next record. Nothing is allocated per record
/// once the arenas have their working size, and nothing throws.
package struct Evaluator: ~Copyable {
  package let program: Program
  /// Filled by the walker before `evaluate`.
  package let slots: UnsafeMutableBufferPointer<Cell>
  package let itemSlots: UnsafeMutableBufferPointer<Cell>
  /// The target record, by column.
  package let results: UnsafeMutableBufferPointer<Cell>

  let tables: ProgramTables
  let variables: UnsafeMutableBufferPointer<Cell>
  /// What expressions read.
  let inputs: UnsafeMutablePointer<Cell>
  var expressions = ExpressionEvaluator()
  var arena = ByteArena()
  var lists = CellArena()
  var workspace = PatternWorkspace()
  /// Of the check of the whole record; nil where the schema needs none.
  let space: ValidationSpace?
  /// Why the last function or load answered false.
  var failure = Failure(code: .wrongType)
  /// Of functions that went on but have something to say; emptied by the field that they belong to.
  var warnings: [Failure] = []
  /// Set where tests want to know what they exercise.
  private(set) var coverage: CoverageMarks?
  /// `results` is of the record at hand: it was not rejected before its fields were made.
  private(set) var hasResults = false
  private var isRejected = false
  /// Where the problems of the record begin in the log.
  private var firstProblem = 0
  /// The target schema has its say later, in `checkRecord`: a merge comes between.
  var defersChecks = false
  /// What lists of the record take; see `room`.
  var madeBytes = 0

  /// Why a value cannot be had.
  struct Failure: Sendable {
    var code: ProblemCode
    var reason: StaticString?
    /// See `Problem.detail`.
    var detail: UInt8 = 0
    var element: Int32 = -1
    var step: Int32 = -1
    /// Which of several paths could not be read; see `Problem.part`.
    var part: Int32 = -1
  }

  /// A var that failed: fields that read it fail with it, silently, since its own problem is in the log.
  static let poison: UInt8 = 1
  static var poisoned: Cell { Cell(kind: .missing, flags: poison) }

  package init(_ program: Program) {
    self.program = program
    tables = ProgramTables(program)
    expressions.sizeLimit = program.valueLimit
    space = program.record == nil ? nil : ValidationSpace()
    func cells(_ count: Int) -> UnsafeMutableBufferPointer<Cell> {
      let buffer = UnsafeMutableBufferPointer<Cell>.allocate(capacity: max(1, count))
      buffer.initialize(repeating: .missing)
      return buffer
    }
    slots = cells(program.recordPaths.count)
    itemSlots = cells(program.itemPaths.count)
    results = cells(program.fields.count)
    variables = cells(program.vars.count)
    inputs = .allocate(capacity: max(1, program.inputs.count))
    inputs.initialize(repeating: .missing, count: max(1, program.inputs.count))
  }

  deinit {
    slots.deallocate()
    itemSlots.deallocate()
    results.deallocate()
    variables.deallocate()
    inputs.deallocate()
    coverage?.deallocate()
  }

  mutating func recordCoverage() {
    if coverage == nil { coverage = CoverageMarks(program) }
  }

  /// The record's key; nil where it is absent. Inlined: a call would be given a copy of the whole evaluator.
  @inline(__always)
  package var key: Text? {
    let cell = slots[tables.keySlot]
    switch cell.kind {
    case .string: return Whitespace.isBlank(cell.text.span) ? nil : cell.text
    case .integer, .number: return cell.text
    default: return nil
    }
  }

  /// What becomes of a record.
  package enum Verdict: Sendable {
    case written, filtered, rejected
  }

  /// Makes the target record in `results` and notes every problem.
  package mutating func evaluate(_ mark: RecordMark, log: inout ProblemLog) -> Verdict {
    arena.reset()
    lists.reset()
    madeBytes = 0
    isRejected = false
    hasResults = false
    guard let key else {
      log.append(Problem(.missingKey, record: mark))
      return .rejected
    }
    var report = Report(mark: mark, key: key)
    firstProblem = log.count
    if tables.hasExpressions {
      expressions.reset()
      takeInputs()
    }
    for index in 0..<tables.earlyVarCount { evaluate(variable: Int(tables.earlyVars[index]), &report, &log) }
    if tables.filter != FieldCode.noCondition, let verdict = filter(&report, &log) { return verdict }
    hasResults = true
    for index in 0..<tables.lateVarCount { evaluate(variable: Int(tables.lateVars[index]), &report, &log) }
    for index in 0..<tables.fieldCount {
      let code = tables.fields + index
      if code.pointee.isCopy, copy(code, column: index) { continue }
      var cell = value(of: code, number: Int32(index), &report, &log)
      if code.pointee.omitsNull, cell.kind == .null { cell = .missing }
      results[index] = cell
      if !defersChecks, cell.flags != Self.poison { check(cell, column: index, &report, &log) }
    }
    if defersChecks {
      // It takes no part in a merge: all that is wrong with it is said now.
      if isRejected { checkAll(&report, &log) }
    } else {
      finish(&report, &log)
    }
    return isRejected ? .rejected : .written
  }

  private mutating func evaluate(variable index: Int, _ report: inout Report, _ log: inout ProblemLog) {
    variables[index] = value(of: tables.vars + index, number: Int32(tables.fieldCount + index), &report, &log)
    if tables.inputCount > 0 { takeInput(ofVariable: index) }
  }

  /// `where`. Nil: the record goes on.
  private mutating func filter(_ report: inout Report, _ log: inout ProblemLog) -> Verdict? {
    switch markedTruth(of: tables.filter) {
    case .yes: return nil
    case .no: return isRejected ? .rejected : .filtered
    case .failed:
      let number = Int32(tables.fieldCount + tables.varCount + tables.assertionCount)
      append(failure, .error, .transform, number, .missing, &report, &log)
      return .rejected
    case .poisoned: return .rejected
    }
  }

  /// `validate`, on the finished target record.
  private mutating func checkAssertions(_ report: inout Report, _ log: inout ProblemLog) {
    takeColumns()
    for index in 0..<tables.assertionCount {
      let rule = tables.assertions[index]
      let number = Int32(tables.fieldCount + tables.varCount + index)
      switch truth(of: rule.condition) {
      case .yes, .poisoned: break
      case .no:
        append(Failure(code: .rule), rule.isWarning ? .warning : .error, .validate, number, .missing, &report, &log)
        if !rule.isWarning { isRejected = true }
      case .failed:
        append(failure, .error, .validate, number, .missing, &report, &log)
        isRejected = true
      }
    }
  }

  /// What is asked of the finished record as a whole.
  private mutating func finish(_ report: inout Report, _ log: inout ProblemLog) {
    for index in 0..<tables.requiredRuleCount { check(tables.requiredRules[index], &report, &log) }
    if space != nil { checkWhole(&report, &log) }
    if tables.assertionCount > 0 { checkAssertions(&report, &log) }
  }

  private mutating func checkAll(_ report: inout Report, _ log: inout ProblemLog) {
    for index in 0..<tables.fieldCount where results[index].flags != Self.poison {
      check(results[index], column: index, &report, &log)
    }
    finish(&report, &log)
  }

  /// The checks of a record that lies in `results` already. False: it is rejected.
  mutating func checkRecord(_ mark: RecordMark, key: Text, log: inout ProblemLog) -> Bool {
    isRejected = false
    firstProblem = log.count
    if tables.inputCount > 0 { takeInputs() }
    var report = Report(mark: mark, key: key)
    checkAll(&report, &log)
    return !isRejected
  }

  /// Puts another value into a column and checks it as the first one was checked. False: the record is rejected.
  mutating func replace(_ column: Int, with cell: Cell, _ mark: RecordMark, key: Text, log: inout ProblemLog) -> Bool {
    isRejected = false
    var report = Report(mark: mark, key: key)
    results[column] = cell
    check(cell, column: column, &report, &log)
    return !isRejected
  }

  /// Forgets what was made for the last record.
  mutating func reset() {
    arena.reset()
    lists.reset()
    madeBytes = 0
    expressions.reset()
  }

  /// What problems of this record have in common; its key is copied to the log with the first of them.
  struct Report {
    let mark: RecordMark
    let key: Text
    var keyRange: Range<Int32>?
  }

  // MARK: one field

  /// A member copied as it is, and found good at a glance, as most are. False: it takes a closer look.
  @inline(__always)
  private func copy(_ code: UnsafePointer<FieldCode>, column: Int) -> Bool {
    guard case .slot(let slot, let accepts) = code.pointee.value else { return false }
    let cell = slots[Int(slot)]
    let isFine = cell.isAbsent || (accepts.contains(cell.kind) && cell.kind != .list && !(cell.kind == .string && isBlank(cell)))
    guard isFine, tables.quickChecks[column].passes(cell) else { return false }
    results[column] = cell
    return true
  }

  @inline(__always)
  private mutating func value(
    of code: UnsafePointer<FieldCode>, number: Int32, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    if code.pointee.isConditional, let cell = conditional(code, number, &report, &log) { return cell }
    var cell = Cell.missing
    let isMade = run(code.pointee.value, code.pointee.firstStep, code.pointee.stepCount, into: &cell)
    if isMade, warnings.isEmpty, !cell.isAbsent { return cell }
    return settle(cell, isMade, code.pointee, number, &report, &log)
  }

  /// `when`. Nil: it is true.
  @inline(never)
  private mutating func conditional(
    _ code: UnsafePointer<FieldCode>, _ number: Int32, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell? {
    switch markedTruth(of: code.pointee.condition) {
    case .yes: nil
    // A target record without its key is nobody's.
    case .no: code.pointee.isKey ? refuseAbsent(code.pointee, number, &report, &log) : .missing
    case .failed: failedCondition(code, number, &report, &log)
    case .poisoned: Self.poisoned
    }
  }

  private mutating func failedCondition(
    _ code: UnsafePointer<FieldCode>, _ number: Int32, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    failure.detail = ExpressionSite.condition.rawValue
    return settle(.missing, false, code.pointee, number, &report, &log)
  }

  /// What becomes of a value that failed, was absent, or came with a warning.
  @inline(never)
  private mutating func settle(
    _ made: Cell, _ isMade: Bool, _ code: FieldCode, _ number: Int32, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    var cell = made
    if cell.flags == Self.poison { return cell }
    if !warnings.isEmpty {
      for warning in warnings { note(warning, .warning, code, number, &report, &log) }
      warnings.removeAll(keepingCapacity: true)
    }
    if !isMade {
      switch code.onError {
      case .reject:
        note(failure, .error, code, number, &report, &log)
        return failed()
      case .nullify:
        note(failure, .warning, code, number, &report, &log)
        // The field ends with null, which `required` refuses all the same.
        if code.isRequired { return refuseAbsent(code, number, &report, &log) }
        return .null
      case .keep:
        note(failure, .warning, code, number, &report, &log)
        if !load(code.value, into: &cell) { cell = kept(code.value) }
      case .fallback:
        note(failure, .warning, code, number, &report, &log)
        cell = .null
      }
    }
    if cell.isAbsent, code.hasFallback {
      let isMade = run(code.fallback, code.firstFallbackStep, code.fallbackStepCount, into: &cell)
      if !warnings.isEmpty {
        for warning in warnings {
          append(warning, .warning, .transform, number, source(of: code.fallback), &report, &log, isOfFallback: true)
        }
        warnings.removeAll(keepingCapacity: true)
      }
      if !isMade {
        append(failure, .error, .transform, number, source(of: code.fallback), &report, &log, isOfFallback: true)
        return failed()
      }
      if cell.flags == Self.poison { return cell }
    }
    if cell.isAbsent, code.isRequired { return refuseAbsent(code, number, &report, &log) }
    return cell
  }

  private mutating func refuseAbsent(
    _ code: FieldCode, _ number: Int32, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    note(Failure(code: .required), .error, code, number, &report, &log)
    return failed()
  }

  private mutating func failed() -> Cell {
    isRejected = true
    return Self.poisoned
  }

  @inline(__always)
  private mutating func run(
    _ value: ValueCode, _ first: UInt32, _ count: UInt32, into cell: inout Cell
  ) -> Bool {
    guard load(value, into: &cell) else { return false }
    var index = Int(first)
    let end = index + Int(count)
    while index < end, !cell.isAbsent {
      guard apply(tables.operations[index], to: &cell) else {
        failure.step = Int32(index - Int(first))
        return false
      }
      index += 1
    }
    return true
  }

  @inline(__always)
  mutating func load(_ value: ValueCode, into cell: inout Cell) -> Bool {
    switch value {
    case .slot(let slot, let accepts): return load(slots[Int(slot)], accepts, into: &cell)
    case .itemSlot(let slot, let accepts): return load(itemSlots[Int(slot)], accepts, into: &cell)
    case .listSlot(let slot, let accepts, let elements): return load(slots[Int(slot)], accepts, elements, into: &cell)
    case .itemListSlot(let slot, let accepts, let elements):
      return load(itemSlots[Int(slot)], accepts, elements, into: &cell)
    case .variable(let index): cell = variables[Int(index)]
    case .constant(let number): cell = tables.constants[Int(number)]
    case .expression(let number): return evaluate(expression: number, into: &cell)
    case .cases(let number): return evaluate(cases: number, into: &cell)
    case .list(let start, let count): return gather(Int(start), Int(count), into: &cell)
    }
    return true
  }

  @inline(__always)
  private mutating func load(_ source: Cell, _ accepts: CellKinds, into cell: inout Cell) -> Bool {
    cell = source
    switch source.kind {
    case .missing, .null: return true
    case .string where tables.blankIsNull && isBlank(source):
      cell = .null
      return true
    case .list where tables.blankIsNull: nullifyBlanks(&cell)
    case .object: return accepts.contains(DeclaredKinds.kind(of: source)) || refuse(Self.undeclared)
    default: break
    }
    guard accepts.contains(source.kind) else { return refuse(Self.undeclared) }
    return true
  }

  /// The same of what may be a list whose elements are declared.
  @inline(never)
  private mutating func load(_ source: Cell, _ accepts: CellKinds, _ elements: CellKinds, into cell: inout Cell) -> Bool {
    guard load(source, accepts, into: &cell) else { return false }
    guard let element = DeclaredKinds.firstStranger(in: cell, elements) else { return true }
    var failure = Self.undeclared
    failure.element = Int32(element)
    return refuse(failure)
  }

  private static var undeclared: Failure {
    Failure(code: .wrongType, reason: ExpressionError.wrongType.reason)
  }

  /// Most texts start with a visible ASCII character, and are looked at no further.
  @inline(__always)
  func isBlank(_ cell: Cell) -> Bool {
    let text = cell.text
    if text.count > 0, text.start[0] > 0x20, text.start[0] < 0x80 { return false }
    return Whitespace.isBlank(text.span)
  }

  /// Whether a text reads as null.
  func isNull(_ cell: Cell) -> Bool { tables.blankIsNull && cell.kind == .string && isBlank(cell) }

  mutating func nullifyBlanks(_ cell: inout Cell) {
    let elements = cell.elements
    guard elements.contains(where: { $0.kind == .string && isBlank($0) }) else { return }
    let copy = lists.take(elements.count)
    for index in elements.indices {
      copy[index] = elements[index].kind == .string && isBlank(elements[index]) ? .null : elements[index]
    }
    cell = Cell(list: copy, count: copy.count)
  }

  private mutating func gather(_ start: Int, _ count: Int, into cell: inout Cell) -> Bool {
    let cells = lists.take(count)
    var isNested = false
    for index in 0..<count {
      var part = Cell.missing
      guard load(tables.parts[start + index], into: &part) else {
        failure.part = Int32(index)
        return false
      }
      if part.flags == Self.poison {
        cell = part
        return true
      }
      // In a list, what is absent is null.
      cells[index] = part.kind == .missing ? .null : part
      isNested = isNested || part.kind == .list
    }
    cell = Cell(list: cells, count: count)
    return !isNested || mayMake(cell)
  }

  /// The source's value as it is, although it has not the type that it declares: `on_error: keep`.
  private mutating func kept(_ value: ValueCode) -> Cell {
    guard case .list(let start, let count) = value else { return source(of: value) }
    let cells = lists.take(Int(count))
    for index in 0..<Int(count) {
      let part = source(of: tables.parts[Int(start) + index])
      if part.flags == Self.poison { return part }
      cells[index] = part.kind == .missing || isNull(part) ? .null : part
    }
    return Cell(list: cells, count: Int(count))
  }

  // MARK: problems

  /// The value as the source has it: what `on_error: keep` keeps, and what a problem shows.
  private func source(of value: ValueCode) -> Cell {
    switch value {
    case .slot(let slot, _): slots[Int(slot)]
    case .itemSlot(let slot, _): itemSlots[Int(slot)]
    case .listSlot(let slot, _, _): slots[Int(slot)]
    case .itemListSlot(let slot, _, _): itemSlots[Int(slot)]
    case .variable(let index): variables[Int(index)]
    case .constant(let number): tables.constants[Int(number)]
    case .expression, .cases: .missing
    case .list(let start, let count): count == 1 ? source(of: tables.parts[Int(start)]) : .missing
    }
  }

  private mutating func note(
    _ failure: Failure, _ severity: Severity, _ code: FieldCode, _ number: Int32, _ report: inout Report,
    _ log: inout ProblemLog
  ) {
    var failure = failure
    var value = source(of: code.value)
    if failure.code == .expressionError, failure.detail == ExpressionSite.condition.rawValue {
      // The condition has read something else than the field's own source.
      append(failure, severity, .transform, number, .missing, &report, &log)
      return
    }
    let isInPlace = failure.element < 0 || keepsPlaces(code, upTo: failure.step)
    if case .list(let start, let count) = code.value {
      if failure.part < 0, isInPlace, failure.element < Int32(count) { failure.part = failure.element }
      if failure.part >= 0 { value = source(of: tables.parts[Int(start) + Int(failure.part)]) }
    } else if !isInPlace {
      value = .missing
    }
    append(failure, severity, .transform, number, value, &report, &log)
  }

  /// Whether elements of the list at a step (-1: at the end) are still those of the source, one by one.
  private func keepsPlaces(_ code: FieldCode, upTo step: Int32) -> Bool {
    let count = step < 0 ? code.stepCount : UInt32(step)
    for index in Int(code.firstStep)..<Int(code.firstStep + count) {
      if tables.operations[index].takesList { return false }
      if case .split = tables.operations[index] { return false }
    }
    return true
  }

  /// How values of a field or var may be shown, by the number that problems give it.
  func privacy(of number: Int32) -> Privacy {
    let index = Int(number)
    if index < tables.fieldCount { return tables.fields[index].privacy }
    return index < tables.fieldCount + tables.varCount ? tables.vars[index - tables.fieldCount].privacy : .never
  }

  private func append(
    _ failure: Failure, _ severity: Severity, _ stage: Stage, _ number: Int32, _ value: Cell, _ report: inout Report,
    _ log: inout ProblemLog, isOfFallback: Bool = false, note: Range<Int32> = 0..<0
  ) {
    let key = report.keyRange ?? log.copy(key: report.key)
    report.keyRange = key
    let shown =
      failure.element >= 0 && Int(failure.element) < value.elements.count
      ? value.elements[Int(failure.element)] : value
    log.append(
      Problem(
        failure.code, severity: severity, stage: stage, field: number, step: failure.step, element: failure.element,
        part: failure.part, isOfFallback: isOfFallback, record: report.mark, reason: failure.reason, detail: failure.detail,
        value: log.copy(shown.text, as: privacy(of: number)), key: key, note: note))
  }

  /// The whole schema's say on the finished record, where it has more to say than the columns' checks. A record with a field that
  /// failed is not judged: what is missing there would only be said twice.
  private mutating func checkWhole(_ report: inout Report, _ log: inout ProblemLog) {
    guard let record = program.record, let space, !results.contains(where: { $0.flags == Self.poison }) else { return }
    let known = firstProblem..<log.count
    for finding in record.findings(in: UnsafeBufferPointer(results), arena: &arena, space) {
      if finding.column >= 0, known.contains(where: { log.problems[$0].isSame(finding) }) { continue }
      isRejected = true
      let cell = finding.column >= 0 ? results[Int(finding.column)] : Cell.missing
      let note = finding.note.map { log.copy(note: $0) } ?? 0..<0
      append(Failure(code: finding.code), .error, .validate, finding.column, cell, &report, &log, note: note)
    }
  }

  /// The target schema's say on a finished value.
  @inline(__always)
  private mutating func check(_ cell: Cell, column: Int, _ report: inout Report, _ log: inout ProblemLog) {
    if !tables.quickChecks[column].passes(cell) { checkClosely(cell, column: column, &report, &log) }
  }

  @inline(never)
  private mutating func checkClosely(_ cell: Cell, column: Int, _ report: inout Report, _ log: inout ProblemLog) {
    guard let failures = tables.checks[column].failures(of: cell, workspace) else { return }
    isRejected = true
    for failure in failures {
      let note = failure.note.map { log.copy(note: $0) } ?? 0..<0
      append(
        Failure(code: failure.code, element: failure.element), .error, .validate, Int32(column), cell, &report, &log, note: note)
    }
  }

  /// Members that the schema requires. A field that failed has its own problem already.
  @inline(__always)
  private mutating func check(_ rule: RequiredRule, _ report: inout Report, _ log: inout ProblemLog) {
    var isThere = false
    for column in rule.member where results[column].kind != .missing || results[column].flags == Self.poison { isThere = true }
    if isThere { return }
    if let object = rule.object {
      var objectIsThere = false
      for column in object where results[column].kind != .missing { objectIsThere = true }
      guard objectIsThere else { return }
    }
    isRejected = true
    append(Failure(code: .schemaRequired), .error, .validate, Int32(rule.member.lowerBound), .missing, &report, &log)
  }
}
