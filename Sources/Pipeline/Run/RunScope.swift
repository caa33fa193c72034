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
  let gates = LocationGates()
  /// Whether `--summary` may be written, and over what.
  var summary = SummaryPermission()
}

/// What may happen to the file that `--summary` names.
struct SummaryPermission {
  /// It is not a file that the run reads or writes.
  var isClear = false
  /// It is one of these: it is left alone.
  var isForbidden = false
}
