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
    let obstacle = failure.code == .wrongType && failure.step < 0 ? obstacle(of: code.value, part: failure.part) : nil
    let isInPlace = failure.element < 0 || keepsPlaces(code, upTo: failure.step)
    if case .list(let start, let count) = code.value {
      if failure.part < 0, isInPlace, failure.element < Int32(count) { failure.part = failure.element }
      if failure.part >= 0 { value = source(of: tables.parts[Int(start) + Int(failure.part)]) }
    } else if !isInPlace {
      value = .missing
    }
    let note = obstacle.map { log.copy(note: $0) } ?? noteOfMiss(failure, number, &log)
    append(failure, severity, .transform, number, value, &report, &log, note: note)
  }

  /// Whether elements of the list at a step (-1: at the end) are still those of the source, one by one.
  func keepsPlaces(_ code: FieldCode, upTo step: Int32) -> Bool {
    let count = step < 0 ? code.stepCount : UInt32(step)
    for index in Int(code.firstStep)..<Int(code.firstStep + count) {
      if tables.operations[index].takesList { return false }
      if case .split = tables.operations[index] { return false }
    }
    return true
  }

  /// How values of a field or var may be shown, by the number that problems give it. Problems of the record as a whole have a
  /// negative one.
  func privacy(of number: Int32) -> Privacy {
    guard number >= 0 else { return .never }
    let index = Int(number)
    if index < tables.fieldCount { return tables.fields[index].privacy }
    return index < tables.fieldCount + tables.varCount ? tables.vars[index - tables.fieldCount].privacy : .never
  }

  func append(
    _ failure: Failure, _ severity: Severity, _ stage: Stage, _ number: Int32, _ value: Cell, _ report: inout Report,
    _ log: inout ProblemLog, isOfFallback: Bool = false, note: Range<Int32> = 0..<0
  ) {
    let key = report.keyRange ?? log.copy(key: report.key)
    report.keyRange = key
    // What blocks a path belongs to another field, or to several.
    let value = value.kind == .blocked ? .missing : value
    let shown =
      failure.element >= 0 && Int(failure.element) < value.elements.count
      ? value.elements[Int(failure.element)] : value
    log.append(
      Problem(
        failure.code, severity: severity, stage: stage, field: number, step: failure.step, element: failure.element,
        part: failure.part, isOfFallback: isOfFallback, record: report.mark, reason: failure.reason, detail: failure.detail,
        value: log.copy(shown.text, as: privacy(of: number)), key: key, note: note))
  }
}
