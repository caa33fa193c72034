import Core
import Values

/// A column whose values are keys of another mapping, and the keys that this other mapping let through.
struct ResolvedReference: Sendable {
  var column: Int
  var keys: KeyRegistry
}

extension ProgramLinks {
  /// The references of a program for which keys are available.
  func resolved(_ program: Program) -> [ResolvedReference] {
    program.rules.references.compactMap { reference in
      references[reference.mapping].map { ResolvedReference(column: reference.column, keys: $0) }
    }
  }
}

extension Evaluator {
  /// Runs right after the fields: the key of a merged record becomes that of its survivor, so that `merge`, the target
  /// schema, `validate` and `unique` see what is written. A key that the other mapping did not let through is an `orphan`,
  /// which rejects the record whatever the field's `on_error` says.
  @inline(never)
  mutating func resolveReferences(_ report: inout Report, _ log: inout ProblemLog) {
    for reference in references {
      let cell = results[reference.column]
      // Null refers to nothing, and a failed field has its own problem.
      guard !cell.isAbsent else { continue }
      do throws(OperationFailure) {
        switch try reference.keys.find(KeyText.digest(of: cell, &scratch), into: &arena, &lists) {
        case .present: break
        case .survivor(let survivor): results[reference.column] = survivor
        case .absent:
          let note = try noteOfOrphan(cell, reference, &log)
          append(Failure(code: .orphan), .error, .validate, .field(Int32(reference.column)), cell, &report, &log, note: note)
          results[reference.column] = failed()
        }
      } catch {
        lookupFailure = error
        results[reference.column] = failed()
      }
    }
  }
}
