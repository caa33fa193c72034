import Core

/// The messages of what destinations report about records.
enum LoadProblemText {
  /// - Parameters:
  ///   - field: the target field's name; nil: the record as a whole.
  ///   - detail: as it may be shown.
  static func message(of problem: LoadProblem, at destination: String, field: String?, detail: String) -> String {
    let start = field.map { "'\($0)': " } ?? ""
    let end = detail.isEmpty ? "" : ": \(detail)"
    return start + sentence(problem, "'\(destination)'", isOfField: field != nil) + end
  }

  private static func sentence(_ problem: LoadProblem, _ destination: String, isOfField: Bool) -> String {
    switch problem.code {
    case .destinationRefused:
      let status = problem.status.map { " with status \($0)" } ?? ""
      return "\(destination) refused the \(isOfField ? "value" : "record")\(status)"
    case .alreadyExists: return "\(destination) already has a record with this key"
    case .conflictNotOurs: return "\(destination) reports a conflict with a record that has another key"
    case .goneAtDestination: return "the record to be updated no longer exists at \(destination)"
    case .requestTooLarge: return "the request with this record is larger than \(destination) accepts"
    case .requestImpossible: return "no valid request to \(destination) can be made from the record's values"
    case .updateImpossible: return "the record has changed, but the pipeline has no request that updates it at \(destination)"
    case .parentNotLoaded: return "the record's parent is not at \(destination) yet"
    case .resultUnknown:
      return "the record was sent, but its result is not known: the next run asks \(destination) before it sends anything else"
    case .notSent: return "the record was not sent to \(destination)"
    case .notApplied:
      return "\(destination) accepted the record, but does not have \(isOfField ? "this value" : "all of its values")"
    case .remoteIDMissing: return "\(destination) gave no ID for the record, so it cannot be updated later"
    case .notCompared:
      return "\(destination) accepted the record, but the record could not be read back and compared with what was sent"
    case .remoteIDShared: return "\(destination) returned the ID of another record, so updating one overwrites the other"
    case .planDiffers: return "\(destination) is not as the dry run found it, so the record was not sent"
    case .overwritten:
      return "the record had been changed at \(destination), and the update overwrote the values of its fields there"
    case .repeatedKey:
      return
        "an earlier record in this run has the same target key, so \(destination) keeps the last one; if they differ, each run sends both"
    case .outstanding:
      return "\(destination) refused the record in an earlier run, and it has not changed since, so it was not sent again"
    case .drifted: return "\(destination) no longer has the \(isOfField ? "value" : "record") as it was loaded"
    case .notVerified: return "it could not be verified that \(destination) still has the record as it was loaded"
    case .identitySplit: return "it is not clear which record at \(destination) it corresponds to, so it was not sent"
    default: return "\(destination) reports '\(problem.code.slug)'"
    }
  }
}
