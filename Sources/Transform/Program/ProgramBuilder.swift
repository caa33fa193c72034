import Core
import Records
import Schema
import Values

/// Turns a checked mapping into the parts of a `Program`: resolves paths to slots, names to numbers, zones and patterns
/// to loaded ones.
struct ProgramBuilder {
  let model: MappingModel
  let context: ProgramContext

  var recordSlots = SlotTable()
  var itemSlots = SlotTable()
  var vars: [FieldCode] = []
  var fields: [FieldCode] = []
  var fieldOfColumn: [Int] = []
  var columns: [RecordLayout.Column] = []
  var operations: [Operation] = []
  var parts: [ValueCode] = []
  var keySlot: UInt16 = 0
  var eachSlot: UInt16?
  /// Slots that values or expressions read, besides `each`.
  var readSlots: Set<UInt16> = []
  var keyColumns: [Int] = []
  var regionSlot = Operation.noSlot

  let pool = ConstantPool()
  var lookups: [LookupIndex] = []
  var replacements: [Replacement] = []
  var dates: [DateReaders] = []
  var dateTimes: [DateTimeReaders] = []
  var booleans: [BoolWords] = []
  var dateWriters: [DateTextWriter] = []
  var numberForms = [NumberForm.plain]
  var numberWriters: [NumberWriter] = []
  var kernels: [KernelOperation] = []
  var checks: [ColumnChecks] = []
  var quickChecks: [QuickCheck] = []
  var requiredRules: [RequiredRule] = []
  var inputs: [InputCode] = []
  var inputNumbers: [InputCode: Int] = [:]
  var expressions: [ExpressionCode] = []
  var expressionReads: [InputCode] = []
  var branches: [BranchCode] = []
  var caseCodes: [CaseCode] = []
  var points: [BranchPoint] = []
  var filter = FieldCode.noCondition
  /// Vars before `where`, and after it.
  var earlyVars: [UInt16] = []
  var lateVars: [UInt16] = []
  var assertions: [AssertionCode] = []
  var rules = ProgramRules()
  var zones: [String: TimeZoneRules] = [:]

  init(_ model: MappingModel, context: ProgramContext) throws {
    self.model = model
    self.context = context
  }

  mutating func build() throws {
    // The key comes first, so that it is slot 0 in most programs.
    keySlot = recordSlots.slot(of: model.key, context: context)
    if let each = model.each { eachSlot = recordSlots.slot(of: each, context: context) }
    if let path = model.settings.regionFrom { regionSlot = recordSlots.slot(of: path, context: context) }
    lookups = try model.lookups.map { LookupIndex(try loaded($0), pool: pool) }

    let validator = model.target.map { TargetValidator($0) }
    for field in model.vars { vars.append(try code(of: field, named: "vars.\(field.target.joined(separator: "."))")) }
    let early = varsOfFilter
    earlyVars = model.vars.indices.filter { early.contains($0) }.map { UInt16(truncatingIfNeeded: $0) }
    lateVars = model.vars.indices.filter { !early.contains($0) }.map { UInt16(truncatingIfNeeded: $0) }
    if let model = model.filter { filter = condition(model, "where") }
    let declared = model.fields.map { field in
      RecordLayout.Column(path: field.target, omitsNull: field.omitsNull, isVouchedFor: isVouchedFor(field))
    }
    fieldOfColumn = RecordLayout.ordered(declared)
    columns = fieldOfColumn.map { declared[$0] }
    let integerPlaces = model.record?.integerPlaces
    for index in fieldOfColumn {
      let field = model.fields[index]
      var code = try code(of: field, named: field.target.joined(separator: "."))
      // A target record without its key cannot be identified: null is never a key, whatever the mapping sets.
      if model.targetKey.contains(exactly: field.target.joined(separator: ".")) {
        (code.isRequired, code.isKey) = (true, true)
      }
      fields.append(code)
      let integers = IntegerColumn(field, integerPlaces)
      quickChecks.append(QuickCheck(field, schema: model.target, integers))
      checks.append(ColumnChecks(field, schema: model.target, validator: validator, integers))
    }
    requiredRules = RequiredRule.rules(columns, schema: model.target)
    assertions = model.rules.map { AssertionCode(condition: expression($0.condition), isWarning: $0.severity != .error) }
    keyColumns = model.targetKey.compactMap { name in columns.firstIndex { $0.name.isExactly(name) } }
    try checkSize()
    rules = ProgramRules(model, columns: columns, fieldOfColumn: fieldOfColumn) { recordSlots.slot(of: $0, context: context) }
  }

