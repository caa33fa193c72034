import Core

/// The steps that may start now; none if the run is over. Their order does not matter: perform any one of them and append its
/// result to the facts before calling the function again.
///
///     while let step = nextSteps(plan, facts).first { facts.append(try await perform(step)) }
///
/// A dry run, and a run that applies one, predicts each part, taking each mapping after those whose remote IDs it needs, and
/// prepares what it does not publish.
///
/// A failure or an interruption leads straight to the accounts and the end. All atomic parts are prepared before the first is
/// published; incremental parts follow, each mapping after those whose remote IDs it needs. Gates about the load are judged by the
/// accounts, and only in a run that went through all its steps: one that was stopped is judged once it is resumed.
package func nextSteps(_ plan: RunPlan, _ facts: [RunFact]) -> [RunStep] {
  let state = RunState(facts)
  if state.verdict != nil { return [] }
  if state.isStopped { return [state.isAccounted ? .end : .account] }
  guard let compiled = state.compiled else { return [.compile] }
  guard state.isExtracted else { return [.extract] }
  let unstaged = compiled.groups.filter { group in !group.allSatisfy { state.staged[$0] != nil } }
  guard unstaged.isEmpty else { return unstaged.map { .transform($0) } }
  guard state.gates != nil, let isLoaded = state.publishes(plan, .incremental) else { return [.judge] }
  if plan.isDryRun || plan.applies, !state.isForbidden {
    let unpredicted = compiled.mappings.filter { mapping in plan.parts(of: mapping).contains { state.predicted[$0] == nil } }
    guard unpredicted.isEmpty else { return plan.first(of: unpredicted).map { .predict($0) } }
  }
  let atomic = compiled.mappings.map { mapping in
    (mapping, plan.parts(of: mapping, .atomic).filter { state.loaded[$0] == nil })
  }
  let unprepared = atomic.filter { !$0.1.allSatisfy(state.ready.contains) }
  guard unprepared.isEmpty else { return unprepared.map { .prepare($0.0) } }
  let unpublished = atomic.flatMap(\.1)
  guard unpublished.isEmpty else { return unpublished.map { .publish($0) } }
  if isLoaded {
    let unloaded = compiled.mappings.filter { plan.parts(of: $0, .incremental).contains { state.loaded[$0] == nil } }
    guard unloaded.isEmpty else { return plan.first(of: unloaded).map { .load($0) } }
  }
  guard state.isAccounted else { return [.account] }
  return [plan.judgesLoad && state.loadGates == nil ? .judgeLoad : .end]
}
