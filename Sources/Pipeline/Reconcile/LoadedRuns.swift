import Control
import Core
import Files
import PipelineFile
import State

/// The runs of a pipeline whose facts are kept, and what they say must be at its destinations.
///
/// A run can be named. Otherwise each part (a mapping at a destination, for a location) is that of the newest run that has loaded all of
/// it: runs with `--mapping` or `--to` load only some parts, and runs of another location other ones. Later runs count on top of it.
struct LoadedRuns {
  /// What a part writes to on this machine.
  typealias Targets = (DestinationDocument, LoadPart) -> LoadTarget?

  /// The run that is named, or the newest one that a part begins with.
  let base: RunRecord
  /// Every part, whether it is selected or not.
  private let found: [(part: RunPart, base: KnownRun)]
  private let document: PipelineDocument
  private let options: ReconcileEngine.Options
  private let isNamed: Bool
  /// Oldest first.
  private let runs: [KnownRun]
  private let targets: Targets
  private let store: any RunStore

  /// A selected part whose records are no longer kept, or that cannot be told from what another run has loaded.
  typealias Unknown = (part: RunPart, location: String, failure: OperationFailure)

  /// - Throws: `OperationFailure` if there is no such run, or what it loaded is no longer kept.
  init(
    of document: PipelineDocument, _ options: ReconcileEngine.Options, in store: any RunStore, _ targets: @escaping Targets
  ) throws {
    self.document = document
    self.options = options
    self.targets = targets
    self.store = store
    isNamed = options.run != nil
    // Newest first.
    let all = try store.runs().filter { $0.pipeline.isExactly(document.name) }
    let newest = try Self.base(options.run, all, of: document, store)
    runs = try all.reversed().compactMap { try KnownRun($0, in: options.source.state) }
    guard let known = runs.first(where: { $0.record.id == newest.id }) else { throw OperationFailure.notKept(newest.id) }
    if isNamed {
      base = newest
      found = known.parts.map { ($0, known) }
    } else {
      let newestParts = Self.newest(in: runs)
      found = newestParts
      base = runs.last { run in newestParts.contains { $0.base.record.id == run.record.id } }?.record ?? newest
    }
  }

  private static func base(
    _ id: String?, _ all: [RunRecord], of document: PipelineDocument, _ store: any RunStore
  ) throws -> RunRecord {
    if let id, id != "latest" {
      guard let found = try store.run(id) else {
        throw OperationFailure(
          .inputMissing, "there is no run '\(id)', or several IDs begin with it: see `waybill runs list`")
      }
      guard found.pipeline.isExactly(document.name) else {
        throw OperationFailure(
          .usage, "run \(found.id) belongs to pipeline '\(found.pipeline)', not to '\(document.name)': name its pipeline file")
      }
      return found
    }
    guard let newest = all.first else {
      throw OperationFailure(
        .inputMissing, "there are no runs of pipeline '\(document.name)' yet: run `waybill run` first")
    }
    if id != nil { return newest }
    guard let whole = all.first(where: { $0.isWhole == true }) else {
      throw OperationFailure(
        .inputMissing,
        "no run of pipeline '\(document.name)' has loaded everything yet: name the run to reconcile, as `waybill runs list` shows it"
      )
    }
    return whole
  }

  /// For each part of each location, the newest run that has loaded all of it.
  private static func newest(in runs: [KnownRun]) -> [(part: RunPart, base: KnownRun)] {
    var found: [(part: RunPart, base: KnownRun)] = []
    for run in runs.reversed() where run.record.isWhole == true {
      for part in run.parts where !found.contains(where: { $0.part == part && $0.base.isOfLocation(of: run) }) {
        found.append((part, run))
      }
    }
    return found
  }

  // MARK: Parts

