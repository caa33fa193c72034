import Control
package import Core
package import Extract
import GHL
import HTTP
package import PipelineFile
import Records

/// Estimates what an extraction would fetch and cost.
package struct PlanEngine: Sendable {
  package struct Report: Sendable {
    package var plan: PipelinePlan?
    package var diagnostics = Diagnostics()
    package var failure: OperationFailure?

    package var exitCode: ExitCode { failure?.exitCode ?? .done }

    /// What `waybill plan --summary` writes: the plan, and how it ended.
    package var json: JSONValue {
      var members = plan?.json.objectValue ?? []
      members.append(.init("exit_code", .number(Int(exitCode.rawValue))))
      if let failure { members.append(.init("message", .string(failure.description))) }
      return .object(members)
    }
  }

  private let document: PipelineDocument
  private let options: SourceOptions
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: SourceOptions, observer: any RunObserver = SilentObserver()) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// Asks the API how many records there are and how much quota is left: the list of businesses, and a small call for the
  /// location and for each of a few businesses. For a GHL destination, finds out whether the token has the scopes.
  /// Unless `asksSource`, counts in the newest snapshot. Never throws, and writes no state.
  package func run(asksSource: Bool = true) async -> Report {
    var report = Report()
    let compilation: PipelineCompilation
    do {
      try options.checkBudget(of: document)
      try NamedSecrets(document: document, options: options).checkBeforeRun()
      compilation = try await PipelineCompilation.compile(document, options: options, diagnostics: &report.diagnostics)
    } catch {
      report.failure = OperationFailure(error)
      return report
    }
    let targets = PlannedTarget.all(document, options, compilation)
    let gates = LocationGates(requests: options.requestBudget)
    let destinations = RunDestinations(
      run: "plan", RunEngine.Options(source: options), observer: observer, gates: gates)
    do {
      if asksSource {
        for target in targets { try await destinations.prove(target.document, target.fields) }
      }
      var ground =
        switch document.source {
        case .ghl(let source): try await plan(source, compilation, asksSource: asksSource, gates)
        case .files(let format, let files): try await plan(files, format, compilation)
        case .snapshot: try planSnapshot(compilation)
        }
      for target in targets {
        let quota = asksSource ? await destinations.gate(target.ghl).quota : nil
        ground.add(target, quota: quota)
      }
      report.plan = ground.planned(options.requestBudget)
    } catch {
      report.failure = OperationFailure(error)
    }
    await destinations.close()
    return report
  }

  private func plan(_ files: [EntityFile], _ format: SourceFormat, _ compilation: PipelineCompilation) async throws
    -> PlanGround
  {
    let wanted = Set(compilation.needs.map(\.entity))
    let limit = options.limit
    return plan(
      try await OwnThread.result {
        try files.filter { wanted.contains($0.entity) }.map {
          try PlannedFile($0, format: format, reading: compilation.reading(of: $0.entity), limit: limit)
        }
      })
  }

  /// From the manifest: the records themselves are not read.
  private func planSnapshot(_ compilation: PipelineCompilation) throws -> PlanGround {
    let choice = SourceStage(document: document, options: options, observer: observer).choice(for: compilation)
    let snapshot = try choice?.fitting(compilation.needs)
    let wanted = Set(compilation.needs.map(\.entity))
    return plan(snapshot.map { PlannedFile.files(of: $0, limit: options.limit).filter { wanted.contains($0.entity) } } ?? [])
  }

  private func plan(_ files: [PlannedFile]) -> PlanGround {
    let plan = PipelinePlan(
      pipeline: document.name, shards: [], calls: [], files: files, contacts: 0, businesses: 0, basis: .files, warnings: [])
    return PlanGround(
      plan: plan, locations: [PlannedLocation(shard: "files", location: "files")],
      records: Dictionary(files.compactMap { file in file.records.map { (Name(file.entity), $0) } }) { first, _ in first })
  }

  /// The basis of the figures.
  private struct Size {
    var location = LocationSize(businesses: 0, members: [], outside: 0, total: 0)
    var basis = PipelinePlan.Basis.unknown
    var quota = Quota()
    var warnings: [String] = []
  }

  /// Up to this many businesses are counted one by one; for more, the location's total is used.
  private static let askedAtMost = 50

  private func plan(
    _ source: GHLSourceDocument, _ compilation: PipelineCompilation, asksSource: Bool, _ gates: LocationGates
  ) async throws -> PlanGround {
    let fetch = SourceStage.plan(source, options, compilation)
    let location = options.location ?? source.location
    let known = options.state.latestSnapshot(of: location, businesses: options.businesses ?? source.businesses)
    let size = asksSource ? try await ask(source, fetch, gates) : try known.map { try lookUp($0, source) } ?? Size()
    let estimate = fetch.estimatedRequests(size.location, limit: options.limit)
    let calls = FetchCall.allCases.compactMap { call in
      estimate.calls[call].map { PipelinePlan.Call(call: call, requests: $0, reasons: fetch.reasons[call] ?? []) }
    }
    let plan = PipelinePlan(
      pipeline: document.name, shards: [], calls: calls, contacts: estimate.contacts, businesses: size.location.members.count,
      basis: size.basis, warnings: fetch.warnings + size.warnings)
    let own = PlannedLocation(
      shard: location, location: location, address: try? ServerAddress(source.baseURL ?? GHLConfiguration.defaultBaseURL),
      requests: estimate.total, quota: size.quota, isAsked: size.basis == .api, dailyPercent: source.dailyPercent)
    let isCut = estimate.contacts < fetch.estimatedRequests(size.location).contacts
    var records = known.map { counts(in: $0, of: options.businesses ?? source.businesses, isCut: isCut) } ?? [:]
    if plan.isCounted { (records["contact"], records["business"]) = (estimate.contacts, size.location.businesses) }
    return PlanGround(plan: plan, locations: [own], records: records)
  }

  /// How much there is besides contacts and businesses, which is known only from a snapshot of the contacts that would be read.
  ///
  /// - Parameter isCut: not all contacts of the businesses would be read.
  private func counts(in known: Snapshot, of businesses: [String]?, isCut: Bool) -> [Name: Int] {
    let counts = known.manifest.entities.mapValues(\.count)
    let hasMore = isCut || businesses != nil && known.manifest.businesses == nil
    // Only users do not belong to contacts.
    return hasMore ? counts.filter { $0.key == "user" } : counts
  }

  private func lookUp(_ known: Snapshot, _ source: GHLSourceDocument) throws -> Size {
    Size(
      location: try known.size(businesses: options.businesses ?? source.businesses), basis: .snapshot, quota: known.manifest.quota
    )
  }

  private func ask(_ source: GHLSourceDocument, _ fetch: FetchPlan, _ gates: LocationGates) async throws -> Size {
    let client = try SourceStage.client(of: document, source, options, observer, gates)
    do {
      let size = try await ask(client, options.businesses ?? source.businesses, fetch)
      await client.close()
      return size
    } catch {
      await client.close()
      throw error
    }
  }

  private func ask(_ client: GHLClient, _ wanted: [String]?, _ fetch: FetchPlan) async throws -> Size {
    let found = try await client.list(.businesses).compactMap { record in
      record.id.map { (id: $0, name: (try? JSONReader.read(record.line))?["name"]?.stringValue ?? "") }
    }
    let ids = try BusinessChoice.ids(of: wanted, among: found)
    let total = try await client.claimedContacts()
    var size = Size(basis: .api)
    // Contacts without a business are those in none of the businesses.
    let asked = fetch.withoutBusiness == .include ? found.map(\.id) : ids
    var counts: [String: Int] = [:]
    if asked.count <= Self.askedAtMost {
      for id in asked { counts[id] = try await client.claimedContacts(ofBusiness: id) }
    }
    if counts.count == asked.count {
      let members = ids.map { counts[$0] ?? 0 }
      let inside = counts.values.reduce(0, +)
      size.location = LocationSize(
        businesses: found.count, members: members, outside: max(0, (total ?? inside) - inside), total: max(total ?? 0, inside))
    } else {
      let share = (total ?? 0) / max(1, found.count)
      var members = ids.map { _ in share }
      // The rest of the division.
      if !members.isEmpty, ids.count == found.count { members[0] += (total ?? 0) - share * found.count }
      size.location = LocationSize(businesses: found.count, members: members, outside: 0, total: total ?? 0)
      size.warnings = [
        "the businesses were not counted one by one: the figures are shares of all \(total ?? 0) contacts of the "
          + "location, including those that belong to no business"
      ]
    }
    size.quota = await client.quota
    return size
  }
}
