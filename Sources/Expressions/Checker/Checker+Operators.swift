import Core

/// Operators, and what conditions say about null.
extension Checker {
  mutating func checkUnary(_ node: Int, _ op: UnaryOperator, _ operand: Int) {
    check(operand)
    requireValue(operand)
    types[node] = resolve(op.rawValue, OperatorTable.overloads(of: op), [operand], at: tree[node].place)
    if op == .not { truths[node] = Truths(ifTrue: truths[operand].ifFalse, ifFalse: truths[operand].ifTrue) }
  }

  mutating func checkBinary(_ node: Int, _ op: BinaryOperator, _ left: Int, _ right: Int) {
    noteMeantAsText(right)
    if case .literal = tree[right].kind {} else { noteMeantAsText(left) }
    check(left)
    check(right)
    switch op {
    case .equal, .unequal: checkEquality(node, op, left, right)
    case .contained: checkContained(node, left, right)
    default:
      requireValue(left)
      requireValue(right)
      types[node] = arithmeticType(node, op, left, right)
    }
  }

  private mutating func arithmeticType(_ node: Int, _ op: BinaryOperator, _ left: Int, _ right: Int) -> ExpressionType {
    switch (types[left], types[right]) {
    case (.list(let one), .list(let other)) where op == .add && !scope.isStrict:
      // A row of lists may have elements of any type then, as a list may that is written down.
      return .list(TypeRelations.joined([one, other]))
    case (.number, .number), (.number, .int), (.int, .number), (.number, .double), (.double, .number):
      // Whether a JSON number has a point is the data's business, and no reason to fail on some records.
      switch op {
      case .add, .subtract, .multiply:
        resolutions[node] = .promoting
        return types[left] == .double || types[right] == .double ? .double : .number
      case .divide:
        resolutions[node] = .promoting
        return .double
      default: break
      }
    default: break
    }
    return resolve(op.rawValue, OperatorTable.overloads(of: op), [left, right], at: tree[node].place)
  }

  private mutating func checkEquality(_ node: Int, _ op: BinaryOperator, _ left: Int, _ right: Int) {
    types[node] = .bool
    // A custom field's number may be written as a text, which is equal to no number: a silent no.
    for (one, other) in [(left, right), (right, left)] where types[other] != .null && mixtures[other] == nil {
      if paths[one]?.path.root == "custom" { requireOneType(one) }
    }
    // Without strictness values of different types are unequal, as the specification has it at run time.
    if scope.isStrict, !TypeRelations.comparable(types[left], types[right]) {
      reportMismatch(op.rawValue, [left, right], at: tree[node].place)
    }
    // Equal to something that is not null: not null. Unequal to null: not null.
    let isEqual = op == .equal
    for (one, other) in [(left, right), (right, left)] {
      guard let place = places[one] else { continue }
      let facts = withAncestors(place)
      if types[other] == .null {
        if isEqual { truths[node].ifFalse.formUnion(facts) } else { truths[node].ifTrue.formUnion(facts) }
      } else if !isNullable[other], types[other] != .dyn, types[other] != .failed {
        if isEqual { truths[node].ifTrue.formUnion(facts) } else { truths[node].ifFalse.formUnion(facts) }
      }
    }
  }

  private mutating func checkContained(_ node: Int, _ left: Int, _ right: Int) {
    types[node] = .bool
    requireValue(left)
    requireValue(right)
    let element: ExpressionType
    switch types[right] {
    case .dyn, .failed: return
    case .list(let type): element = type
    case .map(let key, _): element = key
    case .object: element = .string
    default:
      let hint = types[right] == .string ? "to test whether a text contains another: \(text(right)).contains(\(text(left)))" : nil
      return reportMismatch("@in", [left, right], at: tree[node].place, hint: hint)
    }
    if scope.isStrict, !TypeRelations.comparable(types[left], element) {
      reportMismatch("@in", [left, right], at: tree[node].place)
    }
  }

