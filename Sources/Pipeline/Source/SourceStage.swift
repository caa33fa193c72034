import Control
import Core
import Extract
import FoundationEssentials
package import GHL
import HTTP
import PipelineFile
import Records
import State

/// Provides the snapshot for a run: extracts it, copies files into one, or opens an existing one.
struct SourceStage: Sendable {
  struct Result: Sendable {
    var snapshot: Snapshot?
    var problems: [ExtractProblem] = []
    var quota = Quota()
    /// The source was not read to its end.
    var failure: OperationFailure?
  }

  let document: PipelineDocument
  let options: SourceOptions
  let observer: any RunObserver
  /// Shared by everything that makes requests to a location; nil: only the source is read.
  var gates: LocationGates?

  /// Never throws: the result has the failure.
  func read(_ compilation: PipelineCompilation) async -> Result {
    do {
      if let choice = choice(for: compilation) {
        let snapshot = try choice.verified(for: compilation.needs)
        return Result(snapshot: snapshot, problems: try snapshot.problems())
      }
      switch document.source {
      // It has been chosen.
      case .snapshot: return Result()
      case .files(let format, let files): return try copy(files, format, compilation)
      case .ghl(let source): return try await extract(source, compilation)
      }
    } catch {
      return Result(failure: OperationFailure(error))
    }
  }

  /// The snapshot that is read instead of the source: the one that the mappings were compiled against. Nil if none is.
  func choice(for compilation: PipelineCompilation) -> SnapshotChoice? {
    guard let choice = options.choice(for: document) else { return nil }
    if choice.id == "latest" {
      for failure in choice.reader.unreadable where failure.code != .newerFormat { observer.receive(.snapshotSkipped(failure)) }
    }
    return choice.pinned(to: compilation.snapshot)
  }

  private func copy(_ files: [EntityFile], _ format: SourceFormat, _ compilation: PipelineCompilation) throws -> Result {
    let wanted = Set(compilation.needs.map(\.entity))
    observer.stageBegan(.extract, of: "files", expected: files.count)
    defer { observer.stageEnded(.extract, of: "files") }
    let copies = files.filter { wanted.contains($0.entity) }.map { file in
      var reading = compilation.reading(of: file.entity)
      reading.file = file.reading
      return SnapshotImport.File(entity: file.entity, path: file.path, format: format, reading: reading)
    }
    return Result(snapshot: try SnapshotImport(root: options.state.snapshots, limit: options.limit).run(copies))
  }

  private func extract(_ source: GHLSourceDocument, _ compilation: PipelineCompilation) async throws -> Result {
    let client = try Self.client(of: document, source, options, observer, gates)
    let plan = Self.plan(source, options, compilation)
    let extractor = Extractor(
      client: client, plan: plan,
      options: .init(
        snapshots: options.state.snapshots, limit: options.limit, narrowing: options.narrowing(of: document)),
      observer: observer)
    let result = await extractor.run()
    await client.close()
    return Result(
      snapshot: result.snapshot, problems: result.problems + result.notes, quota: result.quota,
      failure: result.failure.map { OperationFailure($0) })
  }

  /// A client for the pipeline's location. Call `close()` at the end.
  ///
  /// - Parameter gates: with the request budget of the options; nil: the client's own.
  /// - Throws: `OperationFailure`, `GHLFailure`, and as `NamedSecrets.check`.
  static func client(
    of document: PipelineDocument, _ source: GHLSourceDocument, _ options: SourceOptions, _ observer: any RunObserver,
    _ gates: LocationGates? = nil
  ) throws -> GHLClient {
    var fallback: Secret?
    do throws(OperationFailure) {
      fallback = try source.fallback?.resolve(environment: options.environment)
    } catch {
      // The fallback is for token rotation; without it, only the token is used.
      observer.receive(.fallbackTokenMissing(error))
    }
    var configuration = GHLConfiguration(
      baseURL: source.baseURL ?? GHLConfiguration.defaultBaseURL, location: options.location ?? source.location,
      token: try source.token.resolve(environment: options.environment),
      fallbackToken: fallback,
      budget: RequestBudget(dailyPercent: source.dailyPercent))
    source.requests.apply(to: &configuration)
    try NamedSecrets(document: document, options: options).check()
    return try GHLClient(
      configuration, gates: gates ?? LocationGates(requests: options.requestBudget), observer: observer)
  }

  static func plan(_ source: GHLSourceDocument, _ options: SourceOptions, _ compilation: PipelineCompilation) -> FetchPlan {
    plan(source, businesses: options.businesses ?? source.businesses, compilation)
  }

  static func plan(_ source: GHLSourceDocument, businesses: [String]?, _ compilation: PipelineCompilation) -> FetchPlan {
    FetchPlan(
      needs: compilation.needs, catalog: SourceCatalogs.ghl(),
      withoutBusiness: source.withoutBusiness,
      businesses: businesses.map { .some($0) } ?? .all, locationNeeds: compilation.locationNeeds)
  }
}

extension RequestPatience {
  package func apply(to configuration: inout GHLConfiguration) {
    if let attempts { configuration.retry.maxAttempts = attempts }
    if let timeoutSeconds { configuration.timeout = .seconds(timeoutSeconds) }
    if let longestWaitSeconds { configuration.retry.longestWait = .seconds(longestWaitSeconds) }
  }
}
