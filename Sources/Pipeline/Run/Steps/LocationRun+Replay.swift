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
    let open = all[destination] ?? OpenItems()
    let models = compilation.units.compactMap(\.model)
    func model(_ mapping: Name) -> MappingModel? { models.first { $0.name.isExactly(mapping.text) } }
    func hasEach(_ mapping: Name) -> Bool { model(mapping)?.each != nil }
    let standings = try LaterOutcomes.standings(
      of: open.items, at: destination, later: try laterRuns(than: request.run), hasEach: hasEach)
    let items = zip(open.items, standings).map { item, standing -> ReplayedItem in
      let element = item.element(hasEach: hasEach(item.mapping))
      let sharesLines = model(item.mapping).flatMap { snapshot.records(of: $0.entity) }?.sharesLines ?? false
      let isIndistinct = standing == .replay && sharesLines && item.record == nil
      return ReplayedItem(
        mapping: item.mapping, record: item.record, line: item.line, element: element,
        standing: isIndistinct ? .indistinct : .known(standing))
    }
    try ReplayedItem.write(items, to: folder.replay)
    replayed = items
    return items.counts(pending: open.pending)
  }

  /// Runs of the same records that began after `origin` and have outcomes, the newest first. Not loads: their keys are those of target
  /// records.
  private func laterRuns(than origin: String) throws -> [LaterOutcomes.Run] {
    var later: [LaterOutcomes.Run] = []
    let location = location
    for run in try scope.runs.runs(limit: nil) {
      if run.id.isExactly(origin) { return later }
      let folder = RunFolder(path: options.source.state.run(run.id))
      guard run.pipeline.isExactly(document.name), !run.id.isExactly(id), run.location.map({ $0.isExactly(location) }) ?? true,
        FilePath.exists(folder.outcomes)
      else { continue }
      let request = folder.request
      if request?.load != nil || request?.isDryRun == true { continue }
      later.append(
        .init(id: run.id, path: folder.outcomes, isReplayOfSame: run.replayOf.map { $0.isExactly(origin) } ?? false))
    }
    return later
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
      let key = OpenItems.Item(mapping: item.mapping, line: item.line, record: item.record).key(element: item.element)
      _ = selection.insert(.init(line: item.line, element: item.element), key: key)
    }
    return selection
  }

  // MARK: The end

  /// What this run resolves. Empty if it is not a replay, or ended before its accounts.
  ///
  /// - Throws: `OperationFailure`.
  func resolutions() throws -> [Resolution] {
    let state = state
    guard let request = options.source.replay, let destination = options.destinations?.first, !options.isDryRun,
      state.isExtracted
    else { return [] }
    let items = try replayedItems()
    let ends = state.outcomes != nil && FilePath.exists(folder.outcomes) ? try ends() : [:]
    let time = options.now().ISO8601Format()
    var found: [Resolution] = []
    func add(_ item: ReplayedItem, by resolver: String, _ outcome: Outcome) {
      found.append(
        Resolution(
          run: request.run, mapping: item.mapping.text, destination: Name(destination), record: item.record, line: item.line,
          resolver: resolver, outcome: outcome, time: time))
    }
    for item in items {
      switch item.standing {
      case .known(.resolved(let run, let outcome)): add(item, by: run, outcome)
      case .known(.replay):
        let end = ends[Place(item)] ?? []
        // Records on one line are told apart by their keys.
        let own = end.count > 1 ? end.first { $0.record == item.record } : end.first
        if let own, own.outcome.isSettled { add(item, by: id, own.outcome) }
      case .known(.newerOpen), .indistinct: continue
      }
    }
    resolved = found.count
    return try found + resolvedEverywhere(found, of: request.run)
  }

  private struct Place: Hashable {
    var mapping: Name
    var line: Int
    var element: Int

    init(_ item: ReplayedItem) { (mapping, line, element) = (item.mapping, item.line, item.element) }
    init(_ line: OutcomeLine) { (mapping, self.line, element) = (line.mapping, line.line, line.element ?? -1) }
  }

  /// How the replayed items ended.
  private func ends() throws -> [Place: [OutcomeLine]] {
    var ends: [Place: [OutcomeLine]] = [:]
    try OutcomeLine.forEach(in: folder.outcomes) { line in
      ends[Place(line), default: []].append(line)
      return true
    }
    return ends
  }

  /// Those of these items of which nothing is open at any other destination that takes single records.
  private func resolvedEverywhere(_ found: [Resolution], of origin: String) throws -> [Resolution] {
    struct Item: Hashable {
      var mapping: Name
      var line: Int
      var record: Name?
    }
    func item(_ resolution: Resolution) -> Item {
      Item(mapping: Name(resolution.mapping), line: resolution.line, record: resolution.record)
    }
    let known = try scope.runs.resolutions(of: origin) + found
    let partial = Set(document.destinations.filter { takesParts($0) }.map { Name($0.name) })
    var open: Set<Item> = []
    let all = try OpenItems.all(in: RunFolder(path: options.source.state.run(origin)).outcomes, resolutions: known)
    for (destination, items) in all where partial.contains(destination) {
      for one in items.items { open.insert(Item(mapping: one.mapping, line: one.line, record: one.record)) }
    }
    return found.filter { !open.contains(item($0)) }.map { resolution in
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
    var newer: [(run: String, count: Int)] = []
    for case .known(.newerOpen(let run)) in items.map(\.standing) {
      if let index = newer.firstIndex(where: { $0.run.isExactly(run) }) {
        newer[index].count += 1
      } else {
        newer.append((run, 1))
      }
    }
    var notes = newer.map { run, count in
      let what = count == 1 ? "a newer version of 1 record, which is" : "newer versions of \(count) records, which are"
      return "run \(run) has read \(what) not loaded either: replay that run"
    }
    let indistinct = items.count { $0.standing == .indistinct }
    if indistinct > 0 {
      notes.append(
        "\(indistinct) \(indistinct == 1 ? "record has" : "records have") no key, and others are on the same line: run the pipeline to read \(indistinct == 1 ? "it" : "them") again"
      )
    }
    return notes
  }

  var replaySummary: RunSummary.Replay? {
    guard let request = options.source.replay, let counts = state.extracted?.replay else { return nil }
    return RunSummary.Replay(of: request.run, counts: counts, resolved: resolved)
  }
}

extension Outcome {
  /// Nothing is left to be done for the record.
  fileprivate var isSettled: Bool {
    switch self {
    case .written, .created, .updated, .unchanged, .removed, .filtered, .merged: true
    case .rejected, .failed, .pending: false
    }
  }
}