  /// A chain of `&&` or `||`: each operand is checked with what is known if the previous ones did not decide the chain.
  mutating func checkLogical(_ node: Int, _ operands: [Int], isAnd: Bool) {
    types[node] = .bool
    var facts: Set<NarrowedPlace> = []
    /// Those that were not known before the row.
    var new: Set<NarrowedPlace> = []
    /// What is known if the chain is decided early, by any operand.
    var decided: Set<NarrowedPlace>?
    for operand in operands {
      check(operand)
      requireValue(operand)
      switch types[operand] {
      case .bool, .dyn, .failed: break
      default:
        // Without strictness the evaluator decides: another operand may absorb the error.
        if scope.isStrict { requireCondition(operand) }
      }
      let goesOn = isAnd ? truths[operand].ifTrue : truths[operand].ifFalse
      let decides = isAnd ? truths[operand].ifFalse : truths[operand].ifTrue
      decided = decided.map { $0.filter { decides.contains($0) || facts.contains($0) } } ?? decides
      facts.formUnion(goesOn)
      new.formUnion(learn(goesOn))
    }
    nonNull.subtract(new)
    truths[node] =
      isAnd ? Truths(ifTrue: facts, ifFalse: decided ?? []) : Truths(ifTrue: decided ?? [], ifFalse: facts)
  }

  mutating func checkConditional(_ node: Int, _ condition: Int, _ first: Int, _ second: Int) {
    check(condition)
    requireCondition(condition)
    for value in [first, second] { noteMeantAsText(value) }
    check(first, knowing: truths[condition].ifTrue)
    check(second, knowing: truths[condition].ifFalse)
    isNullable[node] = isNullable[first] || isNullable[second]
    mixtures[node] = mixtures[first] ?? mixtures[second]
    switch (types[first], types[second]) {
    case (.null, let type), (let type, .null): types[node] = type
    case (let one, let other):
      if let type = TypeRelations.agreed(one, other) {
        types[node] = type
      } else {
        types[node] = .dyn
        if scope.isStrict {
          reportMismatch(
            "_?_:_", [condition, first, second], at: tree[node].place,
            hint: "both values must have one type; dyn() around one of them allows any")
          types[node] = .failed
        }
      }
    }
    let (asked, one, other) = (truths[condition], truths[first], truths[second])
    truths[node].ifTrue = asked.ifTrue.union(one.ifTrue).intersection(asked.ifFalse.union(other.ifTrue))
    truths[node].ifFalse = asked.ifTrue.union(one.ifFalse).intersection(asked.ifFalse.union(other.ifFalse))
    narrowByConstant(node, first, second)
  }

  /// `x != null ? … : false` is `x != null && …` in other words.
  private mutating func narrowByConstant(_ node: Int, _ first: Int, _ second: Int) {
    guard case .conditional(let condition, _, _) = tree[node].kind else { return }
    let asked = truths[condition]
    if case .literal(.bool(let value)) = tree[second].kind {
      if value {
        truths[node].ifFalse = asked.ifTrue.union(truths[first].ifFalse)
      } else {
        truths[node].ifTrue = asked.ifTrue.union(truths[first].ifTrue)
      }
    }
    if case .literal(.bool(let value)) = tree[first].kind {
      if value {
        truths[node].ifFalse = asked.ifFalse.union(truths[second].ifFalse)
      } else {
        truths[node].ifTrue = asked.ifFalse.union(truths[second].ifTrue)
      }
    }
  }

  // MARK: Overloads

  /// The result of the overloads that accept the operands; reports if there is none.
  mutating func resolve(
    _ name: String, _ overloads: [FunctionDeclaration.Overload], _ operands: [Int], isMethod: Bool = false, at place: Range<Int>
  ) -> ExpressionType {
    var results: Set<ExpressionType> = []
    for overload in overloads where overload.isMethod == isMethod && overload.parameters.count == operands.count {
      var bound: [Int: ExpressionType] = [:]
      let fits = zip(overload.parameters, operands).allSatisfy { TypeRelations.accepts($0, types[$1], &bound) }
      if fits { results.insert(Self.substituted(overload.result, bound)) }
    }
    guard let first = results.first else {
      reportMismatch(name, operands, isMethod: isMethod, at: place)
      return .failed
    }
    if results.count == 1 { return first }
    return results == [.int, .double] && operands.contains { types[$0] == .number } ? .number : .dyn
  }

  private static func substituted(_ type: ExpressionType, _ bound: [Int: ExpressionType]) -> ExpressionType {
    switch type {
    case .parameter(let number): bound[number] ?? .dyn
    case .list(let element): .list(substituted(element, bound))
    case .map(let key, let value): .map(substituted(key, bound), substituted(value, bound))
    default: type
    }
  }
}
