import Core
import Records

/// Checks of the record and of its values: `where`, the target schema, `validate`.
extension Evaluator {
  /// `where`. Nil: the record continues.
  mutating func filter(_ report: inout Report, _ log: inout ProblemLog) -> Verdict? {
    switch markedTruth(of: tables.filter) {
    case .yes: return nil
    case .no: return isRejected ? .rejected : .filtered
    case .failed:
      append(failure, .error, .transform, .filter, .missing, &report, &log)
      return .rejected
    case .poisoned: return .rejected
    }
  }

  /// `validate`, on the finished target record.
  mutating func checkAssertions(_ report: inout Report, _ log: inout ProblemLog) {
    takeColumns()
    for index in 0..<tables.assertionCount {
      let rule = tables.assertions[index]
      let subject = Problem.Subject.rule(Int32(index))
      switch truth(of: rule.condition) {
      case .yes, .poisoned: break
      case .no:
        append(Failure(code: .rule), rule.isWarning ? .warning : .error, .validate, subject, .missing, &report, &log)
        if !rule.isWarning { isRejected = true }
      case .failed:
        append(failure, .error, .validate, subject, .missing, &report, &log)
        isRejected = true
      }
    }
  }

  /// Checks of the finished record as a whole.
  mutating func finish(_ report: inout Report, _ log: inout ProblemLog) {
    for index in 0..<tables.requiredRuleCount { check(tables.requiredRules[index], &report, &log) }
    if space != nil { checkWhole(&report, &log) }
    if tables.assertionCount > 0 { checkAssertions(&report, &log) }
  }

  mutating func checkAll(_ report: inout Report, _ log: inout ProblemLog) {
    for index in 0..<tables.fieldCount where results[index].flags != Self.poison {
      check(results[index], column: index, &report, &log)
    }
    finish(&report, &log)
  }

  /// The checks of a record that is already in `results`. False: it is rejected.
  mutating func checkRecord(_ mark: RecordMark, key: Text, log: inout ProblemLog) -> Bool {
    isRejected = false
    firstProblem = log.count
    if tables.inputCount > 0 { takeInputs() }
    var report = Report(mark: mark, key: key)
    checkAll(&report, &log)
    return !isRejected
  }

  /// Checks the finished record against the whole schema, if that has more than the columns' checks. A record with a failed
  /// field is not checked: what is missing there would only be reported twice.
  mutating func checkWhole(_ report: inout Report, _ log: inout ProblemLog) {
    guard let record = program.record, let space, !results.contains(where: { $0.flags == Self.poison }) else { return }
    let known = firstProblem..<log.count
    for finding in record.findings(in: UnsafeBufferPointer(results), arena: &arena, space) {
      if finding.column != nil, known.contains(where: { log.problems[$0].isSame(finding) }) { continue }
      isRejected = true
      let cell = finding.column.map { results[Int($0)] } ?? .missing
      let note = finding.note.map { log.copy(note: $0) } ?? .empty
      append(Failure(code: finding.code), .error, .validate, finding.subject, cell, &report, &log, note: note)
    }
  }

  /// Checks a finished value against the target schema.
  @inline(__always)
  mutating func check(_ cell: Cell, column: Int, _ report: inout Report, _ log: inout ProblemLog) {
    if !tables.quickChecks[column].passes(cell) { checkClosely(cell, column: column, &report, &log) }
  }

  @inline(never)
  mutating func checkClosely(_ made: Cell, column: Int, _ report: inout Report, _ log: inout ProblemLog) {
    var cell = made
    // Most values cannot change: the tree is retained only for the others.
    if IntegerColumn.mayChange(made.kind), let places = integerPlaces[column], let changed = wholeNumbers(in: made, places) {
      cell = changed
      results[column] = changed
    }
    guard let failures = tables.checks[column].failures(of: cell, workspace) else { return }
    isRejected = true
    for failure in failures {
      let note = failure.note.map { log.copy(note: $0) } ?? .empty
      append(
        Failure(code: failure.code, element: failure.element), .error, .validate, .field(Int32(column)), cell, &report, &log,
        note: note)
    }
  }

  /// Members that the schema requires. A field that failed has its own problem already.
  @inline(__always)
  mutating func check(_ rule: RequiredRule, _ report: inout Report, _ log: inout ProblemLog) {
    var isThere = false
    for column in rule.member where results[column].kind != .missing || results[column].flags == Self.poison { isThere = true }
    if isThere { return }
    if let object = rule.object {
      var objectIsThere = false
      for column in object where results[column].kind != .missing { objectIsThere = true }
      guard objectIsThere else { return }
    }
    isRejected = true
    append(Failure(code: .schemaRequired), .error, .validate, .field(Int32(rule.member.lowerBound)), .missing, &report, &log)
  }
}
