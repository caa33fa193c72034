import Control
import Core
import Extract
import Files
import FoundationEssentials
import PipelineFile
import Records
import Report
import State
import Transform

/// Replaying the open items of an earlier run: which they are, and what became of them.
///
/// Everything in the snapshot is transformed, and only these items are kept. So keys that must be unique, merged records and
/// references are as in a complete run.
extension LocationRun {
  /// Finds the open items and where they stand, and makes that durable.
  ///
  /// - Throws: `OperationFailure`.
  func selectOpenItems(_ compilation: PipelineCompilation, _ snapshot: Snapshot) throws -> ReplayCounts? {
    guard let request = options.source.replay, let destination = options.destinations?.first.map({ Name($0) }) else { return nil }
    let origin = RunFolder(path: options.source.state.run(request.run))
    let choice = OpenItems.Choice(mappings: request.mappings, code: request.code, record: request.record)
    let all = try OpenItems.all(in: origin.outcomes, choice, resolutions: try scope.runs.resolutions(of: request.run))
    var open = all[destination] ?? OpenItems()
    let models = compilation.units.compactMap(\.model)
    let corrections = try corrections(request, models, snapshot)
    if let corrections { open.keep(corrections.has) }
    func model(_ mapping: Name) -> MappingModel? { models.first { $0.name.isExactly(mapping.text) } }
    func hasEach(_ mapping: Name) -> Bool { model(mapping)?.each != nil }
    func sharesLines(_ item: OpenItems.Item) -> Bool {
      model(item.mapping).flatMap { snapshot.records(of: $0.entity) }?.sharesLines ?? false
    }
    let later = try laterRuns(than: request.run, at: destination)
    let standings = try LaterOutcomes.standings(of: open.items, at: destination, later: later, hasEach: hasEach)
    if let corrections, let file = request.corrections?.file {
      let renamed = corrections.rows.renamed(hasEach: hasEach(corrections.mapping), open: Set(open.items))
      let taken = try LaterOutcomes.standings(of: renamed.map(\.item), at: destination, later: later, hasEach: hasEach)
      if let (item, _) = zip(renamed, taken).first(where: { $1 != .replay }) {
        throw OperationFailure(
          .wrongFile,
          "\(file):\(item.line): a later run has read a record with the corrected key '\(item.item.record?.text ?? "")', which would be overwritten: correct the key"
        )
      }
      try checkCorrected(renamed, by: later.filter(\.isReplayOfSame), at: destination, file, hasEach)
    }
    let ambiguous = try OpenItems.ambiguous(
      open.items.filter(sharesLines), in: origin.outcomes, at: destination, hasEach: hasEach)
    let items = zip(open.items, standings).map { item, standing -> ReplayedItem in
      let sharesLine = sharesLines(item)
      let isIndistinct = standing == .replay && sharesLine && (item.record == nil || ambiguous.contains(item))
      return ReplayedItem(
        mapping: item.mapping, record: item.record, line: item.line,
        element: item.element(hasEach: hasEach(item.mapping)), sharesLine: sharesLine,
        standing: isIndistinct ? .indistinct : .known(standing))
    }
    try ReplayedItem.write(items, to: folder.replay)
    replayed = items
    var counts = items.counts(pending: open.pending)
    counts.corrections = corrections?.rows.counts(of: corrections?.mapping ?? "", open: Set(open.items))
    return counts
  }

  /// A key that an earlier replay has given to another record of the same run is taken.
  ///
  /// - Throws: `OperationFailure` 65 if a corrected key is.
  private func checkCorrected(
    _ renamed: [(item: OpenItems.Item, line: Int)], by replays: [LaterOutcomes.Run], at destination: Name, _ file: String,
    _ hasEach: (Name) -> Bool
  ) throws {
    if renamed.isEmpty { return }
    let keys = Dictionary(
      renamed.map { ($0.item.key(element: $0.item.element(hasEach: hasEach($0.item.mapping))), $0) },
      uniquingKeysWith: { first, _ in first })
    for replay in replays {
      guard let path = replay.path else { continue }
      try OutcomeLine.forEach(in: path) { line in
        guard line.destination == destination, Outcome.loaded.contains(line.outcome),
          let row = keys[line.key(element: line.element(hasEach: hasEach(line.mapping)))], row.item.mapping == line.mapping,
          row.item.line != line.line
        else { return true }
        throw OperationFailure(
          .wrongFile,
          "\(file):\(row.line): replay \(replay.id) has loaded another record with the corrected key '\(row.item.record?.text ?? "")', which would be overwritten: correct the key"
        )
      }
    }
  }

