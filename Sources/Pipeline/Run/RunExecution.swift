import Core
import Extract
import Files
import FoundationEssentials
import Records
import Report
import Transform
import Values

/// One execution of a pipeline: the order of its stages, and what is known so far.
final class RunExecution {
  let document: PipelineDocument
  let options: RunEngine.Options
  private(set) var observer: any RunObserver
  var summary: RunSummary
  var diagnostics = Diagnostics()
  var failures: [OperationFailure] = []
  var folder: String?
  var staged: [StagedMapping] = []
  var published: [String] = []
  /// Files in the run's folder that would have been published.
  var kept: [String] = []
  var state: (any RunStore)?
  /// Destination and mapping whose file has appeared.
  var appeared: Set<[Name]> = []
  var digestKey: DigestKey?
  /// Source records that could not be fetched.
  var refused = 0
  /// Those for entities that no mapping reads itself, so that no gate covers them: users, businesses.
  var refusedUnjudged = 0
  /// The location of the snapshot that was read.
  var snapshotLocation: String?
  /// What to wait for before the run is worth retrying.
  var pause: OperationFailure?
  /// The snapshot is complete: mappings can be run on it again.
  var hasSnapshot = false
  /// `--summary` does not name a file that the run reads or writes.
  var summaryIsClear = false
  /// `--summary` names a file that the run reads or writes: it is not written.
  var mayWriteSummary = true

  init(_ document: PipelineDocument, options: RunEngine.Options, observer: any RunObserver) {
    self.document = document
    self.options = options
    self.observer = observer
    let started = options.now()
    summary = RunSummary(run: RunIdentifier.make(at: started), pipeline: document.name, started: started.ISO8601Format())
    summary.narrowing = options.source.narrowing(of: document)
    summary.acceptedGates = options.acceptedGates
  }

  func run() async -> RunEngine.Report {
    var lock: StateLock?
    var ledger: RunLedgerWriter?
    do {
      try checkSummary()
      try NamedSecrets(document: document, options: options.source).checkBeforeRun()
      try options.source.check(against: document)
      try checkAcceptedGates()
      lock = try StateLock(folder: options.source.state.path)
      let opened = try options.source.state.openRuns()
      state = opened
      for id in try opened.markAbandonedRuns(finished: summary.started) { observer.note("run \(id) was interrupted") }
      summary.notes += FutureTimes.warnings(in: options.source.state, opened, now: options.now())
      StateCleanup(state: options.source.state, observer: observer).removeDead(keepingSnapshot: options.source.snapshot)
      let folder = try options.source.state.makeRun(summary.run)
      self.folder = folder
      try RunFolder(path: folder).begin(run: summary.run, pipeline: document.name, started: summary.started)
      observer = RunLog(path: "\(folder)/waybill.log", now: options.now, next: observer)
      digestKey = try options.source.state.digestKey()
      try opened.begin(RunRecord(id: summary.run, pipeline: document.name, started: summary.started))
      let writer = try RunLedgerWriter(run: summary.run, path: "\(folder)/ledger.ndjson", state: opened)
      ledger = writer
      try await stages(folder, writer)
    } catch {
      failures.append(OperationFailure(error))
    }
    end(state, ledger)
    settleStaging()
    withExtendedLifetime(lock) {}
    return RunEngine.Report(
      summary: summary, diagnostics: diagnostics, folder: folder, published: published, kept: kept, pause: pause,
      hasSnapshot: hasSnapshot)
  }

  private func checkSummary() throws {
    guard let path = options.summaryPath else { return }
    do { try SummaryPlace.check(path, against: document, state: options.source.state.path) } catch {
      mayWriteSummary = false
      throw error
    }
  }

