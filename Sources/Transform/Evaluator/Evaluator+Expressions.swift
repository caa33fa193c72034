import Core
import Expressions
import Values

/// Conditions and expressions of a mapping, on inputs that are filled once per record.
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
      let declared = tables.inputs[index].declared
      switch tables.inputs[index].origin {
      case .slot(let slot): inputs[index] = prepared(slots[Int(slot)], declared)
      case .itemSlot(let slot): inputs[index] = prepared(itemSlots[Int(slot)], declared)
      case .constant(let number): inputs[index] = tables.constants[Int(number)]
      case .variable, .column: inputs[index] = .missing
      }
    }
  }

  mutating func takeInput(ofVariable variable: Int) {
    for index in 0..<tables.inputCount {
      guard case .variable(let number) = tables.inputs[index].origin, Int(number) == variable else { continue }
      inputs[index] = asDecimal(variables[variable], tables.inputs[index].declared)
    }
  }

  mutating func takeColumns() {
    for index in 0..<tables.inputCount {
      guard case .column(let column) = tables.inputs[index].origin else { continue }
      inputs[index] = asDecimal(results[Int(column)], tables.inputs[index].declared)
    }
  }

  private mutating func prepared(_ source: Cell, _ declared: DeclaredKinds) -> Cell {
    var cell = source
    if tables.blankIsNull {
      switch source.kind {
      case .string: if isBlank(source) { return .null }
      case .list: nullifyBlanks(&cell)
      default: break
      }
    }
    // Reading a value that does not match its declaration is an error, unless `&&` or `||` does not need it.
    return asDecimal(declared.admits(cell) ? cell : whole(cell, declared) ?? stranger(cell), declared)
  }

  /// A value that is declared an integer, or a list of such, with integers of 64 bits in another notation: `1.0`, `1e2`.
  @inline(never)
  private mutating func whole(_ cell: Cell, _ declared: DeclaredKinds) -> Cell? {
    var cell = cell
    if cell.kind == .list, declared.elements.contains(.integer) {
      cell = wholeElements(cell)
    } else if cell.kind == .number, declared.kinds.contains(.integer), let integer = whole(cell) {
      cell = integer
    }
    return declared.admits(cell) ? cell : nil
  }

  /// A value that is declared a decimal, as one: any other JSON number would become a double.
  private mutating func asDecimal(_ cell: Cell, _ declared: DeclaredKinds) -> Cell {
    guard declared.isDecimal else { return cell }
    switch cell.kind {
    case .integer, .number: return decimal(cell)
    case .list:
      let elements = cell.elements
      let copy = lists.take(elements.count)
      for (index, element) in elements.enumerated() {
        copy[index] = element.kind == .integer || element.kind == .number ? decimal(element) : element
      }
      return Cell(list: copy, count: elements.count)
    default: return cell
    }
  }

  /// Without an exponent, where it can be written so.
  private mutating func decimal(_ cell: Cell) -> Cell {
    guard cell.text.buffer.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return Cell(kind: .decimal, text: cell.text)
    }
    arena.begin()
    let isRefused = Numbers.decimal(cell.text.span, into: &arena) != nil
    return Cell(kind: .decimal, text: isRefused ? cell.text : arena.finish())
  }

  /// Why an expression has no value.
  private static func failure(of value: ExpressionValue) -> Failure {
    let error = value.failure
    let mismatch = ExpressionMismatch(value).map { Problem.Detail.mismatch($0) }
    return Failure(
      code: error == .wrongType ? .wrongType : .expressionError, detail: mismatch ?? error.map { .expression($0) } ?? .none)
  }

  mutating func truth(of number: UInt16) -> Truth {
    let code = tables.expressions + Int(number)
    if readsPoison(code) { return .poisoned }
    let value = expressions.evaluateCondition(code.pointee.program, slots: UnsafePointer(inputs))
    if value.isTrue { return .yes }
    if value.isFalse { return .no }
    failure = Self.failure(of: value)
    return .failed
  }

  /// The same, recorded for the coverage of tests.
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
    guard !value.isError else { return refuse(Self.failure(of: value)) }
    guard let result = expressions.cell(of: value) else {
      return refuse(Self.failure(of: .error(expressions.outputFailure ?? .doubleRange)))
    }
    // A list may hold one of the lists that it was given many times over.
    guard result.kind != .list || !result.elements.contains(where: { $0.kind == .list }) || mayMake(result) else { return false }
    // Members of objects come as they are: where one of them is not what it is declared, the result may not be, either.
    guard code.pointee.result.admits(result) else {
      guard let integers = whole(result, code.pointee.result) else { return refuse(Self.failure(of: .error(.wrongType))) }
      cell = integers
      return true
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
        failure.part = .branchCondition(Int32(index))
        return false
      case .poisoned:
        cell = Self.poisoned
        return true
      }
    }
    if let coverage { coverage.marks[Int(code.mark) + Int(code.count)] = true }
    if recordsChanges { noteOtherwise(ofCase: Int(number), code.otherwise) }
    return load(code.otherwise, ofBranch: Int(code.count), into: &cell)
  }

  private mutating func load(_ value: ValueCode, ofBranch index: Int, into cell: inout Cell) -> Bool {
    if load(value, into: &cell) { return true }
    if failure.code == .expressionError { failure.part = .branchValue(Int32(index)) }
    return false
  }

  private func readsPoison(_ code: UnsafePointer<ExpressionCode>) -> Bool {
    let first = Int(code.pointee.firstRead)
    for index in first..<first + Int(code.pointee.readCount) {
      switch tables.expressionReads[index].origin {
      case .variable(let number): if variables[Int(number)].flags == Self.poison { return true }
      case .column(let column): if results[Int(column)].flags == Self.poison { return true }
      case .slot, .itemSlot, .constant: break
      }
    }
    return false
  }
}
