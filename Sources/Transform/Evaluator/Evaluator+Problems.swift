import Core

/// What is recorded about an invalid value.
extension Evaluator {
  /// The source value: what `on_error: keep` keeps, and what a problem shows.
  func source(of value: ValueCode) -> Cell {
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

  mutating func note(
    _ failure: Failure, _ severity: Severity, _ code: FieldCode, _ subject: Problem.Subject, _ report: inout Report,
    _ log: inout ProblemLog
  ) {
    var failure = failure
    var value = source(of: code.value)
    if failure.code == .expressionError, failure.part == .condition {
      // The condition has read something else than the field's own source.
      append(failure, severity, .transform, subject, .missing, &report, &log)
      return
    }
    let obstacle = failure.code == .wrongType && failure.step == nil ? obstacle(of: code.value, part: failure.part) : nil
    // Before the first function, elements are those of the source.
    let isLoaded = if case .undeclared = failure.detail { true } else { false }
    let isInPlace = failure.element == nil || isLoaded || keepsPlaces(code, upTo: failure.step)
    if case .list(let start, let count) = code.value {
      if failure.part == .whole, isInPlace, let element = failure.element, element < Int32(count) {
        failure.part = .path(element)
      }
      if case .path(let index) = failure.part { value = source(of: tables.parts[Int(start) + Int(index)]) }
    } else if !isInPlace {
      value = .missing
    }
    let note = obstacle.map { log.copy(note: $0) } ?? noteOfMiss(failure, subject, &log)
    append(failure, severity, .transform, subject, value, &report, &log, note: note)
  }

  /// Whether elements of the list at a step (nil: at the end) are still those of the source, one by one.
  func keepsPlaces(_ code: FieldCode, upTo step: Int32?) -> Bool {
    let count = step.map { UInt32($0) } ?? code.stepCount
    for index in Int(code.firstStep)..<Int(code.firstStep + count) {
      if tables.operations[index].takesList { return false }
      if case .split = tables.operations[index] { return false }
    }
    return true
  }

  /// How the value of a problem may be shown.
  func privacy(of subject: Problem.Subject) -> Privacy {
    switch subject {
    case .field(let column): tables.fields[Int(column)].privacy
    case .variable(let index): tables.vars[Int(index)].privacy
    case .unique(let index): program.rules.unique[Int(index)].columns.first.map { tables.fields[$0].privacy } ?? .never
    case .record, .key, .updateTime, .filter, .rule, .merge: .never
    }
  }

  func append(
    _ failure: Failure, _ severity: Severity, _ stage: Stage, _ subject: Problem.Subject, _ value: Cell, _ report: inout Report,
    _ log: inout ProblemLog, isOfFallback: Bool = false, note: LogSlice = .empty
  ) {
    let key = report.copiedKey ?? log.copy(key: report.key)
    report.copiedKey = key
    // What blocks a path belongs to another field, or to several.
    let value = value.kind == .blocked ? .missing : value
    var shown = value
    if let element = failure.element, Int(element) < value.elements.count { shown = value.elements[Int(element)] }
    log.append(
      Problem(
        failure.code, severity: severity, stage: stage, subject: subject, isOfFallback: isOfFallback, part: failure.part,
        step: failure.step, element: failure.element, record: report.mark, detail: failure.detail,
        value: log.copy(shown.text, as: privacy(of: subject)), key: key, note: note))
  }
}
