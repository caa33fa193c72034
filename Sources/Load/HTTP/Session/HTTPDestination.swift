import Control
package import Core
import HTTP

/// A web API that takes records through its own requests. Incremental: each record arrives on its own, and its outcome is known
/// when the response to its request is.
///
/// Exactly once: an intent is durable in the journal before a byte of a request leaves, and a call whose result is not known is
/// resolved before anything else is sent for its records (`CallFlow`).
package struct HTTPDestination: Destination {
  /// What its parts share. Safe to use from many tasks.
  package struct Services: Sendable {
    package var engine: HTTPEngine
    package var journal: any Journal
    package var states: any StateStore
    /// For people: who loads.
    package var owner: String
    /// The destination has none of the records yet, although it offers no way to find out.
    package var isFirstLoad: Bool
    /// Also sends records that the destination has refused and that have not changed since.
    package var resendsRefused: Bool

    package init(
      engine: HTTPEngine, journal: any Journal, states: any StateStore, owner: String, isFirstLoad: Bool = false,
      resendsRefused: Bool = false
    ) {
      self.engine = engine
      self.journal = journal
      self.states = states
      self.owner = owner
      self.isFirstLoad = isFirstLoad
      self.resendsRefused = resendsRefused
    }
  }

  package let name: String
  package let traits = DestinationTraits(delivery: .incremental)
  let document: HTTPDocument
  private let environment: [String: String]
  let services: @Sendable () throws -> Services
  /// What has been predicted for its mappings, which others refer to.
  private let parents = ForecastParents()

  /// - Parameter services: opens them, or returns those that are open; not called before `begin`.
  package init(
    name: String, _ document: HTTPDocument, environment: [String: String], services: @escaping @Sendable () throws -> Services
  ) {
    self.name = name
    self.document = document
    self.environment = environment
    self.services = services
  }

  package func check(_ part: LoadPart) throws(OperationFailure) {
    if !part.columns.isEmpty { _ = try PartPlan(part, destination: name, document) }
    switch document.authorization?.secret {
    // A program is run only when its secret is needed.
    case nil, .command?: return
    case let reference?: _ = try reference.resolve(environment: environment)
    }
  }

  package func prove(_ fields: [Name: [[String]]]) async throws {
    guard document.proof != nil else { return }
    try await services().engine.prove(fields)
  }

  package func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession {
    let plan = try PartPlan(part, destination: name, document)
    let services = try services()
    let lease = try await LeaseHolder(
      plan.lease, owner: services.owner, target: "'\(name) \(part.mapping)'",
      states: services.states)
    do {
      if let deletion = plan.resource.deletion {
        return try await DeletionSession(plan, part, deletion, services, sink: sink, lease)
      }
      return try await PartOpening(plan, part, services, sink: sink).open(part, lease)
    } catch {
      await lease.release()
      throw error
    }
  }

  package func forecast(
    _ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink
  ) async throws -> any LoadSession {
    let plan = try PartPlan(part, destination: name, document)
    if let deletion = plan.resource.deletion {
      return try await DeletionForecast(plan, part, deletion, try services(), to: sink)
    }
    let world = ForecastWorld(plan, try services(), parents, request, count: part.count)
    try await world.open(part)
    let bodies = BodyWriter(plan.resource.body, columns: plan.columns, items: plan.resource.batch?.items)
    return HTTPForecast(world, part, request, bodies, parents, to: sink)
  }
}

extension HTTPDestination {
  package func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)? {
    HTTPTotals(part, try PartPlan(part, destination: name, document), options)
  }

  package func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    let plan = try PartPlan(part, destination: name, document)
    if plan.resource.deletion != nil { return DeletionComparison() }
    try HTTPComparison.check(plan, part, options)
    let services = try services()
    let lease = try await LeaseHolder(
      plan.lease, owner: services.owner, target: "'\(name) \(part.mapping)'",
      states: services.states)
    do {
      let opening = PartOpening(reading: plan, services: services)
      try await opening.checkAddress()
      try await opening.openAdapter()
      return try await HTTPComparison(part, plan, services, options, lease)
    } catch {
      await lease.release()
      throw error
    }
  }

  /// Reads everything that the destination has of a mapping into the journal.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  package func rebuildJournal(_ part: LoadPart) async throws -> DestinationListing.Counts {
    let plan = try PartPlan(part, destination: name, document)
    guard let list = plan.resource.list else {
      if plan.adapter != nil {
        throw OperationFailure(
          .configuration, "the journal of '\(name)' needs no rebuilding: a run looks up each record that it does not know")
      }
      throw OperationFailure(
        .configuration, "'\(name)' has no `list` for '\(part.mapping)', so what it has is unknown: add one to the pipeline")
    }
    let services = try services()
    let lease = try await LeaseHolder(
      plan.lease, owner: services.owner, target: "'\(name) \(part.mapping)'",
      states: services.states)
    do {
      let opening = try PartOpening(plan, part, services, sink: SilentSink())
      let writer = JournalWriter(services.journal, under: lease, calls: plan.document.concurrent)
      // The next load reports the fields that the calls resolved here did not apply.
      if try await opening.hasOpenIntents() { _ = try await LoadReports(plan, lease, services.states).begin() }
      _ = try await opening.resolveOpenIntents(writer)
      let calls = try await opening.callsToList()
      let counts = try await JournalRebuild(plan: plan, engine: services.engine).run(list, writer, resolving: calls)
      try await PartOpening.remember(plan, lease, services.states)
      await lease.release()
      return counts
    } catch {
      await lease.release()
      throw error
    }
  }
}
