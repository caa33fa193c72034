import Control
import Core
import Load
import PipelineFile
import State

/// One mapping at one destination, with the runs that have loaded it.
struct LoadedPart {
  /// What one run has loaded.
  struct Load {
    var run: String
    var started: String
    var folder: RunFolder
  }

  var destination: DestinationDocument
  /// Of the staged records, the same for all loads.
  var form: StagedForm
  var location: String
  /// The base first, then the later runs that added to it, oldest first.
  var loads: [Load]
  /// Together they are all that the destination must have.
  var isWhole: Bool
  /// Its location, if parts of several ones are compared.
  var shownLocation: String?

  /// Why its API may have been sent more than the loads say; nil: there is no such reason.
  var interruption: String?

  var part: RunPart { RunPart(mapping: Name(form.mapping), destination: Name(destination.name)) }

  func loadPart(of pipeline: String) -> LoadPart {
    LoadPart(
      run: loads[0].run, date: String(loads[0].started.prefix(10)), pipeline: pipeline, location: location, mapping: form.mapping,
      columns: form.loadColumns, key: form.key, count: form.records, isNarrowed: !isWhole)
  }
}

extension DestinationDocument {
  var isHTTP: Bool { if case .http = kind { true } else { false } }

  /// Each load replaces what the destination has of a mapping.
  var replaces: Bool {
    switch kind {
    case .file: true
    case .sqlite(_, _, let mode): mode == .replace
    case .http: false
    }
  }
}