  /// Parts are numbered with 16 bits.
  private func checkSize() throws {
    let counts: [(String, Int)] = [
      ("fields", columns.count), ("vars", vars.count), ("source paths", max(recordSlots.paths.count, itemSlots.paths.count)),
      ("constants", pool.cells.count), ("expressions", expressions.count), ("cases", caseCodes.count),
      ("parts of lists", parts.count), ("functions of one kind", max(replacements.count, dates.count, dateTimes.count)),
      ("functions of one kind", max(booleans.count, dateWriters.count)),
      ("functions of one kind", max(numberForms.count, numberWriters.count)), ("functions", kernels.count),
      ("lookups", lookups.count),
    ]
    // The highest number means none.
    guard let (what, count) = counts.first(where: { $0.1 >= Int(UInt16.max) }) else { return }
    throw OperationFailure.program(
      "the mapping has \(count) \(what), but can have at most \(UInt16.max - 1): split it",
      at: SourcePlace(file: model.file, line: 1, column: 1))
  }

  private func loaded(_ table: LookupTable) throws -> LookupTable {
    guard let entity = table.entity else { return table }
    if let loaded = context.entityTables[entity] { return loaded }
    throw OperationFailure.program(
      "lookup '\(table.name)' reads the '\(entity.entity)' records of a snapshot, but no snapshot has them: "
        + "name one with \(CommandOption.snapshot), or export them to a CSV file and write {file: PATH, key: COLUMN, values: [COLUMN]}",
      at: table.place ?? SourcePlace(file: model.file, line: 1, column: 1))
  }

  /// `name`: as tests call it.
  private mutating func code(of field: FieldModel, named name: String) throws -> FieldCode {
    let value = self.value(field.value, name)
    let steps = try self.steps(field.steps)
    var code = FieldCode(
      value: value, firstStep: steps.first, stepCount: steps.count, onError: .reject, isRequired: field.isRequired,
      hasFallback: false, fallback: .constant(0), firstFallbackStep: 0, fallbackStepCount: 0)
    switch field.onError {
    case .reject: code.onError = .reject
    case .nullify: code.onError = .nullify
    case .default: code.onError = .fallback
    case .keep: code.onError = .keep
    }
    code.omitsNull = field.omitsNull
    code.privacy = field.privacy
    if let condition = field.condition { code.condition = self.condition(condition, "\(name): when") }
    if let fallback = field.fallback {
      let steps = try self.steps(fallback.steps)
      code.hasFallback = true
      code.fallback = self.value(fallback.value, name)
      code.firstFallbackStep = steps.first
      code.fallbackStepCount = steps.count
    }
    return code
  }

  mutating func value(_ model: ValueModel, _ name: String) -> ValueCode {
    switch model {
    case .source(let path, let accepts, let elements):
      if path.root == .item {
        let slot = itemSlots.slot(of: path, context: context)
        return elements == .any ? .itemSlot(slot, accepts: accepts) : .itemListSlot(slot, accepts: accepts, elements: elements)
      }
      let slot = readSlot(of: path)
      return elements == .any ? .slot(slot, accepts: accepts) : .listSlot(slot, accepts: accepts, elements: elements)
    case .variable(let index): return .variable(UInt16(truncatingIfNeeded: index))
    case .constant(let literal): return .constant(pool.number(of: literal))
    case .typedConstant(let literal, let form): return .constant(pool.number(of: literal, as: form))
    case .expression(let model): return .expression(expression(model))
    case .cases(let models, let otherwise): return .cases(cases(models, otherwise: otherwise, name))
    case .list(let members):
      let codes = members.map { self.value($0, name) }
      let start = UInt16(truncatingIfNeeded: parts.count)
      parts += codes
      return .list(start: start, count: UInt16(truncatingIfNeeded: codes.count))
    }
  }

  mutating func readSlot(of path: SourcePath) -> UInt16 {
    let slot = recordSlots.slot(of: path, context: context)
    readSlots.insert(slot)
    return slot
  }

  private mutating func steps(_ steps: [StepModel]) throws -> (first: UInt32, count: UInt32) {
    let codes = try steps.map { try operation($0) }
    let first = UInt32(operations.count)
    operations += codes
    return (first, UInt32(codes.count))
  }

  /// A function makes text that cannot be a formula, and what follows it takes nothing but white space or elements away.
  private func isVouchedFor(_ field: FieldModel) -> Bool {
    let last = field.steps.last { $0.call.function.formulas != .asInInput }
    return last?.call.function.formulas == .impossible
  }
}
