import Control
import Core
import Load
import Report
import State

/// A part that an atomic destination has prepared.
struct PreparedPart {
  var session: any LoadSession
  let sink: PartSink
  let isKept: Bool
}

/// Loading. The staged records of a mapping are read once for all its atomic destinations, and once for all incremental ones.
extension LocationRun {
  func prepare(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let state = state
    let isKept = state.publishes(plan) != true
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
            .init(load.part, notes: state.prepared[load.part]?.notes ?? load.notes, ledgerEnd: end, seconds: share)
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
      part, counts: prepared.sink.counts, files: files.map { Name($0) }, isKept: prepared.isKept, ledgerEnd: state.ledgerEnd,
      seconds: seconds(since: start))
    do { try prepared.sink.finish() } catch {
      // The part has reached its target all the same.
      loaded.isWhole = false
      throw PartialStep(facts: [.loaded([loaded])], underlying: error)
    }
    return [.loaded([loaded])]
  }

  /// A part that ends early is loaded again, from its first record, when the run is resumed.
  func load(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let state = state
    let parts = plan.parts(of: mapping, .incremental).filter { state.loaded[$0] == nil }
    var loads: [PartLoad] = []
    var failure: (any Error)?
    do { try await submit(parts, of: mapping, isKept: false, &loads) } catch { failure = error }
    await close(&loads)
    var facts: [RunFact.Loaded] = []
    for load in loads {
      // What was sent has arrived, whatever else failed.
      do { try load.sink.finish() } catch { failure = failure ?? error }
      facts.append(
        .init(
          load.part, counts: load.sink.counts, files: load.session.files.map { Name($0) }, isWhole: failure == nil,
          notes: load.notes, seconds: seconds(since: start) / Double(loads.count)))
    }
    do {
      let end = try ledger.checkpoint()
      for index in facts.indices { facts[index].ledgerEnd = end }
    } catch {
      failure = failure ?? error
    }
    guard let failure else { return [.loaded(facts)] }
    for index in facts.indices { facts[index].isWhole = false }
    throw PartialStep(facts: [.loaded(facts)], underlying: failure)
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

  /// Reads the staged records once, and gives each batch to all parts.
  private func submit(_ parts: [RunPart], of mapping: Name, isKept: Bool, _ loads: inout [PartLoad]) async throws {
    guard let bound = try await boundMappings().first(where: { Name($0.name) == mapping }),
      let counts = state.counts(of: mapping)
    else { throw OperationFailure(.fault, "'\(mapping)' was to be loaded before it was transformed") }
    let encoder = encoder(of: bound)
    var begun: [RunPart] = []
    defer { for part in begun { observer.stageEnded(.load, of: "\(part.destination) \(mapping)") } }
    for part in parts {
      guard let document = destinations.first(where: { Name($0.name) == part.destination }) else { continue }
      observer.stageBegan(.load, of: "\(part.destination) \(mapping)", expected: counts.written)
      begun.append(part)
      let sink = PartSink(
        part, program: bound.program, count: counts.written, encoder: encoder,
        log: isKept ? nil : folder.fates(of: part), isSilent: state.prepared[part] != nil)
      let place = isKept ? try folder.makeFolder(of: document.name) : nil
      let loaded = bound.part(counts, run: id, started: started, pipeline: document.name, location: location, keptIn: place)
      let session = try await document.destination.begin(loaded, reporting: sink)
      loads.append(PartLoad(part: part, session: session, sink: sink, notes: MappingNotes(mapping)))
    }
    let staged = try StagedReader(
      bound.records, mapping: bound.name, columns: bound.program.loadColumns, count: counts.written)
    while let batch = try staged.next() {
      for index in loads.indices {
        try await loads[index].session.submit(batch)
        try loads[index].sink.drain(into: ledger, &loads[index].notes)
        observer.stageAdvanced(
          .load, of: "\(loads[index].part.destination) \(mapping)", done: Int(batch.first) + batch.count)
      }
    }
    for index in loads.indices {
      try await loads[index].session.finish()
      try loads[index].sink.drain(into: ledger, &loads[index].notes)
    }
  }
}
