import Control
import Core
import Extract
import Files
import PipelineFile
import State

/// The run whose results are compared, and the later runs that changed them.
struct LoadedRuns {
  /// A run with the facts that its folder still has.
  private struct Known {
    var record: RunRecord
    var state: RunState
    var folder: RunFolder

    var load: LoadedPart.Load { .init(run: record.id, started: record.started, folder: folder) }

    func has(_ part: RunPart) -> Bool { state.loaded[part].map { !$0.isKept } ?? false }
  }

  let base: RunRecord
  private let document: PipelineDocument
  private let options: ReconcileEngine.Options
  private let isNamed: Bool
  /// The base first, then later runs of the same pipeline and location, oldest first.
  private let runs: [Known]

  /// - Throws: `OperationFailure` if there is no such run, or what it loaded is no longer kept.
  init(of document: PipelineDocument, _ options: ReconcileEngine.Options, in store: any RunStore) throws {
    self.document = document
    self.options = options
    isNamed = options.run != nil
    // Newest first.
    let all = try store.runs().filter { $0.pipeline.isExactly(document.name) }
    base = try Self.base(options.run, all, of: document, store)
    let state = options.source.state
    let (base, later) = (base, all.prefix { [base] in $0.id != base.id })
    runs = try ([base] + later.reversed()).compactMap { run in
      guard run.id == base.id || Self.isSameLocation(run, base) else { return nil }
      let folder = RunFolder(path: state.run(run.id))
      guard FilePath.exists(folder.facts) else { return nil }
      return Known(record: run, state: RunState(try FactLog.read(folder.facts)), folder: folder)
    }
    guard runs.first?.record.id == base.id else { throw OperationFailure.notKept(base.id) }
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

  private static func isSameLocation(_ one: RunRecord, _ other: RunRecord) -> Bool {
    guard let left = one.location, let right = other.location else { return false }
    return left.isExactly(right)
  }

  // MARK: Parts

  /// What is compared, by destination and mapping.
  ///
  /// - Throws: `OperationFailure`.
  func parts() throws -> [LoadedPart] {
    let known = runs[0]
    let loaded = known.state.loaded.values.filter { !$0.isKept }.map(\.part)
    try check(options.source.mappings, among: loaded.map(\.mapping.text), "mapping", CommandOption.mapping.description)
    try check(options.source.destinations, among: loaded.map(\.destination.text), "destination", "--to")
    let selected = loaded.filter { part in
      (options.source.mappings?.contains(exactly: part.mapping.text) ?? true)
        && (options.source.destinations?.contains(exactly: part.destination.text) ?? true)
    }.sorted { ($0.destination, $0.mapping) < ($1.destination, $1.mapping) }
    guard !selected.isEmpty else {
      throw OperationFailure(
        .inputMissing, "run \(base.id) has loaded nothing that could be compared; `waybill runs show \(base.id)` says why")
    }
    return try selected.map(part)
  }

  private func check(_ names: [String]?, among known: [String], _ what: String, _ option: String) throws {
    for name in names ?? [] where !known.contains(exactly: name) {
      let hint = NearestName.hint(name, in: Array(Set(known))) ?? "it has loaded \(Set(known).sorted().joined(separator: ", "))"
      throw OperationFailure(.usage, "\(option) \(name): run \(base.id) has loaded no \(what) of this name; \(hint)")
    }
  }

  private func part(_ part: RunPart) throws -> LoadedPart {
    guard let destination = document.destinations.first(where: { Name($0.name) == part.destination }) else {
      throw OperationFailure(
        .usage,
        "run \(base.id) has loaded '\(part.mapping)' into '\(part.destination)', which the pipeline no longer has: choose others with --to"
      )
    }
    let loads = runs.filter { $0.has(part) }
    // A load that replaces the others is all there is.
    guard destination.replaces else { return try self.part(destination, part, loads, isWhole: base.isWhole == true) }
    let last = loads.last ?? runs[0]
    if isNamed, last.record.id != base.id {
      throw OperationFailure(
        .usage,
        "what run \(base.id) loaded as '\(part.destination) \(part.mapping)' was replaced by run \(last.record.id): reconcile that run"
      )
    }
    return try self.part(destination, part, [last], isWhole: true)
  }

  private func part(
    _ destination: DestinationDocument, _ part: RunPart, _ loads: [Known], isWhole: Bool
  ) throws -> LoadedPart {
    let path = StagedForm.path(StagedMapping.base(part.mapping.text, folder: loads[0].folder.staging))
    guard let form = try StagedForm.read(path) else { throw OperationFailure.notKept(loads[0].record.id) }
    return LoadedPart(
      destination: destination, form: form,
      location: loads[0].record.location ?? loads[0].state.extracted?.location ?? SnapshotImport.location,
      loads: loads.map(\.load), isWhole: isWhole)
  }
}