  /// Makes what people have corrected durable; nil if the records are replayed as they are.
  private func corrections(
    _ request: RunRequest.Replay, _ models: [MappingModel], _ snapshot: Snapshot
  ) throws -> ReplayCorrections? {
    guard let asked = request.corrections, let mapping = request.mappings?.first else { return nil }
    let table = try CorrectedFile(asked.file, folder: folder.staging)
    guard table.digest.isExactly(asked.digest) else {
      throw OperationFailure(.wrongFile, "\(asked.file) has changed since the replay began: start it again")
    }
    // Of a process that was killed.
    OutputFile.removeLeftovers(beside: folder.corrections(of: mapping))
    return try ReplayCorrections(
      table, of: mapping, changed: asked.changed ?? [],
      outcomes: RunFolder(path: options.source.state.run(request.run)).outcomes, models, snapshot,
      writingTo: folder.corrections(of: mapping))
  }

  /// A mapping's input with the records that people have corrected.
  func corrected(_ input: StoredRecords?, of mapping: String) -> StoredRecords? {
    guard let corrections = state.extracted?.replay?.corrections, corrections.mapping.text.isExactly(mapping) else {
      return input
    }
    return input?.overlaid(with: folder.corrections(of: mapping))
  }

  /// Runs of the same records that began after `origin`, the newest first: those that have outcomes, and those of which nobody knows what
  /// they sent. Not loads: their keys are those of target records.
  private func laterRuns(than origin: String, at destination: Name) throws -> [LaterOutcomes.Run] {
    var later: [LaterOutcomes.Run] = []
    let location = location
    let keys = try RunFolder(path: options.source.state.run(origin)).knownState()?.compiled?.keys ?? [:]
    for run in try scope.runs.runs(limit: nil) {
      if run.id.isExactly(origin) { return later }
      guard run.pipeline.isExactly(document.name), !run.id.isExactly(id), run.location.map({ $0.isExactly(location) }) ?? true
      else { continue }
      let folder = RunFolder(path: options.source.state.run(run.id))
      if folder.request?.load != nil || folder.isDryRun { continue }
      let known = try folder.knownState()
      // Before its end, what is there is of an earlier attempt.
      let hasOutcomes = FilePath.exists(folder.outcomes) && known.map { $0.verdict != nil } ?? true
      // The records of a replay that was killed are in the outcomes of the run that it replayed.
      guard try hasOutcomes || run.replayOf == nil && mayHaveSent(run, known, to: destination, folder.request) else { continue }
      var found = LaterOutcomes.Run(
        id: run.id, path: hasOutcomes ? folder.outcomes : nil,
        isReplayOfSame: run.replayOf.map { $0.isExactly(origin) } ?? false)
      found.wasCorrected = options.source.replay?.corrections == nil && folder.request?.replay?.corrections != nil
      if let own = known?.extracted?.snapshot ?? run.snapshot, let snapshot = snapshot?.id {
        found.hasOlderSnapshot = Name(own) < Name(snapshot)
      }
      let others = known?.compiled?.keys ?? [:]
      found.otherKeys = Set((state.compiled?.mappings ?? []).filter { keys[$0] == nil || keys[$0] != others[$0] })
      found.undone = Set(try folder.undoneMappings(at: destination).keys)
      found.mappings = known?.compiled.map { Set($0.mappings) }
      found.undoneSince = try undone(since: run, to: origin, at: destination)
      if !hasOutcomes { found.canResume = try ResumedRun.canResume(run, of: document, in: options.source.state, scope.runs) }
      later.append(found)
    }
    return later
  }

  /// The mappings of which records were undone at the destination after a run had begun, with the run that was undone: it, or an earlier
  /// one.
  ///
  /// - Parameter origin: the oldest run that counts.
  private func undone(since run: RunRecord, to origin: String, at destination: Name) throws -> [Name: String] {
    var found: [Name: String] = [:]
    let runs = try scope.runs.runs(limit: nil).drop { !$0.id.isExactly(run.id) }.dropFirst()
    for earlier in runs where earlier.pipeline.isExactly(document.name) {
      let folder = RunFolder(path: options.source.state.run(earlier.id))
      // To the second: the times of runs have no more.
      let started = String(run.started.prefix(19))
      for (mapping, time) in try folder.undoneMappings(at: destination) {
        if !String(time.prefix(19)).precedesExactly(started) { found[mapping] = earlier.id }
      }
      if earlier.id.isExactly(origin) { break }
    }
    return found
  }

  /// Whether a run without outcomes may have sent records to a destination.
  private func mayHaveSent(
    _ run: RunRecord, _ known: RunState?, to destination: Name, _ request: RunRequest?
  ) throws -> Bool {
    guard request?.destinations?.contains(exactly: destination.text) ?? true else { return false }
    if let known { return known.mayHaveSent && known.extracted?.location.map { $0.isExactly(location) } ?? true }
    // Its folder is gone, or an earlier version has removed its facts.
    if [.running, .interrupted].contains(run.status) { return true }
    let changed = Outcome.loaded + [.removed]
    return try scope.runs.counts(of: run.id).contains {
      $0.destination.isExactly(destination.text) && changed.contains($0.outcome)
    }
  }