  /// What is compared, by destination, mapping and location.
  ///
  /// - Throws: `OperationFailure`, if nothing can be compared.
  func parts() throws -> (known: [LoadedPart], unknown: [Unknown]) {
    try check(options.source.mappings, among: found.map { $0.part.mapping.text }, "mapping", CommandOption.mapping.description)
    try check(options.source.destinations, among: found.map { $0.part.destination.text }, "destination", "--to")
    let selected = found.filter { isSelected($0.part) }.sorted { one, other in
      let (first, second) = (Name(one.base.location), Name(other.base.location))
      return (one.part.destination, one.part.mapping, first) < (other.part.destination, other.part.mapping, second)
    }
    guard !selected.isEmpty else {
      throw OperationFailure(
        .inputMissing, "run \(base.id) has loaded nothing that can be compared; `waybill runs show \(base.id)` says why")
    }
    var parts: [(part: LoadedPart, base: KnownRun)] = []
    var unknown: [Unknown] = []
    for (name, base) in selected {
      do { parts.append((try self.part(name, base), base)) } catch let failure as OperationFailure {
        unknown.append((name, base.location, failure))
      }
    }
    if parts.isEmpty, let failure = unknown.first?.failure { throw failure }
    // A target of several locations is compared once: with what the newest of their runs has replaced, or all of them have added.
    func includes(_ one: (part: LoadedPart, base: KnownRun), _ other: (part: LoadedPart, base: KnownRun)) -> Bool {
      guard one.part.part == other.part.part, one.base.record.id != other.base.record.id else { return false }
      guard one.part.loads.contains(where: { $0.run.isExactly(other.part.loads[0].run) }) else { return false }
      return one.part.loads.count > other.part.loads.count || one.base.record.id < other.base.record.id
    }
    var known = parts.filter { part in !parts.contains { includes($0, part) } }.map(\.part)
    let isOfSeveral = Set(known.map { Name($0.location) }).count > 1
    if isOfSeveral { for index in known.indices { known[index].shownLocation = known[index].location } }
    return (known, unknown)
  }

  /// Selected parts that no kept run has loaded as a whole.
  var missing: [RunPart] {
    if isNamed { return [] }
    let mappings = Set(runs.flatMap { $0.state.compiled?.mappings ?? [] }).sorted()
    return document.destinations.flatMap { destination in
      mappings.filter { destination.takes($0.text) }.map { RunPart(mapping: $0, destination: Name(destination.name)) }
    }.filter { part in isSelected(part) && !found.contains { $0.part == part } }
  }

  private func isSelected(_ part: RunPart) -> Bool {
    (options.source.mappings?.contains(exactly: part.mapping.text) ?? true)
      && (options.source.destinations?.contains(exactly: part.destination.text) ?? true)
  }

  private func check(_ names: [String]?, among known: [String], _ what: String, _ option: String) throws {
    for name in names ?? [] where !known.contains(exactly: name) {
      let hint = NearestName.hint(name, in: Array(Set(known))) ?? "choose from \(Set(known).sorted().joined(separator: ", "))"
      let run = isNamed ? "run \(base.id)" : "no run whose records are kept"
      throw OperationFailure(
        .usage, "\(option) \(name): \(run) has loaded \(isNamed ? "no" : "a") \(what) of this name; \(hint)")
    }
  }

  /// Nothing that a destination has may be replaced by a report.
  ///
  /// - Throws: `OperationFailure` with the exit code `usage`.
  func checkOutput(_ path: String) throws {
    let mappings = Set(runs.flatMap { $0.state.compiled?.mappings ?? [] } + found.map(\.part.mapping))
    for (destination, mapping) in document.destinations.flatMap({ one in mappings.map { (one, $0) } }) {
      let part = RunPart(mapping: mapping, destination: Name(destination.name))
      guard runs.contains(where: { target(destination, part, $0).map { FileIdentity.isSame(path, $0.path) } ?? false }) else {
        continue
      }
      throw OperationFailure(
        .usage, "--output would overwrite the output of '\(part.destination) \(part.mapping)', \(path): choose another path")
    }
    try DifferenceFile.checkReplaced(path)
  }

