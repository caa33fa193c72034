package import Control
package import Core
package import Extract
import Ledger
import Mapping

/// Reads a pipeline's source into a snapshot, and no more: `waybill extract`.
package struct ExtractEngine: Sendable {
  package struct Report: Sendable {
    package var snapshot: Snapshot?
    package var problems: [ExtractProblem] = []
    package var quota = Quota()
    package var diagnostics = Diagnostics()
    package var failure: PipelineFailure?

    package var exitCode: ExitCode { failure?.exitCode ?? .done }

    /// What `waybill extract --json` prints.
    package var json: JSONValue {
      var members = snapshot?.manifest.json.objectValue ?? []
      members.append(.init("exit_code", .number(Int(exitCode.rawValue))))
      if let snapshot { members.append(.init("folder", .string(snapshot.folder))) }
      if let failure { members.append(.init("message", .string(failure.description))) }
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
      let compilation = PipelineCompilation.compile(document, mappings: options.mappings)
      report.diagnostics = compilation.diagnostics
      guard !report.diagnostics.hasErrors else {
        throw PipelineFailure(.wrongFile, "the pipeline's files have errors: `waybill check` shows them")
      }
      var narrowed = compilation
      if let entities { narrowed.units.removeAll { !entities.contains($0.compilation.reads.entity) } }
      guard !narrowed.units.isEmpty else { throw PipelineFailure(.usage, "no mapping of the pipeline reads that") }
      let lock = try StateLock(folder: options.state.path)
      let result = await SourceStage(document: document, options: options, observer: observer).read(narrowed)
      withExtendedLifetime(lock) {}
      report.snapshot = result.snapshot
      report.problems = result.problems
      report.quota = result.quota
      report.failure = result.failure
    } catch {
      report.failure = PipelineFailure(error)
    }
    return report
  }
}
