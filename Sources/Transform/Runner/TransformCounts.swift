package import Core

/// The outcomes of the items of a part of the input. `read` equals `written + filtered + merged + rejected`, or something is lost.
package struct TransformCounts: Sendable, Equatable {
  package var read = 0
  package var written = 0
  package var filtered = 0
  /// Swallowed by another record, which survived.
  package var merged = 0
  package var rejected = 0
  package var warnings = 0
  /// Problems by code, errors and warnings.
  package var codes: [ProblemCode: Int] = [:]
  /// Broken rules under `validate`, by their ids.
  package var rules: [String: Int] = [:]
  /// Fields that no record has had; each worker tracks them over everything it has read.
  package var absent = AbsentPaths()
  /// The source's notes about the input as a whole; known once all of it was read.
  package var inputNotes: [InputNote] = []

  /// Both by their names in ledger lines.
  package var slugs: [String: Int] {
    codes.reduce(into: rules) { $0[$1.key.slug, default: 0] += $1.value }
  }

  package init() {}

  package var unaccounted: Int { read - written - filtered - merged - rejected }

  /// The counts of these items and their problems.
  package init(_ items: some Sequence<LaneItems.Item>, _ problems: some Sequence<Problem>, of program: Program) {
    self.init()
    for item in items {
      read += 1
      switch item.outcome {
      case .written: written += 1
      case .filtered: filtered += 1
      case .merged: merged += 1
      default: rejected += 1
      }
    }
    count(problems, of: program)
  }

  /// Counts problems anew.
  mutating func count(_ problems: some Sequence<Problem>, of program: Program) {
    codes.removeAll(keepingCapacity: true)
    rules.removeAll(keepingCapacity: true)
    warnings = 0
    for problem in problems {
      if problem.code == .rule, let rule = program.rule(of: problem.subject) {
        rules[rule.id, default: 0] += 1
      } else {
        codes[problem.code, default: 0] += 1
      }
      if problem.severity == .warning { warnings += 1 }
    }
  }

  package static func += (left: inout TransformCounts, right: TransformCounts) {
    left.read += right.read
    left.written += right.written
    left.filtered += right.filtered
    left.merged += right.merged
    left.rejected += right.rejected
    left.warnings += right.warnings
    left.codes.merge(right.codes, uniquingKeysWith: +)
    left.rules.merge(right.rules, uniquingKeysWith: +)
    left.absent.formIntersection(right.absent)
    left.inputNotes += right.inputNotes
  }
}