  private func part(_ part: RunPart, _ base: KnownRun) throws -> LoadedPart {
    guard let destination = document.destinations.first(where: { Name($0.name) == part.destination }) else {
      throw OperationFailure(
        .usage,
        "run \(base.record.id) has loaded '\(part.mapping)' into '\(part.destination)', which the pipeline no longer has: choose other destinations with --to"
      )
    }
    let place = target(destination, part, base)
    // Those that have changed the same target: for an API, runs of the same location.
    let later = runs.drop { $0.record.id != base.record.id }.dropFirst().filter { run in
      place == nil ? run.isOfLocation(of: base) : target(destination, part, run) == place
    }
    let loads = [base] + later.filter { $0.has(part) }
    let last = loads.last ?? base
    // What was replaced as a whole afterwards does not matter.
    let settled = destination.replaces ? later.lastIndex { $0.has(part) }.map { $0 + 1 } ?? 0 : 0
    if place != nil { try refuseInterrupted(part, later[settled...]) }
    // A load that replaces the others is all there is.
    guard destination.replaces else {
      var known = try self.part(destination, part, loads, isWhole: base.record.isWhole == true)
      if place == nil { known.interruption = try interruption(part, after: base) }
      return known
    }
    if isNamed, last.record.id != base.record.id {
      throw OperationFailure(
        .usage,
        "what run \(base.record.id) loaded as '\(part.destination) \(part.mapping)' was replaced by run \(last.record.id): reconcile that run"
      )
    }
    return try self.part(destination, part, [last], isWhole: true)
  }

  /// What a run has published just before it was killed leaves no fact.
  private func refuseInterrupted(_ part: RunPart, _ runs: some Sequence<KnownRun>) throws {
    guard let run = runs.first(where: { $0.mayHavePublished(part) }) else { return }
    throw OperationFailure(
      .usage,
      "run \(run.record.id) was interrupted, and may have changed '\(part.destination) \(part.mapping)': \(try wayOut(of: run)), then reconcile"
    )
  }

  /// A run that was interrupted can be continued, unless a newer one has published.
  private func wayOut(of run: KnownRun) throws -> String {
    let later = try ResumedRun.laterPublisher(
      than: run.record, run.state, of: document, in: options.source.state, store)
    return later == nil ? "continue it with `waybill run --resume \(run.record.id)`" : "run the whole pipeline again"
  }

  /// Why more may have arrived at an API than the runs with an end say; nil: there is no such reason.
  private func interruption(_ part: RunPart, after base: KnownRun) throws -> String? {
    let later = runs.drop { $0.record.id != base.record.id }.filter { $0.isOfLocation(of: base) && $0.mayHaveSent(part) }
    guard let run = later.last else { return nil }
    return "run \(run.record.id) was interrupted, possibly while it was sending: \(try wayOut(of: run)), then reconcile"
  }

  private func target(_ destination: DestinationDocument, _ part: RunPart, _ run: KnownRun) -> LoadTarget? {
    let target = targets(
      destination,
      LoadPart(
        run: run.record.id, date: String(run.record.started.prefix(10)), pipeline: document.name, location: run.location,
        mapping: part.mapping.text, columns: [], key: [], count: 0))
    return target.map { LoadTarget(path: FileIdentity.written($0.path), table: $0.table?.text) }
  }

  private func part(
    _ destination: DestinationDocument, _ part: RunPart, _ loads: [KnownRun], isWhole: Bool
  ) throws -> LoadedPart {
    var forms: [StagedForm] = []
    for load in loads {
      let path = StagedForm.path(StagedMapping.base(part.mapping.text, folder: load.folder.staging))
      guard let form = try StagedForm.read(path) else { throw OperationFailure.notKept(load.record.id) }
      forms.append(form)
    }
    return LoadedPart(
      destination: destination, form: StagedForm.strictest(forms), location: loads[0].location, loads: loads.map(\.load),
      isWhole: isWhole)
  }
}

extension StagedForm {
  /// The first one, with each column as private as the strictest of them has it.
  fileprivate static func strictest(_ forms: [StagedForm]) -> StagedForm {
    var form = forms[0]
    for index in form.columns.indices {
      let path = form.columns[index].column.path
      let same = forms.flatMap(\.columns).filter { $0.column.path.isExactly(path) }
      form.columns[index].privacy = same.map(\.privacy).max() ?? form.columns[index].privacy
    }
    return form
  }
}
