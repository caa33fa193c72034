package import Core
import Expressions
import Records
import Schema
import Values

/// Runs a program on one record after another: the hot path. One evaluator per worker.
///
/// A record's cells come in by slot, its target cells go out by column; both point into the record's bytes, the
/// evaluator's arenas or the program's constants, and are valid until the next record. Nothing is allocated per record
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
  /// The key, if it was rewritten as an integer.
  private var keyBytes = ByteArena(capacity: 128)
  var lists = CellArena()
  var workspace = PatternWorkspace()
  /// Of the check of the whole record; nil where the schema needs none.
  let space: ValidationSpace?
  /// By column; nil where no value can change.
  let integerPlaces: [IntegerPlaceTree?]
  /// Why the last function or load returned false.
  var failure = Failure(code: .wrongType)
  /// What the last `lookup-miss` was about; the key's bytes are valid until the next record.
  var missed: (table: Int, key: Text) = (-1, .empty)
  /// Warnings of functions that continued; emptied by their field.
  var warnings: [Failure] = []
  /// A value has warnings or marks, which its field looks at.
  var hasRemarks = false
  /// What functions did to the current value that may be of interest; only if changes are recorded.
  var marks: ChangeKinds = []
  var recordsChanges = false
  /// Of the current record.
  var changed: [ValueChange] = []
  var hasChangedVariables = false
  var observation: ObservationPlan?
  /// Set if tests need to know what they exercise.
  private(set) var coverage: CoverageMarks?
  /// `results` belongs to the current record: it was not rejected before its fields were evaluated.
  private(set) var hasResults = false
  var isRejected = false
  /// The start of the record's problems in the log.
  var firstProblem = 0
  /// The record is checked after all of its fields, because its references are resolved first, or because it is kept for a
  /// merge.
  private let defersChecks: Bool
  /// `checkRecord` makes the checks, after the merge.
  private let isForMerge: Bool
  let references: [ResolvedReference]
  /// Why a reference could not be looked up.
  var lookupFailure: OperationFailure?
  var scratch = ByteArena(capacity: 256)
  /// The size of the record's lists; see `room`.
  var madeBytes = 0

  /// Why a value is not available; the members are those of `Problem`.
  struct Failure: Sendable {
    var detail: Problem.Detail
    var code: ProblemCode
    var part = Problem.Part.whole
    var element: Int32?
    var step: Int32?

    init(code: ProblemCode, detail: Problem.Detail = .none, element: Int32? = nil) {
      self.code = code
      self.detail = detail
      self.element = element
    }
  }

  /// A var that failed: fields that read it fail with it, silently, since its own problem is in the log.
  static let poison: UInt8 = 1
  static var poisoned: Cell { Cell(kind: .missing, flags: poison) }

  package init(_ program: Program) { self.init(program, references: [], isForMerge: false) }

  init(_ program: Program, references: [ResolvedReference], isForMerge: Bool) {
    self.program = program
    self.references = references
    self.isForMerge = isForMerge
    defersChecks = isForMerge || !references.isEmpty
    tables = ProgramTables(program)
    expressions.sizeLimit = program.valueLimit
    space = program.record == nil ? nil : ValidationSpace()
    integerPlaces = program.checks.indices.map { program.checks.base[$0].integers.map(IntegerPlaceTree.init) }
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

  /// The record's key; nil if it is absent. Inlined: a call would be given a copy of the whole evaluator.
  @inline(__always)
  package var key: Text? {
    let cell = slots[tables.keySlot]
    switch cell.kind {
    case .string: return Whitespace.isBlank(cell.text.span) ? nil : cell.text
    case .integer, .number: return cell.text
    default: return nil
    }
  }

  /// A key `1.0` or `1e2` is that integer, wherever it is used.
  @inline(never)
  private mutating func takeWholeKey() {
    guard let integer = whole(slots[tables.keySlot]) else { return }
    // The slot must survive every element of `each`, but `arena` is emptied before each of them.
    keyBytes.reset()
    keyBytes.begin()
    for byte in integer.text.buffer { keyBytes.append(byte) }
    slots[tables.keySlot] = Cell(kind: integer.kind, text: keyBytes.finish())
  }

  /// The outcome of a record.
  package enum Verdict: Sendable {
    case written, filtered, rejected
  }

  /// Creates the target record in `results` and records every problem.
  package mutating func evaluate(_ mark: RecordMark, log: inout ProblemLog) -> Verdict {
    arena.reset()
    lists.reset()
    madeBytes = 0
    isRejected = false
    hasResults = false
    if slots[tables.keySlot].kind == .number { takeWholeKey() }
    guard let key else {
      refuseKey(mark, &log)
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
      var cell = value(of: code, subject: .field(Int32(index)), &report, &log)
      if code.pointee.omitsNull, cell.kind == .null { cell = .missing }
      results[index] = cell
      if !defersChecks, cell.flags != Self.poison { check(cell, column: index, &report, &log) }
    }
    if defersChecks {
      resolveReferences(&report, &log)
      // A rejected record takes no part in a merge, so everything that is wrong with it is reported now.
      if isRejected || !isForMerge { checkAll(&report, &log) }
    } else {
      finish(&report, &log)
    }
    return isRejected ? .rejected : .written
  }

  mutating func evaluate(variable index: Int, _ report: inout Report, _ log: inout ProblemLog) {
    variables[index] = value(of: tables.vars + index, subject: .variable(Int32(index)), &report, &log)
    if tables.inputCount > 0 { takeInput(ofVariable: index) }
  }

  /// Discards what was created for the last record.
  mutating func reset() {
    arena.reset()
    lists.reset()
    madeBytes = 0
    expressions.reset()
  }

  /// The common part of this record's problems; its key is copied to the log with the first of them.
  struct Report {
    let mark: RecordMark
    let key: Text
    var copiedKey: LogSlice?
  }
}
