import Core
import Values

/// Values of a program that never change, at one address for its life: the hot path reads them through a pointer, without
/// the reference counting and the copies that an array in a class costs. Owned by the program, which outlives every evaluator.
final class ConstantTable<Element>: @unchecked Sendable {
  let base: UnsafePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    memory.initialize(from: elements, count: elements.count)
    base = UnsafePointer(memory)
    count = elements.count
  }

  deinit {
    let memory = UnsafeMutablePointer(mutating: base)
    memory.deinitialize(count: count)
    memory.deallocate()
  }

  var indices: Range<Int> { 0..<count }
}

/// The tables as the evaluator reads them: plain addresses. Valid as long as their program.
struct ProgramTables {
  let vars: UnsafePointer<FieldCode>
  let varCount: Int
  let fields: UnsafePointer<FieldCode>
  let fieldCount: Int
  let operations: UnsafePointer<Operation>
  let parts: UnsafePointer<ValueCode>
  let constants: UnsafePointer<Cell>
  let lookups: UnsafePointer<LookupIndex>
  let replacements: UnsafePointer<Replacement>
  let dates: UnsafePointer<DateReaders>
  let dateTimes: UnsafePointer<DateTimeReaders>
  let booleans: UnsafePointer<BoolWords>
  let dateWriters: UnsafePointer<DateTextWriter>
  let numberForms: UnsafePointer<NumberForm>
  let numberWriters: UnsafePointer<NumberWriter>
  let kernels: UnsafePointer<Unmanaged<KernelOperation>>
  let checks: UnsafePointer<ColumnChecks>
  let quickChecks: UnsafePointer<QuickCheck>
  let requiredRules: UnsafePointer<RequiredRule>
  let requiredRuleCount: Int
  let inputs: UnsafePointer<InputCode>
  let inputCount: Int
  let hasExpressions: Bool
  let expressions: UnsafePointer<ExpressionCode>
  let expressionReads: UnsafePointer<InputCode>
  let branches: UnsafePointer<BranchCode>
  let cases: UnsafePointer<CaseCode>
  let filter: UInt16
  let earlyVars: UnsafePointer<UInt16>
  let earlyVarCount: Int
  let lateVars: UnsafePointer<UInt16>
  let lateVarCount: Int
  let assertions: UnsafePointer<AssertionCode>
  let assertionCount: Int
  let keySlot: Int
  let blankIsNull: Bool

  init(_ program: Program) {
    vars = program.vars.base
    varCount = program.vars.count
    fields = program.fields.base
    fieldCount = program.fields.count
    operations = program.operations.base
    parts = program.parts.base
    constants = program.constants.base
    lookups = program.lookups.base
    replacements = program.replacements.base
    dates = program.dates.base
    dateTimes = program.dateTimes.base
    booleans = program.booleans.base
    dateWriters = program.dateWriters.base
    numberForms = program.numberForms.base
    numberWriters = program.numberWriters.base
    kernels = program.kernels.base
    checks = program.checks.base
    quickChecks = program.quickChecks.base
    requiredRules = program.requiredRules.base
    requiredRuleCount = program.requiredRules.count
    inputs = program.inputs.base
    inputCount = program.inputs.count
    hasExpressions = program.expressions.count > 0
    expressions = program.expressions.base
    expressionReads = program.expressionReads.base
    branches = program.branches.base
    cases = program.cases.base
    filter = program.filter
    earlyVars = program.earlyVars.base
    earlyVarCount = program.earlyVars.count
    lateVars = program.lateVars.base
    lateVarCount = program.lateVars.count
    assertions = program.assertions.base
    assertionCount = program.assertions.count
    keySlot = Int(program.keySlot)
    blankIsNull = program.blankIsNull
  }
}

/// A pattern and what its matches become.
struct Replacement: Sendable {
  let pattern: Pattern
  let with: PatternReplacement
}
