import Control
package import Core

extension GHLFailure: ConvertibleToOperationFailure {
  package var operationFailure: OperationFailure {
    OperationFailure(code, description, underlying: self, retryAfterSeconds: asked)
  }

  /// Only for transient failures.
  private var asked: Int? { code.exitCode == .tryLater ? retryAfter?.wholeSeconds : nil }

  private var code: OperationFailure.Code {
    switch kind {
    case .badToken, .scopeMissing, .wrongTokenClass, .userTypeMismatch, .forbidden: .notAuthorised
    case .otherLocation, .versionRefused, .redirected, .configuration, .validation, .notFound: .configuration
    case .throttled: retryAfter == nil ? .throttled : .askedToWait
    case .dailyQuotaSpent: retryAfter == nil ? .dailyQuotaSpent : .askedToWait
    case .comeBackLater: .askedToWait
    case .budgetSpent: .budgetSpent
    case .cancelled: .interrupted
    case .blocked, .serverError, .unreachable, .timedOut, .down, .malformedAnswer, .answerTooLarge, .wrongRecord, .pagingRepeats:
      .unreachable
    }
  }
}
