package import Core
import Extract
import Files
import FoundationEssentials
import Mapping
package import PipelineFile
import Records
package import Report
import State
import Transform

/// Sends the rejected and failed records of an earlier run through today's mappings: `waybill replay`.
///
///     let engine = ReplayEngine(document, options: options, observer: observer)
///     let plan = try await engine.plan("20261129T…", choice, diagnostics: &diagnostics)
///     for part in plan.parts { let report = await engine.run(part) }
///
/// A replay is a run with a ledger and outcomes of its own. Each destination has one, because other items may be open there.
package struct ReplayEngine: Sendable {
  /// What is open in a run.
  package struct Plan: Sendable {
    /// The run that is replayed.
    package var run: String
    package var parts: [Part] = []
    /// Destinations with open items that are replaced as a whole, so that only a complete run can load them.
    package var whole: [String] = []
    /// Destinations with open items that the pipeline no longer has.
    package var unknown: [String] = []
    /// How many items are pending at which destinations: the next run sends them.
    package var pending: [(destination: String, count: Int)] = []
    /// Items of the run that were open, and are resolved.
    package var resolved = 0
  }

  /// The replay of the items that are open at one destination.
  package struct Part: Sendable {
    package var destination: String
    package var open: Int
    fileprivate var options: RunEngine.Options
  }

  /// A table of the run's rejects that people have corrected.
  package struct Corrections: Sendable {
    package var file: String
    /// Columns in which every difference is a correction.
    package var changed: [String]

    package init(file: String, changed: [String] = []) {
      self.file = file
      self.changed = changed
    }
  }

  private let document: PipelineDocument
  private let options: RunEngine.Options
  private let observer: any RunObserver

  /// - Parameter options: what applies to every run of the replay. Its source names no snapshot and no mappings.
  package init(_ document: PipelineDocument, options: RunEngine.Options, observer: any RunObserver = SilentObserver()) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// Finds what is open. Nothing is written, and nothing is locked: a run finds out again what it has to do.
  ///
  /// - Parameters:
  ///   - id: a run's ID, or the beginning of one; nil: the newest run of the pipeline that is not a replay.
  ///   - choice: the items that are wanted.
  ///   - corrections: only the items of this table are replayed, with the values that they have there. It names the run if `id` is nil.
  /// - Throws: `OperationFailure`: 64 or 66 if the run cannot be replayed, 65 if a mapping has errors; `found` has them.
  ///   `CancellationError`.
  package func plan(
    _ id: String?, _ choice: OpenItems.Choice, corrections: Corrections? = nil, diagnostics found: inout Diagnostics
  ) async throws -> Plan {
    for name in options.destinations ?? [] {
      try SourceOptions.require(name, "destination", in: document.destinations.map(\.name))
    }
    let state = options.source.state
    guard state.hasRuns else {
      throw OperationFailure(.inputMissing, "there are no runs in \(state.path): run `waybill run` first")
    }
    let runs = try state.openRuns(isReadOnly: true)
    let table = try corrections.map { try CorrectedFile($0.file, folder: SpillFolder.standard) }
    try table?.checkHeader()
    let source = try ReplayedRun.find(
      try id ?? table.flatMap { try ReplayCorrections.run(of: $0, runs) }, of: document, in: state, runs)
    var choice = choice
    if let table {
      choice.mappings = [try ReplayCorrections.mapping(of: table, choice.mappings, source.record, in: state, runs)]
    }
    let outcomes = RunFolder(path: state.run(source.record.id)).outcomes
    let resolutions = try runs.resolutions(of: source.record.id)
    let open = try OpenItems.all(in: outcomes, choice, resolutions: resolutions)
    var plan = Plan(run: source.record.id)
    plan.resolved = resolutions.count { $0.destination == nil }
    var parts: [(destination: DestinationDocument, items: OpenItems)] = []
    let destinations = RunDestinations(run: source.record.id, options, observer: observer)
    for (name, items) in open.sorted(by: { $0.key < $1.key }) where options.destinations?.contains(exactly: name.text) ?? true {
      if items.pending > 0 { plan.pending.append((name.text, items.pending)) }
      guard !items.items.isEmpty else { continue }
      guard let destination = document.destinations.first(where: { $0.name.isExactly(name.text) }) else {
        plan.unknown.append(name.text)
        continue
      }
      if destinations.destination(destination).traits.takesParts {
        parts.append((destination, items))
      } else {
        plan.whole.append(name.text)
      }
    }
    await destinations.close()
    guard !parts.isEmpty else {
      try refuse(plan, source.snapshot)
      return plan
    }
    let compilation = try await compile(source, &found)
    for (destination, items) in parts {
      plan.parts.append(try part(destination, items, source, choice, compilation))
    }
    if let table, let corrections { try correct(&plan, table, corrections, parts.map(\.items), source, compilation) }
    return plan
  }

  /// Checks all corrections before anything is started: they are the same for each destination.
  private func correct(
    _ plan: inout Plan, _ table: CorrectedFile, _ corrections: Corrections, _ items: [OpenItems], _ source: ReplayedRun,
    _ compilation: PipelineCompilation
  ) throws {
    guard let request = plan.parts.first?.options.source.replay, let mapping = request.mappings?.first,
      let choice = sourceOptions(source).choice(for: document)
    else { return }
    let rows = try ReplayCorrections(
      table, of: mapping, changed: corrections.changed,
      outcomes: RunFolder(path: options.source.state.run(source.record.id)).outcomes,
      compilation.units.compactMap(\.model), try choice.verified(for: compilation.needs), writingTo: nil)
    for (index, items) in items.enumerated() {
      plan.parts[index].open = items.items.count { rows.has($0) }
      plan.parts[index].options.source.replay?.corrections = RunRequest.Corrections(
        file: corrections.file, digest: table.digest, changed: corrections.changed.isEmpty ? nil : corrections.changed)
    }
    plan.parts.removeAll { $0.open == 0 }
  }

  /// Never throws: the report has the failure.
  ///
  /// - Parameter requests: how many may be made to GHL; nil: no limit.
  package func run(_ part: Part, requests: Int? = nil) async -> RunEngine.Report {
    var options = part.options
    if options.source.loadsIntoGHL(document) { options.source.requestBudget = requests }
    return await RunEngine(document, options: options, observer: observer).run()
  }

  /// There is nothing that can be replayed. That is a refusal only if something is open.
  private func refuse(_ plan: Plan, _ snapshot: String) throws(OperationFailure) {
    func quoted(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
    if !plan.whole.isEmpty {
      let isOne = plan.whole.count == 1
      throw OperationFailure(
        .usage,
        "\(quoted(plan.whole)) \(isOne ? "is" : "are") written as a whole, so single records cannot be replayed there: run the pipeline with \(CommandOption.snapshot) \(snapshot)"
      )
    }
    guard !plan.unknown.isEmpty else { return }
    throw OperationFailure(
      .usage, "run \(plan.run) has open records at \(quoted(plan.unknown)), which the pipeline no longer has")
  }

  private func compile(_ source: ReplayedRun, _ found: inout Diagnostics) async throws -> PipelineCompilation {
    var options = sourceOptions(source)
    options.destinations = nil
    return try await PipelineCompilation.compile(document, options: options, diagnostics: &found)
  }

  /// The options that read the run's records again.
  private func sourceOptions(_ source: ReplayedRun) -> SourceOptions {
    var options = options.source
    options.snapshot = source.snapshot
    options.mappings = nil
    options.replay = RunRequest.Replay(run: source.record.id)
    switch document.source {
    case .ghl(let own):
      if let location = source.record.location, !location.isExactly(own.location) { options.location = location }
    case .files: break
    case .snapshot: options.shard = source.record.location
    }
    return options
  }

  private func part(
    _ destination: DestinationDocument, _ items: OpenItems, _ source: ReplayedRun, _ choice: OpenItems.Choice,
    _ compilation: PipelineCompilation
  ) throws(OperationFailure) -> Part {
    var wanted: [String] = []
    for item in items.items where !wanted.contains(exactly: item.mapping.text) { wanted.append(item.mapping.text) }
    for name in wanted where !compilation.names.contains(exactly: name) {
      throw OperationFailure(
        .usage,
        "run \(source.record.id) has open records of '\(name)', which the pipeline no longer has: choose others with \(CommandOption.mapping)"
      )
    }
    for name in wanted where !destination.takes(name) {
      throw OperationFailure(
        .usage,
        "run \(source.record.id) has open records of '\(name)' at '\(destination.name)', which no longer takes it: choose others with \(CommandOption.mapping)"
      )
    }
    var options = options
    options.source = sourceOptions(source)
    options.source.replay = RunRequest.Replay(
      run: source.record.id, mappings: wanted, code: choice.code, record: choice.record)
    options.source.mappings = Self.withReferences(wanted, compilation.units.compactMap(\.model))
    options.destinations = [destination.name]
    options.publishesPartial = true
    return Part(destination: destination.name, open: items.items.count, options: options)
  }

  /// The mappings and those that they refer to, in the order of the pipeline file.
  private static func withReferences(_ names: [String], _ models: [MappingModel]) -> [String] {
    var found = Set(names.map { Name($0) })
    var rest = names
    while let name = rest.popLast() {
      let referenced = models.first { $0.name.isExactly(name) }?.referenced ?? []
      rest += referenced.filter { found.insert(Name($0)).inserted }
    }
    return models.map(\.name).filter { found.contains(Name($0)) }
  }
}
