import Control
import Core
import Extract
import HTTP

/// What a run requests from a location, as a source and as a destination: GHL counts all requests to a location together.
struct PlannedLocation {
  /// As `--shard` names it.
  var shard: String
  var location: String
  /// The address of the API; nil: files, which need no request.
  var address: ServerAddress?
  var requests = 0
  /// Some of them are not known.
  var isPartial = false
  /// As last reported.
  var quota = Quota()
  /// The quota is today's.
  var isAsked = false
  var dailyPercent: Double?

  /// - Parameters:
  ///   - budget: what is left of `--budget`.
  ///   - isBudgetKnown: false: less may be left.
  func planned(_ budget: Int?, isBudgetKnown: Bool = true) -> PipelinePlan.Shard {
    let seconds = FetchPlan.seconds(
      for: requests, perInterval: quota.burstLimit ?? 100, intervalSeconds: quota.burstSeconds ?? 10)
    var planned = PipelinePlan.Shard(
      shard: shard, location: location, requests: requests, seconds: seconds, fits: fits(budget, isBudgetKnown),
      dailyLimit: quota.dailyLimit)
    planned.dailyRemaining = isAsked ? quota.remaining : nil
    planned.dailyPercent = dailyPercent
    planned.isPartial = isPartial
    return planned
  }

  /// Whether the requests fit into the budget, and into the rest of the day's quota; nil: unknown.
  private func fits(_ budget: Int?, _ isBudgetKnown: Bool) -> Bool? {
    guard address != nil else { return true }
    if let budget, requests > budget { return false }
    guard let limit = quota.dailyLimit else { return nil }
    let reserve = RequestBudget(dailyPercent: dailyPercent).reserve(ofDailyLimit: limit)
    // Not even a whole day's quota has that many.
    if requests > limit - reserve { return false }
    guard isAsked, let remaining = quota.remaining else { return nil }
    if requests > remaining - reserve { return false }
    return isPartial || !isBudgetKnown ? nil : true
  }
}
