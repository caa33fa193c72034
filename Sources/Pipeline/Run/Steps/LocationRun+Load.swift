import Control
import Core
import Files
import GHL
import Load
import PipelineFile
import Report
import State

/// A part that an atomic destination has prepared.
struct PreparedPart {
  var session: any LoadSession
  let sink: PartSink
  let isKept: Bool
}

/// Loading. The staged records of a mapping are read once for all its atomic destinations, and once for each incremental one.
extension LocationRun {
  func prepare(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let state = state
    let isKept = state.publishes(plan, .atomic) != true
    let parts = plan.parts(of: mapping, .atomic).filter { state.loaded[$0] == nil }
    var loads: [PartLoad] = []
    do {
      try await submit(parts, of: mapping, isKept: isKept, &loads)
      let end = try ledger.checkpoint()
      let share = seconds(since: start) / Double(max(1, loads.count))
      for load in loads { sessions[load.part] = PreparedPart(session: load.session, sink: load.sink, isKept: isKept) }
      return [
        .prepared(
          loads.map { load in
            .init(
              load.part, stamps: isKept ? nil : load.session.stamps, notes: state.prepared[load.part]?.notes ?? load.notes,
              ledgerEnd: end,
              seconds: share)
          })
      ]
    } catch {
      await close(&loads)
      throw PartialStep(facts: [.prepared(loads.map { .init($0.part, isWhole: false, notes: $0.notes) })], underlying: error)
    }
  }

  func publish(_ part: RunPart) async throws -> [RunFact] {
    guard var prepared = sessions.removeValue(forKey: part) else {
      throw OperationFailure(.fault, "'\(part.destination) \(part.mapping)' was to be published before it was prepared")
    }
    let start = ContinuousClock.now
    let result: Result<Void, any Error>
    do { result = .success(try await prepared.session.publish()) } catch { result = .failure(error) }
    let (warnings, files) = (prepared.session.warnings, prepared.session.files)
    await prepared.session.close()
    try result.get()
    for warning in warnings { observer.receive(.outputWarning(warning)) }
    var loaded = RunFact.Loaded(
      part, counts: prepared.sink.counts, files: files.map { Name($0) }, stamps: files.compactMap { FileStamp(of: $0) },
      isKept: prepared.isKept, ledgerEnd: state.ledgerEnd,
      seconds: seconds(since: start))
    do { try prepared.sink.finish() } catch {
      // The part has reached its target all the same.
      loaded.isWhole = false
      throw PartialStep(facts: [.loaded([loaded])], underlying: error)
    }
    return [.loaded([loaded])]
  }

  /// Loads a mapping into its incremental destinations, side by side. A part that ends early is loaded again, from its first record,
  /// when the run is resumed.
  func load(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let state = state
    let parts = plan.parts(of: mapping, .incremental).filter { state.loaded[$0] == nil }
    let (bound, counts) = try await staged(mapping)
    let sinks = parts.map { sink(of: $0, bound, counts, isKept: false) }
    var notes = parts.map { _ in MappingNotes(mapping) }
    let loadings = zip(parts, sinks).map { part, sink in
      var loaded = bound.part(
        counts, run: id, started: started, pipeline: document.name, location: location,
        isNarrowed: narrowing != nil || targetFile != nil)
      loaded.applied = applied[part]
      loaded.undoLog = options.source.state.undoLogs(of: part)
      return PartLoading(
        destination(named: part.destination), loaded, staged: bound.records, reporting: sink, room: { await sink.room() })
    }
    for part in parts { observer.stageBegan(.load, of: part.title, expected: counts.written) }
    var open = Array(parts.indices)
    let (ends, broken) = await PartLoading.run(loadings) { ended in
      for index in open {
        try sinks[index].drain(into: ledger, &notes[index])
        observer.stageAdvanced(.load, of: parts[index].title, done: sinks[index].reported)
        observer.receive(.outcomesCounted(.load, of: parts[index].title, sinks[index].counts))
        if ended.contains(index) { observer.stageEnded(.load, of: parts[index].title) }
      }
      open.removeAll(where: ended.contains)
      if !ended.isEmpty { _ = try ledger.checkpoint() }
    }
    for index in open { observer.stageEnded(.load, of: parts[index].title) }
    for warning in ends.flatMap(\.warnings) { observer.receive(.outputWarning(warning)) }
    var errors = ends.compactMap(\.error)
    var facts = parts.indices.map { index in
      let failed = Result { try sinks[index].finish() }
      if ends[index].error == nil, case .failure(let failure) = failed { errors.append(failure) }
      // What was sent has arrived, whatever else failed.
      return RunFact.Loaded(
        parts[index], counts: sinks[index].counts, files: ends[index].files.map { Name($0) },
        isWhole: ends[index].error == nil && (try? failed.get()) != nil, failure: ends[index].failure.map { .init($0) },
        verified: ends[index].verified, notes: notes[index], seconds: seconds(since: start) / Double(parts.count))
    }
    if !facts.isEmpty { facts[0].requests = await uncountedRequests() }
    let position = Result { try ledger.checkpoint() }
    for index in facts.indices {
      // 0: no line has been written yet.
      if case .success(let end) = position { facts[index].ledgerEnd = end } else { facts[index].isWhole = false }
      if broken != nil { facts[index].isWhole = false }
    }
    if case .failure(let failure) = position { errors.append(failure) }
    // An interruption is not the reason if something has failed as well.
    guard let error = broken ?? errors.first(where: { !($0 is CancellationError) }) ?? errors.first else {
      return [.loaded(facts)]
    }
    throw PartialStep(facts: [.loaded(facts)], underlying: error)
  }

