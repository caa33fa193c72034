import Core
import GHL
import PipelineFile
import Values

/// What the runs of a pipeline's locations share, and none of them owns.
struct RunScope {
  let document: PipelineDocument
  let options: RunEngine.Options
  let runs: any RunStore
  let digestKey: DigestKey
  let observer: any RunObserver
  /// Shared by everything that makes requests to a location.
  let gates: LocationGates
  /// Whether `--summary` may be written, and over what.
  var summary: SummaryPermission

  init(
    document: PipelineDocument, options: RunEngine.Options, runs: any RunStore, digestKey: DigestKey,
    observer: any RunObserver, summary: SummaryPermission = SummaryPermission()
  ) {
    (self.document, self.options, self.runs, self.digestKey, self.observer) = (document, options, runs, digestKey, observer)
    gates = LocationGates(requests: options.source.requestBudget)
    self.summary = summary
  }
}

/// What may happen to the file that `--summary` names.
struct SummaryPermission {
  /// It is not a file that the run reads or writes.
  var isClear = false
  /// It is one of these: it is left alone.
  var isForbidden = false
}
