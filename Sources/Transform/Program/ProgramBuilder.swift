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
  var rules: [RuleCode] = []
  private var zones: [String: TimeZoneRules] = [:]

  init(_ model: MappingModel, context: ProgramContext) throws {
    self.model = model
    self.context = context
  }

  mutating func build() throws {
    // The key comes first, so that it is slot 0 in most programs.
    keySlot = recordSlots.slot(of: model.key, context: context)
    if let each = model.each { eachSlot = recordSlots.slot(of: each, context: context) }
    if let path = model.settings.regionFrom { regionSlot = recordSlots.slot(of: path, context: context) }
    lookups = model.lookups.map { LookupIndex($0, pool: pool) }

    let validator = model.target.map { SchemaValidator($0) }
    for field in model.vars { vars.append(try code(of: field)) }
    let early = varsOfFilter
    earlyVars = model.vars.indices.filter { early.contains($0) }.map { UInt16($0) }
    lateVars = model.vars.indices.filter { !early.contains($0) }.map { UInt16($0) }
    if let model = model.filter { filter = condition(model, "where") }
    let declared = model.fields.map { field in
      RecordLayout.Column(path: field.target, omitsNull: field.omitsNull, isVouchedFor: isVouchedFor(field))
    }
    fieldOfColumn = RecordLayout.ordered(declared)
    columns = fieldOfColumn.map { declared[$0] }
    for index in fieldOfColumn {
      let field = model.fields[index]
      var code = try code(of: field)
      // A target record without its key is nobody's: whatever the mapping says, null is no key.
      if model.targetKey.contains(field.target.joined(separator: ".")) { code.isRequired = true }
      fields.append(code)
      quickChecks.append(QuickCheck(field, schema: model.target))
      checks.append(ColumnChecks(field, schema: model.target, validator: validator))
    }
    requiredRules = RequiredRule.rules(columns, schema: model.target)
    rules = model.rules.map { RuleCode(condition: expression($0.condition), isWarning: $0.severity != .error) }
    keyColumns = model.targetKey.compactMap { name in columns.firstIndex { $0.name == name } }
  }

  private mutating func code(of field: FieldModel) throws -> FieldCode {
    let name = field.target.joined(separator: ".")
    let value = self.value(field.value, name)
    let steps = try self.steps(field.steps, of: field)
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
      let steps = try self.steps(fallback.steps, of: field)
      code.hasFallback = true
      code.fallback = self.value(fallback.value, name)
      code.firstFallbackStep = steps.first
      code.fallbackStepCount = steps.count
    }
    return code
  }

  mutating func value(_ model: ValueModel, _ name: String) -> ValueCode {
    switch model {
    case .source(let path, let accepts):
      if path.root == .item { return .itemSlot(itemSlots.slot(of: path, context: context), accepts: accepts) }
      return .slot(readSlot(of: path), accepts: accepts)
    case .variable(let index): return .variable(UInt16(index))
    case .constant(let literal): return .constant(pool.number(of: literal))
    case .expression(let model): return .expression(expression(model))
    case .cases(let models, let otherwise): return .cases(cases(models, otherwise: otherwise, name))
    case .list(let members):
      let codes = members.map { self.value($0, name) }
      let start = UInt16(parts.count)
      parts += codes
      return .list(start: start, count: UInt16(codes.count))
    }
  }

  mutating func readSlot(of path: SourcePath) -> UInt16 {
    let slot = recordSlots.slot(of: path, context: context)
    readSlots.insert(slot)
    return slot
  }

  private mutating func steps(_ steps: [StepModel], of field: FieldModel) throws -> (first: UInt32, count: UInt32) {
    let mayBeEpoch = isTextOrEpoch(field.value)
    let codes = try steps.map { try operation($0, mayBeEpoch: mayBeEpoch) }
    let first = UInt32(operations.count)
    operations += codes
    return (first, UInt32(codes.count))
  }

  private mutating func operation(_ step: StepModel, mayBeEpoch: Bool) throws -> Operation {
    switch step.call {
    case .trim: return .trim
    case .lower: return .lower
    case .upper: return .upper
    case .title: return .title
    case .collapse: return .collapse
    case .digits: return .digits
    case .stripHTML: return .stripHTML
    case .replace(let pattern, let with):
      do {
        let compiled = try Pattern(pattern)
        replacements.append(Replacement(pattern: compiled, with: try PatternReplacement(with, for: compiled)))
      } catch {
        throw ProgramFailure(message: "the pattern cannot be compiled: \(error)", place: step.place)
      }
      return .replace(UInt16(replacements.count - 1))
    case .truncate(let max): return .truncate(UInt32(clamping: max))
    case .split(let separator): return .split(pool.number(of: .string(separator)))
    case .join(let separator): return .join(pool.number(of: .string(separator)))
    case .first: return .first
    case .last: return .last
    case .unique: return .unique
    case .sort: return .sort
    case .count: return .count
    case .email: return .email
    case .phone(let region, let mustBeValid):
      let fixed = (region ?? model.settings.region ?? context.locationRegion).flatMap { RegionCode($0) }
      return .phone(
        region: fixed?.packed ?? 0, regionSlot: region == nil ? regionSlot : Operation.noSlot, mustBeValid: mustBeValid)
    case .country: return .country
    case .date(let formats):
      let readers = try formats.map { try format($0, at: step.place) }
      dates.append(
        DateReaders(
          text: DateReader(formats: readers), whole: DateReader(formats: whole(readers, mayBeEpoch)),
          iso: DateReader(formats: [.iso])))
      return .date(UInt16(dates.count - 1))
    case .datetime(let formats, let zone, let gap, let overlap):
      let rules = try (zone ?? model.settings.zone).flatMap { try self.zone($0, at: step.place) }
      let readers = try formats.map { try format($0, at: step.place) }
      let gap = disambiguation(gap)
      let overlap = overlap.map { disambiguation($0) }
      dateTimes.append(
        DateTimeReaders(
          beginsWithISO: formats.isEmpty || formats[0] == .iso,
          text: DateTimeReader(formats: readers, zone: rules, gap: gap, overlap: overlap),
          whole: DateTimeReader(formats: whole(readers, mayBeEpoch), zone: rules, gap: gap, overlap: overlap)))
      return .datetime(UInt16(dateTimes.count - 1))
    case .int: return .int
    case .decimal: return .decimal
    case .number: return .number
    case .bool(let yes, let no):
      booleans.append(BoolWords(yes: yes, no: no))
      return .bool(UInt16(booleans.count - 1))
    case .lookup(let table, let column, let miss):
      var constant: UInt16 = 0
      let code: Operation.Miss
      switch miss {
      case .error: code = .error
      case .keep: code = .keep
      case .nullify: code = .nullify
      case .value(let literal):
        code = .value
        constant = pool.number(of: literal)
      }
      return .lookup(table: UInt16(table), column: UInt16(column), miss: code, constant: constant)
    }
  }

  private func format(_ format: FunctionCall.DateFormat, at place: SourcePlace) throws -> DateFormat {
    switch format {
    case .iso: return .iso
    case .epochMilliseconds: return .epochMilliseconds
    case .epochSeconds: return .epochSeconds
    case .pattern(let letters):
      do { return .pattern(try DatePattern(letters)) } catch {
        throw ProgramFailure(message: "the date pattern '\(letters)' cannot be read: \(error)", place: place)
      }
    }
  }

  /// How a whole number is read: as milliseconds since 1970 where the mapping names no formats, else its digits by these,
  /// and as milliseconds only where the source declares its value as a text or a moment.
  private func whole(_ formats: [DateFormat], _ mayBeEpoch: Bool) -> [DateFormat] {
    let namesEpoch = formats.contains {
      switch $0 {
      case .epochMilliseconds, .epochSeconds: true
      case .iso, .pattern: false
      }
    }
    return formats.isEmpty ? [.epochMilliseconds] : mayBeEpoch && !namesEpoch ? formats + [.epochMilliseconds] : formats
  }

  /// Declared as text or whole number and nothing else, as custom fields of the type DATE are.
  private func isTextOrEpoch(_ value: ValueModel) -> Bool {
    switch value {
    case .source(_, let accepts):
      [CellKinds.integer, .numeric].contains { accepts.subtracting(.absent) == $0.union([.string]) }
    case .list(let members): members.contains { isTextOrEpoch($0) }
    case .variable(let index): model.vars.indices.contains(index) && isTextOrEpoch(model.vars[index].value)
    case .cases(let cases, let otherwise):
      cases.contains { isTextOrEpoch($0.value) } || otherwise.map { isTextOrEpoch($0) } == true
    case .constant, .expression: false
    }
  }

  private func disambiguation(_ choice: FunctionCall.Disambiguation) -> Disambiguation {
    switch choice {
    case .reject: .reject
    case .earlier: .earlier
    case .later: .later
    }
  }

  /// Nil where the location's zone is asked for and not known: then local times are refused, one by one.
  private mutating func zone(_ choice: ZoneChoice, at place: SourcePlace) throws -> TimeZoneRules? {
    let name: String
    switch choice {
    case .named(let zone): name = zone
    case .location:
      guard let zone = context.locationZone else { return nil }
      name = zone
    }
    if let known = zones[name] { return known }
    do {
      let rules = try TimeZoneRules.load(name)
      zones[name] = rules
      return rules
    } catch {
      throw ProgramFailure(message: "time zone '\(name)': \(error)", place: place)
    }
  }

  /// A function makes text that cannot be a formula, and what follows it takes nothing but white space or elements away.
  private func isVouchedFor(_ field: FieldModel) -> Bool {
    let last = field.steps.last { step in
      switch step.call {
      case .trim, .collapse, .first, .last, .unique, .sort: return false
      default: return true
      }
    }
    switch last?.call {
    case .phone, .date, .datetime, .int, .decimal, .number, .bool, .count, .country: return true
    default: return false
    }
  }
}
