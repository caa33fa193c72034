import Control
import Core
import Extract
import Files
import Records
import Report
import State
import Transform

/// Reading the source.
extension LocationRun {
  func extract() async throws -> [RunFact] {
    let start = ContinuousClock.now
    let compilation = try await compiled()
    let source = await read(compilation)
    snapshot = source.snapshot
    countedRequests = source.quota
    var noted = ExtractNotes(compilation)
    var replay: ReplayCounts?
    if options.source.replay == nil {
      for problem in source.problems { try noted.add(problem, to: ledger, run: id, time: started) }
      if let snapshot { try noted.add(leftOutOf: snapshot, to: ledger, run: id, time: started) }
    } else if let snapshot, source.failure == nil {
      replay = try selectOpenItems(compilation, snapshot)
    }
    let end = Result { try ledger.checkpoint() }
    var extracted = RunFact.Extracted(
      snapshot: snapshot?.id, location: targetFile == nil ? snapshot?.location : location,
      isWhole: source.failure == nil && snapshot != nil,
      isNarrowed: narrowing != nil, requests: source.quota, refused: noted.refused, refusedUnjudged: noted.refusedUnjudged,
      notes: noted.all, seconds: seconds(since: start), replay: replay)
    do {
      if let failure = source.failure { throw failure }
      extracted.ledgerEnd = try end.get()
    } catch {
      extracted.isWhole = false
      throw PartialStep(facts: [.snapshot(extracted)], underlying: error)
    }
    guard snapshot != nil else { throw OperationFailure(.fault, "the source produced no snapshot") }
    return [.snapshot(extracted)]
  }

  private func read(_ compilation: PipelineCompilation) async -> SourceStage.Result {
    guard let targetFile, let unit = compilation.units.first, let model = unit.model, let form = unit.form else {
      return await SourceStage(document: document, options: options.source, observer: observer, gates: scope.gates).read(
        compilation)
    }
    observer.stageBegan(.extract, of: "files", expected: 1)
    defer { observer.stageEnded(.extract, of: "files") }
    if StreamPath.isNamedPipe(targetFile.path) { observer.receive(.waitingForPipe(path: targetFile.path)) }
    do {
      let copy = try targetFile.copy(
        to: folder.input, as: model.entity, limit: options.source.limit, longest: model.reading.maximumRecordBytes, form: form)
      return SourceStage.Result(snapshot: copy)
    } catch {
      return SourceStage.Result(failure: OperationFailure(error))
    }
  }

  /// How the run is narrowed, by its options or by the snapshot that it reads.
  var narrowing: Narrowing? {
    guard let snapshot, readsSnapshot else { return options.source.narrowing(of: document) }
    return options.source.narrowing(of: document, reading: snapshot)
  }
}

/// What an extraction reports about records, as lines of the ledger under each mapping that would have had them.
private struct ExtractNotes {
  private let mappings: [(name: String, entity: String)]
  private(set) var all: [MappingNotes]
  private(set) var refused = 0
  /// Those for entities that no mapping reads itself, so that no gate covers them: users, businesses.
  private(set) var refusedUnjudged = 0

  init(_ compilation: PipelineCompilation) {
    mappings = compilation.units.compactMap(\.model).map { ($0.name, $0.entity) }
    all = mappings.map { MappingNotes(Name($0.name)) }
  }

  /// What could not be fetched.
  mutating func add(_ problem: ExtractProblem, to ledger: RunLedgerWriter, run: String, time: String) throws {
    if problem.severity == .error { refused += 1 }
    let readers = mappings.indices.filter { mappings[$0].entity.isExactly(problem.entity) }
    if problem.severity == .error, readers.isEmpty { refusedUnjudged += 1 }
    for name in readers.isEmpty ? [nil] : readers.map({ Optional(mappings[$0].name) }) {
      try ledger.append(problem.line(run: run, mapping: name, time: time))
    }
    for index in readers { all[index].add(problem.code.slug, problem.severity) }
    try ledger.mark()
  }

  /// What the pipeline left out, under each mapping that would have read it or something that belongs to it.
  mutating func add(leftOutOf snapshot: Snapshot, to ledger: RunLedgerWriter, run: String, time: String) throws {
    for (reason, count) in snapshot.manifest.leftOut.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where count > 0 {
      for index in mappings.indices where LeftOut.entities.contains(mappings[index].entity) {
        try ledger.append(
          reason.line(count: count, file: snapshot.outsidePath, run: run, mapping: mappings[index].name, time: time))
        all[index].add(ProblemCode.notExtracted.slug, .note)
      }
    }
    try ledger.mark()
  }
}
