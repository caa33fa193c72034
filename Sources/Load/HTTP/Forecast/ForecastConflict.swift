import Control
import Core

/// What a dry run predicts for a record that the destination has, although the load does not expect that, or not in this version.
enum ForecastConflict: Sendable {
  /// It counts as ours, and the outcome is `unchanged`.
  case claim
  /// The load learns its ID and changes it into ours.
  case update
  /// The request replaces it without a conflict.
  case overwritten
  case fails(PartLoad.Reason)

  /// After a lookup.
  init(_ verdict: FoundVerdict) {
    self =
      switch verdict {
      case .claim: .claim
      case .update: .update
      case .keep: .fails(.keptAsItIs)
      }
  }
}

extension PartPlan {
  /// `create`, sent for a record that is there: the destination is assumed to refuse it with a conflict, unless the request is one that
  /// replaces records.
  var conflictOfCreate: ForecastConflict {
    switch route(isUpdate: false) {
    case .batch(let batch) where batch.updates: return .overwritten
    case .single(let request?) where request.template.method == "PUT" && !request.isConditional: return .overwritten
    case .single(nil): return .fails(.noRequest(isUpdate: false))
    case .batch, .single: return conflict("it was created there")
    }
  }

  /// How the load counts a record that `create` replaces: a batch that updates says so, and a `PUT` need not.
  var outcomeOfOverwriting: Outcome {
    if case .batch = route(isUpdate: false) { .updated } else { .created }
  }

  /// `update`, sent with a tag that the destination no longer has.
  var conflictOfUpdate: ForecastConflict { conflict("it was changed there") }

  private func conflict(_ why: String) -> ForecastConflict {
    let policy = resource.conflict.then
    if policy == .reject { return .fails(PartLoad.Reason(.alreadyExists, why)) }
    guard resource.find != nil else {
      let more = "; without `find` there is no way to tell whether it is the same record"
      return .fails(PartLoad.Reason(.conflictNotOurs, why + more))
    }
    return policy == .adopt ? .claim : .update
  }
}

extension RequestDocument {
  /// It takes effect only for some versions of a record.
  var isConditional: Bool { headers.contains { ["if-match", "if-none-match"].contains($0.name.lowercased()) } }
}
