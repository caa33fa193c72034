package import Core

/// How a run ends, according to its facts: status, exit code, and why. `transform` and `validate` use it as well, with the facts
/// of a run that has no destinations.
package func verdict(_ plan: RunPlan, _ facts: [RunFact]) -> Verdict {
  let state = RunState(facts)
  let gateFailures = state.allGates.filter(\.stops).map { OperationFailure(.gateFailed, "gate \($0.text)") }
  var failures = gateFailures.map { RunFact.Failure($0) } + state.failures
  if state.isStopped, state.failures.isEmpty { failures.append(.init(OperationFailure(.interrupted, "interrupted"))) }
  // After the load, a gate holds nothing back: the other reasons are reported as well.
  let isEarly = state.isForbidden || failures.count > gateFailures.count
  let stops = state.stops(plan)
  failures += stops
  var codes = failures.map(\.code.exitCode)
  var messages = failures.map(\.message)
  let unaccounted = unaccounted(state)
  if unaccounted != 0 {
    codes.append(.fault)
    messages.append("unaccounted: \(unaccounted) items have no outcome, or more than one; please report this run")
  }
  let unexplained = unexplained(state, plan)
  if !unexplained.isEmpty, !isEarly {
    // A destination that was stopped has pending records: a failed record must not keep a scheduler from trying again.
    if !plan.isLenient, stops.isEmpty { codes.append(.recordsFailed) }
    messages += unexplained
  }
  let exitCode = ExitCode.worst(codes)
  let pause = exitCode == .tryLater ? failures.first { $0.code.exitCode == .tryLater } : nil
  return Verdict(
    status: hasStarted(state, pause?.code)
      ? status(exitCode, isPartial: !unexplained.isEmpty, hasGateFailures: !gateFailures.isEmpty) : .notStarted,
    exitCode: exitCode,
    messages: messages,
    retryAfterSeconds: pause?.retryAfterSeconds, pause: pause?.code)
}

/// A run whose first step had to wait for another run did nothing that could have been interrupted.
private func hasStarted(_ state: RunState, _ pause: OperationFailure.Code?) -> Bool {
  state.compiled != nil || (pause != .stateHeld && pause != .stateBusy)
}

private func status(_ exitCode: ExitCode, isPartial: Bool, hasGateFailures: Bool) -> RunStatus {
  switch exitCode {
  case .done: isPartial ? .partial : .done
  case .recordsFailed: .partial
  // A destination that differs ends with the same code.
  case .gateFailed: hasGateFailures ? .gateFailed : .failed
  case .tryLater: .interrupted
  default: .failed
  }
}

/// The difference between what was read and what has an outcome, over all mappings and destinations; anything but 0 is a fault.
private func unaccounted(_ state: RunState) -> Int {
  let lost = (state.compiled?.mappings ?? []).compactMap { state.counts(of: $0) }.map { abs($0.lost) }.reduce(0, +)
  return (state.outcomes ?? []).map { outcomes in
    abs((state.counts(of: outcomes.part.mapping)?.read ?? 0) - outcomes.counts.total)
  }.reduce(lost, +)
}

private func records(_ count: Int) -> String { "\(count) \(count == 1 ? "record" : "records")" }

/// One of the gates was judged, and none of those that were failed: several may have different limits.
private func allow(_ gates: [GateResult]) -> Bool {
  gates.contains(where: \.isSettled) && !gates.contains { $0.isJudged && !$0.isSettled }
}

/// Records that were rejected, failed or could not be fetched, and that no declared gate allows.
private func unexplained(_ state: RunState, _ plan: RunPlan) -> [String] {
  let gates = state.allGates
  var messages: [String] = []
  for mapping in state.compiled?.mappings ?? [] {
    guard let counts = state.counts(of: mapping), counts.rejected > 0 else { continue }
    if !allow(gates.filter { $0.gate == "rejected" && $0.mapping.map { Name($0) } == mapping }) {
      messages.append("\(counts.rejected) of \(counts.read) records of '\(mapping)' were rejected")
    }
  }
  for outcomes in state.outcomes ?? [] {
    if let missing = outcomes.missing, missing > 0 {
      let what = "\(records(missing)) of '\(outcomes.part.mapping)'"
      messages.append(
        "\(what) \(missing == 1 ? "was" : "were") not replayed: the mapping no longer makes \(missing == 1 ? "it" : "them"), or merges \(missing == 1 ? "it" : "them") into others that are not replayed: run the pipeline"
      )
    }
    guard let loaded = state.loaded[outcomes.part], !loaded.isKept else { continue }
    let (failed, pending) = (outcomes.counts[.failed], outcomes.counts[.pending])
    let place = "of '\(outcomes.part.mapping)' at '\(outcomes.part.destination)'"
    func isAllowed(_ gate: String) -> Bool {
      allow(
        gates.filter { result in
          result.gate == gate && result.mapping.map { Name($0) } == outcomes.part.mapping
            && result.destination.map { Name($0) } == outcomes.part.destination
        })
    }
    if failed > 0, !isAllowed("failed") { messages.append("\(records(failed)) \(place) failed") }
    // Those of a destination that was stopped have a message of their own.
    if pending > 0, loaded.failure == nil, !isAllowed("pending") {
      messages.append("\(records(pending)) \(place) \(pending == 1 ? "is" : "are") pending")
    }
  }
  for mapping in state.compiled?.mappings ?? [] {
    for destination in plan.destinations {
      let part = RunPart(mapping: mapping, destination: destination.name)
      guard plan.isDryRun, let predicted = state.predicted[part] else { continue }
      let (failed, pending) = (predicted.counts[.failed], predicted.counts[.pending])
      if failed > 0 { messages.append("\(records(failed)) of '\(mapping)' would fail at '\(destination.name)'") }
      if predicted.notCompared > 0, predicted.failure == nil {
        messages.append("\(records(predicted.notCompared)) of '\(mapping)' could not be compared with '\(destination.name)'")
      }
      // A narrowed run replaces nothing, which is no reason to complain; a destination that cannot be read has a message of its own.
      let isHeld = destination.delivery == .atomic && state.extracted?.isNarrowed == true && !plan.publishesPartial
      if pending > 0, !isHeld, predicted.failure == nil {
        messages.append("\(records(pending)) of '\(mapping)' would be pending at '\(destination.name)'")
      }
    }
  }
  // Gates may be about some mappings only, and name mappings that did not take part.
  let mappings = state.compiled?.mappings ?? []
  let coverage = gates.filter { gate in gate.gate == "coverage" && gate.mapping.map { mappings.contains(Name($0)) } ?? true }
  let isCovered = mappings.allSatisfy { mapping in
    coverage.contains { $0.mapping.map { Name($0) == mapping } ?? true }
  }
  let (refused, unjudged) = (state.extracted?.refused ?? 0, state.extracted?.refusedUnjudged ?? 0)
  if refused > 0, coverage.isEmpty || !isCovered || coverage.contains(where: { !$0.isSettled }) {
    messages.append("\(refused) records, or lists of records, could not be fetched")
  } else if unjudged > 0 {
    messages.append("\(unjudged) records or lists of records could not be fetched, and no gate covers them")
  }
  return messages
}