  private func stages(_ folder: String, _ ledger: RunLedgerWriter) async throws {
    var compilation = try await compile(customFields: nil)
    // Before any request: an hour of requests would be lost if the results could not be written.
    let names = compilation.units.compactMap { $0.model?.name }
    try NamedSecrets(document: document, options: options.source, mappingNames: names).check()
    try checkOutputs(names)
    for destination in destinations where names.contains(where: { destination.takes($0) }) {
      _ = try RunFolder(path: folder).makeFolder(of: destination.name)
    }
    removeLeftovers(compilation)
    let source = await time("extract") {
      await SourceStage(document: document, options: options.source, observer: observer).read(compilation)
    }
    summary.snapshot = source.snapshot?.id
    snapshotLocation = source.snapshot?.location
    hasSnapshot = source.snapshot?.manifest.isComplete ?? false
    if let snapshot = source.snapshot, readsSnapshot {
      summary.narrowing = options.source.narrowing(of: document, reading: snapshot)
    }
    summary.outsideBusinesses = source.snapshot?.manifest.outsideBusinesses
    summary.leftOut = source.snapshot?.manifest.leftOut ?? [:]
    summary.requests = source.quota
    if let snapshot = source.snapshot, let fields = try snapshot.customFields() {
      // The definitions are available now: check what reads them before it is used.
      compilation = try await compile(customFields: fields)
    }
    let programs = Result { try makePrograms(compilation, source.snapshot, folder) }
    for problem in source.problems { try note(problem, ledger) }
    if let snapshot = source.snapshot { try noteLeftOut(snapshot, ledger) }
    // It also explains why a program lacks records of the snapshot.
    if let failure = source.failure { throw failure }
    try programs.get()
    guard let snapshot = source.snapshot else { throw OperationFailure(.fault, "the source produced no snapshot") }
    // With the snapshot's location, which is known only now.
    try checkOutputs(staged.map(\.name))
    try await time("transform") { try await transform(snapshot, ledger) }
    let isWanted = try judge() && !options.isDryRun && (summary.narrowing == nil || options.publishesPartial)
    try time("load") { try publish(ledger, atPaths: isWanted) }
  }

  private func compile(customFields: [CustomFieldDefinition]?) async throws -> PipelineCompilation {
    try await PipelineCompilation.compile(
      document, options: options.source, customFields: customFields, diagnostics: &diagnostics)
  }

  private func makePrograms(_ compilation: PipelineCompilation, _ snapshot: Snapshot?, _ folder: String) throws {
    let manifest = snapshot?.manifest
    let context = ProgramContext(
      locationZone: manifest?.timezone, locationRegion: manifest?.country, customFields: try snapshot?.customFields(),
      entityTables: try EntityLookupLoader.tables(for: compilation.units.compactMap(\.model)) { snapshot?.records(of: $0) },
      now: options.moment ?? summary.started)
    staged = try compilation.units.compactMap { unit in
      try unit.model.map { StagedMapping(try Program($0, context: context), folder: "\(folder)/staging") }
    }
    for mapping in staged {
      guard let entity = manifest?.entities[mapping.entity] else { continue }
      mapping.input = snapshot?.records(of: mapping.entity)
      // The number of records read from an existing snapshot, or fetched from a source.
      let most = readsSnapshot ? options.source.limit ?? .max : .max
      mapping.fetched = min(entity.count, most)
      mapping.expected = min(entity.expected, most)
      mapping.unknown = entity.unknown
    }
    guard !staged.isEmpty else { return }
    let mappings = compilation.units.compactMap { unit in unit.model.map { (name: $0.name, path: unit.reference.path) } }
    let sources = compilation.diagnostics.files.filter { $0.key != Name(document.file) }
    try DefinitionCopies(of: mappings, sources: sources).write(to: RunFolder(path: folder).staging)
  }

