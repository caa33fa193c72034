import Control
import Core
import Extract
import FoundationEssentials
package import GHL
import HTTP
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

  /// Never throws: the result has the failure.
  func read(_ compilation: PipelineCompilation) async -> Result {
    do {
      if let id = options.snapshot { return try open(id, compilation.needs) }
      switch document.source {
      case .snapshot(let id): return try open(id, compilation.needs)
      case .files(let format, let files): return try copy(files, format, compilation)
      case .ghl(let source): return try await extract(source, compilation)
      }
    } catch {
      return Result(failure: OperationFailure(error))
    }
  }

  /// The location whose part of a snapshot is read; nil: the only one.
  private var location: String? {
    switch document.source {
    case .ghl(let source): options.location ?? source.location
    case .files: SnapshotImport.location
    case .snapshot: options.shard
    }
  }

  private func open(_ id: String, _ needs: [EntityNeed]) throws -> Result {
    let reader = SnapshotReader(root: options.state.snapshots, formats: document.formats)
    let snapshot: Snapshot
    if id == "latest" {
      snapshot = try latest(reader, needs)
    } else if let location {
      snapshot = try reader.snapshot(id, location: location)
    } else {
      guard let part = reader.parts(of: id).first else { throw reader.failures(of: id).first ?? missing(id) }
      snapshot = part
    }
    guard snapshot.manifest.isComplete else {
      let why = snapshot.manifest.failure.map { " (\($0))" } ?? ""
      throw OperationFailure(.inputMissing, "snapshot \(snapshot.id) is not complete\(why): run `waybill extract` again")
    }
    try SnapshotFit.check(snapshot, needs, selection: document.selection)
    try snapshot.verify()
    return Result(snapshot: snapshot, problems: try snapshot.problems())
  }

  /// The newest complete one that has what the mappings read: snapshots extracted for other mappings are skipped. If none has
  /// everything, the failure is about the newest.
  private func latest(_ reader: SnapshotReader, _ needs: [EntityNeed]) throws -> Snapshot {
    // A snapshot that this version cannot read may be the newest: using an older one instead would be silently wrong.
    let unreadable = reader.unreadable
    if let newer = unreadable.first(where: { $0.code == .newerFormat }) { throw newer }
    for failure in unreadable { observer.receive(.snapshotSkipped(failure)) }
    var newest: Snapshot?
    for snapshot in reader.parts(ofLocation: location) where isWhole(snapshot.manifest) {
      newest = newest ?? snapshot
      let isThere = needs.allSatisfy { snapshot.records(of: $0.entity) != nil }
      if isThere, (try? SnapshotFit.check(snapshot, needs, selection: document.selection)) != nil { return snapshot }
    }
    guard let newest else {
      let whose = location.map { " of location \($0)" } ?? ""
      throw missing("no complete one\(whose); a narrowed one must be named by its ID")
    }
    return newest
  }

  private func isWhole(_ manifest: SnapshotManifest) -> Bool {
    manifest.isComplete && manifest.narrowing(for: document.source) == nil
  }

  private func missing(_ what: String) -> OperationFailure {
    OperationFailure(.inputMissing, "there is no snapshot (\(what)) in \(options.state.snapshots): run `waybill extract` first")
  }

  private func copy(
    _ files: [EntityFile], _ format: SourceFormat, _ compilation: PipelineCompilation
  ) throws -> Result {
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
    let client = try Self.client(of: document, source, options, observer)
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
  /// - Throws: `OperationFailure`, `GHLFailure`, and as `NamedSecrets.check`.
  static func client(
    of document: PipelineDocument, _ source: GHLSourceDocument, _ options: SourceOptions, _ observer: any RunObserver
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
      budget: RequestBudget(requests: options.requestBudget, dailyPercent: source.dailyPercent))
    source.requests.apply(to: &configuration)
    try NamedSecrets(document: document, options: options).check()
    return try GHLClient(configuration, observer: observer)
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
