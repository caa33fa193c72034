/// Receives what became of the records of one part, in any order and from any task.
///
///     sink.report(batch.first, LoadOutcome(.written))
///
/// A session reports each submitted record exactly once. A record's outcome is known at the rename (files), at the commit
/// (databases), or when its response arrives (APIs).
package protocol OutcomeSink: Sendable {
  /// - Parameter ordinal: the record's number in the part, from 0, as in `StagedBatch`.
  func report(_ ordinal: UInt64, _ outcome: LoadOutcome)

  /// Why a record fails or is pending, or that it did not arrive as it was sent: called before its outcome is reported, any
  /// number of times per record. Each record that ends as `failed` or `pending` needs at least one problem.
  func explain(_ ordinal: UInt64, _ problem: LoadProblem)

  /// Something that people should know about a record even though it is loaded. The texts are valid only during the call.
  func warn(_ warning: LoadWarning)
}

/// How a record ended at a destination.
package struct LoadOutcome: Sendable, Hashable {
  /// `written`, `created`, `updated`, `unchanged`, `removed`, `failed`, or `pending` where it is not known.
  package var outcome: Outcome
  /// Why it failed.
  package var code: ProblemCode?
  /// How many times it was sent, from 1.
  package var attempt: UInt32

  package init(_ outcome: Outcome, code: ProblemCode? = nil, attempt: UInt32 = 1) {
    self.outcome = outcome
    self.code = code
    self.attempt = attempt
  }
}

/// A warning about one value of a record.
package struct LoadWarning {
  package var code: ProblemCode
  /// The index of the value's column.
  package var column: Int
  /// The record's key in the source.
  package var key: Text
  /// The line number in the input, starting at 1.
  package var line: Int
  package var value: Text

  package init(_ code: ProblemCode, column: Int, key: Text, line: Int, value: Text) {
    self.code = code
    self.column = column
    self.key = key
    self.line = line
    self.value = value
  }
}