  /// What could not be fetched, as a line of the ledger under each mapping that would have had it.
  private func note(_ problem: ExtractProblem, _ ledger: RunLedgerWriter) throws {
    if problem.severity == .error { refused += 1 }
    let mappings = staged.filter { $0.entity.isExactly(problem.entity) }
    if problem.severity == .error, mappings.isEmpty { refusedUnjudged += 1 }
    for name in mappings.isEmpty ? [nil] : mappings.map({ Optional($0.name) }) {
      try ledger.append(ExtractLedgerLine.json(problem, run: summary.run, mapping: name, time: summary.started))
    }
    for mapping in mappings { mapping.note(problem.code.slug, problem.severity) }
    try ledger.mark()
  }

  /// What the pipeline left out, as a line under each mapping that would have read it or something that belongs to it.
  private func noteLeftOut(_ snapshot: Snapshot, _ ledger: RunLedgerWriter) throws {
    for (reason, count) in snapshot.manifest.leftOut.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > 0 {
      for mapping in staged where LeftOut.entities.contains(mapping.entity) {
        try ledger.append(
          ExtractLedgerLine.json(
            reason, count: count, file: snapshot.outsidePath, run: summary.run, mapping: mapping.name, time: summary.started))
        mapping.note(ProblemCode.notExtracted.slug, .note)
      }
    }
    try ledger.mark()
  }

  private func transform(_ snapshot: Snapshot, _ ledger: RunLedgerWriter) async throws {
    for mapping in staged where mapping.input == nil {
      throw OperationFailure(
        .inputMissing, "snapshot \(snapshot.id) has no '\(mapping.entity)', which '\(mapping.name)' reads: run without --snapshot"
      )
    }
    let links = try MappingLinks(staged.map(\.program.model), folder: "\(folder ?? "")/staging")
    for index in links.order {
      let mapping = staged[index]
      guard let input = mapping.input else { continue }
      let encoder = encoder(of: mapping, input: input.name)
      var writer = StagingWriter(
        mapping: mapping, encoder: encoder, ledger: ledger, observer: observer, threads: options.threads)
      writer.links = links.of(mapping.name)
      var records = try input.open(mapping.program.model.fileReading)
      if readsSnapshot, let limit = options.source.limit { records = LimitedSource(records, limit: limit) }
      let absent = try await writer.run(records)
      // Only for files: members that the API omits are omitted by design.
      if snapshot.location == SnapshotImport.location { try note(absent, of: mapping, input.name, ledger) }
      // One item per record, except with `each`: the count must match the manifest.
      if mapping.program.model.each == nil, mapping.counts.read != mapping.fetched {
        throw OperationFailure(
          .fault, "'\(mapping.name)' read \(mapping.counts.read) records, but \(input.name) has \(mapping.fetched)")
      }
    }
  }

  /// Fields that no record of the input has, as warnings for the mapping.
  private func note(_ fields: [NeverPresent], of mapping: StagedMapping, _ input: String, _ ledger: RunLedgerWriter) throws {
    for field in fields {
      try ledger.append(
        field.line(of: mapping.name, run: summary.run, inputFile: input, time: options.now().ISO8601Format()))
    }
    mapping.counts.add(fields)
    try ledger.mark()
  }

  /// The records are in a snapshot that existed before the run.
  var readsSnapshot: Bool {
    if case .snapshot = document.source { true } else { options.source.snapshot != nil }
  }

  func encoder(of mapping: StagedMapping, input: String?) -> LedgerLineEncoder {
    LedgerLineEncoder(
      mapping.program,
      context: .init(run: summary.run, inputFile: input, time: options.now().ISO8601Format(), digestKey: digestKey))
  }

  // MARK: Time

  private func time<Value>(_ stage: String, _ body: () async throws -> Value) async rethrows -> Value {
    let start = ContinuousClock.now
    defer { note(stage, since: start) }
    return try await body()
  }

  private func time<Value>(_ stage: String, _ body: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    defer { note(stage, since: start) }
    return try body()
  }

  private func note(_ stage: String, since start: ContinuousClock.Instant) {
    let parts = (ContinuousClock.now - start).components
    summary.durations.append(.init(stage: stage, seconds: Double(parts.seconds) + Double(parts.attoseconds) / 1e18))
  }
}
