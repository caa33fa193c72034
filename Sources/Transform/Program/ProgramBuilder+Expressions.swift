import Core
import Expressions
import Records

/// Conditions, expressions and cases: their paths become inputs, their programs are placed over them.
extension ProgramBuilder {
  mutating func expression(_ model: ExpressionModel) -> UInt16 {
    var places: [Int] = []
    var reads: [InputCode] = []
    for input in model.inputs {
      let code = inputCode(input)
      switch code.origin {
      case .variable, .column: reads.append(code)
      case .slot, .itemSlot, .constant: break
      }
      if let known = inputNumbers[code] {
        places.append(known)
      } else {
        inputNumbers[code] = inputs.count
        places.append(inputs.count)
        inputs.append(code)
      }
    }
    let first = UInt32(expressionReads.count)
    expressionReads += reads
    expressions.append(
      ExpressionCode(
        program: model.checked.program.placed(at: places), firstRead: first, readCount: UInt32(reads.count),
        mark: UInt32(markCount), result: DeclaredKinds(result: model.checked.valueType)))
    return UInt16(truncatingIfNeeded: expressions.count - 1)
  }

  /// `when`, `where`: an expression whose both ends a test can reach.
  mutating func condition(_ model: ExpressionModel, _ name: String) -> UInt16 {
    let number = expression(model)
    points.append(BranchPoint(text: "\(name) is true", place: model.place))
    points.append(BranchPoint(text: "\(name) is false", place: model.place))
    return number
  }

  mutating func cases(_ models: [CaseModel], otherwise: ValueModel?, _ name: String) -> UInt16 {
    let codes = models.map { BranchCode(condition: expression($0.condition), value: value($0.value, name)) }
    let code = CaseCode(
      first: UInt32(branches.count), count: UInt32(codes.count),
      otherwise: otherwise.map { value($0, name) } ?? .constant(pool.number(of: .null)), mark: UInt32(markCount))
    branches += codes
    for (index, model) in models.enumerated() {
      points.append(BranchPoint(text: "\(name): case \(index + 1) of \(models.count)", place: model.place))
    }
    if let last = models.last { points.append(BranchPoint(text: "\(name): no case", place: last.place)) }
    caseCodes.append(code)
    return UInt16(truncatingIfNeeded: caseCodes.count - 1)
  }

  /// Lookups have the first marks.
  private var markCount: Int { model.lookups.reduce(0) { $0 + $1.keys.count } + points.count }

  private mutating func inputCode(_ input: ExpressionModel.Input) -> InputCode {
    switch input {
    case .source(let path, let type):
      let declared = DeclaredKinds(source: type)
      guard path.root == .item else { return InputCode(origin: .slot(readSlot(of: path)), declared: declared) }
      return InputCode(origin: .itemSlot(itemSlots.slot(of: path, context: context)), declared: declared)
    // What a field or var has made is of its type: only decimals are looked at once more.
    case .variable(let index):
      let type = model.vars.indices.contains(index) ? model.vars[index].type : .any
      return InputCode(origin: .variable(UInt16(truncatingIfNeeded: index)), declared: DeclaredKinds(result: type))
    case .target(let names):
      let type = model.fields.first { $0.target.isExactly(names) }?.type ?? .any
      let column = UInt16(truncatingIfNeeded: columns.firstIndex { $0.path.isExactly(names) } ?? 0)
      return InputCode(origin: .column(column), declared: DeclaredKinds(result: type))
    case .now: return InputCode(origin: .constant(pool.number(ofMoment: context.now)))
    }
  }

  /// Vars that `where` reads, and those that these read: they come before it, all others after it.
  var varsOfFilter: Set<Int> {
    var found: Set<Int> = []
    var open = model.filter.map(\.variables) ?? []
    while let next = open.popLast() {
      guard found.insert(next).inserted, model.vars.indices.contains(next) else { continue }
      open += model.vars[next].variables
    }
    return found
  }
}

extension ExpressionModel {
  package var sources: [SourcePath] { inputs.compactMap { if case .source(let path, _) = $0 { path } else { nil } } }
  package var variables: [Int] { inputs.compactMap { if case .variable(let index) = $0 { index } else { nil } } }
}

extension ValueModel {
  package var variables: [Int] {
    switch self {
    case .source, .constant, .typedConstant: []
    case .variable(let index): [index]
    case .list(let members): members.flatMap(\.variables)
    case .expression(let model): model.variables
    case .cases(let cases, let otherwise):
      cases.flatMap { $0.condition.variables + $0.value.variables } + (otherwise?.variables ?? [])
    }
  }
}

extension FieldModel {
  package var variables: [Int] { (condition?.variables ?? []) + value.variables + (fallback?.value.variables ?? []) }
}
