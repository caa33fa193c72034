package import Core
import Expressions

/// An expression as the evaluator runs it. Its values are among the evaluator's inputs.
struct ExpressionCode: Sendable {
  let program: ExpressionProgram
  /// Vars and columns that it reads, in `Program.expressionReads`: where one of them has failed, it is not evaluated, and nothing
  /// more is said.
  let firstRead: UInt32
  let readCount: UInt32
  /// The start of its marks in a test's coverage: true, false.
  let mark: UInt32
  /// What its static type promises to the rest of the mapping.
  let result: DeclaredKinds
}

/// An input of expressions. All expressions of a program share one table of them.
struct InputCode: BitwiseCopyable, Sendable, Hashable {
  enum Origin: BitwiseCopyable, Sendable, Hashable {
    case slot(UInt16)
    case itemSlot(UInt16)
    case variable(UInt16)
    case column(UInt16)
    /// The start of the run.
    case constant(UInt16)
  }

  var origin: Origin
  /// The kinds that its declared type admits.
  var declared = DeclaredKinds.any
}

/// `case`: a range of branches, and the value if none applies.
struct CaseCode: BitwiseCopyable, Sendable {
  var first: UInt32
  var count: UInt32
  var otherwise: ValueCode
  /// Where its marks begin: one per branch, and one for `else`.
  var mark: UInt32
}

struct BranchCode: BitwiseCopyable, Sendable {
  var condition: UInt16
  var value: ValueCode
}

struct AssertionCode: BitwiseCopyable, Sendable {
  var condition: UInt16
  var isWarning: Bool
}

/// A branch that a test can exercise.
package struct BranchPoint: Sendable, Hashable {
  /// `segment: case 2 of 3`, `email: when is false`.
  package var text: String
  package var place: SourcePlace
}
