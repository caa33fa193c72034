import Core
import Expressions

/// Conditions and expressions of a mapping, over inputs that are filled once per record.
extension Evaluator {
  enum Truth {
    case yes, no
    /// `failure` says why.
    case failed
    /// Something that it reads has failed, and has its own problem.
    case poisoned
  }

  /// What expressions read of the record and of the element, as fields read it: a blank text is null.
  mutating func takeInputs() {
    for index in 0..<tables.inputCount {
      switch tables.inputs[index] {
      case .slot(let slot): inputs[index] = prepared(slots[Int(slot)])
      case .itemSlot(let slot): inputs[index] = prepared(itemSlots[Int(slot)])
      case .constant(let number): inputs[index] = tables.constants[Int(number)]
      case .variable, .column: inputs[index] = .missing
      }
    }
  }

  mutating func takeInput(ofVariable variable: Int) {
    for index in 0..<tables.inputCount {
      if case .variable(let number) = tables.inputs[index], Int(number) == variable { inputs[index] = variables[variable] }
    }
  }

  mutating func takeColumns() {
    for index in 0..<tables.inputCount {
      if case .column(let column) = tables.inputs[index] { inputs[index] = results[Int(column)] }
    }
  }

  private mutating func prepared(_ source: Cell) -> Cell {
    guard tables.blankIsNull else { return source }
    switch source.kind {
    case .string: return isBlank(source) ? .null : source
    case .list:
      var cell = source
      nullifyBlanks(&cell)
      return cell
    default: return source
    }
  }

  mutating func truth(of number: UInt16) -> Truth {
    let code = tables.expressions + Int(number)
    if readsPoison(code) { return .poisoned }
    let value = expressions.evaluateCondition(code.pointee.program, slots: UnsafePointer(inputs))
    if value.isTrue { return .yes }
    if value.isFalse { return .no }
    failure = Failure(code: .expressionError, reason: value.failure?.reason)
    return .failed
  }

  /// The same, noted for the coverage of tests.
  mutating func markedTruth(of number: UInt16) -> Truth {
    let truth = truth(of: number)
    if let coverage {
      let mark = Int((tables.expressions + Int(number)).pointee.mark)
      switch truth {
      case .yes: coverage.marks[mark] = true
      case .no: coverage.marks[mark + 1] = true
      case .failed, .poisoned: break
      }
    }
    return truth
  }

  mutating func evaluate(expression number: UInt16, into cell: inout Cell) -> Bool {
    let code = tables.expressions + Int(number)
    if readsPoison(code) {
      cell = Self.poisoned
      return true
    }
    let value = expressions.evaluate(code.pointee.program, slots: UnsafePointer(inputs))
    guard let result = expressions.cell(of: value) else {
      return refuse(Failure(code: .expressionError, reason: (value.failure ?? .doubleRange).reason))
    }
    cell = result
    return true
  }

  mutating func evaluate(cases number: UInt16, into cell: inout Cell) -> Bool {
    let code = tables.cases[Int(number)]
    for index in 0..<Int(code.count) {
      let branch = tables.branches[Int(code.first) + index]
      switch truth(of: branch.condition) {
      case .yes:
        if let coverage { coverage.marks[Int(code.mark) + index] = true }
        return load(branch.value, ofBranch: index, into: &cell)
      case .no: continue
      case .failed:
        failure.detail = ExpressionSite.branchCondition.rawValue
        failure.part = Int32(index)
        return false
      case .poisoned:
        cell = Self.poisoned
        return true
      }
    }
    if let coverage { coverage.marks[Int(code.mark) + Int(code.count)] = true }
    return load(code.otherwise, ofBranch: Int(code.count), into: &cell)
  }

  private mutating func load(_ value: ValueCode, ofBranch index: Int, into cell: inout Cell) -> Bool {
    if load(value, into: &cell) { return true }
    if failure.code == .expressionError {
      failure.detail = ExpressionSite.branchValue.rawValue
      failure.part = Int32(index)
    }
    return false
  }

  private func readsPoison(_ code: UnsafePointer<ExpressionCode>) -> Bool {
    let first = Int(code.pointee.firstRead)
    for index in first..<first + Int(code.pointee.readCount) {
      switch tables.expressionReads[index] {
      case .variable(let number): if variables[Int(number)].flags == Self.poison { return true }
      case .column(let column): if results[Int(column)].flags == Self.poison { return true }
      case .slot, .itemSlot, .constant: break
      }
    }
    return false
  }
}
