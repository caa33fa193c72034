package import Core
import Expressions

/// Which expression of a field failed: what `Problem.detail` of an `expression-error` holds. `Problem.part` is the branch of a
/// case, from 0.
package enum ExpressionSite: UInt8, Sendable {
  /// `expr`, or something that is not an expression of the field itself.
  case value = 0
  /// `when`.
  case condition = 1
  /// `when` of a branch, and its `expr`.
  case branchCondition = 2
  case branchValue = 3
}

extension FieldModel {
  /// The expression that an `expression-error` of this field is about.
  package func expression(of problem: Problem) -> ExpressionModel? {
    guard problem.code == .expressionError, !problem.isOfFallback else { return nil }
    switch ExpressionSite(rawValue: problem.detail) {
    case .condition: return condition
    case .branchCondition: return branch(problem.part)?.condition
    case .branchValue: return branch(problem.part)?.value.ownExpression
    case .value, nil: return value.ownExpression
    }
  }

  private func branch(_ number: Int32) -> (condition: ExpressionModel?, value: ValueModel)? {
    guard case .cases(let cases, let otherwise) = value, number >= 0 else { return nil }
    if Int(number) < cases.count { return (cases[Int(number)].condition, cases[Int(number)].value) }
    return otherwise.map { (nil, $0) }
  }
}

extension ExpressionModel {
  /// Some record makes it an `expression-error`.
  package func mayFail(asCondition isCondition: Bool) -> Bool { checked.program.mayFail(asCondition: isCondition) }
}

extension ValueModel {
  /// The expression that gives the value, if there is one.
  package var ownExpression: ExpressionModel? { if case .expression(let model) = self { model } else { nil } }
}
