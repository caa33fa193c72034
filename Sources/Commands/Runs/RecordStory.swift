import Core
import Report
import State

/// What happened to one record in each run, besides outcomes and ledger lines, and what the journal knows of it now.
///
/// Files of runs are read if they exist; what the state has remains when they are gone.
struct RecordStory {
  private let state: StateFolder
  private let runs: any RunStore
  private let mapping: String?
  private var files: RecordEventFiles
  private var open: [Intent] = []
  /// What the journal knows now, by destination and mapping.
  private(set) var known: [(scope: JournalScope, record: JournalRecord)] = []

  /// - Parameter mapping: nil: all of them.
  init(of key: String, in state: StateFolder, _ runs: any RunStore, mapping: String?) {
    (self.state, self.runs, self.mapping) = (state, runs, mapping)
    files = RecordEventFiles(RecordKeys(key))
  }

  /// Reads the journal. Target records have the source's key, or one that a list of changes names: call it after `events`.
  mutating func readJournal(_ journal: (any Journal)?) throws {
    guard let journal else { return }
    for summary in try journal.scopes() where isChosen(summary.scope.mapping) {
      let found = try journal.accepted(files.keys.all, in: summary.scope)
      known += found.sorted { $0.key < $1.key }.map { (summary.scope, JournalRecord($0.key, $0.value)) }
    }
  }

  mutating func readOpenCalls(_ journal: (any Journal)?) throws {
    guard let journal else { return }
    for summary in try journal.scopes() where summary.openIntents > 0 && isChosen(summary.scope.mapping) {
      open += try journal.openIntents(summary.scope)
    }
  }

  /// In the order in which they happen: predictions, calls, what undid or resolved them.
  ///
  /// - Parameter outcomes: nil: they are not known, except those of items that the run has resolved.
  mutating func events(
    of run: RunRecord, _ outcomes: [RecordOutcomes.Outcome]?, _ lines: [LedgerEntry]
  ) throws -> [RecordEvent] {
    let folder = RunFolder(path: state.run(run.id))
    var events = try replayed(by: run)
    events += try files.predictions(in: folder.changeList)
    let known =
      outcomes.map { $0.map { ($0.mapping, $0.destination, $0.outcome) } }
      ?? events.compactMap { event in
        guard event.kind == .replayed, let outcome = event.json["outcome"]?.stringValue else { return nil }
        return (event.mapping, event.destination, outcome)
      }
    events += calls(of: run, known)
    for log in folder.undoLogs { events += try files.changes(in: log.path) }
    events += lines.compactMap { RecordEvent(answer: $0) }
    events += openCalls(of: run)
    events += try files.undone(in: folder.undone)
    events += try runs.resolutions(of: run.id).filter(isOwn).map { RecordEvent($0, isOwn: true) }
    return events.filter { isChosen($0.mapping) }
  }

  private func replayed(by run: RunRecord) throws -> [RecordEvent] {
    guard let origin = run.replayOf else { return [] }
    return try runs.resolutions(of: origin).filter { isOwn($0) && $0.resolver.isExactly(run.id) }
      .map { RecordEvent($0, isOwn: false) }
  }

  private func calls(
    of run: RunRecord, _ outcomes: [(mapping: String, destination: String, outcome: String)]
  ) -> [RecordEvent] {
    guard !outcomes.isEmpty, let summary = run.summary.flatMap({ try? JSONReader.read($0) }), !RunFigures.isDry(summary) else {
      return []
    }
    return outcomes.compactMap { mapping, destination, outcome in
      RecordEvent(outcome: outcome, at: destination, mapping, calls: summary["entities"]?[mapping]?["calls"])
    }
  }

  /// Of an item at a destination: the one of the item as a whole says the same.
  private func isOwn(_ resolution: Resolution) -> Bool {
    guard resolution.destination != nil, let record = resolution.record else { return false }
    let key = files.keys.source
    return record.text.isExactly(key) || ItemName.isItem(record.text, of: key)
  }

  private func openCalls(of run: RunRecord) -> [RecordEvent] {
    let keys = Set(files.keys.all)
    return open.filter { intent in
      intent.request.run.isExactly(run.id) && !intent.request.isLookup
        && intent.request.records.contains { record in
          record.key.map { keys.contains($0) } == true && intent.open.contains(record.ordinal)
        }
    }.map { RecordEvent($0) }
  }

  private func isChosen(_ name: String) -> Bool { mapping.map { $0.isExactly(name) } ?? true }
}

/// The story's tables and JSON.
enum RecordStoryText {
  static func text(of events: [RecordEvent], fitting width: Int?) -> String {
    var table = TextTable([.init("EVENT"), .init("MAPPING"), .init("DESTINATION"), .sentence("DETAILS")])
    for event in events { table.add([event.kind.rawValue, event.mapping, event.destination, event.text]) }
    return table.text(fitting: width)
  }

  static func text(of known: [(scope: JournalScope, record: JournalRecord)], fitting width: Int?) -> String {
    var table = TextTable("NOW", "MAPPING", "DESTINATION", "KEY", "ID", "REFUSED BY RUN")
    for (scope, record) in known {
      table.add([
        state(record.known), scope.mapping, scope.destination, record.key.text, record.known.remoteID?.text ?? "",
        record.known.refusal?.run.text ?? "",
      ])
    }
    return table.text(fitting: width)
  }

  static func json(_ scope: JournalScope, _ record: JournalRecord) -> JSONValue {
    .object([
      .init("pipeline", .string(scope.pipeline)), .init("destination", .string(scope.destination)),
      .init("mapping", .string(scope.mapping)), .init("location", .string(scope.location)),
      .init("key", .string(record.key.text)), .init("state", .string(state(record.known))),
      .init("remote_id", record.known.remoteID.map { .string($0.text) } ?? .null),
      .init("refused_by", record.known.refusal.map { .string($0.run.text) } ?? .null),
    ])
  }

  private static func state(_ known: Accepted) -> String {
    if !known.isPresent { return "absent" }
    return known.digest == nil ? "unsure" : "present"
  }
}
