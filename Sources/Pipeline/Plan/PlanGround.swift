import Control
import Core
import Extract
import HTTP
import Load
import PipelineFile

/// A plan in the making: what is known about the source, to which the destinations are added.
struct PlanGround {
  /// Without its shards.
  var plan: PipelinePlan
  /// The first one is read.
  var locations: [PlannedLocation]
  /// By source entity, as far as known.
  var records: [Name: Int]

  /// Adds what a run writes.
  ///
  /// - Parameter quota: of the location that is written to; nil: it was not requested.
  mutating func add(_ target: PlannedTarget, quota: Quota?) {
    let (writes, scopes) = (target.writes(records), target.scopes)
    plan.writes += writes
    plan.targets.append(.init(name: target.document.name, location: target.ghl.location, scopes: scopes))
    let index = index(of: target)
    locations[index].requests += writes.compactMap(\.requests).reduce(GHLWriteCost.proof(of: scopes), +)
    let percents = [locations[index].dailyPercent, target.ghl.dailyPercent].compactMap(\.self)
    locations[index].dailyPercent = percents.min()
    if let quota { (locations[index].quota, locations[index].isAsked) = (quota, true) }
    let unknown = writes.filter { $0.requests == nil }.map(\.mapping)
    guard !unknown.isEmpty else { return }
    locations[index].isPartial = true
    guard plan.basis != .unknown else { return }
    plan.warnings.append(
      "the figures do not include what \(unknown.joined(separator: ", ")) would write to '\(target.document.name)': the number of "
        + "records is known only when they are read")
  }

  /// The location of a destination, which may be read or written already.
  private mutating func index(of target: PlannedTarget) -> Int {
    let (address, location) = (target.ghl.address, target.ghl.location)
    let found = locations.firstIndex { known in
      known.location.isExactly(location) && known.address.map { $0.text.isExactly(address.text) } ?? false
    }
    if let found { return found }
    locations.append(PlannedLocation(shard: location, location: location, address: address))
    return locations.count - 1
  }

  func planned(_ budget: Int?) -> PipelinePlan {
    var plan = plan
    plan.requestBudget = budget
    // It is the budget of the whole run, and what is done first spends it first.
    var left = budget
    var isLeftKnown = true
    plan.shards = locations.map { location in
      defer {
        left = left.map { max(0, $0 - location.requests) }
        if budget != nil, location.isPartial { isLeftKnown = false }
      }
      var shard = location.planned(left, isBudgetKnown: isLeftKnown)
      if plan.basis == .unknown { shard.isPartial = true }
      return shard
    }
    return plan
  }
}
