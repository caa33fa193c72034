import Core
import Values

/// What the mapping changed in a record's values, for those who want to know. Only unusual branches come here: a value that was
/// made as usual has nothing to report.
extension Evaluator {
  /// From now on: changes of each record in `changed`, to be taken and removed before the next one.
  mutating func recordChanges(_ plan: ObservationPlan) {
    observation = plan
    recordsChanges = true
  }

  /// Something unusual happened in a chain, whose field finds it when it ends.
  @inline(never)
  mutating func mark(_ kind: ChangeKinds) {
    guard recordsChanges else { return }
    marks.formUnion(kind)
    hasRemarks = true
  }

  /// A warning of a function that continued.
  @inline(never)
  mutating func warn(_ warning: Failure) {
    warnings.append(warning)
    hasRemarks = true
  }

  /// `settle`, with what became of the value.
  @inline(never)
  mutating func close(
    _ made: Cell, _ isMade: Bool, _ code: FieldCode, _ subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    defer { hasRemarks = false }
    guard recordsChanges else { return settle(made, isMade, code, subject, &report, &log) }
    // What the chain did to a value that is not used is of no interest.
    if !isMade || made.isAbsent { marks = [] }
    let cell = settle(made, isMade, code, subject, &report, &log)
    let kinds = self.kinds(of: cell, made, isMade, code)
    marks = []
    if cell.flags != Self.poison, !kinds.isEmpty { note(kinds, subject) }
    return cell
  }

  private mutating func kinds(of cell: Cell, _ made: Cell, _ isMade: Bool, _ code: FieldCode) -> ChangeKinds {
    let hasValue = hasValue(code, of: code.value)
    if cell.isAbsent { return hasValue || !isMade ? .nullified : [] }
    if isMade { return made.isAbsent ? marks.union(.defaulted) : marks }
    if code.onError == .keep, !kept(code.value).isAbsent { return marks.union(.kept) }
    return marks.union(.defaulted)
  }

  /// `when` is false.
  @inline(never)
  mutating func noteLeftOut(_ code: FieldCode, _ subject: Problem.Subject) {
    if hasValue(code, of: code.value) { note(.leftOut, subject) }
  }

  /// No branch of a `case` applies: whether its `else` stands in for a source without a value.
  @inline(never)
  mutating func noteOtherwise(ofCase number: Int, _ otherwise: ValueCode) {
    guard let source = observation?.caseSources[number], case .constant = otherwise else { return }
    if isEmpty(cell(of: source)) { mark(.defaulted) }
  }

  func cell(of slot: ObservationPlan.Slot) -> Cell { slot.isItem ? itemSlots[slot.number] : slots[slot.number] }

  private mutating func note(_ kinds: ChangeKinds, _ subject: Problem.Subject) {
    switch subject {
    case .field(let column): add(kinds, UInt32(column))
    case .variable(let index):
      add(kinds, UInt32(tables.fieldCount) + UInt32(index))
      hasChangedVariables = true
    case .record, .key, .updateTime, .filter, .unique, .rule, .merge: break
    }
  }

  private mutating func add(_ kinds: ChangeKinds, _ subject: UInt32) {
    for index in changed.indices.reversed() where changed[index].subject == subject {
      return changed[index].kinds.formUnion(kinds)
    }
    changed.append(ValueChange(subject: subject, kinds: kinds))
  }

  /// A field that begins with a var has the var's changes. To be called when the record is finished.
  mutating func spreadChanges() {
    guard hasChangedVariables, let plan = observation else { return }
    hasChangedVariables = false
    let fieldCount = tables.fieldCount
    for change in changed where Int(change.subject) >= fieldCount {
      for column in plan.columnsOfVariable[Int(change.subject) - fieldCount] { spread(change.kinds, to: column) }
    }
  }

  private mutating func spread(_ kinds: ChangeKinds, to column: Int) {
    let cell = results[column]
    if cell.isAbsent {
      // `when` may have left it out.
      if kinds.contains(ChangeKind.nullified), !(tables.fields + column).pointee.isConditional { add(.nullified, UInt32(column)) }
    } else {
      let taken = kinds.subtracting([.nullified, .leftOut])
      // The field's own default took the place of the var's value.
      let isReplaced = kinds.contains(ChangeKind.nullified)
      if !taken.isEmpty, !isReplaced { add(taken, UInt32(column)) }
    }
  }

  mutating func forgetChanges() {
    if !changed.isEmpty { changed.removeAll(keepingCapacity: true) }
    hasChangedVariables = false
  }

  /// Whether the source has a value: neither missing nor null nor blank. Of an expression or a `case`, that of its only source path;
  /// where it reads several, it is not known.
  private func hasValue(_ code: FieldCode, of value: ValueCode) -> Bool {
    switch value {
    case .slot, .itemSlot, .listSlot, .itemListSlot: !isEmpty(source(of: value))
    case .variable(let index): !isEmpty(variables[Int(index)])
    case .constant: false
    case .cases(let number): observation?.caseSources[Int(number)].map { !isEmpty(cell(of: $0)) } ?? false
    case .expression(let number): hasValue(ofExpression: Int(number))
    case .list(let start, let count):
      (0..<Int(count)).contains { hasValue(code, of: tables.parts[Int(start) + $0]) }
    }
  }

  private func hasValue(ofExpression number: Int) -> Bool {
    observation?.expressionSources[number].map { !isEmpty(cell(of: $0)) } ?? false
  }
}
