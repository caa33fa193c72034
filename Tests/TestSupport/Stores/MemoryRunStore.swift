package import Core

/// Runs and their ledgers in memory.
package final class MemoryRunStore: RunStore {
  private struct Entry {
    var run: RunRecord
    var counts: [OutcomeCount] = []
    var ledger: [LedgerEntry] = []
    var isStaged = true
    var resolutions: [Resolution] = []
  }

  /// In the order in which they began.
  private let entries = Locked<[Entry]>([])

  package init() {}

  // MARK: Writing

  package func begin(_ run: RunRecord) throws(OperationFailure) {
    try entries.withLock { entries throws(OperationFailure) in
      if Self.index(of: run.id, in: entries) != nil { throw Self.refusal("run \(run.id) has already begun") }
      entries.append(Entry(run: run))
    }
  }

  package func reopen(_ run: String) throws(OperationFailure) -> RunRecord? {
    entries.withLock { entries in
      guard let index = Self.index(of: run, in: entries) else { return nil }
      entries[index].run.status = .running
      entries[index].run.exitCode = nil
      entries[index].run.finished = nil
      entries[index].run.summary = nil
      entries[index].run.isWhole = nil
      entries[index].counts = []
      entries[index].isStaged = true
      return entries[index].run
    }
  }

  package func record(_ added: [LedgerEntry]) throws(OperationFailure) {
    try entries.withLock { entries throws(OperationFailure) in
      var changed = entries
      for entry in added {
        guard let index = Self.index(of: entry.run, in: changed) else { throw Self.refusal("there is no run \(entry.run)") }
        changed[index].ledger.append(entry)
      }
      entries = changed
    }
  }

  package func replaceLedger(of run: String, _ body: (_ record: ([LedgerEntry]) throws -> Void) throws -> Void) throws {
    var replacement: [LedgerEntry] = []
    try body { entries in
      if entries.contains(where: { !$0.run.isExactly(run) }) { throw Self.refusal("an entry of a run other than \(run)") }
      replacement += entries
    }
    try entries.withLock { entries in
      guard let index = Self.index(of: run, in: entries) else {
        if replacement.isEmpty { return }
        throw Self.refusal("there is no run \(run)")
      }
      entries[index].ledger = replacement
    }
  }

  package func end(
    _ run: RunRecord, counts: [OutcomeCount], resolving resolutions: [Resolution]
  ) throws(OperationFailure) {
    let places = Set(counts.map { [Name($0.mapping), Name($0.destination), Name($0.outcome.rawValue)] })
    if places.count < counts.count { throw Self.refusal("two counts of run \(run.id) are for the same outcome") }
    entries.withLock { entries in
      let index = Self.index(of: run.id, in: entries) ?? entries.endIndex
      if index == entries.endIndex { entries.append(Entry(run: run)) }
      entries[index].run = run
      entries[index].counts = counts
      for resolution in resolutions {
        guard let index = Self.index(of: resolution.run, in: entries),
          !entries[index].resolutions.contains(where: { Self.place($0) == Self.place(resolution) })
        else { continue }
        entries[index].resolutions.append(resolution)
      }
    }
  }

  package func reopenItems(
    resolvedBy resolver: String, of mapping: String, at destination: Name
  ) throws(OperationFailure) {
    func item(_ one: Resolution) -> [Name] { [one.record ?? "", Name("\(one.line)"), Name("\(one.element)")] }
    entries.withLock { entries in
      for index in entries.indices {
        let here = entries[index].resolutions.filter { $0.mapping.isExactly(mapping) }
        let own = here.filter { $0.destination == destination && $0.resolver.isExactly(resolver) }
        let items = Set(own.map(item))
        entries[index].resolutions.removeAll {
          own.contains($0) || $0.mapping.isExactly(mapping) && $0.destination == nil && items.contains(item($0))
        }
      }
    }
  }

  package func markAbandonedRuns(finished: String) throws(OperationFailure) -> [String] {
    entries.withLock { entries in
      let running = entries.indices.filter { entries[$0].run.status == .running }
      for index in running {
        entries[index].run.status = .interrupted
        entries[index].run.exitCode = ExitCode.tryLater.rawValue
        entries[index].run.finished = finished
      }
      return running.map { entries[$0].run.id }
    }
  }

  package func markUnstaged(_ run: String) throws(OperationFailure) {
    entries.withLock { entries in
      if let index = Self.index(of: run, in: entries) { entries[index].isStaged = false }
    }
  }

  // MARK: Reading

  package func runs(limit: Int?) throws(OperationFailure) -> [RunRecord] {
    let runs = all.reversed().map(\.run)
    return limit.map { Array(runs.prefix($0)) } ?? runs
  }

  package func run(_ id: String) throws(OperationFailure) -> RunRecord? {
    let runs = all.map(\.run)
    if let run = runs.first(where: { $0.id.isExactly(id) }) { return run }
    let beginning = runs.filter { $0.id.hasPrefix(exactly: id) }
    return beginning.count == 1 ? beginning[0] : nil
  }

  package func counts(of run: String) throws(OperationFailure) -> [OutcomeCount] {
    let counts = all.first { $0.run.id.isExactly(run) }?.counts ?? []
    func names(_ count: OutcomeCount) -> [Name] { [count.mapping, count.destination, count.outcome.rawValue].map { Name($0) } }
    return counts.sorted { names($0).lexicographicallyPrecedes(names($1)) }
  }

  package func lastWritten(
    _ mapping: String, pipeline: String, location: String
  ) throws(OperationFailure) -> LastWritten? {
    for entry in all.reversed()
    where entry.run.isWhole == true && entry.run.pipeline.isExactly(pipeline) && entry.run.location.isExactly(location) {
      let counts = entry.counts.filter { $0.mapping.isExactly(mapping) && Outcome.letThrough.contains($0.outcome) }
      let totals = counts.reduce(into: [Name: Int]()) { $0[Name($1.destination), default: 0] += $1.count }
      if let count = totals.values.max() { return LastWritten(run: entry.run.id, count: count) }
    }
    return nil
  }

  package func stagedRuns(of pipeline: String, before run: String) throws(OperationFailure) -> [RunRecord] {
    let all = all
    guard let index = Self.index(of: run, in: all) else { return [] }
    return all[..<index].filter { $0.isStaged && $0.run.pipeline.isExactly(pipeline) }.map(\.run)
  }

  package func latestStart() throws(OperationFailure) -> (id: String, started: String)? {
    all.map(\.run).max { $0.started.precedesExactly($1.started) }.map { ($0.id, $0.started) }
  }

  package func ledger(_ query: LedgerQuery, _ body: (LedgerEntry) throws -> Void) throws {
    let found = entries(query)
    for entry in found.prefix(query.limit ?? found.count) { try body(entry) }
  }

  package func groups(of query: LedgerQuery, by columns: [LedgerColumn]) throws(OperationFailure) -> [LedgerGroup] {
    func value(_ entry: LedgerEntry, _ column: LedgerColumn) -> Name? {
      switch column {
      case .mapping: Name(entry.mapping)
      case .stage: Name(entry.stage)
      case .severity: Name(entry.severity)
      case .code: Name(entry.code)
      case .field: entry.field.map { Name($0) }
      case .record: entry.record.map { Name($0) }
      }
    }
    func precedes(_ one: [Name?], _ other: [Name?]) -> Bool {
      for (one, other) in zip(one, other) where one != other {
        guard let one else { return true }
        return other.map { one < $0 } ?? false
      }
      return false
    }
    let counts = entries(query).reduce(into: [[Name?]: Int]()) { counts, entry in
      counts[columns.map { value(entry, $0) }, default: 0] += 1
    }
    let groups = counts.map { LedgerGroup(values: $0.key, count: $0.value) }
      .sorted { $0.count == $1.count ? precedes($0.values, $1.values) : $0.count > $1.count }
    return Array(groups.prefix(query.limit ?? groups.count))
  }

  package func resolutions(of run: String) throws(OperationFailure) -> [Resolution] {
    (all.first { $0.run.id.isExactly(run) }?.resolutions ?? []).sorted { left, right in
      (Name(left.mapping), left.destination ?? "", left.line, left.record ?? "", left.element)
        < (Name(right.mapping), right.destination ?? "", right.line, right.record ?? "", right.element)
    }
  }

  private static func place(_ resolution: Resolution) -> [Name] {
    [
      Name(resolution.mapping), resolution.destination ?? "", Name("\(resolution.line)"), resolution.record ?? "",
      Name("\(resolution.element)"),
    ]
  }

  /// The entry with its resolution, if it is an error and has one.
  private static func resolved(_ entry: LedgerEntry, in entries: [Entry]) -> LedgerEntry {
    guard entry.severity == Severity.error.rawValue, let line = entry.line,
      let own = entries.first(where: { $0.run.id.isExactly(entry.run) })
    else { return entry }
    let origin = own.run.replayOf ?? own.run.id
    let wanted = [
      Name(entry.mapping), Name(entry.destination ?? ""), Name("\(line)"), Name(entry.record ?? ""),
      Name("\(entry.element ?? -1)"),
    ]
    var entry = entry
    entry.resolution = entries.first { $0.run.id.isExactly(origin) }?.resolutions.first { place($0) == wanted }.map {
      LedgerResolution(run: $0.resolver, outcome: $0.outcome.rawValue, time: $0.time)
    }
    return entry
  }

  private var all: [Entry] { entries.withLock { $0 } }

  private func entries(_ query: LedgerQuery) -> [LedgerEntry] {
    func fits(_ wanted: String?, _ value: String?) -> Bool { wanted.map { value.isExactly($0) } ?? true }
    let all = all
    return (all.first { $0.run.id.isExactly(query.run) }?.ledger ?? []).map { Self.resolved($0, in: all) }.filter { entry in
      fits(query.mapping, entry.mapping) && fits(query.stage?.rawValue, entry.stage) && fits(query.code, entry.code)
        && fits(query.severity?.rawValue, entry.severity) && fits(query.field, entry.field)
        && (fits(query.record, entry.record) || ItemName.isItem(entry.record ?? "", of: query.record ?? ""))
        && (!query.isOpen
          || entry.severity == Severity.error.rawValue && entry.stage != Stage.extract.rawValue && entry.resolution == nil)
    }
  }

  private static func index(of run: String, in entries: [Entry]) -> Int? {
    entries.firstIndex { $0.run.id.isExactly(run) }
  }

  private static func refusal(_ reason: String) -> OperationFailure { OperationFailure(.fault, reason) }
}
