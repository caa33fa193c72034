package import Control
package import Core
package import Extract
import Files
import FoundationEssentials
import Mapping
package import PipelineFile
import State
import Transform

/// Reads a pipeline's source into a snapshot, and nothing else: `waybill extract`.
package struct ExtractEngine: Sendable {
  package struct Report: Sendable {
    package var snapshot: Snapshot?
    package var problems: [ExtractProblem] = []
    package var quota = Quota()
    package var diagnostics = Diagnostics()
    package var failure: OperationFailure?

    /// Names of the mappings for which the source was extracted.
    package var mappings: [String] = []
    /// The snapshot has what all mappings of the pipeline read.
    package var servesAll = true
    /// Records, or lists of records, that are missing although no gate of the pipeline allows that.
    package var lacks = 0

    package var exitCode: ExitCode { failure?.exitCode ?? (lacks > 0 ? .recordsFailed : .done) }

    /// What `waybill extract --json` prints.
    package var json: JSONValue {
      var members = snapshot?.manifest.json.objectValue ?? []
      members.append(.init("exit_code", .number(Int(exitCode.rawValue))))
      if let snapshot { members.append(.init("folder", .string(snapshot.folder))) }
      if let failure { members.append(.init("message", .string(failure.description))) }
      if let seconds = failure?.retryAfterSeconds { members.append(.init("retry_after_seconds", .number(seconds))) }
      return .object(members)
    }
  }

  private let document: PipelineDocument
  private let options: SourceOptions
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: SourceOptions, observer: any RunObserver = SilentObserver()) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// Only what the mappings read is fetched; `entities` narrows it to some source entities. Never throws.
  package func run(entities: [String]? = nil) async -> Report {
    var report = Report()
    do {
      if case .snapshot = document.source, options.limit != nil {
        throw OperationFailure(
          .usage,
          "\(CommandOption.limit): the pipeline reads a snapshot, so nothing is extracted; use \(CommandOption.limit) with `waybill run`"
        )
      }
      try options.checkBudget(of: document, isExtraction: true)
      try NamedSecrets(document: document, options: options).checkBeforeRun()
      var compilation = try await PipelineCompilation.compile(document, options: options, diagnostics: &report.diagnostics)
      let known = Set(compilation.units.map(\.compilation.reads.entity))
      for entity in entities ?? [] {
        guard !known.contains(entity) else { continue }
        let hint = NearestName.hint(entity, in: Array(known)) ?? "they read \(known.sorted().joined(separator: ", "))"
        throw OperationFailure(.usage, "\(CommandOption.entity) \(entity): no mapping reads this entity; \(hint)")
      }
      if let entities { compilation.units.removeAll { !entities.contains($0.compilation.reads.entity) } }
      report.mappings = compilation.units.compactMap { $0.model?.name }
      report.servesAll = compilation.units.count == document.mappings.count
      let lock = try StateLock(folder: options.state.path)
      for event in FutureTimes.events(in: options.state, nil, now: Date()) { observer.receive(event) }
      StateCleanup(state: options.state, observer: observer).removeDead(keepingSnapshot: nil)
      let result = await SourceStage(document: document, options: options, observer: observer).read(compilation)
      withExtendedLifetime(lock) {}
      report.snapshot = result.snapshot
      report.problems = result.problems
      report.quota = result.quota
      report.failure = result.failure
      let refused = result.problems.count { $0.severity == .error }
      report.lacks = refused > 0 && !coverageSuffices(result.snapshot, known) ? refused : 0
    } catch {
      report.failure = OperationFailure(error)
    }
    return report
  }

  /// The pipeline's coverage gate is satisfied.
  private func coverageSuffices(_ snapshot: Snapshot?, _ entities: Set<String>) -> Bool {
    let wanted = document.gates.compactMap { gate -> Double? in
      if case .coverage(let percent, _) = gate.rule { percent } else { nil }
    }
    guard !wanted.isEmpty, let manifest = snapshot?.manifest else { return false }
    return entities.allSatisfy { entity in
      let came = manifest.coverage(of: entity) ?? 100
      return wanted.allSatisfy { came >= $0 }
    }
  }
}
