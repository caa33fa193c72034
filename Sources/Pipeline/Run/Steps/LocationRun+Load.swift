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
    var facts: [RunFact] = []
    do {
      try await submit(parts, of: mapping, isKept: isKept, &loads)
      for load in loads {
        let notes = state.prepared[load.part]?.notes ?? load.notes
        facts.append(
          .prepared(
            .init(
              load.part, notes: notes, ledgerEnd: try ledger.checkpoint(), seconds: seconds(since: start) / Double(loads.count))))
      }
    } catch {
      throw await ended(&loads, by: error)
    }
    for load in loads { sessions[load.part] = PreparedPart(session: load.session, sink: load.sink, isKept: isKept) }
    return facts
  }

  func publish(_ part: RunPart) async throws -> [RunFact] {
    guard var prepared = sessions.removeValue(forKey: part) else {
      throw OperationFailure(.fault, "'\(part.destination) \(part.mapping)' was to be published before it was prepared")
    }
    let start = ContinuousClock.now
    do { try await prepared.session.publish() } catch {
      await prepared.session.close()
      throw error
    }
    for warning in prepared.session.warnings { observer.receive(.outputWarning(warning)) }
    let files = prepared.session.files
    let counts = try prepared.sink.finish()
    await prepared.session.close()
    return [
      .loaded(
        .init(
          part, counts: counts, files: files.map { Name($0) }, isKept: prepared.isKept,
          ledgerEnd: self.state.ledgerEnd, seconds: seconds(since: start)))
    ]
  }

  func load(_ mapping: Name) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let state = state
    let parts = plan.parts(of: mapping, .incremental).filter { state.loaded[$0] == nil }
    var loads: [PartLoad] = []
    var facts: [RunFact] = []
    do {
      try await submit(parts, of: mapping, isKept: false, &loads)
      for load in loads {
        facts.append(
          .loaded(
            .init(
              load.part, counts: try load.sink.finish(), files: load.session.files.map { Name($0) }, notes: load.notes,
              ledgerEnd: try ledger.checkpoint(), seconds: seconds(since: start) / Double(loads.count))))
      }
    } catch {
      throw await ended(&loads, by: error)
    }
    for index in loads.indices { await loads[index].session.close() }
    return facts
  }

  /// A session under way.
  private struct PartLoad {
    let part: RunPart
    var session: any LoadSession
    let sink: PartSink
    var notes: MappingNotes
  }

  /// Closes what was under way. Its lines are in the ledger, so they count.
  private func ended(_ loads: inout [PartLoad], by error: any Error) async -> PartialStep {
    for index in loads.indices {
      await loads[index].session.close()
      try? loads[index].sink.drain(into: ledger, &loads[index].notes)
    }
    return PartialStep(
      facts: loads.map { .prepared(.init($0.part, isWhole: false, notes: $0.notes)) }, underlying: error)
  }

  /// Reads the staged records once, and gives each batch to all parts.
  private func submit(_ parts: [RunPart], of mapping: Name, isKept: Bool, _ loads: inout [PartLoad]) async throws {
    guard let bound = try await boundMappings().first(where: { Name($0.name) == mapping }),
      let counts = state.counts(of: mapping)
    else { throw OperationFailure(.fault, "'\(mapping)' was to be loaded before it was transformed") }
    let encoder = encoder(of: bound)
    for part in parts {
      guard let document = destinations.first(where: { Name($0.name) == part.destination }) else { continue }
      observer.stageBegan(.load, of: "\(part.destination) \(mapping)", expected: counts.written)
      let sink = PartSink(
        part, program: bound.program, count: counts.written, encoder: encoder,
        log: isKept ? nil : folder.fates(of: part), isSilent: state.prepared[part] != nil)
      let place = isKept ? try folder.makeFolder(of: document.name) : nil
      let loaded = bound.part(counts, run: id, started: started, location: location, keptIn: place)
      let session = try await document.destination.begin(loaded, reporting: sink)
      loads.append(PartLoad(part: part, session: session, sink: sink, notes: MappingNotes(mapping)))
    }
    defer { for part in parts { observer.stageEnded(.load, of: "\(part.destination) \(mapping)") } }
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
