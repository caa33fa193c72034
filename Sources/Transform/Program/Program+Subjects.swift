import Core

/// What a problem is about, in the words of the mapping.
extension Program {
  /// The field or var; for a rule under `unique`, its first column. Nil: not a field.
  package func field(of subject: Problem.Subject) -> FieldModel? {
    if case .variable(let index) = subject { return model.vars[Int(index)] }
    return column(of: subject).map { model.fields[fieldOfColumn[$0]] }
  }

  /// The field's name in ledgers and tests: a var by its path.
  package func fieldName(of subject: Problem.Subject) -> String? {
    guard let name = field(of: subject)?.target.joined(separator: ".") else { return nil }
    if case .variable = subject { return "vars.\(name)" }
    return name
  }

  private func column(of subject: Problem.Subject) -> Int? {
    switch subject {
    case .field(let column): Int(column)
    case .unique(let index): rules.unique[Int(index)].columns.first
    case .record, .key, .updateTime, .filter, .variable, .rule, .merge: nil
    }
  }

  /// The rule under `validate`.
  package func rule(of subject: Problem.Subject) -> RuleModel? {
    if case .rule(let index) = subject { model.rules[Int(index)] } else { nil }
  }

  /// The code of a ledger line: the slug, or for a broken rule its ID.
  package func slug(of problem: Problem) -> String {
    (problem.code == .rule ? rule(of: problem.subject)?.id : nil) ?? problem.code.slug
  }
}

extension FieldModel {
  /// The expression that an `expression-error` of this field is about.
  package func expression(of problem: Problem) -> ExpressionModel? {
    guard problem.code == .expressionError, !problem.isOfFallback else { return nil }
    switch problem.part {
    case .condition: return condition
    case .branchCondition(let number): return branch(number)?.condition
    case .branchValue(let number): return branch(number)?.value.ownExpression
    case .whole, .path: return value.ownExpression
    }
  }

  private func branch(_ number: Int32) -> (condition: ExpressionModel?, value: ValueModel)? {
    guard case .cases(let cases, let otherwise) = value else { return nil }
    if Int(number) < cases.count { return (cases[Int(number)].condition, cases[Int(number)].value) }
    return otherwise.map { (nil, $0) }
  }
}
