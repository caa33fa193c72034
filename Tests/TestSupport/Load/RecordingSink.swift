package import Core

/// Keeps what a session reports.
package final class RecordingSink: OutcomeSink {
  /// A warning with copies of its texts.
  package struct Warning: Sendable, Equatable {
    package var code: ProblemCode
    package var column: Int
    package var key: String
    package var line: Int
    package var value: String

    package init(_ code: ProblemCode, column: Int, key: String, line: Int, value: String) {
      self.code = code
      self.column = column
      self.key = key
      self.line = line
      self.value = value
    }
  }

  private struct Reports {
    var outcomes: [UInt64: [LoadOutcome]] = [:]
    var warnings: [Warning] = []
    var problems: [UInt64: [LoadProblem]] = [:]
  }

  private let reports = Locked(Reports())

  package init() {}

  package func report(_ ordinal: UInt64, _ outcome: LoadOutcome) {
    reports.withLock { $0.outcomes[ordinal, default: []].append(outcome) }
  }

  package func explain(_ ordinal: UInt64, _ problem: LoadProblem) {
    reports.withLock { $0.problems[ordinal, default: []].append(problem) }
  }

  package func warn(_ warning: LoadWarning) {
    let copy = Warning(
      warning.code, column: warning.column, key: warning.key.string, line: warning.line, value: warning.value.string)
    reports.withLock { $0.warnings.append(copy) }
  }

  package var warnings: [Warning] { reports.withLock { $0.warnings } }
  package var problems: [UInt64: [LoadProblem]] { reports.withLock { $0.problems } }
  /// Everything that was reported about each record.
  package var outcomes: [UInt64: [LoadOutcome]] { reports.withLock { $0.outcomes } }
  /// The outcomes in the order of the records.
  package var words: [String] { outcomes.sorted { $0.key < $1.key }.flatMap(\.value).map(\.outcome.rawValue) }
}
