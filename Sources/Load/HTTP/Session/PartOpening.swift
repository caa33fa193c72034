import Control
import Core
import HTTP

/// Opens a part's load: resolves what earlier processes left open, and fills a journal that does not yet know what the
/// destination has.
struct PartOpening {
  let plan: PartPlan
  let services: HTTPDestination.Services
  let sink: any OutcomeSink
  /// Nil: `before: save` is not set.
  let images: BeforeImages?

  /// To read what is known; nothing is written, and nothing is kept.
  init(reading plan: PartPlan, services: HTTPDestination.Services) {
    self.plan = plan
    self.services = services
    sink = SilentSink()
    images = nil
  }

  /// - Throws: `OperationFailure` with the code `fault` if there is no place for what `before: save` keeps.
  init(_ plan: PartPlan, _ part: LoadPart, _ services: HTTPDestination.Services, sink: any OutcomeSink) throws {
    self.plan = plan
    self.services = services
    self.sink = sink
    guard plan.resource.before != nil else {
      images = nil
      return
    }
    guard let path = part.undoLog else {
      throw OperationFailure(.fault, "'\(plan.destination) \(part.mapping)' has `before: save`, but no file for what it saves")
    }
    images = BeforeImages(plan, services.engine, path: path)
  }

  private var engine: HTTPEngine { services.engine }
  private var journal: any Journal { services.journal }
  private var states: any StateStore { services.states }

  func open(_ part: LoadPart, _ lease: LeaseHolder) async throws -> HTTPLoadSession {
    let writer = JournalWriter(journal, under: lease, calls: plan.document.concurrent)
    try await checkAddress()
    try await openAdapter()
    let (journal, scope, address) = (journal, plan.scope, plan.address)
    let others = try await BlockingWork.perform { try journal.describe(scope, address: address) }
    let reports = LoadReports(plan, lease, states)
    let wasInterrupted = try await reports.begin()
    var (blocked, unreported) = try await resolveOpenIntents(writer)
    unreported.all = wasInterrupted
    let findsFirst = try await acquaint(writer, lease)
    try await Self.save(Self.address(of: scope), plan.document.identity, lease, states)
    let lostParents = plan.adapter == nil || plan.parents.isEmpty ? nil : LostParents(plan, services)
    let load = PartLoad(
      plan, engine, journal: journal, writer: writer, sink: sink, bodies: bodies, images: images, lostParents: lostParents,
      findsFirst: findsFirst,
      // The reasons that an interrupted load was given may be in no ledger.
      resendsRefused: services.resendsRefused || wasInterrupted, blocked: blocked, unreported: unreported)
    return HTTPLoadSession(
      load, OutgoingRecords(plan, key: part.key, bodies), lease: lease,
      // Warnings about records outside this run still have to be reported.
      reports: part.isNarrowed && !unreported.isEmpty ? nil : reports, workers: workers, warnings: warnings(about: others))
  }

  /// How many calls may have an intent at the same time. Most of them wait for the journal or for the gate, so that the destination
  /// is busy while the journal syncs. If the process dies, nobody knows that those at the gate were never sent: where nothing can
  /// resolve that, a call gets its intent only when the gate can let it through.
  private var workers: Int {
    let resolves = engine.document.idempotency != nil || plan.resource.find != nil
    return (resolves ? 3 : 1) * engine.document.concurrent
  }

