import Core
package import Records
import Schema
import Values

/// A compiled mapping: flat arrays of trivial values, with names only for messages. Immutable, shared by all workers.
///
/// Fields and vars are stretches of one array of operations; paths are slot numbers that `RecordWalker` fills; texts,
/// tables, patterns and zones are numbers of the program's own.
package final class Program: @unchecked Sendable {
  package let model: MappingModel
  package let layout: RecordLayout
  /// Source paths of the record, by slot; and of the element of `each`.
  package let recordPaths: [[RecordWalker.Step]]
  package let itemPaths: [[RecordWalker.Step]]
  package let recordPathNames: [String]
  package let itemPathNames: [String]

  /// Vars first to last, then fields in the order of `layout`.
  let vars: ConstantTable<FieldCode>
  let fields: ConstantTable<FieldCode>
  /// `model.fields` index of each column.
  package let fieldOfColumn: [Int]
  let operations: ConstantTable<Operation>
  let parts: ConstantTable<ValueCode>
  let keySlot: UInt16
  /// The slot with the list that `each` names.
  let eachSlot: UInt16?
  /// Besides its elements one by one, the list of `each` is read as a value.
  private let eachIsRead: Bool
  /// Columns that make the target key.
  package let keyColumns: [Int]
  let rules: ProgramRules

  let pool: ConstantPool
  let constants: ConstantTable<Cell>
  let lookups: ConstantTable<LookupIndex>
  let looks = LookupLooks()
  let replacements: ConstantTable<Replacement>
  let dates: ConstantTable<DateReaders>
  let dateTimes: ConstantTable<DateTimeReaders>
  let booleans: ConstantTable<BoolWords>
  let dateWriters: ConstantTable<DateTextWriter>
  let numberForms: ConstantTable<NumberForm>
  let numberWriters: ConstantTable<NumberWriter>
  /// Kept by the steps of `model`.
  let kernels: ConstantTable<Unmanaged<KernelOperation>>
  let checks: ConstantTable<ColumnChecks>
  let quickChecks: ConstantTable<QuickCheck>
  let requiredRules: ConstantTable<RequiredRule>
  let blankIsNull: Bool
  let valueLimit: Int
  let inputs: ConstantTable<InputCode>
  let expressions: ConstantTable<ExpressionCode>
  let expressionReads: ConstantTable<InputCode>
  let branches: ConstantTable<BranchCode>
  let cases: ConstantTable<CaseCode>
  let filter: UInt16
  let earlyVars: ConstantTable<UInt16>
  let lateVars: ConstantTable<UInt16>
  let assertions: ConstantTable<AssertionCode>
  /// Branches in the order of their marks, which follow those of the lookups.
  package let branchPoints: [BranchPoint]
  /// The whole target schema, if it has more than the columns' own checks can express.
  let record: RecordCheck?

  package init(_ model: MappingModel, context: ProgramContext = .init()) throws {
    var builder = try ProgramBuilder(model, context: context)
    try builder.build()
    self.model = model
    layout = RecordLayout(builder.columns)
    recordPaths = builder.recordSlots.paths
    itemPaths = builder.itemSlots.paths
    recordPathNames = builder.recordSlots.names
    itemPathNames = builder.itemSlots.names
    vars = ConstantTable(builder.vars)
    fields = ConstantTable(builder.fields)
    fieldOfColumn = builder.fieldOfColumn
    operations = ConstantTable(builder.operations)
    parts = ConstantTable(builder.parts)
    keySlot = builder.keySlot
    eachSlot = builder.eachSlot
    eachIsRead = builder.eachSlot.map { builder.readSlots.contains($0) } ?? false
    keyColumns = builder.keyColumns
    rules = builder.rules
    pool = builder.pool
    constants = ConstantTable(builder.pool.cells)
    lookups = ConstantTable(builder.lookups)
    replacements = ConstantTable(builder.replacements)
    dates = ConstantTable(builder.dates)
    dateTimes = ConstantTable(builder.dateTimes)
    booleans = ConstantTable(builder.booleans)
    dateWriters = ConstantTable(builder.dateWriters)
    numberForms = ConstantTable(builder.numberForms)
    numberWriters = ConstantTable(builder.numberWriters)
    kernels = ConstantTable(builder.kernels.map { Unmanaged.passUnretained($0) })
    checks = ConstantTable(builder.checks)
    quickChecks = ConstantTable(builder.quickChecks)
    requiredRules = ConstantTable(builder.requiredRules)
    blankIsNull = model.settings.blankIsNull
    valueLimit = context.valueLimit
    inputs = ConstantTable(builder.inputs)
    expressions = ConstantTable(builder.expressions)
    expressionReads = ConstantTable(builder.expressionReads)
    branches = ConstantTable(builder.branches)
    cases = ConstantTable(builder.caseCodes)
    filter = builder.filter
    earlyVars = ConstantTable(builder.earlyVars)
    lateVars = ConstantTable(builder.lateVars)
    assertions = ConstantTable(builder.assertions)
    branchPoints = builder.points
    record = RecordCheck(model, layout: layout)
  }

  /// Where the record's key is.
  package var keyPath: [RecordWalker.Step] { recordPaths[Int(keySlot)] }

  /// Registers the paths of the record with a walker.
  package func addRecordPaths(to walker: inout RecordWalker) {
    for (slot, path) in recordPaths.enumerated() {
      walker.addPath(path, slot: slot, isTakenApart: eachSlot.map { Int($0) == slot && !eachIsRead } ?? false)
    }
  }

  /// The slot of the list that `each` names.
  package var listSlot: Int? { eachSlot.map { Int($0) } }
}

/// How one `date` of the mapping reads texts, and how whole numbers.
struct DateReaders: Sendable {
  let text: DateReader
  let whole: DateReader
  /// For what is RFC 3339 already.
  let iso: DateReader
}

/// The same for `datetime`.
struct DateTimeReaders: Sendable {
  /// ISO is tried before any other format.
  let beginsWithISO: Bool
  let text: DateTimeReader
  let whole: DateTimeReader
}
