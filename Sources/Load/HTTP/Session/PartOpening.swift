import Control
import Core

/// The beginning of a part's load: what earlier processes left is resolved, and a journal that does not know the destination yet
/// gets to know it.
struct PartOpening {
  let plan: PartPlan
  let engine: HTTPEngine
  let journal: any Journal
  let states: any StateStore
  let sink: any OutcomeSink
  let isFirstLoad: Bool

  func open(_ part: LoadPart, _ lease: LeaseHolder) async throws -> HTTPLoadSession {
    let writer = JournalWriter(journal, under: lease)
    let bodies = BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items)
    let (journal, scope, address) = (journal, plan.scope, plan.address)
    let others = try await BlockingWork.perform { try journal.describe(scope, address: address) }
    let resolver = PartLoad(
      plan, engine, journal: journal, writer: writer, sink: SilentSink(), bodies: bodies, resolvesOnly: true)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }
    try await resolver.resolve(intents)
    let findsFirst = try await acquaint(writer, lease)
    let load = PartLoad(
      plan, engine, journal: journal, writer: writer, sink: sink, bodies: bodies, findsFirst: findsFirst,
      blocked: await resolver.blocked)
    return HTTPLoadSession(
      load, OutgoingRecords(plan, key: part.key, bodies), lease: lease, workers: 2 * engine.document.concurrent,
      warnings: warnings(about: others)
    ) { [states] in
      try await Self.remember(plan.scope, lease, states)
    }
  }

  /// Another pipeline, or another mapping, loads to the same address.
  private func warnings(about others: [JournalScope]) -> [String] {
    others.filter { $0.location.isExactly(plan.scope.location) }.map { other in
      "'\(plan.destination) \(plan.scope.mapping)': the mapping '\(other.mapping)' of the pipeline '\(other.pipeline)' loads to the same address; each overwrites what the other has sent for the same keys"
    }
  }

  // MARK: The first load

  /// The checkpoint that says that the journal knows the destination.
  static func marker(of scope: JournalScope) -> Name {
    let parts = [scope.pipeline, scope.destination, scope.mapping, scope.location].map { JSONValue.string($0) }
    return Name("load known " + JSONValue.array(parts).text)
  }

  /// A first load has ended: from now on, a record that the journal does not know is not there.
  private static func remember(_ scope: JournalScope, _ lease: LeaseHolder, _ states: any StateStore) async throws {
    let held = lease.current
    try await BlockingWork.perform { try states.save([Checkpoint(marker(of: scope), [1])], under: held) }
  }

  /// A state that was lost, or is new, knows nothing of what the destination has. Whatever is there must not be created again.
  ///
  /// - Returns: whether each record has to be looked up first.
  private func acquaint(_ writer: JournalWriter, _ lease: LeaseHolder) async throws -> Bool {
    let (journal, states, scope) = (journal, states, plan.scope)
    let isKnown = try await BlockingWork.perform { try states.checkpoint(Self.marker(of: scope)) != nil }
    if isKnown { return false }
    if let list = plan.resource.list, await engine.gate.stopped == nil {
      _ = try await JournalRebuild(plan: plan, engine: engine).run(list, writer)
      return false
    }
    if plan.resource.find != nil { return true }
    let hasBegun = try await BlockingWork.perform { try journal.hasBegun(scope) }
    guard hasBegun || isFirstLoad else {
      throw OperationFailure(
        .configuration,
        "nothing tells what '\(plan.destination)' already has of '\(plan.scope.mapping)': the journal is empty, and the pipeline has neither `find` nor `list`, so each record would be created: if it has none of them, confirm that with \(CommandOption.firstLoad)"
      )
    }
    return false
  }
}

/// Ends a walk through the journal at its first record.
private struct FirstRecord: Error {}

extension Journal {
  /// Whether anything is known about the scope: a record, a refusal, or a call without a result.
  fileprivate func hasBegun(_ scope: JournalScope) throws -> Bool {
    if try !openIntents(scope).isEmpty { return true }
    do { try forEachRecord(in: scope) { records in if !records.isEmpty { throw FirstRecord() } } } catch is FirstRecord {
      return true
    }
    return false
  }
}

/// Receives the outcomes of earlier runs' records, which have been accounted for as pending.
private struct SilentSink: OutcomeSink {
  func report(_ ordinal: UInt64, _ outcome: LoadOutcome) {}
  func warn(_ warning: LoadWarning) {}
  func explain(_ ordinal: UInt64, _ problem: LoadProblem) {}
}
