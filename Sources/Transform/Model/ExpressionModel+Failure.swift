import Core
import Expressions

extension ExpressionModel {
  /// Some record makes it an `expression-error`.
  package func mayFail(asCondition isCondition: Bool) -> Bool { checked.program.mayFail(asCondition: isCondition) }
}

extension ValueModel {
  /// The expression that gives the value, if there is one.
  package var ownExpression: ExpressionModel? { if case .expression(let model) = self { model } else { nil } }
}