  var bodies: BodyWriter {
    BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items)
  }

  /// - Returns: the keys whose earlier calls still have no known result, each with the reason; and what was found out about the
  ///   records of resolved calls.
  func resolveOpenIntents(
    _ writer: JournalWriter
  ) async throws -> (blocked: [Name: String], unreported: PartLoad.Unreported) {
    let (journal, scope) = (journal, plan.scope)
    let resolver = PartLoad(
      plan, engine, journal: journal, writer: writer, sink: SilentSink(), bodies: bodies, images: images,
      resolvesOnly: true)
    let intents = try await BlockingWork.perform { try journal.openIntents(scope) }
    try await resolver.resolve(intents)
    return (resolver.blocked, resolver.unreported)
  }

  func hasOpenIntents() async throws -> Bool {
    let (journal, scope) = (journal, plan.scope)
    return try await BlockingWork.perform { try !journal.openIntents(scope).isEmpty }
  }

  /// The IDs in a journal mean nothing at another destination.
  func checkAddress() async throws {
    let (states, name) = (states, Self.address(of: plan.scope))
    guard let saved = try await BlockingWork.perform({ try states.checkpoint(name) }) else { return }
    let (old, new) = (String(decoding: saved, as: UTF8.self), plan.document.identity)
    guard !old.isExactly(new), try await hasBegun() else { return }
    throw OperationFailure(
      .configuration,
      "the journal of '\(plan.destination) \(plan.scope.mapping)' is for \(old), but \(plan.document.identityKeys) now \(new): give the destination another name if it is a different system; if it is the same one, run `waybill journal rebuild`"
    )
  }

  /// Before anything else is done with the part. A destination that is not in use is not read.
  ///
  /// - Throws: `OperationFailure` with the code `configuration`; what the journal throws.
  func openAdapter() async throws {
    guard let adapter = plan.adapter, engine.gate.stopped == nil else { return }
    do { try await adapter.open(plan, engine, journal) } catch let failure as OperationFailure
      where failure.code != .configuration && failure.code != .stateHeld
    {
      engine.gate.stop(failure)
    }
  }

  /// Another pipeline, or another mapping, loads to the same address.
  private func warnings(about others: [JournalScope]) -> [String] {
    var warnings: [String] = []
    for other in others {
      guard let effect = plan.effect(of: other) else { continue }
      let warning =
        "'\(plan.destination) \(plan.scope.mapping)': the mapping '\(other.mapping)' of the pipeline '\(other.pipeline)' loads to the same address; \(effect)"
      // It may read several locations.
      if !warnings.contains(exactly: warning) { warnings.append(warning) }
    }
    return warnings
  }

  func hasBegun() async throws -> Bool {
    let (journal, scope) = (journal, plan.scope)
    return try await BlockingWork.perform { try journal.hasBegun(scope) }
  }

  // MARK: The first load

  /// The checkpoint with the base URL of the destination that the journal knows.
  private static func marker(of scope: JournalScope) -> Name { scope.checkpoint("load known") }

  /// The checkpoint with the base URL that the journal is about.
  private static func address(of scope: JournalScope) -> Name { scope.baseURL }

  private static func save(_ name: Name, _ text: String, _ lease: LeaseHolder, _ states: any StateStore) async throws {
    let held = lease.current
    try await BlockingWork.perform { try states.save([Checkpoint(name, Array(text.utf8))], under: held) }
  }

  /// The journal knows what the destination has: from now on, a record that it does not know is not there.
  static func remember(_ plan: PartPlan, _ lease: LeaseHolder, _ states: any StateStore) async throws {
    try await save(address(of: plan.scope), plan.document.identity, lease, states)
    try await save(marker(of: plan.scope), plan.document.identity, lease, states)
  }

  /// How a load finds out what the destination already has.
  enum Acquaintance: Sendable {
    /// The journal knows it, or the user has confirmed that there is nothing.
    case known
    /// From the destination's list of records.
    case list(ListDocument)
    /// Each record that the journal does not know is looked up first: without a list, no number of lookups shows everything that is
    /// there.
    case find
  }

  /// A new state, or one that replaces a lost one, does not say what the destination has. What exists must not be created again.
  ///
  /// - Returns: whether each record has to be looked up first.
  private func acquaint(_ writer: JournalWriter, _ lease: LeaseHolder) async throws -> Bool {
    // Nothing is sent to a destination that is not in use.
    if engine.gate.stopped != nil { return false }
    switch try await acquaintance() {
    case .known: return false
    case .find: return true
    case .list(let list):
      do {
        _ = try await JournalRebuild(plan: plan, engine: engine).run(list, writer)
        try await Self.remember(plan, lease, states)
      } catch let failure as OperationFailure where failure.code != .stateHeld {
        engine.gate.stop(failure)
      }
      return false
    }
  }

  /// - Throws: `OperationFailure` if there is no way to find out.
  func acquaintance() async throws -> Acquaintance {
    let (states, scope) = (states, plan.scope)
    let address = Array(plan.document.identity.utf8)
    // Another address, which is accepted as long as nothing has been loaded, is another system.
    if try await BlockingWork.perform({ try states.checkpoint(Self.marker(of: scope)) == address }) { return .known }
    if let list = plan.resource.list { return .list(list) }
    if plan.resource.find != nil { return .find }
    guard try await hasBegun() || services.isFirstLoad else {
      throw OperationFailure(
        .configuration,
        "it is not known which records of '\(plan.scope.mapping)' are already at '\(plan.destination)': the journal is empty, and the pipeline has neither `find` nor `list`, so every record would be created; if none of them exist there, confirm that with \(CommandOption.firstLoad)"
      )
    }
    return .known
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

/// Discards the outcomes of earlier runs' records, which those runs have already counted as pending.
struct SilentSink: OutcomeSink {
  func report(_ ordinal: UInt64, _ outcome: LoadOutcome) {}
  func warn(_ warning: LoadWarning) {}
  func explain(_ ordinal: UInt64, _ problem: LoadProblem) {}
}
