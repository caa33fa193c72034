package import Core
import Files
package import FoundationEssentials
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
    /// A run's ID, the beginning of one, or `latest`; nil: for each part, the newest run that loaded all of it.
    package var run: String?
    /// The key of a source record; nil: all of them.
    package var record: String?
    package var reading: ComparisonOptions.Reading?
    /// Where the differences go; nil: into the run's folder.
    package var output: String?
    /// The time.
    package var now: @Sendable () -> Date = { Date() }
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
    var shared = RunEngine.Options(source: options.source)
    shared.makeDestination = options.makeDestination
    let destinations = RunDestinations(run: "reconcile", shared, observer: observer)
    do {
      let report = try await compare(destinations, try state.openRuns(), try state.digestKey())
      await destinations.close()
      return report
    } catch {
      await destinations.close()
      throw error
    }
  }

  private func compare(
    _ destinations: RunDestinations, _ store: any RunStore, _ digestKey: DigestKey
  ) async throws -> ReconcileReport {
    let runs = try LoadedRuns(of: document, options, in: store) { destinations.destination($0).target(of: $1) }
    let (parts, unknown) = try runs.parts()
    try checkReading(parts, of: runs)
    if let output = options.output { try runs.checkOutput(output) }
    let folder = RunFolder(path: options.source.state.run(runs.base.id))
    let file = try DifferenceFile(options.output, in: folder, digestKey: digestKey)
    var report = ReconcileReport(
      run: runs.base.id, pipeline: document.name, time: options.now().ISO8601Format(), parts: parts, missing: runs.missing)
    report.isOfOneRecord = options.record != nil
    report.isNarrowed = options.source.mappings != nil || options.source.destinations != nil
    report.failures = unknown.map { .init($0, isOfSeveral: parts.contains { $0.shownLocation != nil }) }
    do {
      for part in parts {
        do {
          let counts = try await compare(part, destinations.destination(part.destination), folder, file, digestKey)
          report.parts.append(
            ReconcileReport.Part(part, counts, file.found, of: runs.base.id, time: options.now().ISO8601Format()))
        } catch let failure as OperationFailure where failure.isOfPart {
          report.failures.append(ReconcileReport.Failure(part, failure))
        }
      }
      // Nothing has been compared.
      if report.parts.isEmpty, let failure = report.failures.first?.failure { throw failure }
      if let key = options.record, report.failures.isEmpty, report.parts.allSatisfy(\.counts.isEmpty) {
        throw OperationFailure(
          .inputMissing, "run \(runs.base.id) has loaded no record with the key '\(key)'; keys are compared byte by byte")
      }
    } catch {
      file.abandon()
      throw error
    }
    if options.record == nil { report.compare(with: try? ControlTotalsDocument.read(folder.totals)) }
    report.differences = file.first
    report.count = file.count
    report.remarks = file.remarks
    report.file = try file.finish()
    try KeptReconciliation(report, in: folder).write()
    return report
  }

  private func checkReading(_ parts: [LoadedPart], of runs: LoadedRuns) throws(OperationFailure) {
    guard options.reading != nil, !parts.contains(where: \.destination.isHTTP) else { return }
    throw OperationFailure(
      .usage, "--by requires an `http` destination, but run \(runs.base.id) has loaded none of those selected: remove --by")
  }

  private func compare(
    _ part: LoadedPart, _ destination: any Destination, _ folder: RunFolder, _ file: DifferenceFile, _ digestKey: DigestKey
  ) async throws -> StoredCounts {
    let title = "\(part.destination.name) \(part.form.mapping)"
    observer.stageBegan(.compare, of: title, size: .about(part.form.records))
    defer { observer.stageEnded(.compare, of: title) }
    var session = try await destination.beginComparing(
      part.loadPart(of: document.name),
      ComparisonOptions(
        reading: part.destination.isHTTP ? options.reading : nil, isWhole: part.isWhole && options.record == nil,
        scratch: folder.path, digestKey: ComparisonDigest.key(digestKey)
      ) { [observer] in observer.stageAdvanced(.compare, of: title, done: $0) })
    do {
      for load in part.loads {
        let records = try LoadedRecords(load, of: part, record: options.record)
        try await records.forEach { try await session.expect($0, as: $1) }
      }
      file.begin(part)
      let counts = try await session.compare { try file.add($0) }
      await session.close()
      return counts
    } catch {
      await session.close()
      throw error
    }
  }
}

extension StoredCounts {
  fileprivate var isEmpty: Bool { loaded + loadedSince + uncertain + notRead == 0 }
}

extension OperationFailure {
  /// Whether the other parts can be compared nevertheless.
  fileprivate var isOfPart: Bool {
    switch code {
    case .cannotWrite, .outputClosed, .fault, .interrupted, .usage: false
    default: true
    }
  }
}
