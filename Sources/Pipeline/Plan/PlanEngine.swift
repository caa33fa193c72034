import Control
package import Core
package import Extract
import GHL
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
  /// location and for each of a few businesses. Unless `asksSource`, counts in the newest snapshot. Never throws.
  package func run(asksSource: Bool = true) async -> Report {
    var report = Report()
    let compilation: PipelineCompilation
    do {
      try NamedSecrets(document: document, options: options).checkBeforeRun()
      compilation = try await PipelineCompilation.compile(document, options: options, diagnostics: &report.diagnostics)
    } catch {
      report.failure = OperationFailure(error)
      return report
    }
    do {
      switch document.source {
      case .ghl(let source): report.plan = try await plan(source, compilation, asksSource: asksSource)
      case .files(let format, let files): report.plan = try await plan(files, format, compilation)
      case .snapshot: report.plan = try planSnapshot(compilation)
      }
    } catch {
      report.failure = OperationFailure(error)
    }
    return report
  }

  private func plan(_ files: [EntityFile], _ format: SourceFormat, _ compilation: PipelineCompilation) async throws
    -> PipelinePlan
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
  private func planSnapshot(_ compilation: PipelineCompilation) throws -> PipelinePlan {
    let choice = SourceStage(document: document, options: options, observer: observer).choice(for: compilation)
    let snapshot = try choice?.fitting(compilation.needs)
    let wanted = Set(compilation.needs.map(\.entity))
    return plan(snapshot.map { PlannedFile.files(of: $0, limit: options.limit).filter { wanted.contains($0.entity) } } ?? [])
  }

  private func plan(_ files: [PlannedFile]) -> PipelinePlan {
    PipelinePlan(
      pipeline: document.name, shards: [.init(shard: "files", location: "files", requests: 0, seconds: 0, fits: true)],
      calls: [], files: files, contacts: 0, businesses: 0, basis: .files, warnings: [])
  }

  /// The basis of the figures.
  private struct Ground {
    var size = LocationSize(businesses: 0, members: [], outside: 0, total: 0)
    var basis = PipelinePlan.Basis.unknown
    var quota = Quota()
    var warnings: [String] = []
  }

  /// Up to this many businesses are counted one by one; for more, the location's total is used.
  private static let askedAtMost = 50

  private func plan(_ source: GHLSourceDocument, _ compilation: PipelineCompilation, asksSource: Bool) async throws
    -> PipelinePlan
  {
    let fetch = SourceStage.plan(source, options, compilation)
    let location = options.location ?? source.location
    let ground = asksSource ? try await ask(source, fetch) : try lookUp(location, source)
    let estimate = fetch.estimatedRequests(ground.size, limit: options.limit)
    let calls = FetchCall.allCases.compactMap { call in
      estimate.calls[call].map { PipelinePlan.Call(call: call, requests: $0, reasons: fetch.reasons[call] ?? []) }
    }
    let quota = ground.quota
    let seconds = estimate.seconds(perInterval: quota.burstLimit ?? 100, intervalSeconds: quota.burstSeconds ?? 10)
    return PipelinePlan(
      pipeline: document.name,
      shards: [
        .init(
          shard: location, location: location, requests: estimate.total, seconds: seconds,
          fits: fits(estimate.total, quota, source, ground.basis))
      ],
      calls: calls, contacts: estimate.contacts, businesses: ground.size.members.count, basis: ground.basis,
      dailyLimit: quota.dailyLimit, dailyRemaining: ground.basis == .api ? quota.remaining : nil,
      dailyPercent: source.dailyPercent, requestBudget: options.requestBudget, warnings: fetch.warnings + ground.warnings)
  }

  /// Whether the requests fit into `--budget`, and into the rest of the day's quota; nil: unknown.
  private func fits(_ requests: Int, _ quota: Quota, _ source: GHLSourceDocument, _ basis: PipelinePlan.Basis) -> Bool? {
    if let budget = options.requestBudget, requests > budget { return false }
    guard let limit = quota.dailyLimit else { return nil }
    let reserve = RequestBudget(dailyPercent: source.dailyPercent).reserve(ofDailyLimit: limit)
    // Not even a whole day's quota has that many.
    if requests > limit - reserve { return false }
    guard basis == .api, let remaining = quota.remaining else { return nil }
    return requests <= remaining - reserve
  }

  private func lookUp(_ location: String, _ source: GHLSourceDocument) throws -> Ground {
    let businesses = options.businesses ?? source.businesses
    guard let known = options.state.latestSnapshot(of: location, businesses: businesses) else { return Ground() }
    return Ground(size: try known.size(businesses: businesses), basis: .snapshot, quota: known.manifest.quota)
  }

  private func ask(_ source: GHLSourceDocument, _ fetch: FetchPlan) async throws -> Ground {
    let client = try SourceStage.client(of: document, source, options, observer)
    do {
      let ground = try await ask(client, options.businesses ?? source.businesses, fetch)
      await client.close()
      return ground
    } catch {
      await client.close()
      throw error
    }
  }

  private func ask(_ client: GHLClient, _ wanted: [String]?, _ fetch: FetchPlan) async throws -> Ground {
    let found = try await client.list(.businesses).compactMap { record in
      record.id.map { (id: $0, name: (try? JSONReader.read(record.line))?["name"]?.stringValue ?? "") }
    }
    let ids = try BusinessChoice.ids(of: wanted, among: found)
    let total = try await client.claimedContacts()
    var ground = Ground(basis: .api)
    // Contacts without a business are those in none of the businesses.
    let asked = fetch.withoutBusiness == .include ? found.map(\.id) : ids
    var counts: [String: Int] = [:]
    if asked.count <= Self.askedAtMost {
      for id in asked { counts[id] = try await client.claimedContacts(ofBusiness: id) }
    }
    if counts.count == asked.count {
      let members = ids.map { counts[$0] ?? 0 }
      let inside = counts.values.reduce(0, +)
      ground.size = LocationSize(
        businesses: found.count, members: members, outside: max(0, (total ?? inside) - inside), total: max(total ?? 0, inside))
    } else {
      let share = (total ?? 0) / max(1, found.count)
      var members = ids.map { _ in share }
      // The rest of the division.
      if !members.isEmpty, ids.count == found.count { members[0] += (total ?? 0) - share * found.count }
      ground.size = LocationSize(businesses: found.count, members: members, outside: 0, total: total ?? 0)
      ground.warnings = [
        "the businesses were not counted one by one: the figures are shares of all \(total ?? 0) contacts of the "
          + "location, including those that belong to no business"
      ]
    }
    ground.quota = await client.quota
    return ground
  }
}
