package import Core
import Files
import FoundationEssentials
package import PipelineFile
import Report
import State
import Values

/// `waybill reconcile`: compares what runs have loaded with what the destinations have.
///
/// What must be there comes from a run's kept records and their outcomes, so neither the source nor the mapping is read again. The
/// state is locked, and each part holds its lease: nothing loads meanwhile. Nothing is written but the report.
package struct ReconcileEngine: Sendable {
  package struct Options: Sendable {
    package var source: SourceOptions
    /// A run's ID, the beginning of one, or `latest`; nil: the newest run that loaded everything.
    package var run: String?
    /// The key of a source record; nil: all of them.
    package var record: String?
    package var reading: ComparisonOptions.Reading?
    /// Where the differences go; nil: into the run's folder.
    package var output: String?
    package var makeDestination: @Sendable (DestinationDocument) -> (any Destination)? = { _ in nil }

    package init(source: SourceOptions) { self.source = source }
  }

  private let document: PipelineDocument
  private let options: Options
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: Options, observer: any RunObserver) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// - Throws: `OperationFailure`, `CancellationError`.
  package func run() async throws -> ReconcileReport {
    let state = options.source.state
    guard state.hasRuns else {
      throw OperationFailure(
        .inputMissing,
        "there are no runs in \(state.path): run `waybill run` first, or name the folders with --project or --state")
    }
    let lock = try StateLock(folder: state.path)
    defer { withExtendedLifetime(lock) {} }
    let runs = try LoadedRuns(of: document, options, in: try state.openRuns())
    let parts = try runs.parts()
    let folder = RunFolder(path: state.run(runs.base.id))
    let file = try DifferenceFile(options.output, in: folder, run: runs.base.id, digestKey: try state.digestKey())
    var shared = RunEngine.Options(source: options.source)
    shared.makeDestination = options.makeDestination
    let destinations = RunDestinations(run: "reconcile", shared, observer: observer)
    var compared: [ReconcileReport.Part] = []
    do {
      for part in parts {
        let title = "\(part.destination.name) \(part.form.mapping)"
        observer.stageBegan(.load, of: title, expected: nil)
        defer { observer.stageEnded(.load, of: title) }
        compared.append(try await compare(part, destinations.destination(part.destination), folder, file))
      }
    } catch {
      await destinations.close()
      file.abandon()
      throw error
    }
    await destinations.close()
    if let key = options.record, compared.allSatisfy({ $0.counts.loaded + $0.counts.loadedSince + $0.counts.uncertain == 0 }) {
      file.abandon()
      throw OperationFailure(
        .inputMissing, "run \(runs.base.id) has loaded no record with the key '\(key)'; keys are compared byte by byte")
    }
    let report = ReconcileReport(
      run: runs.base.id, pipeline: document.name, overlaid: parts.overlaid, parts: compared, differences: file.first,
      count: file.count, file: try file.finish())
    let summary = try OutputFile(path: folder.reconciliation, mode: 0o600)
    try summary.write(report.json.prettyText)
    try summary.commit()
    return report
  }

  private func compare(
    _ part: LoadedPart, _ destination: any Destination, _ folder: RunFolder, _ file: DifferenceFile
  ) async throws -> ReconcileReport.Part {
    var session = try await destination.beginComparing(
      part.loadPart(of: document.name),
      ComparisonOptions(
        reading: options.reading, isWhole: part.isWhole && options.record == nil, scratch: folder.path))
    do {
      var uncertain = 0
      for load in part.loads {
        uncertain += try await LoadedRecords(load, of: part, record: options.record).forEach { try await session.expect($0) }
      }
      file.begin(part)
      var counts = try await session.compare { try file.add($0) }
      counts.uncertain += uncertain
      await session.close()
      return ReconcileReport.Part(
        destination: part.destination.name, mapping: part.form.mapping, fields: part.form.loadColumns.map(\.name), counts: counts)
    } catch {
      await session.close()
      throw error
    }
  }
}

extension [LoadedPart] {
  /// The later runs that changed what must be there, oldest first.
  fileprivate var overlaid: [String] {
    var found: [String] = []
    for load in flatMap({ $0.loads.dropFirst() }) where !found.contains(exactly: load.run) { found.append(load.run) }
    return found.sorted { $0.precedesExactly($1) }
  }
}

extension RunFolder {
  fileprivate var reconciliation: String { "\(path)/reconcile.json" }
}