  private func replayedItems() throws -> [ReplayedItem] {
    if let replayed { return replayed }
    let items = try ReplayedItem.read(folder.replay)
    replayed = items
    return items
  }

  /// The items of a mapping that a replay keeps; nil if this is not a replay.
  ///
  /// - Throws: `OperationFailure`.
  func selection(of mapping: StagedMapping) throws -> ItemSelection? {
    guard options.source.replay != nil else { return nil }
    var selection = ItemSelection(sharesLines: mapping.input?.sharesLines ?? false)
    for item in try replayedItems() where item.standing == .known(.replay) && item.mapping.text.isExactly(mapping.name) {
      selection.insert(.init(line: item.line, element: item.element), key: item.key)
    }
    return selection
  }

  // MARK: The end

  /// How many selected items of each mapping today's mapping does not make any more; nil if this is not a replay.
  func missingItems() throws -> [Name: Int]? {
    guard options.source.replay != nil, state.isExtracted else { return nil }
    let ends = try ReplayEnds(in: FilePath.exists(folder.outcomes) ? folder.outcomes : nil)
    return try replayedItems().reduce(into: [:]) { missing, item in
      if item.standing == .known(.replay), ends.end(of: item) == .missing { missing[item.mapping, default: 0] += 1 }
    }
  }

  /// What this run resolves. Empty if it is not a replay, or ended before its accounts.
  ///
  /// - Throws: `OperationFailure`.
  func resolutions() throws -> [Resolution] {
    let state = state
    guard let request = options.source.replay, let destination = options.destinations?.first, !isDryRun, state.isExtracted
    else { return [] }
    let ends = try ReplayEnds(in: state.outcomes != nil && FilePath.exists(folder.outcomes) ? folder.outcomes : nil)
    let time = options.now().ISO8601Format()
    var found: [Resolution] = []
    func add(_ item: ReplayedItem, by resolver: String, _ outcome: Outcome) {
      found.append(
        Resolution(
          run: request.run, mapping: item.mapping.text, destination: Name(destination), record: item.record, line: item.line,
          element: item.element, resolver: resolver, outcome: outcome, time: time))
    }
    for item in try replayedItems() {
      switch item.standing {
      case .known(.resolved(let run, let outcome)): add(item, by: run, outcome)
      case .known(.replay): if case .settled(let outcome) = ends.end(of: item) { add(item, by: id, outcome) }
      case .known, .indistinct: continue
      }
    }
    resolved = found.count
    return try found + resolvedEverywhere(found, of: request.run)
  }

  /// Those of these items of which nothing is open at any other destination that takes single records.
  private func resolvedEverywhere(_ found: [Resolution], of origin: String) throws -> [Resolution] {
    let known = try scope.runs.resolutions(of: origin) + found
    let partial = Set(document.destinations.filter { takesParts($0) }.map { Name($0.name) })
    var open: Set<ItemPlace> = []
    let all = try OpenItems.all(in: RunFolder(path: options.source.state.run(origin)).outcomes, resolutions: known)
    for (destination, items) in all where partial.contains(destination) { open.formUnion(items.items.map { ItemPlace($0) }) }
    return found.filter { !open.contains(ItemPlace($0)) }.map { resolution in
      var whole = resolution
      whole.destination = nil
      return whole
    }
  }

  /// Whether single records can be replayed at a destination.
  private func takesParts(_ destination: DestinationDocument) -> Bool { shared.destination(destination).traits.takesParts }

  /// What people should know about open items that were not replayed.
  var replayNotes: [String] {
    guard options.source.replay != nil, state.isExtracted, let items = try? replayedItems() else { return [] }
    var counts: [ReplayedItem.Standing: Int] = [:]
    var order: [ReplayedItem.Standing] = []
    for standing in items.map(\.standing) {
      if counts[standing] == nil { order.append(standing) }
      counts[standing, default: 0] += 1
    }
    let notes = order.compactMap { ReplayText.note($0, count: counts[$0] ?? 0) }
    guard let table = options.source.replay?.corrections?.file, let corrections = state.extracted?.replay?.corrections else {
      return notes
    }
    return notes + ReplayText.notes(corrections, in: table, at: options.destinations?.first ?? "")
  }

  var replaySummary: RunSummary.Replay? {
    guard let request = options.source.replay, let counts = state.extracted?.replay else { return nil }
    return RunSummary.Replay(of: request.run, counts: counts, resolved: resolved, table: request.corrections?.file)
  }
}
