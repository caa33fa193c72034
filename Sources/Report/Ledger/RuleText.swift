package import Core
package import Transform

/// The messages of problems of `unique`, `merge` and `references`. `step` of a `not-unique` is the rule's number.
package enum RuleText {
  /// `note`: of an `orphan`, the end of its message.
  package static func sentence(_ problem: Problem, name: String, in program: Program, note: String?, other: String?) -> String? {
    switch problem.code {
    case .notUnique:
      let fields = rule(of: problem, in: program)?.fields.map { "'\($0)'" } ?? [name]
      let what = fields.count == 1 ? "\(fields[0]) is" : "the combination of \(fields.joined(separator: ", ")) is"
      let first = problem.otherLine > 0 ? ", by the record on line \(problem.otherLine)" : ""
      let end = problem.severity == .error ? "; the first one was kept" : "; both were let through"
      return "\(what) already used\(first)\(end)"
    case .merged:
      let survivor = other.map { "the record '\($0)'" } ?? "another record"
      let line = problem.otherLine > 0 ? " on line \(problem.otherLine)" : ""
      let fields = program.model.merge?.by.map { "'\($0)'" }.joined(separator: ", ") ?? "the same key"
      return "merged into \(survivor)\(line), which has the same \(fields)"
    case .orphan:
      let mapping = program.field(problem.field)?.references?.mapping ?? "the other mapping"
      return "\(name): '\(mapping)' let no record with this key through\(note ?? "")"
    case .dateInvalid where problem.field < 0:
      return
        "'\(program.model.updatedAt?.text ?? "source.updated_at")' is not a time, so the merge treats the record as having none"
    default: return nil
    }
  }

  package static func place(of problem: Problem, in program: Program) -> SourcePlace? {
    switch problem.code {
    case .notUnique: rule(of: problem, in: program)?.place
    case .merged: program.model.merge?.place
    case .orphan: program.field(problem.field)?.references?.place
    default: nil
    }
  }

  private static func rule(of problem: Problem, in program: Program) -> UniqueRule? {
    let index = Int(problem.step)
    return program.model.unique.indices.contains(index) ? program.model.unique[index] : nil
  }
}
