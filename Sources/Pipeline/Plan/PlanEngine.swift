import Control
package import Core
import Extract
import GHL

/// Says what an extraction would fetch and cost.
package struct PlanEngine: Sendable {
  package struct Report: Sendable {
    package var plan: PipelinePlan?
    package var diagnostics = Diagnostics()
    package var failure: PipelineFailure?

    package var exitCode: ExitCode { failure?.exitCode ?? .done }
  }

  private let document: PipelineDocument
  private let options: SourceOptions
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: SourceOptions, observer: any RunObserver = SilentObserver()) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// Counts contacts and businesses in the newest snapshot, and else, where `asksSource`, asks the API: one call for the
  /// contacts, and the list of businesses. Never throws.
  package func run(asksSource: Bool = true) async -> Report {
    var report = Report()
    let compilation = PipelineCompilation.compile(document, mappings: options.mappings)
    report.diagnostics = compilation.diagnostics
    guard !report.diagnostics.hasErrors else {
      report.failure = PipelineFailure(.wrongFile, "the pipeline's files have errors: `waybill check` shows them")
      return report
    }
    guard case .ghl(let source) = document.source else {
      report.plan = PipelinePlan(
        pipeline: document.name, shards: [.init(shard: "files", location: "files", requests: 0, seconds: 0, fits: true)],
        calls: [], contacts: 0, businesses: 0, basis: .files, warnings: [])
      return report
    }
    do {
      report.plan = try await plan(source, compilation, asksSource: asksSource)
    } catch {
      report.failure = PipelineFailure(error)
    }
    return report
  }

  private struct Size {
    var contacts = 0
    var businesses = 0
    var basis = PipelinePlan.Basis.unknown
    var dailyLimit: Int?
    var remaining: Int?
  }

  private func plan(_ source: GHLSourceDocument, _ compilation: PipelineCompilation, asksSource: Bool) async throws
    -> PipelinePlan
  {
    let fetch = SourceStage.plan(source, options, compilation)
    let location = options.location ?? source.location
    var size = Size()
    if let known = options.state.latestSnapshot(
      of: location, businesses: options.businesses ?? source.businesses)
    {
      size = Size(
        contacts: known.manifest.entities["contact"]?.expected ?? 0, businesses: known.manifest.entities["business"]?.count ?? 0,
        basis: .snapshot, dailyLimit: known.manifest.quota.dailyLimit)
    } else if asksSource {
      size = try await ask(source)
    }
    let contacts = min(size.contacts, options.limit ?? .max)
    let estimate = fetch.estimatedRequests(contacts: contacts, businesses: size.businesses)
    let calls = FetchCall.allCases.compactMap { call in
      estimate.calls[call].map { PipelinePlan.Call(call: call, requests: $0, reasons: fetch.reasons[call] ?? []) }
    }
    let fits = size.remaining.map { remaining in
      let reserve = size.dailyLimit.map { Double($0) * (100 - (source.dailyPercent ?? 100)) / 100 } ?? 0
      return Double(estimate.total) <= Double(remaining) - reserve
    }
    return PipelinePlan(
      pipeline: document.name,
      shards: [.init(shard: location, location: location, requests: estimate.total, seconds: estimate.seconds(), fits: fits)],
      calls: calls, contacts: contacts, businesses: size.businesses, basis: size.basis, dailyLimit: size.dailyLimit,
      dailyRemaining: size.remaining, dailyPercent: source.dailyPercent, warnings: fetch.warnings)
  }

  private func ask(_ source: GHLSourceDocument) async throws -> Size {
    let client = try SourceStage.client(source, options, observer)
    do {
      var search = ContactSearch()
      let contacts = try await search.next(client)?.claimed ?? 0
      let businesses = try await client.list(.businesses).count
      let quota = await client.quota
      await client.close()
      return Size(
        contacts: contacts, businesses: businesses, basis: .api, dailyLimit: quota.dailyLimit, remaining: quota.remaining)
    } catch {
      await client.close()
      throw error
    }
  }
}
