import Core

/// One field or var: its value, and the handling of a failed or absent one.
extension Evaluator {
  /// Copies a member unchanged if a quick check passes, as for most. False: it needs a full check.
  @inline(__always)
  func copy(_ code: UnsafePointer<FieldCode>, column: Int) -> Bool {
    guard case .slot(let slot, let accepts) = code.pointee.value else { return false }
    let cell = slots[Int(slot)]
    let isFine = cell.isAbsent || (accepts.contains(cell.kind) && cell.kind != .list && !(cell.kind == .string && isBlank(cell)))
    guard isFine, tables.quickChecks[column].passes(cell) else { return false }
    results[column] = cell
    return true
  }

  @inline(__always)
  mutating func value(
    of code: UnsafePointer<FieldCode>, subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    if code.pointee.isConditional, let cell = conditional(code, subject, &report, &log) { return cell }
    var cell = Cell.missing
    let isMade = run(code.pointee.value, code.pointee.firstStep, code.pointee.stepCount, into: &cell)
    if isMade, !hasRemarks, !cell.isAbsent { return cell }
    return close(cell, isMade, code.pointee, subject, &report, &log)
  }

  /// `when`. Nil: it is true.
  @inline(never)
  mutating func conditional(
    _ code: UnsafePointer<FieldCode>, _ subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell? {
    switch markedTruth(of: code.pointee.condition) {
    case .yes: return nil
    case .no:
      // A target record without its key cannot be identified.
      if code.pointee.isKey { return refuseAbsent(code.pointee, subject, &report, &log) }
      if recordsChanges { noteLeftOut(code.pointee, subject) }
      return .missing
    case .failed: return failedCondition(code, subject, &report, &log)
    case .poisoned: return Self.poisoned
    }
  }

  mutating func failedCondition(
    _ code: UnsafePointer<FieldCode>, _ subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    failure.part = .condition
    return close(.missing, false, code.pointee, subject, &report, &log)
  }

  /// Handles a value that failed, was absent, or has a warning.
  @inline(never)
  mutating func settle(
    _ made: Cell, _ isMade: Bool, _ code: FieldCode, _ subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    var cell = made
    if cell.flags == Self.poison { return cell }
    if !warnings.isEmpty {
      for warning in warnings { note(warning, .warning, code, subject, &report, &log) }
      warnings.removeAll(keepingCapacity: true)
    }
    if !isMade {
      switch code.onError {
      case .reject:
        note(failure, .error, code, subject, &report, &log)
        return failed()
      case .nullify:
        note(failure, .warning, code, subject, &report, &log)
        // The field ends with null, which `required` still refuses.
        if code.isRequired { return refuseAbsent(code, subject, &report, &log) }
        return .null
      case .keep:
        note(failure, .warning, code, subject, &report, &log)
        if !load(code.value, into: &cell) { cell = kept(code.value) }
      case .fallback:
        note(failure, .warning, code, subject, &report, &log)
        cell = .null
      }
    }
    if cell.isAbsent, code.hasFallback {
      let isMade = run(code.fallback, code.firstFallbackStep, code.fallbackStepCount, into: &cell)
      if !warnings.isEmpty {
        for warning in warnings {
          append(warning, .warning, .transform, subject, source(of: code.fallback), &report, &log, isOfFallback: true)
        }
        warnings.removeAll(keepingCapacity: true)
      }
      if !isMade {
        let obstacle = failure.code == .wrongType && failure.step == nil ? obstacle(of: code.fallback, part: failure.part) : nil
        let note = obstacle.map { log.copy(note: $0) } ?? noteOfMiss(failure, subject, &log)
        append(
          failure, .error, .transform, subject, source(of: code.fallback), &report, &log, isOfFallback: true, note: note)
        return failed()
      }
      if cell.flags == Self.poison { return cell }
    }
    if cell.isAbsent, code.isRequired { return refuseAbsent(code, subject, &report, &log) }
    return cell
  }

  mutating func refuseAbsent(
    _ code: FieldCode, _ subject: Problem.Subject, _ report: inout Report, _ log: inout ProblemLog
  ) -> Cell {
    note(Failure(code: .required), .error, code, subject, &report, &log)
    return failed()
  }

  mutating func failed() -> Cell {
    isRejected = true
    return Self.poisoned
  }

  @inline(__always)
  mutating func run(
    _ value: ValueCode, _ first: UInt32, _ count: UInt32, into cell: inout Cell
  ) -> Bool {
    guard load(value, into: &cell) else { return false }
    var index = Int(first)
    let end = index + Int(count)
    while index < end, !cell.isAbsent {
      guard apply(tables.operations[index], to: &cell) else {
        if failure.code == .wrongType, index == Int(first), value.isOfRecord, isEmpty(cell) {
          cell = .missing
          return true
        }
        failure.step = Int32(index - Int(first))
        if failure.code == .wrongType, failure.detail == .none {
          let place = failure.element.map { Int($0) } ?? -1
          let part = cell.elements.indices.contains(place) ? cell.elements[place] : cell
          failure.detail = .unaccepted(DeclaredKinds.kind(of: part))
        }
        return false
      }
      index += 1
    }
    return true
  }
}
