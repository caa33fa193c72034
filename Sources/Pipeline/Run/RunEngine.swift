import Control
package import Core
import Files
package import FoundationEssentials
package import PipelineFile
package import Report

/// Runs a pipeline: extract, transform, gates, publish. Each step is durable before the next one begins.
///
///     let report = await RunEngine(document, options: options, observer: observer).run()
///
/// Cancel the task to interrupt it: incomplete outputs do not appear, and the report has the status `interrupted`. A run that
/// was interrupted, failed or was killed can be resumed: it keeps its ID, and repeats only the step that was under way.
package struct RunEngine: Sendable {
  package struct Options: Sendable {
    package var source: SourceOptions
    /// Names of destinations; nil: all.
    package var destinations: [String]? {
      get { source.destinations }
      set { source.destinations = newValue }
    }
    /// The ID of a run, or the beginning of one: it is resumed, with the options that it was started with.
    package var resume: String?
    /// The ID of a dry run, or the beginning of one: it is done as it predicted.
    package var apply: String?
    /// Rejected records do not change the exit code.
    package var isLenient = false
    /// Do everything except publishing: the files stay in the run's folder.
    package var isDryRun = false
    /// A dry run compares with what the destinations have now.
    package var comparesDestination = false
    /// A narrowed run also publishes at the pipeline's paths.
    package var publishesPartial = false
    /// Names of gates that may fail this time.
    package var acceptedGates: [String] = []
    /// Tasks that transform at the same time.
    package var threads = 1
    /// Where `summary.json` is written as well.
    package var summaryPath: String?
    /// The integrity report is written at the end.
    package var writesPage = true
    /// Loads a destination even if there is no way to know what it already has.
    package var isFirstLoad = false
    /// Makes the destination that a pipeline file describes; nil: as the product does.
    package var makeDestination: @Sendable (DestinationDocument) -> (any Destination)? = { _ in nil }
    package var now: @Sendable () -> Date = { Date() }
    /// `now` of expressions, RFC 3339; nil: the start of the run.
    package var moment: String?

    package init(source: SourceOptions) { self.source = source }
  }

  package struct Report: Sendable {
    package var summary: RunSummary
    /// Diagnostics of the mappings, including warnings.
    package var diagnostics = Diagnostics()
    /// `.waybill/runs/ID`; nil if it could not be created.
    package var folder: String?
    /// Files that appeared at their paths.
    package var published: [String] = []
    /// Files in the run's folder that would have been published.
    package var kept: [String] = []
    /// What a dry run would do, for people: the first records of each kind.
    package var changes: ChangeSample?
    /// For a run that ended with `tryLater`: what to wait for.
    package var pause: OperationFailure.Code?
    /// The run's snapshot is complete: mappings can be run on it again.
    package var hasSnapshot = false
    /// The run was stopped, and has facts to be resumed from.
    package var canResume = false

    package var exitCode: ExitCode { summary.exitCode }
  }

  private let document: PipelineDocument
  private let options: Options
  private let observer: any RunObserver

  package init(_ document: PipelineDocument, options: Options, observer: any RunObserver = SilentObserver()) {
    self.document = document
    self.options = options
    self.observer = observer
  }

  /// Never throws: the report has the failure; its summary is also in the run's folder.
  package func run() async -> Report {
    var opening = RunOpening(document, options, observer)
    do {
      let run = try opening.open()
      let report = await run.run()
      opening.close()
      return report
    } catch {
      return opening.refused(OperationFailure(error))
    }
  }
}