  /// The requests to GHL locations since the last fact that counts them; nil if there are none.
  private func uncountedRequests() async -> Quota? {
    let all = await scope.gates.quota
    let requests = all.since(countedRequests)
    countedRequests = all
    return requests.made > 0 ? requests : nil
  }

  /// Closes the sessions under way. Their lines are in the ledger, so they count.
  private func close(_ loads: inout [PartLoad]) async {
    for index in loads.indices {
      await loads[index].session.close()
      try? loads[index].sink.drain(into: ledger, &loads[index].notes)
    }
  }

  /// A session under way.
  private struct PartLoad {
    let part: RunPart
    var session: any LoadSession
    let sink: PartSink
    var notes: MappingNotes
  }

  /// A mapping whose transform is complete.
  func staged(_ mapping: Name) async throws -> (StagedMapping, MappingCounts) {
    guard let bound = try await boundMappings().first(where: { Name($0.name) == mapping }), let counts = state.counts(of: mapping)
    else { throw OperationFailure(.fault, "'\(mapping)' was to be loaded before it was transformed") }
    return (bound, counts)
  }

  private func sink(of part: RunPart, _ mapping: StagedMapping, _ counts: MappingCounts, isKept: Bool) -> PartSink {
    PartSink(
      part, program: mapping.program, count: counts.written, encoder: encoder(of: mapping),
      log: isKept ? nil : folder.fates(of: part), isSilent: state.prepared[part] != nil)
  }

  /// Reads the staged records once, and gives each batch to all parts.
  private func submit(_ parts: [RunPart], of mapping: Name, isKept: Bool, _ loads: inout [PartLoad]) async throws {
    let (bound, counts) = try await staged(mapping)
    var begun: [RunPart] = []
    defer { for part in begun { observer.stageEnded(.load, of: part.title) } }
    for part in parts {
      observer.stageBegan(.load, of: part.title, expected: counts.written)
      begun.append(part)
      let sink = sink(of: part, bound, counts, isKept: isKept)
      let place = isKept ? try folder.makeFolder(of: part.destination.text) : nil
      var loaded = bound.part(counts, run: id, started: started, pipeline: document.name, location: location, keptIn: place)
      if !isKept { loaded.applied = applied[part] }
      let session = try await destination(named: part.destination).begin(loaded, reporting: sink)
      loads.append(PartLoad(part: part, session: session, sink: sink, notes: MappingNotes(mapping)))
    }
    let staged = try StagedReader(
      bound.records, mapping: bound.name, columns: bound.program.loadColumns, count: counts.written)
    while let batch = try staged.next() {
      for index in loads.indices {
        try await loads[index].session.submit(batch)
        try loads[index].sink.drain(into: ledger, &loads[index].notes)
        observer.stageAdvanced(.load, of: loads[index].part.title, done: Int(batch.first) + batch.count)
      }
    }
    for index in loads.indices {
      try await loads[index].session.finish()
      try loads[index].sink.drain(into: ledger, &loads[index].notes)
    }
  }
}

extension RunPart {
  /// What observers call it.
  var title: String { "\(destination) \(mapping)" }
}
