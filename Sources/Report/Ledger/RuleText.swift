import Core
import Transform

/// The messages of problems with the rules of a mapping: `where`, `validate`, `unique`, `merge` and `references`.
enum RuleText {
  /// Nil: the problem is about something else. `name`: of its field.
  static func sentence(_ problem: Problem, name: String, in log: ProblemLog, of program: Program) -> String? {
    switch problem.subject {
    case .filter: return "where: \(problem.detail.reason ?? "no value")"
    case .rule:
      guard let rule = program.rule(of: problem.subject) else { return nil }
      return problem.code == .rule ? rule.message : "the rule '\(rule.id)': \(problem.detail.reason ?? "no value")"
    case .unique(let index):
      let fields = program.model.unique[Int(index)].fields.map { "'\($0)'" }
      let what = fields.count == 1 ? "\(fields[0]) is" : "the combination of \(fields.joined(separator: ", ")) is"
      let first = problem.other.line > 0 ? ", by the record on line \(problem.other.line)" : ""
      let end = problem.severity == .error ? "; the first one was kept" : "; both were let through"
      return "\(what) already used\(first)\(end)"
    case .merge:
      let other = problem.other
      let survivor = other.key.isEmpty ? "another record" : "the record '\(log.text(other.key))'"
      let line = other.line > 0 ? " on line \(other.line)" : ""
      let fields = program.model.merge?.by.map { "'\($0)'" }.joined(separator: ", ") ?? "the same key"
      return "merged into \(survivor)\(line), which has the same \(fields)"
    case .updateTime:
      return
        "'\(program.model.updatedAt?.text ?? "source.updated_at")' is not a time, so the merge treats the record as having none"
    case .field where problem.code == .orphan:
      let mapping = program.field(of: problem.subject)?.references?.mapping ?? "the other mapping"
      return "\(name): '\(mapping)' let no record with this key through\(log.text(problem.note))"
    case .record, .key, .field, .variable: return nil
    }
  }

  /// Where the mapping states the rule; nil: the problem is not about one.
  static func place(of problem: Problem, in program: Program) -> SourcePlace? {
    switch problem.subject {
    case .filter: program.model.filter?.place
    case .rule(let index): program.model.rules[Int(index)].place
    case .unique(let index): program.model.unique[Int(index)].place
    case .merge: program.model.merge?.place
    case .field where problem.code == .orphan: program.field(of: problem.subject)?.references?.place
    case .record, .key, .updateTime, .field, .variable: nil
    }
  }
}

extension Problem {
  /// The other record of a conflict; line 0 and an empty key if there is none.
  fileprivate var other: (line: Int, key: LogSlice) {
    if case .other(let line, let key) = detail { (line, key) } else { (0, .empty) }
  }
}
